// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of the log, and the ranges they belong to. A dump tells of one section:
 * it counts for the live range that has it, or it is part of a range that is gone.
 */
#include <stdio.h>
#include <string.h>

#include "klog/found_internal.h"

static bool overlaps(const struct vmw_found *found, u64 pfn, u64 nr)
{
	return pfn < found->pfn + found->nr_pages && found->pfn < pfn + nr;
}

static struct vmw_found *find(const struct vmw_scan *scan, bool live, u64 pfn, u64 nr)
{
	struct vmw_founds *ret = scan->ret;
	size_t i;

	for (i = 0; i < ret->nr; i++) {
		if (ret->found[i].live == live && overlaps(&ret->found[i], pfn, nr))
			return &ret->found[i];
	}
	return NULL;
}

/*
 * A request goes through its sections upwards, each with a dump of the same
 * function by the same task; the next request lies elsewhere, as a rule below.
 * (Of neighbours that go one after the other, lower ones first, where the log has
 * lost how they came, it makes one range.)
 */
static bool continues(const struct vmw_scan *scan, const struct vmw_klog_event *event, u64 pfn)
{
	const struct vmw_klog_event *last = &scan->last_event;
	const struct vmw_found *found = scan->last;

	return found && found->pfn + found->nr_pages == pfn && last->pid == event->pid &&
	       last->kind == event->kind && !strcmp(last->function, event->function) &&
	       !strcmp(last->driver, event->driver);
}

/* The range that is gone and has the section at @pfn. */
static struct vmw_found *gone_range(struct vmw_scan *scan, const struct vmw_klog_event *event,
				    u64 pfn, u64 nr)
{
	struct vmw_found *found = find(scan, false, pfn, nr);

	if (!found && continues(scan, event, pfn)) {
		found = scan->last;
		found->nr_pages += nr;
		found->judgement = vmw_judge_pfns(scan->bounds, found->pfn, found->nr_pages);
	}
	if (!found)
		found = vmw_found_add(scan, pfn, nr);
	scan->last = found;
	scan->last_event = *event;
	return found;
}

u64 vmw_found_time(const struct vmw_founds *founds, u64 log_ns)
{
	s64 time = (s64)(log_ns - (u64)founds->log_ahead_ns);

	/* Before CLOCK_BOOTTIME began. */
	return time > 0 ? time : 1;
}

static void count(const struct vmw_scan *scan, struct vmw_found *found,
		  const struct vmw_klog_event *event)
{
	if (event->kind == VMW_KLOG_OOPS)
		found->oops = true;
	else
		found->warns++;
	/* The log is in order of its records, if not to the last digit of their times. */
	if (!found->first_ns) {
		found->first_ns = vmw_found_time(scan->ret, event->time_ns);
		found->first_seq = event->seq;
	}
	found->last_ns = vmw_found_time(scan->ret, event->time_ns);
	if (found->last_ns < found->first_ns)
		found->last_ns = found->first_ns;
	found->last_seq = event->seq;
	found->removal = event->removal;
	/* Who takes pages down, rmmod, says less than who has made them. */
	if (event->removal && *found->driver)
		return;
	memcpy(found->driver, event->driver, sizeof(found->driver));
	memcpy(found->module, event->module, sizeof(found->module));
	memcpy(found->comm, event->comm, sizeof(found->comm));
}

void vmw_found_event(void *data, const struct vmw_klog_event *event)
{
	struct vmw_scan *scan = data;
	struct vmw_found *found;
	u64 pfn, nr;

	if (vmw_found_time(scan->ret, event->time_ns) >= scan->until_ns) {
		scan->ret->later++;
		scan->ret->later_warns += event->kind == VMW_KLOG_WARN;
		return;
	}
	if (event->kind == VMW_KLOG_OOPS)
		scan->ret->oopses++;
	else
		scan->ret->warns++;
	if (!vmw_klog_range(event, scan->bounds, scan->section_bits, scan->phys_bits, &pfn, &nr)) {
		scan->ret->rangeless++;
		return;
	}
	found = find(scan, true, pfn, nr);
	if (!found)
		found = gone_range(scan, event, pfn, nr);
	if (found)
		count(scan, found, event);
}
