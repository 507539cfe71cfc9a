// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "explain/seeds.h"
#include "layout/formula.h"

/* By the releases that were read: what RAM or the CPU leaves of the linear map is drawn from. */
enum formula {
	FORMULA_UNKNOWN,
	FORMULA_RAM,	 /* 5.10.223 */
	FORMULA_PARANGE, /* 5.15.135, 6.1.192, 6.12.117 */
	FORMULA_NONE,	 /* 7.2.13 randomises the linear map no more */
};

static enum formula formula_of(const struct vmw_release *r)
{
	unsigned int number = r->major << 8 | r->minor;

	if (number == (5 << 8 | 10))
		return FORMULA_RAM;
	if (number >= (5 << 8 | 15) && number <= (6 << 8 | 12))
		return FORMULA_PARANGE;
	return number == (7 << 8 | 2) ? FORMULA_NONE : FORMULA_UNKNOWN;
}

/* ARM64_MEMSTART_ALIGN, asm/kernel-pgtable.h 6.1.192; the same in init.c of 6.12.117. */
static u64 memstart_align(unsigned int page_shift, unsigned int va_bits, unsigned int section)
{
	unsigned int shift = vmw_table_shift(page_shift, va_bits, page_shift == 12 ? 3 : 2);

	if (page_shift == 14)
		shift += 5; /* CONT_PMD_SHIFT of 16K */
	return 1ULL << (shift > section ? shift : section);
}

/* memblock_start_of_DRAM() and memblock_end_of_DRAM(), what is nomap included. */
static bool find_ram(const struct vmw_iomem *iomem, u64 *start, u64 *end)
{
	size_t i;

	*start = ~0ULL;
	*end = 0;
	for (i = 0; i < iomem->nr; i++) {
		const struct vmw_resource *r = &iomem->resources[i];

		if (r->depth || (strcmp(r->name, "System RAM") && strcmp(r->name, "reserved")))
			continue;
		*start = r->start < *start ? r->start : *start;
		*end = r->last + 1 > *end ? r->last + 1 : *end;
	}
	return *end;
}

struct map {
	u64 page_shift, va_bits, actual, section, page_end, memstart;
};

static bool read_map(const struct vmw_layout *layout, struct map *m)
{
	const struct {
		enum vmw_value_id id;
		u64 *to;
	} wanted[] = {
		{ VMW_VALUE_PAGE_SHIFT, &m->page_shift },
		{ VMW_VALUE_VA_BITS, &m->va_bits },
		{ VMW_VALUE_VA_BITS_ACTUAL, &m->actual },
		{ VMW_VALUE_SECTION_BITS, &m->section },
		{ VMW_VALUE_PAGE_END, &m->page_end },
		{ VMW_VALUE_PHYS_OFFSET, &m->memstart },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (!vmw_layout_get(layout, wanted[i].id, wanted[i].to) ||
		    !vmw_layout_is_sane(wanted[i].id, *wanted[i].to))
			return false;
	}
	return m->section < 48;
}

/* memstart_addr as it is before it is randomised. */
static u64 find_base(const struct map *m, u64 linear_size, u64 align, u64 ram_start, u64 ram_end)
{
	u64 base = ram_start & -align;

	if (base + linear_size < ram_end)
		base = (ram_end - linear_size + align - 1) & -align;
	/* A 52-bit kernel on smaller hardware. */
	if (m->va_bits == 52 && m->actual != 52)
		base -= (1ULL << 52) - (1ULL << m->actual);
	return base;
}

/* Is there a seed that moves it as this boot's is? */
static bool can_be(const struct vmw_seeds *seeds, u64 memstart)
{
	u64 moved = seeds->base - memstart, k = moved / seeds->align, seed;

	if (!moved)
		return true;
	if (moved % seeds->align || !seeds->slots || k >= seeds->slots)
		return false;
	seed = ((k << 16) + seeds->slots - 1) / seeds->slots;
	return seed < VMW_NR_SEEDS && (seeds->slots * seed) >> 16 == k;
}

/* @span: of RAM, from its first byte to its last. */
static const char *draw(struct vmw_seeds *ret, const struct map *m,
			const struct vmw_kernel_facts *kernel, enum formula formula,
			u64 linear_size, u64 span)
{
	s64 range;

	if (formula == FORMULA_NONE || !kernel->kaslr)
		return NULL;
	if (formula == FORMULA_PARANGE) {
		if (!kernel->parange_bits)
			return kernel->parange_why;
		span = 1ULL << kernel->parange_bits;
	}
	range = (s64)linear_size - (s64)span;
	if (range < (s64)ret->align)
		return NULL;
	if (formula == FORMULA_PARANGE && m->actual == 52)
		return "whether the linear map of 52 bits is capped for KVM (arm64_memblock_init()) cannot be seen";
	ret->slots = range / ret->align;
	return NULL;
}

static void describe(struct vmw_seeds *ret, const struct vmw_kernel_facts *kernel,
		     enum formula formula)
{
	char by[64] = "what RAM spans";

	if (formula == FORMULA_PARANGE)
		snprintf(by, sizeof(by), "PARange, %u bits,", kernel->parange_bits);
	if (formula == FORMULA_NONE)
		snprintf(ret->why, sizeof(ret->why),
			 "this release does not randomise the linear map");
	else if (!kernel->kaslr)
		snprintf(ret->why, sizeof(ret->why), "no KASLR: %s", kernel->kaslr_why);
	else if (!ret->slots)
		snprintf(ret->why, sizeof(ret->why),
			 "%s leaves the linear map no room to be moved in", by);
	else
		snprintf(ret->why, sizeof(ret->why),
			 "by %s memstart_addr is 0x%llx, less up to %llu times 0x%llx", by,
			 ret->base, ((ret->slots * (VMW_NR_SEEDS - 1)) >> 16), ret->align);
}

static const char *read_seeds(struct vmw_seeds *ret, const struct vmw_layout *layout,
			      const struct vmw_kernel_facts *kernel,
			      const struct vmw_iomem *iomem, enum formula formula)
{
	u64 linear_size, ram_start, ram_end;
	const char *why;
	struct map m;

	if (formula == FORMULA_UNKNOWN)
		return "how this release places the linear map was not read (5.10, 5.15 to 6.12, and 7.2 were)";
	if (!kernel->kaslr_known)
		return kernel->kaslr_why;
	if (!read_map(layout, &m))
		return "the layout of the linear map is not known";
	if (!find_ram(iomem, &ram_start, &ram_end))
		return "iomem has no System RAM";
	linear_size = m.page_end + (1ULL << m.actual);
	ret->align = memstart_align(m.page_shift, m.va_bits, m.section);
	ret->base = find_base(&m, linear_size, ret->align, ram_start, ram_end);
	why = draw(ret, &m, kernel, formula, linear_size, ram_end - ram_start);
	if (!why && !can_be(ret, m.memstart))
		why = "memstart_addr of this boot is none that the formula of its release yields";
	return why;
}

void vmw_seeds_read(struct vmw_seeds *ret, const struct vmw_layout *layout,
		    const struct vmw_kernel_facts *kernel, const struct vmw_iomem *iomem)
{
	enum formula formula = formula_of(&layout->release);
	const char *why;

	memset(ret, 0, sizeof(*ret));
	why = read_seeds(ret, layout, kernel, iomem, formula);
	ret->known = !why;
	if (why)
		snprintf(ret->why, sizeof(ret->why), "%s", why);
	else
		describe(ret, kernel, formula);
}
