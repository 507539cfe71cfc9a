/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a function really returns to. A return probe of any tracer (kretprobe,
 * fprobe, the function graph tracer) replaces the link register by the address
 * of its trampoline, and keeps the caller's for the task.
 */
#ifndef VMEMMAPWATCH_BPF_CALLER_H
#define VMEMMAPWATCH_BPF_CALLER_H

#include "maps.h"

#define MAX_RETURN_PROBES 8 /* on one function */

/* A global function: see real_caller(). */
__weak __noinline int is_trampoline(u64 address)
{
	u32 i;

	for (i = 0; i < VMW_MAX_TRAMPOLINES; i++) {
		if (address && trampolines[i] == address)
			return 1;
	}
	return 0;
}

/* What the function graph tracer replaces is on a stack of its own. */
static __always_inline int is_graph(u64 address)
{
	return address && trampolines[VMW_MAX_TRAMPOLINES - 1] == address;
}

/*
 * The innermost entries of the task's list are those of this call, the last to
 * come first: all but one hold the trampoline that the one before them set.
 */
static __always_inline u64 kretprobe_caller(struct task_struct *task)
{
	u32 offset = bpf_core_field_offset(struct kretprobe_instance, llist);
	struct llist_node *node = BPF_CORE_READ(task, kretprobe_instances.first);
	u64 caller;
	u32 i;

	for (i = 0; node && i < MAX_RETURN_PROBES; i++) {
		struct kretprobe_instance *entry = (void *)node - offset;

		caller = (u64)BPF_CORE_READ(entry, ret_addr);
		if (!is_trampoline(caller))
			return caller;
		if (is_graph(caller))
			return 0;
		node = BPF_CORE_READ(node, next);
	}
	return 0;
}

static __always_inline u64 rethook_caller(struct task_struct *task)
{
	u32 offset = bpf_core_field_offset(struct rethook_node, llist);
	struct llist_node *node = BPF_CORE_READ(task, rethooks.first);
	u64 caller;
	u32 i;

	for (i = 0; node && i < MAX_RETURN_PROBES; i++) {
		struct rethook_node *entry = (void *)node - offset;

		caller = BPF_CORE_READ(entry, ret_addr);
		if (!is_trampoline(caller))
			return caller;
		if (is_graph(caller))
			return 0;
		node = BPF_CORE_READ(node, next);
	}
	return 0;
}

/*
 * @address, or where the call really returns to if that is a trampoline. It stays
 * a trampoline where the kernel does not show more: kretprobes before 5.11 keep
 * no list in the task, and the function graph tracer's stack is not read. A global
 * function: the verifier walks it once, and not once for each way to each call.
 */
__weak __noinline u64 real_caller(u64 address)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 caller = 0;

	if (!is_trampoline(address) || is_graph(address))
		return address;
	if (bpf_core_field_exists(task->kretprobe_instances) &&
	    bpf_core_field_exists(((struct kretprobe_instance *)0)->ret_addr))
		caller = kretprobe_caller(task);
	if (!caller && bpf_core_field_exists(task->rethooks))
		caller = rethook_caller(task);
	return caller ? caller : address;
}

#endif
