/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps and constants that all programs share, and what is lost. */
#ifndef VMEMMAPWATCH_BPF_MAPS_H
#define VMEMMAPWATCH_BPF_MAPS_H

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

#endif
