// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which struct pages a dump is about, by the values of its registers.
 *
 * Where compilers keep them is no interface. Seen in dumps of gcc 12:
 *
 *   6.1.192   vmemmap_populate()  x19 start, x1 and x22 end; x20 VMEMMAP_START,
 *                                 x0 VMEMMAP_END; x4 and x5 pfns
 *   6.1.192   vmemmap_free()      x19 start, x1 and x20 end; x27 VMEMMAP_START,
 *                                 x0 VMEMMAP_END; x28 start - vmemmap, x13 an
 *                                 end - 1
 *   6.12.117  vmemmap_populate()  x0 start, x1 end; x20 VMEMMAP_START, x4
 *                                 VMEMMAP_END; x19 the pfn
 *   6.1.192   oops in __init_single_page()       x0 and x19 page, x1 the pfn
 *   6.12.117  oops in __init_zone_device_page()  x0 and x19 page, x20 and x21 the pfn
 *
 * So no register is trusted by its number. A WARN has looked at one section, and
 * both ends of its struct pages are in registers: two values, one section of
 * struct pages apart, each the struct page of the first pfn of a section, that
 * the kernel warns of. The bounds it has compared with are such values, too.
 */
#include "klog/klog.h"

struct view {
	const struct vmw_bounds *bounds;
	const struct vmw_klog_event *event;
	u64 section_pfns;
	u64 max_pfn;
};

static bool has_register(const struct view *v, u64 value)
{
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (v->event->registers >> i & 1 && v->event->x[i] == value)
			return true;
	}
	return false;
}

/* Is @page the struct page of the first pfn of a section that is out of bounds? */
static bool is_section(const struct view *v, u64 page, u64 *ret_pfn)
{
	u64 pfn = vmw_pfn_of(v->bounds, page);
	struct vmw_judgement j;

	if (pfn > v->max_pfn || pfn % v->section_pfns || vmw_page_of(v->bounds, pfn) != page)
		return false;
	j = vmw_judge_pfns(v->bounds, pfn, v->section_pfns);
	*ret_pfn = pfn;
	return j.verdict != VMW_IN_BOUNDS && vmw_kernel_warns(v->bounds, j.start, j.end);
}

static bool is_bound(const struct view *v, u64 page)
{
	return page == v->bounds->end || page == v->bounds->nominal_start;
}

/* The end that the function was handed, in all that were seen. */
static bool is_argument(const struct view *v, u64 page)
{
	return v->event->registers >> 1 & 1 && v->event->x[1] == page;
}

/*
 * The one section whose both ends are in registers. One that shares an end with
 * the bounds themselves counts where there is no other. What is left in registers of
 * the section before makes two of it: then @by_argument there is one.
 */
static bool find_section(const struct view *v, bool with_bounds, bool by_argument, u64 *ret_pfn)
{
	u64 size = v->section_pfns * v->bounds->page_struct_size;
	bool some = false;
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		u64 page = v->event->x[i], pfn;

		if (!(v->event->registers >> i & 1) || !is_section(v, page, &pfn) ||
		    !has_register(v, page + size))
			continue;
		if (by_argument && !is_argument(v, page + size))
			continue;
		if (!with_bounds && (is_bound(v, page) || is_bound(v, page + size)))
			continue;
		if (some && pfn != *ret_pfn)
			return false;
		some = true;
		*ret_pfn = pfn;
	}
	return some;
}

/*
 * The fault is inside of the struct page. Anything can fault, also by a NULL
 * pointer: the address or the pfn of that page must be in a register, too.
 */
static bool find_faulted(const struct view *v, u64 *ret_pfn)
{
	u64 pfn = vmw_pfn_of(v->bounds, v->event->address);

	if (pfn > v->max_pfn || vmw_judge_pfns(v->bounds, pfn, 1).verdict == VMW_IN_BOUNDS)
		return false;
	if (!has_register(v, vmw_page_of(v->bounds, pfn)) && !has_register(v, pfn))
		return false;
	*ret_pfn = pfn - pfn % v->section_pfns;
	return true;
}

bool vmw_klog_range(const struct vmw_klog_event *event, const struct vmw_bounds *bounds,
		    unsigned int section_bits, unsigned int phys_bits, u64 *ret_pfn, u64 *ret_nr)
{
	struct view v = { .bounds = bounds, .event = event };
	bool found;

	if (section_bits <= bounds->page_shift || phys_bits < section_bits || phys_bits > 63)
		return false;
	v.section_pfns = 1ULL << (section_bits - bounds->page_shift);
	v.max_pfn = (1ULL << (phys_bits - bounds->page_shift)) - 1;
	if (event->kind == VMW_KLOG_OOPS)
		found = find_faulted(&v, ret_pfn);
	else
		found = find_section(&v, false, false, ret_pfn) ||
			find_section(&v, false, true, ret_pfn) ||
			find_section(&v, true, false, ret_pfn) ||
			find_section(&v, true, true, ret_pfn);
	*ret_nr = v.section_pfns;
	return found;
}
