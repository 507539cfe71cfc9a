/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records that cross the ring buffer from the kernel to the daemon, and
 * the constants that the daemon hands down before load. Both sides are built
 * together.
 */
#ifndef VMEMMAPWATCH_EVENT_H
#define VMEMMAPWATCH_EVENT_H

#include "types.h"

#define VMW_COMM_LEN	    16 /* TASK_COMM_LEN, include/linux/sched.h */
#define VMW_MAX_FRAMES	    24
#define VMW_SYMBOL_LEN	    104 /* name+0xoffset/0xsize [module], cut */
#define VMW_MAX_RANGES	    64	/* ranges looked at in one dev_pagemap */
#define VMW_MAX_WARN_TEXTS  32
#define VMW_MAX_TRAMPOLINES 4	  /* that return probes put in the link register */
#define VMW_MAX_ENTRIES	    512	  /* of one array that a caller is handed */
#define VMW_MAX_USES	    10240 /* keys of hits */

enum vmw_record {
	VMW_RECORD_OBSERVATION = 1,
	VMW_RECORD_STACK,
	VMW_RECORD_REQUESTER,
	VMW_RECORD_MODULE,
};

/* Where something that should have been recorded was lost. */
enum vmw_loss {
	VMW_LOST_RING,	   /* no room in the ring buffer */
	VMW_LOST_RANGES,   /* ranges behind VMW_MAX_RANGES */
	VMW_LOST_REQUESTS, /* more requests under way than we can follow */
	VMW_LOST_READS,	   /* kernel memory that could not be read */
	VMW_LOST_RETURNS,  /* returns of requests that went by unseen */
	VMW_LOST_USES,	   /* hits of callers for which the map had no room */
	VMW_LOST_ENTRIES,  /* entries of arrays behind VMW_MAX_ENTRIES */
	VMW_LOST_CALLS,	   /* more calls under way than we can follow */
	VMW_LOST_LOADS,	   /* likewise module loads */
	VMW_LOST_BINDINGS, /* devices being bound likewise, or nested too deep */
	VMW_LOST_ASKS,	   /* searches for a free range likewise */
	VMW_LOST_WARNS,	   /* WARNs likewise: some may count twice */
	VMW_LOST_SITES,	   /* hits of sites that are not those that were found */
	VMW_NR_LOSSES,
};

/* What a task is inside of. */
enum vmw_request_kind {
	VMW_REQUEST_NONE,
	VMW_REQUEST_MEMREMAP, /* memremap_pages() */
	VMW_REQUEST_MEMUNMAP, /* memunmap_pages() */
	VMW_REQUEST_ADD,      /* __add_pages() with no memremap_pages() above */
	VMW_REQUEST_REMOVE,   /* __remove_pages() likewise */
	VMW_REQUEST_CHECK,    /* mhp_range_allowed() likewise; told when refused */
	VMW_REQUEST_REGION,   /* request_free_mem_region(), devm_ or not; likewise */
	VMW_NR_REQUEST_KINDS,
};

struct vmw_header {
	u16 type;    /* enum vmw_record */
	u16 size;    /* of the whole record, bytes */
	u16 probe;   /* enum vmw_probe_id */
	u16 kind;    /* enum vmw_request_kind */
	u64 time_ns; /* CLOCK_BOOTTIME */
	u64 request; /* id of the request, 0 outside of one */
	u32 cpu;
	u32 pid;		 /* the thread */
	u32 tgid;		 /* the process */
	u32 site;		 /* its number, of VMW_PROBE_SITE; else 0 */
	char comm[VMW_COMM_LEN]; /* as the task set it: any bytes */
};

/* One call seen by one probe. What a probe has nothing to say of is zero. */
struct vmw_observation {
	struct vmw_header header;

	u64 pfn;
	u64 nr_pages;
	u64 pages_start; /* struct pages of the range, by verdict.h */
	u64 pages_end;
	u64 distance; /* bytes */
	u32 verdict;  /* enum vmw_verdict */
	u32 bound;    /* enum vmw_bound */

	/* memremap_pages(): what the dev_pagemap says */
	u64 pgmap;
	u64 owner;
	u32 memory_type; /* enum memory_type of the running kernel */
	u32 pgmap_flags;
	u32 range_index;
	u32 nr_ranges;
	s32 nid;
	u32 foreign; /* a WARN inside a request that is no matter of vmemmap */

