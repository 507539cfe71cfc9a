// SPDX-License-Identifier: GPL-2.0-only
/* Values computed from others that were read: never live, and marked so. */
#include <stdio.h>

#include "layout/formula.h"
#include "layout/layout.h"

/* The gap between vmalloc and vmemmap: asm/pgtable.h, 6.9.0 to 7.2.13. */
#define VMALLOC_GAP (8ULL << 20)

static bool missing(const struct vmw_layout *layout, enum vmw_value_id id)
{
	return !layout->values[id].nr;
}

static bool is_power_of_two(u64 value)
{
	return value && !(value & (value - 1));
}

/* Get @id where it can be true at all: no shift by what a file claims. */
static bool get_sane(const struct vmw_layout *layout, enum vmw_value_id id, u64 *ret)
{
	return vmw_layout_get(layout, id, ret) && vmw_layout_is_sane(id, *ret);
}

/* What a pasted table says in another way than the formulas ask for. */
static void derive_page_shift(struct vmw_layout *layout)
{
	const enum vmw_value_id id = VMW_VALUE_PAGE_SHIFT;
	u64 value, size;

	if (!missing(layout, id))
		return;
	if (get_sane(layout, VMW_VALUE_PAGE_SIZE, &value))
		vmw_layout_add_derived(layout, id, VMW_VALUE_PAGE_SIZE, VMW_VALUE_PAGE_SIZE,
				       "PAGE_SIZE", __builtin_ctzll(value));
	else if (vmw_layout_get(layout, VMW_VALUE_PAGE_MASK, &value) &&
		 is_power_of_two(-value) && -value >= 4096 && -value <= 65536)
		vmw_layout_add_derived(layout, id, VMW_VALUE_PAGE_MASK, VMW_VALUE_PAGE_MASK,
				       "PAGE_MASK", __builtin_ctzll(value));
	else if (get_sane(layout, VMW_VALUE_VMEMMAP_SHIFT, &value) &&
		 get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) && is_power_of_two(size))
		vmw_layout_add_derived(layout, id, VMW_VALUE_VMEMMAP_SHIFT, VMW_VALUE_STRUCT_PAGE,
				       "VMEMMAP_SHIFT and sizeof(struct page)",
				       value + __builtin_ctzll(size));
}

static void derive_va_bits(struct vmw_layout *layout)
{
	u64 value;

	if (missing(layout, VMW_VALUE_VA_BITS) &&
	    vmw_layout_get(layout, VMW_VALUE_PAGE_OFFSET, &value) && is_power_of_two(-value) &&
	    vmw_layout_is_sane(VMW_VALUE_VA_BITS, __builtin_ctzll(value)))
		vmw_layout_add_derived(layout, VMW_VALUE_VA_BITS, VMW_VALUE_PAGE_OFFSET,
				       VMW_VALUE_PAGE_OFFSET, "PAGE_OFFSET",
				       __builtin_ctzll(value));
	/* Only 52 bits are optional: arch/arm64/Kconfig, 5.10 to 7.2. */
	if (missing(layout, VMW_VALUE_VA_BITS_ACTUAL) &&
	    get_sane(layout, VMW_VALUE_VA_BITS, &value) && value <= 48)
		vmw_layout_add_derived(layout, VMW_VALUE_VA_BITS_ACTUAL, VMW_VALUE_VA_BITS,
				       VMW_VALUE_VA_BITS,
				       "VA_BITS, which all CPUs have up to 48", value);
}

/* START, END and SIZE: any two of them tell the third. */
static void derive_bounds(struct vmw_layout *layout)
{
	u64 start, end, size;
	bool has_start = vmw_layout_get(layout, VMW_VALUE_START, &start);
	bool has_end = vmw_layout_get(layout, VMW_VALUE_END, &end);
	bool has_size = vmw_layout_get(layout, VMW_VALUE_SIZE, &size);

	if (has_start && has_size && !has_end)
		vmw_layout_add_derived(layout, VMW_VALUE_END, VMW_VALUE_START, VMW_VALUE_SIZE,
				       "VMEMMAP_START + VMEMMAP_SIZE", start + size);
	if (has_end && has_size && !has_start)
		vmw_layout_add_derived(layout, VMW_VALUE_START, VMW_VALUE_END, VMW_VALUE_SIZE,
				       "VMEMMAP_END - VMEMMAP_SIZE", end - size);
}

static void derive_phys_offset(struct vmw_layout *layout)
{
	u64 start, vmemmap, shift, size;

	if (!missing(layout, VMW_VALUE_PHYS_OFFSET) ||
	    !vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_VMEMMAP, &vmemmap) ||
	    !get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) || (s64)(start - vmemmap) % (s64)size)
		return;
	vmw_layout_add_derived(layout, VMW_VALUE_PHYS_OFFSET, VMW_VALUE_START, VMW_VALUE_VMEMMAP,
			       "(VMEMMAP_START - vmemmap) / sizeof(struct page) pages",
			       (u64)((s64)(start - vmemmap) / (s64)size) << shift);
}

