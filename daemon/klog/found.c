// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happened before anybody watched: ranges that are there, cut by who claims them,
 * and what the log has of those that are gone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/log_clock.h"
#include "klog/found.h"
#include "klog/klog_internal.h"

/* The most that arm64 has for physical addresses: Arm ARM DDI 0487, LPA2. */
#define MAX_PHYS_BITS 52

struct vmw_found *vmw_found_add(struct vmw_scan *scan, u64 pfn, u64 nr_pages)
{
	struct vmw_founds *ret = scan->ret;
	struct vmw_found *found;

	if (ret->nr == VMW_MAX_FOUND) {
		ret->dropped++;
		return NULL;
	}
	if (!ret->found) {
		ret->found = calloc(VMW_MAX_FOUND, sizeof(*ret->found));
		if (!ret->found) {
			scan->err = -ENOMEM;
			return NULL;
		}
	}
	found = &ret->found[ret->nr++];
	found->pfn = pfn;
	found->nr_pages = nr_pages;
	found->judgement = vmw_judge_pfns(scan->bounds, pfn, nr_pages);
	return found;
}

static void read_claims(struct vmw_scan *scan)
{
	struct vmw_founds *ret = scan->ret;
	int err = vmw_iomem_read(&scan->iomem, VMW_IOMEM);

	ret->claims_read = !err;
	if (err)
		snprintf(ret->claims_why, sizeof(ret->claims_why), VMW_IOMEM ": %s",
			 err == -EPERM ? "it shows no addresses (needs CAP_SYS_ADMIN)" :
					 strerror(-err));
}

/* Without the sections, the log's last word on a range is whether it is there. */
static void guess_live(struct vmw_founds *ret)
{
	size_t i;

	for (i = 0; i < ret->nr && !ret->sections_read; i++)
		ret->found[i].live = !ret->found[i].removal;
}

int vmw_found_scan_until(struct vmw_founds *ret, const struct vmw_layout *layout,
			 const struct vmw_bounds *bounds, u64 until_ns)
{
	struct vmw_scan scan = { .ret = ret, .bounds = bounds, .until_ns = until_ns };
	u64 value;

	memset(ret, 0, sizeof(*ret));
	scan.section_bits = vmw_layout_get(layout, VMW_VALUE_SECTION_BITS, &value) ? value : 0;
	scan.phys_bits = vmw_layout_get(layout, VMW_VALUE_MAX_PHYS, &value) ? value :
									      MAX_PHYS_BITS;
	read_claims(&scan);
	vmw_found_sections(&scan);
	ret->log_ahead_known = !vmw_log_clock_ahead(&ret->log_ahead_ns);
	vmw_found_log(&scan, "/dev/kmsg");
	guess_live(ret);
	vmw_iomem_free(&scan.iomem);
	return scan.err;
}

int vmw_found_scan(struct vmw_founds *ret, const struct vmw_layout *layout,
		   const struct vmw_bounds *bounds)
{
	return vmw_found_scan_until(ret, layout, bounds, ~0ULL);
}

u64 vmw_found_warns(u64 since_ns)
{
	struct vmw_founds founds = { .nr = 0 };
	struct vmw_bounds bounds = { 0 };
	struct vmw_scan scan = { .ret = &founds, .bounds = &bounds, .until_ns = since_ns };
	u64 warns;

	founds.log_ahead_known = !vmw_log_clock_ahead(&founds.log_ahead_ns);
	vmw_found_log(&scan, "/dev/kmsg");
	warns = founds.later_warns;
	vmw_founds_free(&founds);
	return warns;
}

void vmw_founds_free(struct vmw_founds *founds)
{
	free(founds->found);
	memset(founds, 0, sizeof(*founds));
}

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

/* A piece of a range, and who has it: an index of claims, or NOBODY. */
#define NOBODY ((size_t)-1)

static u64 section_pfns(const struct vmw_scan *scan)
{
	return 1ULL << (scan->section_bits - scan->bounds->page_shift);
}

static u64 first_pfn(const struct vmw_scan *scan, size_t i)
{
	return scan->iomem.resources[i].start >> scan->bounds->page_shift;
}

/* The first one behind it. */
static u64 end_pfn(const struct vmw_scan *scan, size_t i)
{
	return (scan->iomem.resources[i].last >> scan->bounds->page_shift) + 1;
}

/*
 * The innermost claim that has @pfn, and in *@ret_next the next pfn, @end at most,
 * where that may be another.
 */
static size_t innermost(const struct vmw_scan *scan, u64 pfn, u64 end, u64 *ret_next)
{
	size_t found = NOBODY, i;

	*ret_next = end;
	for (i = 0; i < scan->iomem.nr; i++) {
		u64 first = first_pfn(scan, i), behind = end_pfn(scan, i);

		if (first <= pfn && pfn < behind) {
			/* Outer ones come first in the file. */
			found = i;
			if (behind < *ret_next)
				*ret_next = behind;
		} else if (first > pfn && first < *ret_next) {
			*ret_next = first;
		}
	}
	return found;
}

static bool has_inner(const struct vmw_scan *scan, size_t i)
{
	const struct vmw_iomem *iomem = &scan->iomem;

	return i + 1 < iomem->nr && iomem->resources[i + 1].depth > iomem->resources[i].depth;
}

/* Memory that is added as RAM is claimed by this name before it is online. */
static void take_claim(struct vmw_found *found, const struct vmw_resource *claim)
{
	snprintf(found->name, sizeof(found->name), "%s", claim->name);
	if (!found->zone_device_known)
		found->zone_device = strncmp(claim->name, "System RAM", 10);
	found->zone_device_known = true;
}

static void add_piece(struct vmw_scan *scan, const struct vmw_found *range, size_t owner,
		      u64 pfn, u64 end)
{
	u64 pages = section_pfns(scan);
	struct vmw_found *found;

	if (owner == NOBODY || has_inner(scan, owner)) {
		pfn = (pfn + pages - 1) / pages * pages;
		end = end / pages * pages;
	}
	if (pfn >= end || vmw_judge_pfns(scan->bounds, pfn, end - pfn).verdict == VMW_IN_BOUNDS)
		return;
	found = vmw_found_add(scan, pfn, end - pfn);
	if (!found)
		return;
	found->live = range->live;
	found->zone_device = range->zone_device;
	found->zone_device_known = range->zone_device_known;
	if (owner != NOBODY)
		take_claim(found, &scan->iomem.resources[owner]);
}

void vmw_found_split(struct vmw_scan *scan, const struct vmw_found *range)
{
	u64 end = range->pfn + range->nr_pages, pfn = range->pfn, start = pfn, next;
	size_t owner = NOBODY;

	/* Pieces of one claim that lie side by side are one piece. */
	for (; pfn < end; pfn = next) {
		size_t claim = innermost(scan, pfn, end, &next);

		if (claim != owner) {
			add_piece(scan, range, owner, start, pfn);
			owner = claim;
			start = pfn;
		}
	}
	add_piece(scan, range, owner, start, end);
}
