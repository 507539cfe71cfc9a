// SPDX-License-Identifier: GPL-2.0-only
/* What became of requests, and of the ranges that they were for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/aggregate_internal.h"

/* ERR_PTR values: include/linux/err.h, MAX_ERRNO. */
static bool is_error(s64 result)
{
	return result < 0 && result >= -4095;
}

/* What became of a request, for its own ranges: one that failed has taken them down. */
static void settle_own(struct vmw_aggregate *agg, const struct vmw_request *request)
{
	struct vmw_offender *offender;

	for (offender = agg->offenders; offender; offender = offender->next) {
		if (offender->request != request)
			continue;
		offender->live = request->outcome == VMW_ACCEPTED;
		offender->withdrawn = request->outcome == VMW_REFUSED && !offender->made;
	}
}

/* Were struct pages made, or begun to be? Where the kernel is not seen to allow it, too. */
static bool is_begun(const struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (request->ranges[i].allowed)
			return true;
	}
	return request->begun || request->kind == VMW_REQUEST_ADD;
}

/* Nothing is mapped: what the kernel WARNed of is its refusal, no check of vmemmap. */
static void disown_warns(struct vmw_aggregate *agg, const struct vmw_request *request)
{
	struct vmw_warn *warn;

	for (warn = agg->warns; warn; warn = warn->next) {
		if (warn->header.request != request->id)
			continue;
		warn->foreign = true;
		warn->offender = NULL;
	}
}

void vmw_agg_result(struct vmw_aggregate *agg, struct vmw_request *request, s64 result)
{
	if (!is_error(result)) {
		request->outcome = VMW_ACCEPTED;
		settle_own(agg, request);
		return;
	}
	request->error = (int)result;
	request->outcome = is_begun(request) ? VMW_FAILED : VMW_REFUSED;
	settle_own(agg, request);
	if (request->outcome == VMW_FAILED)
		return;
	disown_warns(agg, request);
	/* check_hotplug_memory_addressable(), mm/memory_hotplug.c 5.10.223. */
	if (result == -E2BIG)
		request->denied = true;
}

static bool holds_any(const struct vmw_range *range, const struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (vmw_range_contains(range, &request->ranges[i]))
			return true;
	}
	return false;
}

void vmw_agg_name_by_asker(const struct vmw_aggregate *agg, struct vmw_request *removal,
			   const struct vmw_range *range)
{
	const struct vmw_request *request;

	for (request = agg->requests; request; request = request->next) {
		if (request->outcome == VMW_ACCEPTED && holds_any(range, request) &&
		    strcmp(request->driver, "unknown"))
			memcpy(removal->driver, request->driver, sizeof(removal->driver));
	}
}

void vmw_agg_gone(struct vmw_aggregate *agg, struct vmw_request *removal)
{
	struct vmw_offender *offender;
	struct vmw_request *request;
	size_t i;

	removal->outcome = VMW_GONE;
	for (i = 0; i < removal->nr_ranges; i++) {
		const struct vmw_range *range = &removal->ranges[i];

		for (offender = agg->offenders; offender; offender = offender->next) {
			if (vmw_range_contains(range, &offender->range))
				offender->live = false;
		}
		for (request = agg->requests; request; request = request->next) {
			if (request->outcome == VMW_ACCEPTED && holds_any(range, request))
				request->outcome = VMW_GONE;
		}
	}
}

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
