// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "explain/explain.h"

/* The most that arm64 has for physical addresses: Arm ARM DDI 0487, LPA2. */
#define MAX_PHYS_BITS 52

static void judge(struct vmw_explanation *e, const struct vmw_bounds *bounds)
{
	e->has_pages = true;
	e->judgement = vmw_judge_pfns(bounds, e->pfn, e->nr_pages);
	/* More pages than there are addresses certainly break a bound. */
	e->kernel_warns = e->judgement.distance == ~0ULL ||
			  vmw_kernel_warns(bounds, e->judgement.start, e->judgement.end);
	if (e->judgement.verdict == VMW_IN_BOUNDS) {
		e->above_start = e->judgement.start - bounds->start;
		e->below_end = bounds->end - e->judgement.end;
	}
}

/* The linear map: __lm_to_phys() of asm/memory.h, 5.11.14 to 7.2.13. */
static void explain_linear(struct vmw_explanation *e, const struct vmw_layout *layout)
{
	const struct vmw_region *region = vmw_layout_region(layout, e->what.first);
	u64 offset, va_bits;

	if (!region || region->kind != VMW_REGION_LINEAR ||
	    !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &offset) ||
	    !vmw_layout_get(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, va_bits))
		return;
	e->is_linear = true;
	e->linear_phys = e->what.first + (1ULL << va_bits) + offset;
}

/* An address is one of a struct page where arithmetic from a pfn can end there. */
static void explain_address(struct vmw_explanation *e, const struct vmw_layout *layout,
			    const struct vmw_bounds *bounds)
{
	u64 max_pfn = (1ULL << (MAX_PHYS_BITS - bounds->page_shift)) - 1;
	u64 last;

	explain_linear(e, layout);
	e->pfn = vmw_pfn_of(bounds, e->what.first);
	last = vmw_pfn_of(bounds, e->what.last);
	if (e->pfn > max_pfn || last > max_pfn || last < e->pfn)
		return;
	e->offset = e->what.first - vmw_page_of(bounds, e->pfn);
	e->nr_pages = last - e->pfn + 1;
	judge(e, bounds);
}

void vmw_explain(struct vmw_explanation *ret, const struct vmw_what *what,
		 const struct vmw_layout *layout, const struct vmw_bounds *bounds)
{
	unsigned int shift = bounds->page_shift;

	memset(ret, 0, sizeof(*ret));
	ret->what = *what;
	switch (what->kind) {
	case VMW_WHAT_ADDRESS:
		explain_address(ret, layout, bounds);
		return;
	case VMW_WHAT_PFN:
		ret->pfn = what->first;
		ret->nr_pages = what->last - what->first + 1;
		break;
	case VMW_WHAT_PHYS:
		ret->pfn = what->first >> shift;
		ret->nr_pages = (what->last >> shift) - ret->pfn + 1;
		break;
	case VMW_NR_WHATS:
		return;
	}
	judge(ret, bounds);
}

void vmw_explain_phys(const struct vmw_explanation *e, const struct vmw_bounds *bounds,
		      u64 *ret_first, u64 *ret_last)
{
	if (e->what.kind == VMW_WHAT_PHYS && e->what.is_range) {
		*ret_first = e->what.first;
		*ret_last = e->what.last;
		return;
	}
	*ret_first = e->pfn << bounds->page_shift;
	*ret_last = ((e->pfn + e->nr_pages) << bounds->page_shift) - 1;
}
