/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs share: constants from the daemon, maps, and the three
 * steps of every handler: judge, record, submit.
 */
#ifndef VMEMMAPWATCH_BPF_COMMON_H
#define VMEMMAPWATCH_BPF_COMMON_H

#include <linux/bpf.h>
#include <linux/errno.h>
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
	u64 asked_start; /* mhp_range_allowed(): physical, bytes */
	u64 asked_size;
	u64 limit_start; /* arch_get_mappable_range(), inclusive end */
	u64 limit_end;
	u32 kind; /* enum vmw_request_kind */
	u32 pad;
};

/*
 * WARNs that __warn has already reported, so the tracepoint must not: a task may be
 * interrupted in one, by a softirq, an interrupt and an NMI.
 */
#define VMW_MAX_WARNING 4

struct vmw_warned {
	u64 address[VMW_MAX_WARNING]; /* 0: free */
};

struct vmw_ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
};

/* A test builds with another. */
#ifndef VMW_MAX_BINDINGS
#define VMW_MAX_BINDINGS 2048
#endif

#define VMW_MAX_NESTED 8

/*
 * The devices that a task binds a driver to, which exist as long as that takes. A
 * driver may add devices of its own while it is bound, and these are bound in the same
 * task: the innermost is the last, and the outer one is back when that is over.
 */
struct vmw_binding {
	u64 depth;
	struct {
		u64 device;
		u64 stack; /* pointer to it there; 0: not known */
	} at[VMW_MAX_NESTED];
};

/* What the task asks for, of a function whose answer or inner call does not say. */
struct vmw_asked {
	u64 size;   /* request_free_mem_region(): bytes */
	u64 caller; /* where the stack of the answer lacks it */
	u64 device; /* that it is for; 0: not told */
	u64 pgmap;  /* devm_memremap_pages() */
};

/* What a function was called with, until it returns: a kretprobe knows it no more. */
struct vmw_call {
	u64 task;
	u64 probe;
};

/* @i, which is less than that, as the verifier believes it. */
static __always_inline u32 nested_index(u32 i)
{
	asm volatile("" : "+r"(i));
	return i & (VMW_MAX_NESTED - 1);
}

struct vmw_losses {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, VMW_NR_LOSSES);
	__type(key, u32);
	__type(value, u64);
};

/*
 * What tasks are inside of. An LRU map would drop what is still under way, and count
 * nothing: before 6.12.39 each CPU takes 128 free elements for itself, and the next CPU
 * drops live ones (bpf_lru_list_pop_free_to_local(), kernel/bpf/bpf_lru_list.c 6.1.192).
 * Here an event that finds no room is lost and counted. An entry goes with the return,
 * the answer, or the exit of the task; one that stays, since its return went by unseen,
 * is one a task at most and is overwritten by the next of that task.
 *
 * All are allocated at load, as any context needs it, with one element more for each
 * possible CPU. What counts is the tasks that sleep inside at the same time, not CPUs:
 * requests and calls sleep for memory; devices are bound by udev's workers, and by 512
 * of the kernel's for asynchronous probing, or 4 a CPU (WQ_UNBOUND_MAX_ACTIVE,
 * include/linux/workqueue.h 6.1.192); modules are loaded by udev's workers, and by
 * modprobe for the kernel, 50 at a time (MAX_KMOD_CONCURRENT, kernel/kmod.c). An element
 * is 48 bytes, key and value: 0.4 MiB of requests, 0.3 MiB of calls, 0.4 MiB of devices,
 * 0.3 MiB of the rest.
 */
struct vmw_inflights {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, u64); /* pid_tgid */
	__type(value, struct vmw_inflight);
};

struct vmw_calls {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct vmw_call);
	__type(value, u64);
};

struct vmw_bindings {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VMW_MAX_BINDINGS);
	__type(key, u64); /* pid_tgid */
	__type(value, struct vmw_binding);
};

struct vmw_asks {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64); /* pid_tgid */
	__type(value, struct vmw_asked);
};

/* Idle tasks share their pid_tgid. */
struct vmw_warneds {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64); /* struct task_struct * */
	__type(value, struct vmw_warned);
};

/* How often each way's program has seen the daemon's own call (VMW_WAYS). */
struct vmw_canaries {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, VMW_NR_WAYS);
	__type(key, u32);
	__type(value, u64);
};

extern struct vmw_ring ring SEC(".maps");
extern struct vmw_canaries canaries SEC(".maps");
extern struct vmw_losses losses SEC(".maps");
extern struct vmw_inflights inflights SEC(".maps");
extern struct vmw_warneds warneds SEC(".maps");
extern struct vmw_bindings bindings SEC(".maps");
extern struct vmw_asks asks SEC(".maps");
extern struct vmw_calls calls SEC(".maps");

extern const volatile struct vmw_bounds bounds;
extern const volatile struct vmw_text warn_text[VMW_MAX_WARN_TEXTS];
extern const volatile u64 trampolines[VMW_MAX_TRAMPOLINES];

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

/*
 * Take @key out of @map, where it is: most have none, and to look takes no lock. One
 * that cannot be taken out, since this interrupts who has the lock, counts at @place:
 * it is a lie from now on.
 */
static __always_inline void forget(void *map, const void *key, u32 place)
{
	if (bpf_map_lookup_elem(map, key) && bpf_map_delete_elem(map, key))
		lose(place);
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
	h->pad = 0;
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

/*
 * Where a handler's stack starts. ctx alone is enough for fentry. At the entry
 * of a kprobe the frame record of the function is not written yet, so the walk
 * misses the direct caller: its address is in the link register.
 */
#define KPROBE_CALLER(ctx) (((const struct user_pt_regs *)(ctx))->regs[30])
#define FENTRY_CALLER(ctx) 0

#include "caller.h"
#include "stack.h"

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
