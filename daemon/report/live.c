// SPDX-License-Identifier: GPL-2.0-only
/* Are struct pages that somebody worked with still there? */
#include "report/report.h"

static bool holds(const struct vmw_request *request, u64 pfn)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (pfn - request->ranges[i].pfn < request->ranges[i].nr_pages)
			return true;
	}
	return false;
}

static bool is_removal(const struct vmw_request *request)
{
	return request->kind == VMW_REQUEST_MEMUNMAP || request->kind == VMW_REQUEST_REMOVE;
}

/* A task that died in its request has left the pages as they were. */
static bool stands(const struct vmw_request *request)
{
	if (request->kind != VMW_REQUEST_MEMREMAP && request->kind != VMW_REQUEST_ADD)
		return false;
	return request->outcome == VMW_ACCEPTED || request->outcome == VMW_PENDING ||
	       request->outcome == VMW_DIED;
}

/* Found at start, perhaps: then no request tells of it. */
static const struct vmw_offender *offender_of(const struct vmw_report *report, u64 pfn)
{
	const struct vmw_offender *offender;

	for (offender = report->aggregate->offenders; offender; offender = offender->next) {
		if (pfn - offender->range.pfn < offender->range.nr_pages)
			break;
	}
	return offender;
}

bool vmw_report_use_is_live(const struct vmw_report *report, const struct vmw_used *used)
{
	u64 pfn = vmw_pfn_of(report->bounds, used->counts.lowest);
	const struct vmw_offender *offender;
	const struct vmw_request *request;
	bool removed = false;

	if (used->request && stands(used->request))
		return true;
	/* The range may have been made again by a request that came later. */
	for (request = report->aggregate->requests; request; request = request->next) {
		if (!holds(request, pfn))
			continue;
		/* Not where it was last used before: that was another range. */
		if (stands(request) && used->counts.last_ns >= request->first.time_ns)
			return true;
		if (is_removal(request) && request->outcome == VMW_GONE &&
		    request->last_ns >= used->counts.last_ns)
			removed = true;
	}
	offender = offender_of(report, pfn);
	if (offender)
		return offender->live && used->counts.last_ns >= offender->since_ns;
	return !used->request && !removed;
}
