/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was seen, told once: requests and what came of them, offenders, WARNs.
 * Fed with records, never asks the kernel.
 */
#ifndef VMEMMAPWATCH_AGGREGATE_AGGREGATE_H
#define VMEMMAPWATCH_AGGREGATE_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/probes.h>
#include <vmemmapwatch/verdict.h>

#include "aggregate/driver.h"
#include "aggregate/intern.h"

enum vmw_outcome {
	VMW_PENDING, /* has not returned */
	VMW_ACCEPTED,
	VMW_REFUSED, /* the kernel said no before it made struct pages */
	VMW_FAILED,  /* it allowed the range, and gave up later */
	VMW_DIED,    /* the kernel oopsed inside of it */
	VMW_GONE,    /* accepted, and taken down since */
	VMW_NR_OUTCOMES,
};

extern const char *const vmw_outcome_names[VMW_NR_OUTCOMES];
extern const char *const vmw_verdict_names[VMW_NR_VERDICTS];

/* "VMEMMAP_END"; "VMEMMAP_START", and where the effective one is not the same, so. */
const char *vmw_bound_name(const struct vmw_bounds *bounds, u32 bound);

extern const char *const vmw_request_kind_names[VMW_NR_REQUEST_KINDS];

/* A physical range and where its struct pages lie. */
struct vmw_range {
	u64 pfn;
	u64 nr_pages;
	u64 pages_start;
	u64 pages_end;
	u64 distance; /* bytes */
	u32 verdict;
	u32 bound;
	bool allowed; /* mhp_range_allowed() said yes */
	bool told;    /* memremap_pages() is counted for its offender */
};

#define VMW_CGROUP_PATH_LEN 256
#define VMW_CONTAINER_LEN   72

/* One life of a module, as far as it was seen. */
struct vmw_module_seen {
	struct vmw_module_seen *next;
	char name[VMW_MODULE_LEN];
	char version[VMW_VERSION_LEN]; /* "" for none */
	char srcversion[VMW_VERSION_LEN];
	u64 taints;
	u64 core, core_size; /* its code, and */
	u64 init, init_size; /* what of it is freed after init */
	u64 loaded_ns;	     /* 0: before our time */
	u64 started_ns;	     /* its init returned, or @died in there; 0: not yet */
	u64 freed_ns;	     /* 0: not yet */
	int result;	     /* of init */
	bool died;
};

#define VMW_MAX_MODULES 1024

/* One driver's planned request for struct pages, or for their removal. */
struct vmw_request {
	struct vmw_request *next;
	u32 number; /* from 1, in the order of their coming */
	u64 id;
	u32 kind; /* enum vmw_request_kind */
	enum vmw_outcome outcome;
	struct vmw_header first; /* of the record that told of it: task, time */
	u64 last_ns;
	char driver[VMW_DRIVER_LEN];
	const struct vmw_frames *stack;
	struct vmw_range *ranges;
	size_t nr_ranges;
	u64 pgmap;
	u64 owner;
	u32 memory_type;
	u32 pgmap_flags;
	s32 nid;
	int error;	 /* negative errno when refused or failed */
	bool denied;	 /* refused as beyond what the kernel allows */
	bool begun;	 /* struct pages were populated, written or freed inside */
	u64 limit_start; /* physical, inclusive end; 0-0: not seen */
	u64 limit_end;
	u64 fault_address; /* died: where the kernel faulted, if it told */
	u64 fault_ip;
	char fault_symbol[VMW_SYMBOL_LEN];
	/* Who it is for, where that could be told; "" else. Names may be any bytes. */
	u64 cgroup_id;
	char cgroup[VMW_CGROUP_PATH_LEN];  /* in the unified hierarchy */
	char container[VMW_CONTAINER_LEN]; /* its id, by the name of the cgroup */
	char device[VMW_DEVICE_LEN];	   /* that a driver was being bound to */
	char bus[VMW_DEVICE_LEN];
	struct vmw_offender *current; /* the one that calls inside belong to */
	bool told;		      /* that it was refused, by its owner, who keeps this */
};

/* Out of bounds, told once. */
struct vmw_offender {
	struct vmw_offender *next;
	u32 number; /* likewise */
	char driver[VMW_DRIVER_LEN];
	struct vmw_range range;
	const struct vmw_request *request; /* the first one; NULL outside of any */
	const struct vmw_frames *stack;	   /* where there is no request to have one */
	bool live;
	bool found; /* at start: nobody saw it become one */
	bool made;  /* it was one before it came back, and so stays one */
	/*
	 * Told when it was asked for, where the kernel has no mhp_range_allowed(), and
	 * refused then: it is no offender after all, and in no list of them.
	 */
	bool withdrawn;
	u64 since_ns; /* when it became one, or was back again */
	u64 first_ns;
	u64 last_ns;
	u64 hits[VMW_MAX_PROBES];
	u64 before[VMW_MAX_PROBES]; /* of hits: by maps that are no more */
	u64 count;		    /* sum of hits */
	u64 warns;
	/* As its owner told it last, who keeps these. */
	u64 sent_count;
	u64 sent_warns;
	bool sent_live;
};

