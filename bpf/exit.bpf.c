// SPDX-License-Identifier: GPL-2.0-only
/* A task ends: whatever it was inside of ends with it. */
#include "module.h"

static __always_inline void forget_call(u32 probe)
{
	struct vmw_call key = { .task = bpf_get_current_pid_tgid(), .probe = probe };

	forget(&calls, &key, VMW_LOST_CALLS);
}

/*
 * Nothing but an oops makes a task exit inside of memremap_pages() and its
 * like: signals are answered on the way back to user space. An oops leaves a
 * signal in the exit code (make_task_dead(), kernel/exit.c 6.1.192); without
 * one the request has returned and we have not seen it.
 */
static __always_inline void end_request(struct task_struct *task, struct vmw_inflight *in)
{
	if (BPF_CORE_READ(task, exit_code) & 0x7f)
		observe_result(VMW_PROBE_PROCESS_EXIT, in, 0);
	else
		lose(VMW_LOST_RETURNS);
	leave();
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(raw_tp__sched_process_exit, struct task_struct *task)
{
	u64 id = bpf_get_current_pid_tgid(), self = bpf_get_current_task();
	struct vmw_loading *loading = bpf_map_lookup_elem(&loadings, &id);
	struct vmw_inflight *in = inflight();

	if (loading)
		on_end(loading, VMW_PROBE_PROCESS_EXIT, VMW_MODULE_DIED, 0);
	if (in)
		end_request(task, in);
	forget(&bindings, &id, VMW_LOST_BINDINGS);
	forget(&asks, &id, VMW_LOST_ASKS);
	forget(&warneds, &self, VMW_LOST_WARNS);
#define VMW_RETURN(name, symbol, kind, a, class, heat, prototypes, meaning) \
	forget_call(VMW_PROBE_##name);
	VMW_RETURNS(VMW_RETURN)
#undef VMW_RETURN
	return 0;
}
