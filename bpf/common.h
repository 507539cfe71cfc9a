/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs share: constants from the daemon, maps, and the three
 * steps of every handler: judge, record, submit.
 */
#ifndef VMEMMAPWATCH_BPF_COMMON_H
#define VMEMMAPWATCH_BPF_COMMON_H

#include <linux/bpf.h>
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/probes.h>
#include <vmemmapwatch/verdict.h>

/* What the current task is inside of; keyed by pid_tgid. */
struct vmw_inflight {
	u64 request;
	u64 pgmap;
	u64 asked_start;	/* mhp_range_allowed(): physical, bytes */
	u64 asked_size;
	u64 limit_start;	/* arch_get_mappable_range(), inclusive end */
	u64 limit_end;
	u32 kind;		/* enum vmw_request_kind */
	u32 pad;
};

/* A WARN that __warn has already reported, so the tracepoint must not. */
struct vmw_warned {
	u64 task;
	u64 address;
};

struct vmw_ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
};

#define VMW_MAX_NESTED 4

/*
 * The device that a task binds a driver to, keyed by pid_tgid; or that a request is for,
 * keyed by what is the request's alone. A driver may add devices of its own while it is bound, and these are bound in the
 * same task: the innermost is the last, and the outer one is back when that is over.
 */
struct vmw_binding {
	u32 depth;
	struct {
		u64 stack;	/* pointer to it there; 0: not known */
		char device[VMW_DEVICE_LEN];
		char bus[VMW_DEVICE_LEN];
	} at[VMW_MAX_NESTED];
};

/* @i, which is less than that, as the verifier believes it. */
static __always_inline u32 nested_index(u32 i)
{
	asm volatile("" : "+r"(i));
	return i & (VMW_MAX_NESTED - 1);
}

/* A task that dies while it binds leaves an entry: the oldest makes room. */
struct vmw_bindings {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct vmw_binding);
};

struct vmw_losses {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, VMW_NR_LOSSES);
	__type(key, u32);
	__type(value, u64);
};

struct vmw_inflights {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct vmw_inflight);
};

/* Least recently used: after a panic_on_warn nothing takes an entry out. */
struct vmw_warneds {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct vmw_warned);
	__type(value, u32);
};

extern struct vmw_ring ring SEC(".maps");
extern struct vmw_losses losses SEC(".maps");
extern struct vmw_inflights inflights SEC(".maps");
extern struct vmw_warneds warneds SEC(".maps");
extern struct vmw_bindings bindings SEC(".maps");

extern const volatile struct vmw_bounds bounds;
extern const volatile struct vmw_text warn_text[VMW_MAX_WARN_TEXTS];

/* As the daemon sets them: where they are defined, clang would believe the zeros. */
static __always_inline const struct vmw_bounds *bounds_at(void)
{
	const struct vmw_bounds *b = (const struct vmw_bounds *)&bounds;

	asm("" : "+r"(b));
	return b;
}

static __always_inline void lose_many(u32 place, u64 nr)
{
	u64 *count = bpf_map_lookup_elem(&losses, &place);

	if (count)
		__sync_fetch_and_add(count, nr);
}

static __always_inline void lose(u32 place)
{
	lose_many(place, 1);
}

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

	bpf_map_delete_elem(&inflights, &task);
}

static __always_inline void fill_header(struct vmw_header *h, u16 type,
					u16 size, u16 probe,
					const struct vmw_inflight *in)
{
	u64 task = bpf_get_current_pid_tgid();

	h->type = type;
	h->size = size;
	h->probe = probe;
	h->kind = in ? in->kind : VMW_REQUEST_NONE;
	h->time_ns = bpf_ktime_get_boot_ns();
	h->request = in ? in->request : 0;
	h->cpu = bpf_get_smp_processor_id();
	h->pid = (u32)task;
	h->tgid = task >> 32;
	h->pad = 0;
	bpf_get_current_comm(h->comm, sizeof(h->comm));
}

static __always_inline struct vmw_observation *
new_observation(u16 probe, const struct vmw_inflight *in)
{
	struct vmw_observation *o;

	o = bpf_ringbuf_reserve(&ring, sizeof(*o), 0);
	if (!o) {
		lose(VMW_LOST_RING);
		return NULL;
	}
	__builtin_memset(o, 0, sizeof(*o));
	fill_header(&o->header, VMW_RECORD_OBSERVATION, sizeof(*o), probe, in);
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

/*
 * Where a handler's stack starts. ctx alone is enough for fentry. At the entry
 * of a kprobe the frame record of the function is not written yet, so the walk
 * misses the direct caller: its address is in the link register.
 */
#define KPROBE_CALLER(ctx) (((const struct user_pt_regs *)(ctx))->regs[30])
#define FENTRY_CALLER(ctx) 0

#include "stack.h"
#include "who.h"

/*
 * Observe a range of pfns at a probe of class certain. A request tells its
 * stack when it starts, since the driver is found by it; what happens inside
 * needs none, and what happens outside of any has its own.
 */
static __always_inline void observe_pfns(void *ctx, u64 caller, u16 probe,
					 struct vmw_inflight *in,
					 u64 pfn, u64 nr, int starts)
{
	struct vmw_judgement j = judge_pfns(pfn, nr);
	struct vmw_observation *o;

	if (starts)
		send_who(probe, in);
	if (starts || (!in && j.verdict != VMW_IN_BOUNDS))
		send_stack(ctx, caller, 0, probe, in);
	o = new_observation(probe, in);
	if (!o)
		return;
	o->pfn = pfn;
	o->nr_pages = nr;
	set_judgement(o, &j);
	submit(o);
}

/* A call returned: what it answered. */
static __always_inline void observe_result(u16 probe, struct vmw_inflight *in,
					   s64 result)
{
	struct vmw_observation *o = new_observation(probe, in);

	if (!o)
		return;
	o->pgmap = in ? in->pgmap : 0;
	o->result = result;
	submit(o);
}

#endif
