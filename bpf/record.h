/* SPDX-License-Identifier: GPL-2.0-only */
/* Records: what the task is inside of, a new observation, and sending it. */
#ifndef VMEMMAPWATCH_BPF_RECORD_H
#define VMEMMAPWATCH_BPF_RECORD_H

#include "maps.h"

static __always_inline struct vmw_inflight *inflight(void)
{
	u64 task = bpf_get_current_pid_tgid();

	return bpf_map_lookup_elem(&inflights, &task);
}

/*
 * Ids need to differ, nothing more: one task starts one request at a time, so
 * time and CPU tell them apart (fetching atomics would need a kernel 5.12 and
 * an arm64 JIT that knows them).
 */
static __always_inline u64 new_request_id(void)
{
	return (bpf_ktime_get_boot_ns() << 10) | (bpf_get_smp_processor_id() & 1023);
}

/*
 * The current task begins a request. One that it still has is over: its return
 * went by unseen (all instances of a kretprobe were taken), which is a loss.
 */
static __always_inline struct vmw_inflight *enter(u32 kind, u64 pgmap)
{
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_inflight fresh = {
		.request = new_request_id(),
		.pgmap = pgmap,
		.kind = kind,
	};
	struct vmw_inflight *in;

	if (inflight())
		lose(VMW_LOST_RETURNS);
	if (bpf_map_update_elem(&inflights, &task, &fresh, BPF_ANY))
		lose(VMW_LOST_REQUESTS);
	in = bpf_map_lookup_elem(&inflights, &task);
	return in;
}

static __always_inline void leave(void)
{
	u64 task = bpf_get_current_pid_tgid();

	forget(&inflights, &task, VMW_LOST_RETURNS);
}

/*
 * What a record is about. Numbers, and not the request itself: whether there is one
 * would be two ways for the verifier through all that follows.
 */
struct about {
	u64 request; /* its id; 0: none */
	u32 kind;    /* enum vmw_request_kind */
	u32 probe;
	u32 site; /* 0: it is of none */
};

static __always_inline struct about about(u32 probe, const struct vmw_inflight *in)
{
	const struct about a = {
		.request = in ? in->request : 0,
		.kind = in ? in->kind : VMW_REQUEST_NONE,
		.probe = probe,
	};

	return a;
}

static __always_inline void fill_header(struct vmw_header *h, u16 type, u16 size,
					const struct about *a)
{
	u64 task = bpf_get_current_pid_tgid();

	h->type = type;
	h->size = size;
	h->probe = a->probe;
	h->kind = a->kind;
	h->time_ns = bpf_ktime_get_boot_ns();
	h->request = a->request;
	h->cpu = bpf_get_smp_processor_id();
	h->pid = (u32)task;
	h->tgid = task >> 32;
	h->site = a->site;
	bpf_get_current_comm(h->comm, sizeof(h->comm));
}

static __always_inline struct vmw_observation *new_observation(const struct about *a)
{
	struct vmw_observation *o;

	o = bpf_ringbuf_reserve(&ring, sizeof(*o), 0);
	if (!o) {
		lose(VMW_LOST_RING);
		return NULL;
	}
	__builtin_memset(o, 0, sizeof(*o));
	fill_header(&o->header, VMW_RECORD_OBSERVATION, sizeof(*o), a);
	return o;
}

/*
 * Hand a record over and wake the daemon now: the next thing that this task
 * does may be its last.
 */
static __always_inline void submit(void *record)
{
	bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
}

static __always_inline void set_judgement(struct vmw_observation *o,
					  const struct vmw_judgement *j)
{
	o->pages_start = j->start;
	o->pages_end = j->end;
	o->distance = j->distance;
	o->verdict = j->verdict;
	o->bound = j->bound;
}

static __always_inline struct vmw_judgement judge_pfns(u64 pfn, u64 nr)
{
	return vmw_judge_pfns(bounds_at(), pfn, nr);
}

#endif
