/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records that cross the ring buffer from the kernel to the daemon, and
 * the constants that the daemon hands down before load. Both sides are built
 * together.
 */
#ifndef VMEMMAPWATCH_EVENT_H
#define VMEMMAPWATCH_EVENT_H

#include "types.h"

#define VMW_COMM_LEN		16	/* TASK_COMM_LEN, include/linux/sched.h */
#define VMW_MAX_FRAMES		24
#define VMW_SYMBOL_LEN		104	/* name+0xoffset/0xsize [module], cut */
#define VMW_MAX_RANGES		64	/* ranges looked at in one dev_pagemap */
#define VMW_MAX_WARN_TEXTS	32
#define VMW_MAX_ENTRIES		512	/* of one array that a caller is handed */
/*
 * Raise it with any change of a record or of a map's key or value: what an older
 * daemon left attached is replaced then, not taken over.
 */
#define VMW_RECORD_VERSION	1

#define VMW_MAX_USES		10240	/* keys of hits */

enum vmw_record {
	VMW_RECORD_OBSERVATION = 1,
	VMW_RECORD_STACK,
};

/* Where something that should have been recorded was lost. */
enum vmw_loss {
	VMW_LOST_RING,		/* no room in the ring buffer */
	VMW_LOST_RANGES,	/* ranges behind VMW_MAX_RANGES */
	VMW_LOST_REQUESTS,	/* more requests under way than we can follow */
	VMW_LOST_READS,		/* kernel memory that could not be read */
	VMW_LOST_RETURNS,	/* returns of requests that went by unseen */
	VMW_LOST_USES,		/* hits of callers for which the map had no room */
	VMW_LOST_ENTRIES,	/* entries of arrays behind VMW_MAX_ENTRIES */
	VMW_LOST_CALLS,		/* more calls under way than we can follow */
	VMW_NR_LOSSES,
};

/* What a task is inside of. */
enum vmw_request_kind {
	VMW_REQUEST_NONE,
	VMW_REQUEST_MEMREMAP,	/* memremap_pages() */
	VMW_REQUEST_MEMUNMAP,	/* memunmap_pages() */
	VMW_REQUEST_ADD,	/* __add_pages() with no memremap_pages() above */
	VMW_REQUEST_REMOVE,	/* __remove_pages() likewise */
	VMW_REQUEST_CHECK,	/* mhp_range_allowed() likewise; told when refused */
};

struct vmw_header {
	u16 type;		/* enum vmw_record */
	u16 size;		/* of the whole record, bytes */
	u16 probe;		/* enum vmw_probe_id */
	u16 kind;		/* enum vmw_request_kind */
	u64 time_ns;		/* CLOCK_MONOTONIC */
	u64 request;		/* id of the request, 0 outside of one */
	u32 cpu;
	u32 pid;		/* the thread */
	u32 tgid;		/* the process */
	u32 pad;
	char comm[VMW_COMM_LEN];	/* as the task set it: any bytes */
};

/* One call seen by one probe. What a probe has nothing to say of is zero. */
struct vmw_observation {
	struct vmw_header header;

	u64 pfn;
	u64 nr_pages;
	u64 pages_start;	/* struct pages of the range, by verdict.h */
	u64 pages_end;
	u64 distance;		/* bytes */
	u32 verdict;		/* enum vmw_verdict */
	u32 bound;		/* enum vmw_bound */

	/* memremap_pages(): what the dev_pagemap says */
	u64 pgmap;
	u64 owner;
	u32 memory_type;	/* enum memory_type of the running kernel */
	u32 pgmap_flags;
	u32 range_index;
	u32 nr_ranges;
	s32 nid;
	u32 pad;

	s64 result;		/* of a RETURN probe */
	u64 limit_start;	/* mhp_range_allowed(): physical, where known */
	u64 limit_end;		/* inclusive; 0 for unknown */
	u64 address;		/* WARN: its place in the code; fault: the address */
	u64 ip;			/* fault: the instruction */
};

/*
 * A kernel stack, innermost frame first; sent before the observation it
 * belongs to (same probe, same request).
 */
struct vmw_stack {
	struct vmw_header header;
	u32 nr_frames;
	u32 named;		/* names were made in the kernel */
	u64 frame[VMW_MAX_FRAMES];
	char name[VMW_MAX_FRAMES][VMW_SYMBOL_LEN];
};

/* The text of one function whose WARNs are ours: [start, end). */
struct vmw_text {
	u64 start;
	u64 end;
};

/*
 * What a caller's argument has to be in to be in bounds, computed by the daemon
 * with verdict.h: addresses [page_start, page_end), pfns [pfn_start, pfn_start +
 * nr_pfns). Nothing is in an empty window.
 */
struct vmw_windows {
	u64 page_start;
	u64 page_end;
	u64 pfn_start;
	u64 nr_pfns;
};

/* Hits of one caller on out-of-bounds struct pages of one section of memory. */
struct vmw_use_key {
	u64 section;		/* of the first such page; 0 for class LOOKUP */
	u32 probe;		/* enum vmw_probe_id */
	u32 verdict;		/* enum vmw_verdict */
};

struct vmw_use {
	u64 count;		/* calls with at least one such page: exact */
	u64 pages;		/* such pages: exact */
	u64 first_ns;		/* CLOCK_MONOTONIC */
	u64 last_ns;
	u64 lowest;		/* addresses of struct pages; two CPUs at a time */
	u64 highest;		/* may lose the one or the other extreme */
};

/* Samples of the running second; CPUs may race for the last ones. */
struct vmw_sampling {
	u64 second;
	u64 sent;
	u64 rate;		/* a second, as the daemon says; 0: no limit */
};

_Static_assert(sizeof(struct vmw_use_key) == 16, "both sides see one layout");
_Static_assert(sizeof(struct vmw_header) == 56, "both sides see one layout");
_Static_assert(sizeof(struct vmw_observation) == 184, "both sides see one layout");
_Static_assert(sizeof(struct vmw_stack) == 64 + VMW_MAX_FRAMES * (8 + VMW_SYMBOL_LEN),
	       "both sides see one layout");

#endif
