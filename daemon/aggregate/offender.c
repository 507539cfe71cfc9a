// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "aggregate/aggregate_internal.h"

bool vmw_range_contains(const struct vmw_range *outer, const struct vmw_range *inner)
{
	u64 ahead = inner->pfn - outer->pfn;

	return ahead < outer->nr_pages && inner->nr_pages <= outer->nr_pages - ahead;
}

static bool is_same(const struct vmw_range *a, const struct vmw_range *b)
{
	return a->pfn == b->pfn && a->nr_pages == b->nr_pages && a->verdict == b->verdict;
}

static struct vmw_offender *find_live(const struct vmw_aggregate *agg,
				      const struct vmw_range *range)
{
	struct vmw_offender *offender;

	for (offender = agg->offenders; offender; offender = offender->next) {
		if (offender->live && vmw_range_contains(&offender->range, range))
			return offender;
	}
	return NULL;
}

/* One that was gone, by its key. */
static struct vmw_offender *find_gone(const struct vmw_aggregate *agg,
				      const struct vmw_range *range, const char *driver)
{
	struct vmw_offender *offender;

	for (offender = agg->offenders; offender; offender = offender->next) {
		if (is_same(&offender->range, range) && !strcmp(offender->driver, driver))
			return offender;
	}
	return NULL;
}

static struct vmw_offender *new_offender(struct vmw_aggregate *agg, const struct vmw_range *range,
					 const char *driver, u64 time_ns)
{
	struct vmw_offender *offender;

	if (agg->last_offender == VMW_MAX_OFFENDERS) {
		agg->nr_dropped++;
		return NULL;
	}
	offender = vmw_agg_allocate(agg, sizeof(*offender));
	if (!offender)
		return NULL;
	offender->number = ++agg->last_offender;
	offender->range = *range;
	offender->first_ns = time_ns;
	snprintf(offender->driver, sizeof(offender->driver), "%s", driver);
	vmw_agg_append_offender(agg, offender);
	return offender;
}

static struct vmw_offender *find_holder(const struct vmw_aggregate *agg,
					const struct vmw_range *range)
{
	struct vmw_offender *offender;

	for (offender = agg->offenders; offender; offender = offender->next) {
		if (vmw_range_contains(&offender->range, range))
			break;
	}
	return offender;
}

struct vmw_offender *vmw_aggregate_found(struct vmw_aggregate *agg,
					 const struct vmw_range *range, const char *driver,
					 bool live, u64 warns, u64 first_ns, u64 last_ns)
{
	struct vmw_offender *offender = find_holder(agg, range);

	if (offender) {
		offender->live = live;
		return offender;
	}
	offender = new_offender(agg, range, driver, first_ns);
	if (!offender)
		return NULL;
	offender->found = true;
	offender->live = live;
	offender->warns = warns;
	offender->since_ns = first_ns;
	offender->last_ns = last_ns;
	if (agg->on_offender)
		agg->on_offender(offender, agg->context);
	return offender;
}

static bool touches(const struct vmw_range *a, const struct vmw_range *b)
{
	return a->pfn - b->pfn < b->nr_pages || b->pfn - a->pfn < a->nr_pages;
}

void vmw_aggregate_only(struct vmw_aggregate *agg, const struct vmw_offender *present)
{
	struct vmw_offender *offender;
	const struct vmw_offender *p;

	for (offender = agg->offenders; offender; offender = offender->next) {
		for (p = present; p; p = p->next) {
			if (p->live && touches(&p->range, &offender->range))
				break;
		}
		offender->live = offender->live && p;
	}
}

struct vmw_offender *vmw_agg_offend(struct vmw_aggregate *agg, struct vmw_request *request,
				    const struct vmw_range *range,
				    const struct vmw_header *header)
{
	struct vmw_offender *offender = find_live(agg, range);
	char driver[VMW_DRIVER_LEN] = "unknown";
	const struct vmw_frames *stack = NULL;

	if (!request)
		stack = vmw_agg_take_stack(agg, header, header->probe);
	if (offender)
		return offender;
	if (request)
		memcpy(driver, request->driver, sizeof(driver));
	else if (stack)
		vmw_driver_of(stack, 0, driver, sizeof(driver));
	offender = find_gone(agg, range, driver);
	if (offender)
		offender->made |= !offender->withdrawn;
	else
		offender = new_offender(agg, range, driver, header->time_ns);
	if (!offender)
		return NULL;
	offender->live = true;
	offender->withdrawn = false;
	offender->since_ns = header->time_ns;
	offender->last_ns = header->time_ns;
	offender->request = request;
	if (!offender->stack)
		offender->stack = stack;
	if (agg->on_offender)
		agg->on_offender(offender, agg->context);
	return offender;
}
