// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own complaints: WARNs of the hotplug functions, and a fault inside a
 * request.
 *
 * A WARN calls __warn(), which prints, panics if it is told to, and only then
 * fires the tracepoint (kernel/panic.c, 6.1.192): the kprobe sees every WARN,
 * the tracepoint needs no kprobe. With both, each WARN is counted once.
 */
#include "observe.h"

/*
 * A global function, so that the verifier walks it once, and not what follows for
 * each of the texts: that took a third of the start-up time.
 */
__noinline int is_ours(u64 address)
{
	u32 i;

	for (i = 0; i < VMW_MAX_WARN_TEXTS; i++) {
		if (address >= warn_text[i].start && address < warn_text[i].end)
			return 1;
	}
	return 0;
}

static __always_inline int observe_warn(void *ctx, u16 probe, u64 address)
{
	const struct about a = about(probe, inflight());
	struct vmw_observation *o;

	send_stack(ctx, 0, address, &a);
	o = new_observation(&a);
	if (!o)
		return 0;
	o->address = address;
	/* Inside of a request any WARN is worth a word, if only that it is another matter. */
	o->foreign = !is_ours(address);
	submit(o);
	return 0;
}

/* 5.17: without it the tracepoint is silent about WARNs, and nothing would end a note. */
static __always_inline int tracepoint_comes(void)
{
	return bpf_core_enum_value_exists(enum error_detector, ERROR_DETECTOR_WARN);
}

/* Note that @address is reported. The same twice is one whose tracepoint was missed. */
static __always_inline void note_warn(u64 address)
{
	const struct vmw_warned none = {};
	u64 task = bpf_get_current_task();
	struct vmw_warned *warned;
	u32 i;

	if (!tracepoint_comes())
		return;
	bpf_map_update_elem(&warneds, &task, &none, BPF_NOEXIST);
	warned = bpf_map_lookup_elem(&warneds, &task);
	for (i = 0; warned && i < VMW_MAX_WARNING; i++) {
		if (warned->address[i] && warned->address[i] != address)
			continue;
		warned->address[i] = address;
		return;
	}
	lose(VMW_LOST_WARNS);
}

/* Whether @address was noted; it is no more. */
static __always_inline int was_noted(u64 address)
{
	u64 task = bpf_get_current_task(), left = 0;
	struct vmw_warned *warned = bpf_map_lookup_elem(&warneds, &task);
	int found = 0;
	u32 i;

	for (i = 0; warned && i < VMW_MAX_WARNING; i++) {
		if (warned->address[i] == address) {
			warned->address[i] = 0;
			found = 1;
		}
		left |= warned->address[i];
	}
	if (!left)
		forget(&warneds, &task, VMW_LOST_WARNS);
	return found;
}

static __always_inline int on_warn(void *ctx, u64 address)
{
	if (!is_ours(address) && !inflight())
		return 0;
	note_warn(address);
	return observe_warn(ctx, VMW_PROBE_WARN, address);
}

SEC("kprobe/__warn")
int BPF_KPROBE(kprobe____warn, const char *file, int line, u64 caller)
{
	return on_warn(ctx, caller);
}

SEC("raw_tp/error_report_end")
int BPF_PROG(raw_tp__error_report_end, u32 detector, u64 address)
{
	if (!tracepoint_comes() ||
	    detector != bpf_core_enum_value(enum error_detector, ERROR_DETECTOR_WARN))
		return 0;
	if (!is_ours(address) && !inflight())
		return 0;
	if (was_noted(address))
		return 0;
	return observe_warn(ctx, VMW_PROBE_ERROR_REPORT_END, address);
}

/* The faulting address is printed a moment later, and the task killed. */
SEC("kprobe/die_kernel_fault")
int BPF_KPROBE(kprobe__die_kernel_fault, const char *msg, u64 address, u64 esr,
	       struct pt_regs *regs)
{
	struct vmw_inflight *in = inflight();
	struct vmw_observation *o;
	struct about a;
	u64 pc;

	if (!in)
		return 0;
	a = about(VMW_PROBE_FAULT, in);
	pc = BPF_CORE_READ(regs, pc);
	send_stack(ctx, 0, pc, &a);
	o = new_observation(&a);
	if (!o)
		return 0;
	o->address = address;
	o->ip = pc;
	submit(o);
	return 0;
}