struct vmw_warn {
	struct vmw_warn *next;
	struct vmw_header header;
	u64 address;
	char symbol[VMW_SYMBOL_LEN];
	bool foreign;			     /* inside of a request, and yet another matter */
	const struct vmw_offender *offender; /* or NULL */
};

#define VMW_MAX_CALLERS 8
#define VMW_USE_BUCKETS 1024

/* Hits of one caller's probe on out-of-bounds struct pages, told once. */
struct vmw_used {
	struct vmw_used *next;
	struct vmw_used *bucket; /* next of the same hash */
	u32 probe;
	u32 verdict;
	u32 site;			   /* of VMW_PROBE_SITE: its number; else 0 */
	bool lookup;			   /* it need not be of a struct page: no offence */
	u32 number;			   /* from 1; of no other use of this boot */
	const struct vmw_request *request; /* that holds the pages; or NULL, and */
	u64 section;			   /* then of this section of memory */
	char driver[VMW_DRIVER_LEN];
	struct vmw_use counts; /* of the kernel: exact */
	struct vmw_use before; /* of counts: by maps that are no more */
	u64 counted_before;    /* count at the reading before */
	u64 sent_count;	       /* count as its owner told it last, who keeps this */
	u64 samples;
	struct vmw_header sample;			  /* of the first one: task, time */
	const struct vmw_place *callers[VMW_MAX_CALLERS]; /* by samples */
	unsigned int nr_callers;
	const struct vmw_frames *stack; /* of the first hit */
};

/* What is kept; the rest is counted. */
#define VMW_MAX_OBSERVATIONS 10000
#define VMW_MAX_REQUESTS     10000
#define VMW_MAX_WARNS	     10000
#define VMW_MAX_OFFENDERS    10000

/*
 * The range that an observation is of; and the @nr_pages pages from @pfn on, whose struct
 * pages @j judges. allowed and told are false.
 */
struct vmw_range vmw_range_of(const struct vmw_observation *o);
struct vmw_range vmw_judged_range(u64 pfn, u64 nr_pages, const struct vmw_judgement *j);

/* In place of a verdict: there is no range. */
#define VMW_NOWHERE VMW_NR_VERDICTS

/* Refused requests of one driver that have made room for others. */
struct vmw_refusals {
	char driver[VMW_DRIVER_LEN];
	u64 nr[VMW_NOWHERE + 1]; /* by vmw_request_verdict() */
};

/* Drivers with a row of their own; the last row is of all that come behind. */
#define VMW_MAX_REFUSALS 16

struct vmw_aggregate {
	struct vmw_request *requests, **requests_tail;
	struct vmw_request *latest; /* found last: most records are of it */
	struct vmw_offender *offenders, **offenders_tail;
	struct vmw_warn *warns, **warns_tail;
	struct vmw_warn *last_warn;
	struct vmw_used *uses, **uses_tail;
	struct vmw_module_seen *modules; /* the newest first */
	size_t nr_modules;
	struct vmw_intern intern;			   /* what all stacks here point into */
	u64 observed[VMW_NR_MAIN_PROBES][VMW_NR_VERDICTS]; /* how often each saw what */
	struct vmw_used *use_buckets[VMW_USE_BUCKETS];
	/* Set by the caller before the first use. */
	unsigned int section_shift; /* pfns of a section */
	struct vmw_bounds bounds;
	const struct vmw_site_set *sites; /* NULL: none */
	/* 0: VMW_MAX_REQUESTS and its like. What watches for months keeps less. */
	size_t max_requests;
	size_t max_observations;
	size_t max_warns;
	u32 last_request; /* the number of the newest one */
	u32 last_offender;
	u32 last_used;
	size_t nr_requests;
	size_t nr_retired; /* requests that are over, and were in bounds or refused */
	struct vmw_refusals refusals[VMW_MAX_REFUSALS];
	size_t nr_warns;
	size_t nr_named;   /* callers without a name, when names were last asked for */
	size_t nr_dropped; /* requests, WARNs and stacks that were not kept */
	struct vmw_observation *observations;
	size_t nr_observations;
	size_t nr_not_kept;
	/* Stacks whose observation has not come yet, newest first. */
	struct vmw_pending_stack *stacks;
	size_t nr_stacks;
	bool asks_only;	    /* no mhp_range_allowed(): asking is all we see */
	bool out_of_memory; /* something is missing here for that reason */
	/* Called when there is a new offender, and when a gone one is back. */
	void (*on_offender)(const struct vmw_offender *offender, void *context);
	/* Called when a module comes, starts or goes; NULL: for nobody. */
	void (*on_module)(const struct vmw_module *module, void *context);
	void *context;
};

