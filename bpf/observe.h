/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps of most handlers: judge, record, submit. */
#ifndef VMEMMAPWATCH_BPF_OBSERVE_H
#define VMEMMAPWATCH_BPF_OBSERVE_H

#include "caller.h"
#include "record.h"
#include "stack.h"

/*
 * Where a handler's stack starts. ctx alone is enough for fentry. At the entry
 * of a kprobe the frame record of the function is not written yet, so the walk
 * misses the direct caller: its address is in the link register.
 */
#define KPROBE_CALLER(ctx) (((const struct user_pt_regs *)(ctx))->regs[30])
#define FENTRY_CALLER(ctx) 0

/*
 * Tell who a request is for (who.bpf.c). @device: of the request, where its call said
 * so; else 0. A global function: the verifier walks it once.
 */
extern int send_requester(u32 probe, u64 request, u32 kind, u64 device);

/*
 * The verdict by global functions: the verifier walks them once, and what follows
 * them once, not for each way to a verdict.
 */
__weak __noinline u32 verdict_of(u64 page, u64 size)
{
	return vmw_judge_pages(bounds_at(), page, size).verdict;
}

__weak __noinline u32 verdict_of_pfns(u64 pfn, u64 nr)
{
	return judge_pfns(pfn, nr).verdict;
}

/*
 * Observe a range of pfns at a probe of class certain. A request tells its
 * stack when it starts, since the driver is found by it; what happens inside
 * needs none, and what happens outside of any has its own.
 */
static __always_inline void observe_pfns(void *ctx, u64 caller, const struct about *a, u64 pfn,
					 u64 nr, int starts)
{
	struct vmw_observation *o;
	struct vmw_judgement j;

	if (starts || (!a->request && verdict_of_pfns(pfn, nr) != VMW_IN_BOUNDS))
		send_stack(ctx, caller, 0, a);
	if (starts)
		send_requester(a->probe, a->request, a->kind, 0);
	o = new_observation(a);
	if (!o)
		return;
	o->pfn = pfn;
	o->nr_pages = nr;
	j = judge_pfns(pfn, nr);
	set_judgement(o, &j);
	submit(o);
}

/* A call returned: what it answered. */
static __always_inline void observe_result(u32 probe, struct vmw_inflight *in, s64 result)
{
	const struct about a = about(probe, in);
	struct vmw_observation *o = new_observation(&a);

	if (!o)
		return;
	o->pgmap = in ? in->pgmap : 0;
	o->result = result;
	submit(o);
}

#endif
