// SPDX-License-Identifier: GPL-2.0-only
/*
 * memstart_addr, and with it the struct page of pfn 0, by registers.
 *
 * A pfn beside its struct page tells it: memstart_addr is so many pages below the
 * pfn as the struct page is above VMEMMAP_START. Which register has the pfn is no
 * interface, and other numbers look like one: the last pfn, or the number of pages.
 * So candidates have to be what memstart_addr can be (aligned, and the linear map
 * has to reach RAM), and the same for dumps of different pages; or page and pfn are
 * the arguments of a function that is about to initialise that page.
 *
 * Zero is what every distance from VMEMMAP_START, in pages, would make of it, and
 * compilers do compute that distance: it is never taken from registers.
 */
#include <stdio.h>
#include <string.h>

#include "klog/klog_internal.h"
#include "klog/names.h"

u64 vmw_memstart_align(unsigned int page_shift)
{
	return page_shift == 16 ? 512ULL << 20 : 1ULL << 30;
}

/* No RAM is below 0, and the linear map has to reach it: arm64_memblock_init(). */
static bool can_be(u64 memstart, const struct vmw_bounds *b)
{
	s64 value = (s64)memstart;
	/* vmemmap is as large as the linear map. */
	s64 reach = (s64)(b->end - b->nominal_start) / b->page_struct_size << b->page_shift;

	return value && value < 1LL << 52 && value > -reach &&
	       memstart % vmw_memstart_align(b->page_shift) == 0;
}

static void vote(struct vmw_candidates *c, u64 memstart, const struct vmw_klog_event *event,
		 int reg, u64 page, bool argument)
{
	size_t i;

	for (i = 0; i < c->nr && c->at[i].memstart != memstart; i++)
		;
	if (i == VMW_MAX_CANDIDATES) {
		c->dropped++;
		return;
	}
	if (i == c->nr) {
		c->nr++;
		c->at[i].memstart = memstart;
		c->at[i].votes = 1;
		c->at[i].first_page = page;
		c->at[i].line = event->seq;
		c->at[i].reg = reg;
		c->at[i].argument = argument;
		return;
	}
	/* Of the same page once more is no other witness. */
	if (c->at[i].first_page != page && c->at[i].votes < ~0U)
		c->at[i].votes++;
	if (!argument || c->at[i].argument)
		return;
	c->at[i].argument = true;
	c->at[i].line = event->seq;
	c->at[i].reg = reg;
}

static bool is_before(const struct vmw_klog_event *event, int reg)
{
	int i;

	for (i = 0; i < reg; i++) {
		if (event->registers >> i & 1 && event->x[i] == event->x[reg])
			return true;
	}
	return false;
}

/* __init_single_page(page, pfn, ...), faulting on the page: mm/page_alloc.c 6.1.192. */
static bool has_arguments(const struct vmw_klog_event *event, u64 page)
{
	return event->kind == VMW_KLOG_OOPS && (event->registers & 3) == 3 &&
	       event->x[0] == page &&
	       (vmw_is_function(event->function, "__init_single_page") ||
		vmw_is_function(event->function, "__init_zone_device_page"));
}

void vmw_candidates_add(struct vmw_candidates *candidates, const struct vmw_klog_event *event,
			const struct vmw_bounds *bounds, u64 page)
{
	unsigned int shift = bounds->page_shift;
	s64 distance = (s64)(page - bounds->nominal_start), size = bounds->page_struct_size;
	bool arguments = has_arguments(event, page);
	int i;

	if (distance % size)
		return;
	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		u64 pfn = event->x[i], memstart;

		if (!(event->registers >> i & 1) || !pfn || pfn >> (52 - shift) ||
		    is_before(event, i))
			continue;
		memstart = (pfn - (u64)(distance / size)) << shift;
		if (can_be(memstart, bounds))
			vote(candidates, memstart, event, i, page, arguments && i == 1);
	}
}

/* A pfn that a request can begin or end at: requests are of whole subsections, 2 MiB. */
static bool is_border(const struct vmw_bounds *b, u64 pfn)
{
	return pfn && pfn <= 1ULL << (52 - b->page_shift) && pfn << b->page_shift << 43 == 0;
}

static bool holds(const struct vmw_klog_event *event, u64 value)
{
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (event->registers >> i & 1 && event->x[i] == value)
			return true;
	}
	return false;
}

/*
 * memmap_init_zone_device(zone, start_pfn, nr_pages, pgmap) keeps the first pfn and the
 * end through its loop (mm/mm_init.c 6.12.117, mm/page_alloc.c 6.1.192). Any number can
 * look like the end: it has to be the only one, or to be as far from the first pfn as
 * another register says.
 */
bool vmw_request_of(const struct vmw_klog_event *event, const struct vmw_bounds *bounds,
		    u64 pfn, u64 *ret_first, u64 *ret_end, char *by, size_t size)
{
	int first = -1, end = -1, i;
	bool sure = false, many = false;

	if (!event->request || !is_border(bounds, pfn))
		return false;
	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		u64 value = event->x[i];

		if (!(event->registers >> i & 1) || value < pfn || !is_border(bounds, value))
			continue;
		if (value == pfn) {
			/* x1 is the argument: another register is the caller's own. */
			first = first < 0 || first == 1 ? i : first;
			continue;
		}
		if (end >= 0 && event->x[end] == value)
			continue;
		if (holds(event, value - pfn)) {
			many = sure;
			sure = true;
			end = i;
		} else if (!sure) {
			many = end >= 0;
			end = i;
		}
	}
	if (first < 0 || end < 0 || many)
		return false;
	*ret_first = pfn;
	*ret_end = event->x[end];
	snprintf(by, size, "x%d and x%d of line %llu", first, end, event->seq);
	return true;
}