/* The first offender to be told (@behind NULL), or the one behind: none is withdrawn. */
static inline const struct vmw_offender *vmw_next_offender(const struct vmw_aggregate *agg,
							   const struct vmw_offender *behind)
{
	const struct vmw_offender *offender = behind ? behind->next : agg->offenders;

	while (offender && offender->withdrawn)
		offender = offender->next;
	return offender;
}

#define vmw_for_each_offender(offender, agg) \
	for ((offender) = vmw_next_offender(agg, NULL); offender; \
	     (offender) = vmw_next_offender(agg, offender))

/* Where a request lies by its first range that is not in bounds; or VMW_NOWHERE. */
u32 vmw_request_verdict(const struct vmw_request *request);

/*
 * One record. @agg is zeroed by the caller; on_offender and asks_only are set
 * before first use. @record is not kept.
 */
void vmw_aggregate_record(struct vmw_aggregate *agg, const struct vmw_header *record);

/*
 * What another process has gathered, one by one and in its order: @agg takes over
 * what @request points to, and a copy of the others. False for lack of memory.
 */
void vmw_aggregate_restore_request(struct vmw_aggregate *agg, struct vmw_request *request);
struct vmw_offender *vmw_aggregate_restore_offender(struct vmw_aggregate *agg,
						    const struct vmw_offender *offender);
bool vmw_aggregate_restore_warn(struct vmw_aggregate *agg, const struct vmw_warn *warn);
bool vmw_aggregate_restore_used(struct vmw_aggregate *agg, const struct vmw_used *used);
bool vmw_aggregate_restore_module(struct vmw_aggregate *agg, const struct vmw_module_seen *seen);
bool vmw_aggregate_restore_observation(struct vmw_aggregate *agg,
				       const struct vmw_observation *o);

/* What callers' probe @id counted and sampled is forgotten: it was of another function. */
void vmw_aggregate_forget_probe(struct vmw_aggregate *agg, int id);

/*
 * The maps that counts were read from are no more, and new ones start from zero:
 * what was counted is added to what they will count.
 */
void vmw_aggregate_new_maps(struct vmw_aggregate *agg);

/*
 * The kernel's counts are read anew, all of them: those of the reading before are
 * forgotten, and vmw_aggregate_use() follows for each key.
 */
void vmw_aggregate_uses_begin(struct vmw_aggregate *agg);

/*
 * Struct pages of @range are, or were, out of bounds before anybody watched. Joins
 * the offender that holds them, if there is one; else it is a new one, of @driver,
 * with so many @warns between these times. NULL for lack of memory.
 */
struct vmw_offender *vmw_aggregate_found(struct vmw_aggregate *agg,
					 const struct vmw_range *range, const char *driver,
					 bool live, u64 warns, u64 first_ns, u64 last_ns);

/*
 * Nobody watched for a while, and these offenders of @present are all whose pages
 * are there now: others are gone.
 */
void vmw_aggregate_only(struct vmw_aggregate *agg, const struct vmw_offender *present);

/*
 * The life of the module @name that the time @time_ns falls into, or the first that
 * was seen; NULL: none was.
 */
const struct vmw_module_seen *vmw_aggregate_module(const struct vmw_aggregate *agg,
						   const char *name, u64 time_ns);

/* What the kernel has counted for one key. */
void vmw_aggregate_use(struct vmw_aggregate *agg, const struct vmw_use_key *key,
		       const struct vmw_use *use);

/* Name callers that only samples without a stack told of, by one pass over kallsyms. */
void vmw_aggregate_name_callers(struct vmw_aggregate *agg);

/* Name the driver of uses outside of any request, by physical address in bytes. */
void vmw_aggregate_name_uses(struct vmw_aggregate *agg, unsigned int page_shift,
			     const char *(*name)(u64 phys, void *context), void *context);

/* How many WARNs of the kernel's hotplug code were seen. */
u64 vmw_aggregate_own_warns(const struct vmw_aggregate *agg);

/*
 * No more records will come: an out-of-bounds request that has not returned
 * is an offender now.
 */
void vmw_aggregate_finish(struct vmw_aggregate *agg);

void vmw_aggregate_free(struct vmw_aggregate *agg);

#endif