	s64 result;	 /* of a RETURN probe */
	u64 limit_start; /* mhp_range_allowed(): physical, where known */
	u64 limit_end;	 /* inclusive; 0 for unknown */
	u64 address;	 /* WARN: its place in the code; fault: the address */
	u64 ip;		 /* fault: the instruction */
	u64 asked;	 /* request_free_mem_region(): bytes */
};

/*
 * A kernel stack, innermost frame first; sent before the observation it
 * belongs to (same probe, same request).
 */
struct vmw_stack {
	struct vmw_header header;
	u32 nr_frames;
	u32 named; /* names were made in the kernel */
	u64 frame[VMW_MAX_FRAMES];
	char name[VMW_MAX_FRAMES][VMW_SYMBOL_LEN];
};

#define VMW_MODULE_LEN	  56 /* MODULE_NAME_LEN, include/linux/module.h */
#define VMW_VERSION_LEN	  32
#define VMW_DEVICE_LEN	  32
#define VMW_CGROUP_LEVELS 6
#define VMW_CGROUP_LEN	  80

/*
 * Who a request is for, beside its stack; sent once, when it starts. Names may be
 * any bytes, and are cut where they are longer.
 */
struct vmw_requester {
	struct vmw_header header;
	u64 cgroup; /* id of the task's, in the unified hierarchy */
	u32 nr_levels;
	u32 pad;
	char level[VMW_CGROUP_LEVELS][VMW_CGROUP_LEN]; /* the innermost first */
	char device[VMW_DEVICE_LEN]; /* it is for, or a driver is being bound to; or "" */
	char bus[VMW_DEVICE_LEN];
};

enum vmw_module_event {
	VMW_MODULE_LOADED = 1, /* its init is about to run */
	VMW_MODULE_STARTED,    /* its init has returned */
	VMW_MODULE_DIED,       /* the task that ran it died in there */
	VMW_MODULE_FREED,
};

/* A module comes or goes: [core, core + size) is its code. */
struct vmw_module {
	struct vmw_header header;
	u64 core, core_size;
	u64 init, init_size; /* code that is freed when init has returned */
	u64 taints;	     /* bits as in kernel/panic.c */
	s64 result;	     /* of init */
	u32 event;	     /* enum vmw_module_event */
	u32 pad;
	char name[VMW_MODULE_LEN];
	char version[VMW_VERSION_LEN];
	char srcversion[VMW_VERSION_LEN];
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
	u64 section; /* of the first such page; 0 for class LOOKUP */
	u16 probe;   /* enum vmw_probe_id */
	u16 site;    /* its number, of VMW_PROBE_SITE; else 0 */
	u32 verdict; /* enum vmw_verdict */
};

struct vmw_use {
	u64 count;    /* calls with at least one such page: exact */
	u64 pages;    /* such pages: exact */
	u64 first_ns; /* CLOCK_BOOTTIME */
	u64 last_ns;
	u64 lowest;  /* addresses of struct pages; two CPUs at a time */
	u64 highest; /* may lose the one or the other extreme */
};

/* Samples of the running second; CPUs may race for the last ones. */
struct vmw_sampling {
	u64 second;
	u64 sent;
	u64 rate; /* a second, as the daemon says; 0: no limit */
};

_Static_assert(sizeof(struct vmw_use_key) == 16, "both sides see one layout");
_Static_assert(sizeof(struct vmw_header) == 56, "both sides see one layout");
_Static_assert(sizeof(struct vmw_observation) == 192, "both sides see one layout");
_Static_assert(sizeof(struct vmw_requester) ==
		       72 + VMW_CGROUP_LEVELS * VMW_CGROUP_LEN + 2 * VMW_DEVICE_LEN,
	       "both sides see one layout");
_Static_assert(sizeof(struct vmw_module) == 56 + 56 + VMW_MODULE_LEN + 2 * VMW_VERSION_LEN,
	       "both sides see one layout");
_Static_assert(sizeof(struct vmw_stack) == 64 + VMW_MAX_FRAMES * (8 + VMW_SYMBOL_LEN),
	       "both sides see one layout");

#endif
