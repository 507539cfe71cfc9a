// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own complaints: WARNs of the hotplug functions, and the death
 * of a task inside a request.
 *
 * A WARN calls __warn(), which prints, panics if it is told to, and only then
 * fires the tracepoint (kernel/panic.c, 6.1.192): the kprobe sees every WARN,
 * the tracepoint needs no kprobe. With both, each WARN is counted once.
 */
#include "module.h"

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
	struct vmw_inflight *in = inflight();
	struct vmw_observation *o;

	send_stack(ctx, 0, address, probe, in);
	o = new_observation(probe, in);
	if (!o)
		return 0;
	o->address = address;
	/* Inside of a request any WARN is worth a word, if only that it is another matter. */
	o->foreign = !is_ours(address);
	submit(o);
	return 0;
}

static __always_inline int on_warn(void *ctx, u64 address)
{
	struct vmw_warned key = {
		.task = bpf_get_current_pid_tgid(),
		.address = address,
	};
	u32 seen = 1;

	if (!is_ours(address) && !inflight())
		return 0;
	bpf_map_update_elem(&warneds, &key, &seen, BPF_ANY);
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
	struct vmw_warned key = {
		.task = bpf_get_current_pid_tgid(),
		.address = address,
	};

	if (!bpf_core_enum_value_exists(enum error_detector, ERROR_DETECTOR_WARN) ||
	    detector != bpf_core_enum_value(enum error_detector, ERROR_DETECTOR_WARN))
		return 0;
	if (!is_ours(address) && !inflight())
		return 0;
	if (!bpf_map_delete_elem(&warneds, &key))
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
	u64 pc;

	if (!in)
		return 0;
	pc = BPF_CORE_READ(regs, pc);
	send_stack(ctx, 0, pc, VMW_PROBE_FAULT, in);
	o = new_observation(VMW_PROBE_FAULT, in);
	if (!o)
		return 0;
	o->address = address;
	o->ip = pc;
	submit(o);
	return 0;
}

/*
 * Nothing but an oops makes a task exit inside of memremap_pages() and its
 * like: signals are answered on the way back to user space. An oops leaves a
 * signal in the exit code (make_task_dead(), kernel/exit.c 6.1.192); without
 * one the request has returned and we have not seen it.
 */
SEC("raw_tp/sched_process_exit")
int BPF_PROG(raw_tp__sched_process_exit, struct task_struct *task)
{
	u64 id = bpf_get_current_pid_tgid();
	struct vmw_loading *loading = bpf_map_lookup_elem(&loadings, &id);
	struct vmw_inflight *in = inflight();

	if (loading)
		on_end(loading, VMW_PROBE_PROCESS_EXIT, VMW_MODULE_DIED, 0);
	if (!in)
		return 0;
	if (!(BPF_CORE_READ(task, exit_code) & 0x7f)) {
		lose(VMW_LOST_RETURNS);
		leave();
		return 0;
	}
	observe_result(VMW_PROBE_PROCESS_EXIT, in, 0);
	leave();
	return 0;
}
