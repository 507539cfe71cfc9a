// SPDX-License-Identifier: GPL-2.0-only
/* Requests that nobody needs any more: memory that is plugged and unplugged for years. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/aggregate_internal.h"

static bool is_over(const struct vmw_request *request)
{
	return request->outcome == VMW_GONE || request->outcome == VMW_REFUSED ||
	       request->outcome == VMW_FAILED;
}

static bool is_referred_to(const struct vmw_aggregate *agg, const struct vmw_request *request)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;

	for (offender = agg->offenders; offender; offender = offender->next) {
		if (offender->request == request)
			return true;
	}
	for (used = agg->uses; used; used = used->next) {
		if (used->request == request)
			return true;
	}
	return false;
}

u32 vmw_request_verdict(const struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (request->ranges[i].verdict != VMW_IN_BOUNDS)
			return request->ranges[i].verdict;
	}
	return request->nr_ranges ? VMW_IN_BOUNDS : VMW_NOWHERE;
}

/* What is counted does not go back when its request goes. */
static void count_refused(struct vmw_aggregate *agg, const struct vmw_request *request)
{
	struct vmw_refusals *row = agg->refusals;
	const struct vmw_refusals *others = row + VMW_MAX_REFUSALS - 1;

	while (row < others && *row->driver &&
	       strncmp(row->driver, request->driver, sizeof(row->driver)))
		row++;
	if (!*row->driver)
		snprintf(row->driver, sizeof(row->driver), "%s",
			 row == others ? "(others)" : request->driver);
	row->nr[vmw_request_verdict(request)]++;
}

void vmw_agg_retire(struct vmw_aggregate *agg)
{
	struct vmw_request **at, *request;

	for (at = &agg->requests; *at; at = &(*at)->next) {
		if (is_over(*at) && !is_referred_to(agg, *at))
			break;
	}
	request = *at;
	if (!request)
		return;
	*at = request->next;
	/* Nothing in @agg points into @agg itself: it may be moved. */
	if (agg->requests_tail == &request->next)
		agg->requests_tail = agg->requests ? at : NULL;
	if (agg->latest == request)
		agg->latest = NULL;
	if (request->outcome == VMW_REFUSED)
		count_refused(agg, request);
	free(request->ranges);
	free(request);
	agg->nr_requests--;
	agg->nr_retired++;
}
