/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this room share; the contracts for others are aggregate.h. */
#ifndef VMEMMAPWATCH_AGGREGATE_AGGREGATE_INTERNAL_H
#define VMEMMAPWATCH_AGGREGATE_AGGREGATE_INTERNAL_H

#include "aggregate/aggregate.h"

/* Zeroed memory; NULL, and a note in @agg, where there is none. */
void *vmw_agg_allocate(struct vmw_aggregate *agg, size_t size);

/* True where all of @inner lies in @outer, by pfns. */
bool vmw_range_contains(const struct vmw_range *outer, const struct vmw_range *inner);

/*
 * Stacks wait for the observation that they were sent in front of. CPUs
 * interleave, so several can wait at a time; one whose observation was lost is
 * left over, and makes room for the next in the end, which is counted.
 */
void vmw_agg_push_stack(struct vmw_aggregate *agg, struct vmw_stack *stack);
void vmw_agg_free_stacks(struct vmw_aggregate *agg);

/* The stack that @probe sent for the request and task of @header, or NULL. */
const struct vmw_frames *vmw_agg_take_stack(struct vmw_aggregate *agg,
					    const struct vmw_header *header, u16 probe);

/* Each at the end of its list, in restore.c. */
void vmw_agg_append_request(struct vmw_aggregate *agg, struct vmw_request *request);
void vmw_agg_append_offender(struct vmw_aggregate *agg, struct vmw_offender *offender);
void vmw_agg_append_warn(struct vmw_aggregate *agg, struct vmw_warn *warn);
void vmw_agg_append_used(struct vmw_aggregate *agg, struct vmw_used *used);

/* The limit that the owner of @agg has set, or ours. */
static inline size_t vmw_agg_limit(size_t chosen, size_t ours)
{
	return chosen ? chosen : ours;
}

/*
 * Make room for one more request: the oldest that is over goes, if it has no
 * offender. It stays counted.
 */
void vmw_agg_retire(struct vmw_aggregate *agg);

/*
 * @request returned @result: its outcome, and what that means for the offenders and
 * WARNs of its own.
 */
void vmw_agg_result(struct vmw_aggregate *agg, struct vmw_request *request, s64 result);

/* @removal is done: its ranges are gone, whoever asked for them. */
void vmw_agg_gone(struct vmw_aggregate *agg, struct vmw_request *removal);

/*
 * The driver core takes a managed mapping down, perhaps on behalf of somebody who
 * wrote into sysfs: @removal, of @range, is still the driver's that asked for it.
 */
void vmw_agg_name_by_asker(const struct vmw_aggregate *agg, struct vmw_request *removal,
			   const struct vmw_range *range);

/* A module came or went. */
void vmw_agg_module(struct vmw_aggregate *agg, const struct vmw_module *m);
struct vmw_module_seen *vmw_agg_add_module(struct vmw_aggregate *agg);
void vmw_agg_free_modules(struct vmw_aggregate *agg);

/* Who @request is for. */
void vmw_agg_requester(struct vmw_request *request, const struct vmw_requester *who);

/*
 * The module whose code was at @address at @time_ns, of those that were seen, with
 * "text+0x10 [module]" in @name; NULL: none. One that is gone (freed_ns) is what
 * kallsyms does not know any more.
 */
const struct vmw_module_seen *vmw_agg_name_by_module(const struct vmw_aggregate *agg, u64 address,
						     u64 time_ns, char name[VMW_SYMBOL_LEN]);

/*
 * Correct @name, which kallsyms as it is now has for @address: it gives the code of a
 * module that is gone since to whatever lies below, so who was there at @time_ns comes
 * first.
 */
void vmw_agg_rename_by_module(const struct vmw_aggregate *agg, u64 address, u64 time_ns,
			      char name[VMW_SYMBOL_LEN]);

/* A sample of a caller; takes its stack. */
void vmw_agg_sample(struct vmw_aggregate *agg, const struct vmw_observation *o);
void vmw_agg_free_uses(struct vmw_aggregate *agg);

/*
 * The live offender that holds @range; else one of the same key that is back;
 * else a new one. @request is NULL outside of any. NULL for lack of memory.
 */
struct vmw_offender *vmw_agg_offend(struct vmw_aggregate *agg, struct vmw_request *request,
				    const struct vmw_range *range,
				    const struct vmw_header *header);

#endif
