// SPDX-License-Identifier: GPL-2.0-only
/*
 * memremap_pages() of mm/memremap.c down to vmemmap_populate() of arch/arm64/mm/mmu.c,
 * as read in 6.1.192 and 6.12.117: all sections are populated first, each WARNs if it
 * is out of bounds, then all struct pages are written.
 */
#include "explain/expected.h"

const char *const vmw_device_memory_names[VMW_NR_DEVICE_MEMORIES] = {
	[VMW_DEVICE_PRIVATE] = "private",
	[VMW_DEVICE_COHERENT] = "coherent",
	[VMW_DEVICE_GENERIC] = "generic",
};

const char *const vmw_expected_names[VMW_NR_EXPECTED] = {
	[VMW_EXPECT_ACCEPTED] = "accepted", [VMW_EXPECT_WARN] = "warn",
	[VMW_EXPECT_OOPS] = "oops",	    [VMW_EXPECT_UNDEFINED] = "undefined",
	[VMW_EXPECT_PANIC] = "panic",	    [VMW_EXPECT_REFUSED] = "refused",
};

const char *const vmw_panic_names[VMW_NR_PANICS] = {
	[VMW_PANIC_NONE] = "",
	[VMW_PANIC_ON_WARN] = "panic_on_warn",
	[VMW_PANIC_WARN_LIMIT] = "warn_limit",
	[VMW_PANIC_ON_OOPS] = "panic_on_oops",
};

/* SUBSECTION_SHIFT, include/linux/mmzone.h, 5.10.223 to 7.2.13. */
#define SUBSECTION (2ULL << 20)

#define BIT(kind) (1U << VMW_REGION_##kind)
#define FAULTS	  (BIT(USER) | BIT(NON_CANONICAL))
#define OTHERS \
	(BIT(LINEAR) | BIT(KASAN) | BIT(BPF_JIT) | BIT(MODULES) | BIT(IMAGE) | BIT(VMALLOC) | \
	 BIT(FIXMAP) | BIT(PCI_IO) | BIT(UNKNOWN))

/* How many sections the pfns from @first up to before @end are in. */
static u64 count(u64 first, u64 end, u64 per_section)
{
	return first < end ? (end - 1) / per_section - first / per_section + 1 : 0;
}

/* Of these, the ones that vmemmap has whole, by its nominal bounds. */
static u64 count_inside(const struct vmw_bounds *b, u64 first, u64 end, u64 per_section)
{
	struct vmw_bounds nominal = *b;
	u64 nr, good;

	nominal.start = b->nominal_start;
	good = vmw_good_pfns(&nominal, &nr);
	if (first < good)
		first = (good + per_section - 1) / per_section * per_section;
	if (end > good + nr)
		end = (good + nr) / per_section * per_section;
	return count(first, end, per_section);
}

/* Does the last struct page end at 2^64, or behind it? */
static bool crosses_zero(const struct vmw_judgement *j)
{
	return j->end <= j->start;
}

/*
 * WARN_ON(start < VMEMMAP_START || end > VMEMMAP_END) for each section, in
 * vmemmap_populate() since 5.12. A section with the end of the address space in it
 * escapes: its end is a small number.
 */
static u64 count_warns(const struct vmw_expect_by *by, const struct vmw_bounds *b,
		       const struct vmw_judgement *j, u64 first_pfn, u64 end_pfn)
{
	u64 per_section = by->section >> b->page_shift;

	if (vmw_layout_is_before(by->layout, 5, 12))
		return 0;
	return count(first_pfn, end_pfn, per_section) -
	       count_inside(b, first_pfn, end_pfn, per_section) - crosses_zero(j);
}

/*
 * Where the last struct page ends at 2^64 exactly, loops of the form "addr < end" map
 * nothing of its section: vmemmap_populate_hugepages() of 6.12.117, and
 * vmemmap_populate_basepages(). The loop of 6.1.192 for pages of 4K ends at "!=".
 */
static bool leaves_out_last(const struct vmw_layout *layout, const struct vmw_bounds *b,
			    const struct vmw_judgement *j)
{
	return !j->end && j->start &&
	       (b->page_shift != 12 || !vmw_layout_is_before(layout, 6, 2));
}

/* check_panic_on_warn(), kernel/panic.c 6.1.192 and 6.12.117. */
static enum vmw_panic panic_by_warns(const struct vmw_expect_by *by, u64 warns)
{
	const struct vmw_kernel_facts *k = by->kernel;

	if (!warns)
		return VMW_PANIC_NONE;
	if (k->panic_on_warn > 0)
		return VMW_PANIC_ON_WARN;
	if (k->warn_limit > 0 && by->warn_count + warns >= (u64)k->warn_limit)
		return VMW_PANIC_WARN_LIMIT;
	return VMW_PANIC_NONE;
}