/*
 * A live reading of @id that says what the chosen one does: the one of
 * mem_section before others, and of what is to check the note's bounds never the
 * note's own; its vmemmap is computed from VMEMMAP_START.
 */
static const struct vmw_reading *find_live(const struct vmw_layout *layout, enum vmw_value_id id)
{
	const struct vmw_value *value = &layout->values[id];
	const struct vmw_reading *found = NULL;
	unsigned int i;

	for (i = 0; i < value->nr; i++) {
		const struct vmw_reading *r = &value->readings[i];

		if (r->origin != VMW_LIVE || r->value != value->readings[0].value ||
		    (id != VMW_VALUE_PHYS_OFFSET && r->source == VMW_SOURCE_VMCOREINFO))
			continue;
		if (!found || r->source == VMW_SOURCE_MEM_SECTION)
			found = r;
	}
	return found;
}

/*
 * The struct page of the physical address that the linear map has @skip bytes
 * behind PAGE_OFFSET, by vmemmap and memstart_addr, which are read apart from
 * the bounds: a witness of its own for a bound. Not in 5.4, whose vmemmap is
 * computed before memstart_addr is randomised.
 */
static void add_by_vmemmap(struct vmw_layout *layout, enum vmw_value_id id, u64 skip,
			   const char *what)
{
	const struct vmw_reading *vmemmap = find_live(layout, VMW_VALUE_VMEMMAP);
	const struct vmw_reading *offset = find_live(layout, VMW_VALUE_PHYS_OFFSET);
	struct vmw_reading reading = {
		.source = VMW_SOURCE_DERIVED,
		.origin = VMW_DERIVED,
		.from_live = true,
	};
	u64 shift, size;

	if (!vmemmap || !offset || !layout->release.major ||
	    (layout->release.major == 5 && layout->release.minor < 10) ||
	    !get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size))
		return;
	reading.value = vmemmap->value + (u64)((s64)(offset->value + skip) >> shift) * size;
	snprintf(reading.where, sizeof(reading.where), "struct page of %s, by %s and %s", what,
		 vmw_source_names[vmemmap->source], vmw_source_names[offset->source]);
	vmw_layout_add(layout, id, &reading);
}

/*
 * vmemmap ends with the struct page of where the linear map ends: VMEMMAP_SIZE is
 * made of _PAGE_END(VA_BITS_MIN) - PAGE_OFFSET (asm/memory.h, 5.10.223 to 7.2.13).
 * That end is a power of two from the top, with KASAN, too; the modules come next,
 * on older kernels behind 128 MiB of BPF programs. Until 6.8 a struct page of
 * another size than a power of two has more room than it takes.
 */
static void add_end_by_linear_map(struct vmw_layout *layout)
{
	const struct vmw_reading *modules = find_live(layout, VMW_VALUE_MODULES_VADDR);
	u64 va_bits, size, above;

	if (!modules || !get_sane(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) ||
	    (!is_power_of_two(size) && vmw_layout_is_before(layout, 6, 9)))
		return;
	above = -modules->value;
	if (above < 2 || above > 1ULL << (va_bits - 1))
		return;
	above = 1ULL << (64 - __builtin_clzll(above - 1));
	add_by_vmemmap(layout, VMW_VALUE_END, (1ULL << va_bits) - above,
		       "where the linear map ends");
}

void vmw_layout_derive(struct vmw_layout *layout)
{
	derive_page_shift(layout);
	derive_va_bits(layout);
	derive_bounds(layout);
	add_by_vmemmap(layout, VMW_VALUE_START, 0, "what PAGE_OFFSET maps");
	add_end_by_linear_map(layout);
	derive_phys_offset(layout);
}

static enum vmw_origin worse(enum vmw_origin a, enum vmw_origin b)
{
	return a > b ? a : b;
}

static void add_effective(struct vmw_layout *layout, u64 value, enum vmw_origin origin,
			  bool from_live, const char *format, const char *by)
{
	struct vmw_reading reading = {
		.value = value,
		.source = VMW_SOURCE_DERIVED,
		.origin = worse(origin, VMW_DERIVED),
		.from_live = from_live,
	};

	if (reading.origin == VMW_FORMULA)
		reading.source = VMW_SOURCE_FORMULA;
	snprintf(reading.where, sizeof(reading.where), format, by);
	vmw_layout_add(layout, VMW_VALUE_EFFECTIVE, &reading);
}

/*
 * VMALLOC_END above VMEMMAP_START: vmalloc owns the lower part of what the
 * kernel still calls vmemmap (a 52-bit kernel on smaller hardware, 6.9 on;
 * asm/pgtable.h 6.12.117 lines 23-31). A reading for each of VMALLOC_END.
 */
static void add_raised_starts(struct vmw_layout *layout)
{
	const struct vmw_value *vmalloc_end = &layout->values[VMW_VALUE_VMALLOC_END];
	u64 va_bits, actual;
	unsigned int i;

	for (i = 0; i < vmalloc_end->nr; i++) {
		const struct vmw_reading *r = &vmalloc_end->readings[i];

		add_effective(layout, r->value + VMALLOC_GAP, r->origin, r->origin == VMW_LIVE,
			      "VMALLOC_END (%s) + 8 MiB", vmw_source_names[r->source]);
	}
	if (get_sane(layout, VMW_VALUE_VA_BITS, &va_bits) &&
	    get_sane(layout, VMW_VALUE_VA_BITS_ACTUAL, &actual) && actual < va_bits)
		add_by_vmemmap(layout, VMW_VALUE_EFFECTIVE,
			       (1ULL << va_bits) - (1ULL << actual), "the linear map's first");
}

