// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
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

/* __lm_to_phys() and __kimg_to_phys() of asm/memory.h, 5.11.14 to 7.2.13. */
static void explain_mapped(struct vmw_explanation *e, const struct vmw_layout *layout)
{
	u64 offset, va_bits, voffset;

	if (e->region == VMW_REGION_IMAGE &&
	    vmw_layout_get(layout, VMW_VALUE_KIMAGE_VOFFSET, &voffset)) {
		e->is_mapped = true;
		e->mapped_phys = e->what.first - voffset;
	}
	if (e->region != VMW_REGION_LINEAR ||
	    !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &offset) ||
	    !vmw_layout_get(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, va_bits))
		return;
	e->is_mapped = true;
	e->mapped_phys = e->what.first + (1ULL << va_bits) + offset;
}

/* Of a kernel that is understood, nothing else than this is in such a region. */
static bool is_ordinary(enum vmw_region_kind kind)
{
	switch (kind) {
	case VMW_REGION_USER:
	case VMW_REGION_LINEAR:
	case VMW_REGION_KASAN:
	case VMW_REGION_BPF_JIT:
	case VMW_REGION_MODULES:
	case VMW_REGION_IMAGE:
	case VMW_REGION_VMALLOC:
	case VMW_REGION_FIXMAP:
	case VMW_REGION_PCI_IO:
		return true;
	case VMW_REGION_NON_CANONICAL:
	case VMW_REGION_VMEMMAP:
	case VMW_REGION_HOLE:
	case VMW_REGION_UNKNOWN:
	case VMW_NR_REGIONS:
		break;
	}
	return false;
}

bool vmw_explain_has_symbol(const struct vmw_explanation *e)
{
	return e->region == VMW_REGION_IMAGE || e->region == VMW_REGION_MODULES ||
	       e->region == VMW_REGION_BPF_JIT;
}

static void explain_address(struct vmw_explanation *e, const struct vmw_layout *layout,
			    const struct vmw_bounds *bounds)
{
	const struct vmw_region *region = vmw_layout_region(layout, e->what.first);
	u64 max_pfn = (1ULL << (MAX_PHYS_BITS - bounds->page_shift)) - 1;
	u64 last;

	if (region && region == vmw_layout_region(layout, e->what.last))
		e->region = region->kind;
	explain_mapped(e, layout);
	/* What vmalloc has below the effective start, the kernel takes for vmemmap, too. */
	if (is_ordinary(e->region) &&
	    (e->what.last < bounds->nominal_start || e->what.first >= bounds->end))
		return;
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
	ret->region = VMW_NR_REGIONS;
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

const char *const vmw_what_names[VMW_NR_WHATS] = {
	[VMW_WHAT_ADDRESS] = "address",
	[VMW_WHAT_PFN] = "pfn",
	[VMW_WHAT_PHYS] = "phys",
};

static int take_size(struct vmw_what *what, const char *text, unsigned int page_shift)
{
	struct vmw_number number;
	u64 size;

	if (vmw_number_parse(text, strlen(text), VMW_DECIMAL, &number))
		return -EINVAL;
	size = number.value;
	/* A page that is there in part is there. */
	if (what->kind == VMW_WHAT_PFN && number.in_bytes)
		size = (size >> page_shift) + !!(size & ((1ULL << page_shift) - 1));
	what->last = what->first + size - 1;
	return size && what->last >= what->first ? 0 : -EINVAL;
}

static int take_end(struct vmw_what *what, const char *text, enum vmw_base base)
{
	struct vmw_number number;
	bool exclusive;

	if (vmw_number_parse(text, strlen(text), base, &number) ||
	    (what->kind == VMW_WHAT_PFN && number.in_bytes))
		return -EINVAL;
	exclusive = what->kind == VMW_WHAT_PFN || !(number.value & 1);
	what->last = number.value - exclusive;
	/* The struct pages at the very end of the address space end at zero. */
	if (!number.value && what->kind != VMW_WHAT_ADDRESS)
		return -EINVAL;
	return what->last >= what->first ? 0 : -EINVAL;
}

static int parse(struct vmw_what *what, const char *text, unsigned int page_shift)
{
	enum vmw_base base = what->kind == VMW_WHAT_PFN ? VMW_DECIMAL : VMW_HEX;
	size_t length = strcspn(text, "-+");
	struct vmw_number number;
	int err;

	err = vmw_number_parse(text, length, base, &number);
	if (!err && what->kind == VMW_WHAT_PFN && number.in_bytes)
		err = -EINVAL;
	if (err)
		return err;
	what->first = what->last = number.value;
	what->is_range = text[length];
	if (text[length] == '+')
		err = take_size(what, text + length + 1, page_shift);
	else if (text[length] == '-')
		err = take_end(what, text + length + 1, base);
	/* Physical addresses have 64 bits at most, and so have their pfns fewer. */
	if (!err && what->kind == VMW_WHAT_PFN && what->last >> (64 - page_shift))
		err = -EINVAL;
	return err;
}

int vmw_what_parse(struct vmw_what *what, const char *text, unsigned int page_shift, char *why,
		   size_t size)
{
	const char *rest = text;

	memset(what, 0, sizeof(*what));
	what->text = text;
	if (!strncmp(text, "pfn:", 4)) {
		what->kind = VMW_WHAT_PFN;
		rest += 4;
	} else if (!strncmp(text, "phys:", 5)) {
		what->kind = VMW_WHAT_PHYS;
		rest += 5;
	}
	if (!parse(what, rest, page_shift))
		return 0;
	snprintf(why, size,
		 "%s: expected ADDRESS, pfn:N or phys:ADDRESS, or A-B or A+SIZE of these", text);
	return -EINVAL;
}