static void settle(const struct vmw_expect_by *by, struct vmw_expected *expected)
{
	expected->warned = by->warn_count;
	expected->panic = panic_by_warns(by, expected->warns);
	if (expected->panic)
		expected->kind = VMW_EXPECT_PANIC;
	else if (expected->refusal)
		expected->kind = VMW_EXPECT_REFUSED;
	else if (expected->collides)
		expected->kind = VMW_EXPECT_UNDEFINED;
	else if (expected->oops && by->kernel->panic_on_oops > 0)
		expected->kind = VMW_EXPECT_PANIC;
	else
		expected->kind = expected->oops ? VMW_EXPECT_OOPS : VMW_EXPECT_WARN;
	if (expected->kind == VMW_EXPECT_PANIC && !expected->panic)
		expected->panic = VMW_PANIC_ON_OOPS;
}

struct vmw_expected vmw_expect_refusal(const struct vmw_expect_by *by, enum vmw_refusal refusal)
{
	struct vmw_expected expected = { .refusal = refusal };

	/* Of these the kernel WARNs: mm/memremap.c, include/linux/memremap.h, __add_pages(). */
	expected.warns = refusal == VMW_REFUSAL_NO_ZONE_DEVICE ||
			 refusal == VMW_REFUSAL_NO_PRIVATE || refusal == VMW_REFUSAL_RAM ||
			 refusal == VMW_REFUSAL_MISALIGNED;
	settle(by, &expected);
	return expected;
}

/* mhp_get_pluggable_range() and arch_get_mappable_range(), 6.1.192 and 6.12.117. */
static void find_limit(const struct vmw_expect_by *by, u64 memstart, u64 *first, u64 *last)
{
	u64 actual, offset, page_end, start, end;

	*first = 0;
	*last = by->last ? by->last : ~0ULL;
	if (by->type == VMW_DEVICE_PRIVATE ||
	    !vmw_layout_get(by->layout, VMW_VALUE_VA_BITS_ACTUAL, &actual) ||
	    !vmw_layout_get(by->layout, VMW_VALUE_PAGE_OFFSET, &offset) ||
	    !vmw_layout_get(by->layout, VMW_VALUE_PAGE_END, &page_end))
		return;
	start = -(1ULL << actual) - offset + memstart;
	end = page_end - 1 - offset + memstart;
	*first = start > end ? 0 : start;
	*last = end < *last ? end : *last;
}

enum vmw_refusal vmw_refusal_anywhere(const struct vmw_expect_by *by)
{
	const struct vmw_kernel_facts *kernel = by->kernel;

	if (kernel->no_zone_device)
		return VMW_REFUSAL_NO_ZONE_DEVICE;
	if (by->type == VMW_DEVICE_PRIVATE && kernel->device_private_known &&
	    !kernel->device_private)
		return VMW_REFUSAL_NO_PRIVATE;
	return VMW_REFUSAL_NONE;
}

static enum vmw_refusal find_refusal(const struct vmw_expect_by *by, u64 memstart, u64 first,
				     u64 last, struct vmw_expected *expected)
{
	enum vmw_refusal anywhere = vmw_refusal_anywhere(by);

	if (anywhere || by->searched)
		return anywhere;
	if (by->iomem && vmw_iomem_ram(by->iomem, first, last) != VMW_RAM_NO)
		return VMW_REFUSAL_RAM;
	find_limit(by, memstart, &expected->limit_first, &expected->limit_last);
	if (first < expected->limit_first || last > expected->limit_last)
		return VMW_REFUSAL_LIMIT;
	if ((first | (last + 1)) & (SUBSECTION - 1))
		return VMW_REFUSAL_MISALIGNED;
	return VMW_REFUSAL_NONE;
}

struct vmw_expected vmw_expect(const struct vmw_expect_by *by, const struct vmw_bounds *b,
			       u64 memstart, u64 first, u64 last)
{
	u64 pfn = first >> b->page_shift, end = (last >> b->page_shift) + 1;
	struct vmw_judgement j = vmw_judge_pfns(b, pfn, end - pfn);
	struct vmw_expected expected = { .kind = VMW_EXPECT_ACCEPTED }, refused;
	enum vmw_refusal refusal;
	u32 regions;

	refusal = find_refusal(by, memstart, first, last, &expected);
	if (refusal) {
		refused = vmw_expect_refusal(by, refusal);
		refused.limit_first = expected.limit_first;
		refused.limit_last = expected.limit_last;
		return refused;
	}
	if (j.verdict == VMW_IN_BOUNDS)
		return expected;
	regions = vmw_layout_regions_of(by->layout, j.start, j.end);
	expected.warns = count_warns(by, b, &j, pfn, end);
	expected.oops = (regions & FAULTS) || leaves_out_last(by->layout, b, &j);
	expected.collides = regions & OTHERS;
	settle(by, &expected);
	return expected;
}
