// SPDX-License-Identifier: GPL-2.0-only
/* Lists of the aggregate, and what another process had in them. */
#include <stdlib.h>
#include <string.h>

#include "aggregate/aggregate_internal.h"

void vmw_agg_append_request(struct vmw_aggregate *agg, struct vmw_request *request)
{
	request->next = NULL;
	if (!agg->requests_tail)
		agg->requests_tail = &agg->requests;
	*agg->requests_tail = request;
	agg->requests_tail = &request->next;
	agg->latest = request;
	agg->nr_requests++;
}

void vmw_agg_append_offender(struct vmw_aggregate *agg, struct vmw_offender *offender)
{
	offender->next = NULL;
	if (!agg->offenders_tail)
		agg->offenders_tail = &agg->offenders;
	*agg->offenders_tail = offender;
	agg->offenders_tail = &offender->next;
}

void vmw_agg_append_warn(struct vmw_aggregate *agg, struct vmw_warn *warn)
{
	warn->next = NULL;
	if (!agg->warns_tail)
		agg->warns_tail = &agg->warns;
	*agg->warns_tail = warn;
	agg->warns_tail = &warn->next;
	agg->last_warn = warn;
	agg->nr_warns++;
}

static void *copy(struct vmw_aggregate *agg, const void *from, size_t size)
{
	void *to = vmw_agg_allocate(agg, size);

	return to ? memcpy(to, from, size) : NULL;
}

void vmw_aggregate_restore_request(struct vmw_aggregate *agg, struct vmw_request *request)
{
	vmw_agg_append_request(agg, request);
	if (request->number > agg->last_request)
		agg->last_request = request->number;
}

struct vmw_offender *vmw_aggregate_restore_offender(struct vmw_aggregate *agg,
						    const struct vmw_offender *offender)
{
	struct vmw_offender *ours = copy(agg, offender, sizeof(*offender));

	if (!ours)
		return NULL;
	vmw_agg_append_offender(agg, ours);
	if (ours->number > agg->last_offender)
		agg->last_offender = ours->number;
	return ours;
}

bool vmw_aggregate_restore_warn(struct vmw_aggregate *agg, const struct vmw_warn *warn)
{
	struct vmw_warn *ours = copy(agg, warn, sizeof(*warn));

	if (ours)
		vmw_agg_append_warn(agg, ours);
	return ours;
}

bool vmw_aggregate_restore_used(struct vmw_aggregate *agg, const struct vmw_used *used)
{
	struct vmw_used *ours = copy(agg, used, sizeof(*used));

	if (!ours)
		return false;
	vmw_agg_append_used(agg, ours);
	if (ours->number > agg->last_used)
		agg->last_used = ours->number;
	return true;
}

/* They come the newest first, as they are kept. */
bool vmw_aggregate_restore_module(struct vmw_aggregate *agg, const struct vmw_module_seen *seen)
{
	struct vmw_module_seen **tail, *ours = copy(agg, seen, sizeof(*seen));

	if (!ours)
		return false;
	for (tail = &agg->modules; *tail; tail = &(*tail)->next)
		;
	ours->next = NULL;
	*tail = ours;
	agg->nr_modules++;
	return true;
}

/* Others may point to it: it stays, and has seen nothing. */
void vmw_aggregate_forget_probe(struct vmw_aggregate *agg, int id)
{
	struct vmw_used *used;

	for (used = agg->uses; used; used = used->next) {
		if (used->probe != (u32)id)
			continue;
		memset(&used->counts, 0, sizeof(used->counts));
		memset(&used->before, 0, sizeof(used->before));
		used->counted_before = used->sent_count = used->samples = 0;
		used->nr_callers = 0;
		used->stack = NULL;
	}
}

void vmw_aggregate_new_maps(struct vmw_aggregate *agg)
{
	struct vmw_offender *offender;
	struct vmw_used *used;
	int id;

	for (used = agg->uses; used; used = used->next)
		used->before = used->counts;
	for (offender = agg->offenders; offender; offender = offender->next) {
		for (id = VMW_NR_MAIN_PROBES; id < VMW_MAX_PROBES; id++)
			offender->before[id] = offender->hits[id];
	}
}
