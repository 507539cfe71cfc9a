// SPDX-License-Identifier: GPL-2.0-only
/*
 * Borders and names for ranges of sections, by the claims in /proc/iomem.
 *
 * A claim that has none inside of it is somebody's device, down to the last page.
 * What only an outer claim covers, or none, may be no more than what a device has
 * left of its section: it counts where it is a whole section.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/found_internal.h"

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
