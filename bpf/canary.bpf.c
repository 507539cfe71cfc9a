// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do probes fire? The daemon makes system calls that others hardly ever make, and
 * these programs count them: one for each way of attaching (VMW_WAYS).
 */
#include "observe.h"

static __always_inline int count(u32 way)
{
	u64 *n = bpf_map_lookup_elem(&canaries, &way);

	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}

SEC("kprobe/__arm64_sys_sched_get_priority_min")
int kprobe____arm64_sys_sched_get_priority_min(void *ctx)
{
	return count(VMW_WAY_KPROBE);
}

SEC("kretprobe/__arm64_sys_sched_get_priority_max")
int kretprobe____arm64_sys_sched_get_priority_max(void *ctx)
{
	return count(VMW_WAY_KRETPROBE);
}

SEC("fentry/__arm64_sys_getitimer")
int fentry____arm64_sys_getitimer(void *ctx)
{
	return count(VMW_WAY_FENTRY);
}

SEC("fexit/__arm64_sys_sched_rr_get_interval")
int fexit____arm64_sys_sched_rr_get_interval(void *ctx)
{
	return count(VMW_WAY_FEXIT);
}

SEC("raw_tp/itimer_state")
int raw_tp__itimer_state(void *ctx)
{
	return count(VMW_WAY_TRACEPOINT);
}