/* Elsewhere it is VMEMMAP_START: whoever is a witness of that is one of this. */
static void add_plain_starts(struct vmw_layout *layout, bool vmalloc_known)
{
	const struct vmw_value *start = &layout->values[VMW_VALUE_START];
	unsigned int i;

	for (i = 0; i < start->nr; i++) {
		const struct vmw_reading *r = &start->readings[i];

		add_effective(layout, r->value, r->origin, r->origin == VMW_LIVE || r->from_live,
			      vmalloc_known ? "VMEMMAP_START (%s), with VMALLOC_END not above it" :
					      "VMEMMAP_START (%s), with VMALLOC_END unknown",
			      vmw_source_names[r->source]);
	}
}

static void derive_effective_start(struct vmw_layout *layout)
{
	u64 start, vmalloc_end;
	bool known;

	if (!vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !missing(layout, VMW_VALUE_EFFECTIVE))
		return;
	known = vmw_layout_get(layout, VMW_VALUE_VMALLOC_END, &vmalloc_end);
	if (known && vmalloc_end > start)
		add_raised_starts(layout);
	else
		add_plain_starts(layout, known);
}

/* vmemmap = VMEMMAP_START - (memstart_addr >> PAGE_SHIFT), in struct pages. */
static void derive_vmemmap(struct vmw_layout *layout)
{
	u64 start, offset, shift, size;

	if (!vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &offset) ||
	    !get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) ||
	    layout->values[VMW_VALUE_PHYS_OFFSET].readings[0].origin >= VMW_DERIVED)
		return;
	vmw_layout_add_derived(layout, VMW_VALUE_VMEMMAP, VMW_VALUE_START, VMW_VALUE_PHYS_OFFSET,
			       "VMEMMAP_START - (PHYS_OFFSET >> PAGE_SHIFT) * sizeof(struct page)",
			       start - (u64)((s64)offset >> shift) * size);
}

static void derive_size(struct vmw_layout *layout)
{
	u64 start, end;

	if (vmw_layout_get(layout, VMW_VALUE_START, &start) &&
	    vmw_layout_get(layout, VMW_VALUE_END, &end))
		vmw_layout_add_derived(layout, VMW_VALUE_SIZE, VMW_VALUE_START, VMW_VALUE_END,
				       "VMEMMAP_END - VMEMMAP_START", end - start);
}

static void add_by_tables(struct vmw_layout *layout, enum vmw_value_id size,
			  enum vmw_value_id mask, unsigned int shift)
{
	static const char where[] = "PAGE_SHIFT and VA_BITS";

	vmw_layout_add_derived(layout, size, VMW_VALUE_PAGE_SHIFT, VMW_VALUE_VA_BITS, where,
			       1ULL << shift);
	if (mask != size)
		vmw_layout_add_derived(layout, mask, VMW_VALUE_PAGE_SHIFT, VMW_VALUE_VA_BITS,
				       where, -(1ULL << shift));
}

static void derive_tables(struct vmw_layout *layout)
{
	u64 shift, va_bits;

	if (!get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift))
		return;
	vmw_layout_add_derived(layout, VMW_VALUE_PAGE_SIZE, VMW_VALUE_PAGE_SHIFT,
			       VMW_VALUE_PAGE_SHIFT, "PAGE_SHIFT", 1ULL << shift);
	vmw_layout_add_derived(layout, VMW_VALUE_PAGE_MASK, VMW_VALUE_PAGE_SHIFT,
			       VMW_VALUE_PAGE_SHIFT, "PAGE_SHIFT", -(1ULL << shift));
	if (!get_sane(layout, VMW_VALUE_VA_BITS, &va_bits))
		return;
	add_by_tables(layout, VMW_VALUE_PMD_SIZE, VMW_VALUE_PMD_MASK,
		      vmw_table_shift(shift, va_bits, 2));
	add_by_tables(layout, VMW_VALUE_PUD_SIZE, VMW_VALUE_PUD_MASK,
		      vmw_table_shift(shift, va_bits, 3));
	add_by_tables(layout, VMW_VALUE_PGDIR_SIZE, VMW_VALUE_PGDIR_SIZE,
		      vmw_table_shift(shift, va_bits, VMW_PGDIR));
}

void vmw_layout_derive_rest(struct vmw_layout *layout)
{
	derive_effective_start(layout);
	derive_phys_offset(layout);
	derive_vmemmap(layout);
	derive_size(layout);
	derive_tables(layout);
}

void vmw_layout_finish(struct vmw_layout *layout)
{
	vmw_layout_derive(layout);
	vmw_formula_add(layout);
	vmw_layout_derive_rest(layout);
	vmw_layout_make_regions(layout);
}
