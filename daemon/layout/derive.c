// SPDX-License-Identifier: GPL-2.0-only
/* Values computed from others that were read: never live, and marked so. */
#include <stdio.h>

#include "layout.h"

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
	u64 value, size;

	if (!missing(layout, VMW_VALUE_PAGE_SHIFT))
		return;
	if (get_sane(layout, VMW_VALUE_PAGE_SIZE, &value))
		vmw_layout_add_derived(layout, VMW_VALUE_PAGE_SHIFT, "PAGE_SIZE",
				       __builtin_ctzll(value));
	else if (vmw_layout_get(layout, VMW_VALUE_PAGE_MASK, &value) &&
		 is_power_of_two(-value) && -value >= 4096 && -value <= 65536)
		vmw_layout_add_derived(layout, VMW_VALUE_PAGE_SHIFT, "PAGE_MASK",
				       __builtin_ctzll(value));
	else if (get_sane(layout, VMW_VALUE_VMEMMAP_SHIFT, &value) &&
		 get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) && is_power_of_two(size))
		vmw_layout_add_derived(layout, VMW_VALUE_PAGE_SHIFT,
				       "VMEMMAP_SHIFT and sizeof(struct page)",
				       value + __builtin_ctzll(size));
}

static void derive_va_bits(struct vmw_layout *layout)
{
	u64 value;

	if (missing(layout, VMW_VALUE_VA_BITS) &&
	    vmw_layout_get(layout, VMW_VALUE_PAGE_OFFSET, &value) &&
	    is_power_of_two(-value) &&
	    vmw_layout_is_sane(VMW_VALUE_VA_BITS, __builtin_ctzll(value)))
		vmw_layout_add_derived(layout, VMW_VALUE_VA_BITS, "PAGE_OFFSET",
				       __builtin_ctzll(value));
	/* Only 52 bits are optional: arch/arm64/Kconfig, 5.10 to 7.2. */
	if (missing(layout, VMW_VALUE_VA_BITS_ACTUAL) &&
	    get_sane(layout, VMW_VALUE_VA_BITS, &value) && value <= 48)
		vmw_layout_add_derived(layout, VMW_VALUE_VA_BITS_ACTUAL,
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
		vmw_layout_add_derived(layout, VMW_VALUE_END,
				       "VMEMMAP_START + VMEMMAP_SIZE", start + size);
	if (has_end && has_size && !has_start)
		vmw_layout_add_derived(layout, VMW_VALUE_START,
				       "VMEMMAP_END - VMEMMAP_SIZE", end - size);
}

static void derive_phys_offset(struct vmw_layout *layout)
{
	u64 start, vmemmap, shift, size;

	if (!missing(layout, VMW_VALUE_PHYS_OFFSET) ||
	    !vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_VMEMMAP, &vmemmap) ||
	    !get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) ||
	    (s64)(start - vmemmap) % (s64)size)
		return;
	vmw_layout_add_derived(layout, VMW_VALUE_PHYS_OFFSET,
			       "(VMEMMAP_START - vmemmap) / sizeof(struct page) pages",
			       (u64)((s64)(start - vmemmap) / (s64)size) << shift);
}

/* The first live reading of @id; for vmemmap one that is not by arithmetic. */
static const struct vmw_reading *find_live(const struct vmw_layout *layout,
					   enum vmw_value_id id)
{
	const struct vmw_value *value = &layout->values[id];
	const struct vmw_reading *found = NULL;
	unsigned int i;

	for (i = 0; i < value->nr; i++) {
		if (value->readings[i].origin != VMW_LIVE)
			continue;
		if (!found || value->readings[i].source == VMW_SOURCE_MEM_SECTION)
			found = &value->readings[i];
	}
	return found;
}

static void add_from_live(struct vmw_layout *layout, enum vmw_value_id id,
			  const char *what, const struct vmw_reading *vmemmap,
			  const struct vmw_reading *offset, u64 value)
{
	struct vmw_reading reading = {
		.value = value, .source = VMW_SOURCE_DERIVED, .origin = VMW_DERIVED,
		.from_live = true,
	};

	snprintf(reading.where, sizeof(reading.where), "struct page of %s, by %s and %s",
		 what, vmw_source_names[vmemmap->source], vmw_source_names[offset->source]);
	vmw_layout_add(layout, id, &reading);
}

/*
 * vmemmap and memstart_addr, read apart from the bounds, tell both starts once
 * more: the nominal one is the struct page of what PAGE_OFFSET maps, and since
 * 6.9 the effective one that of what the linear map in use begins with
 * (asm/pgtable.h 6.12.117 lines 23-31). Not in 5.4, whose vmemmap is computed
 * before memstart_addr is randomised.
 */
static void derive_starts_from_vmemmap(struct vmw_layout *layout)
{
	const struct vmw_reading *vmemmap = find_live(layout, VMW_VALUE_VMEMMAP);
	const struct vmw_reading *offset = find_live(layout, VMW_VALUE_PHYS_OFFSET);
	u64 shift, size, va_bits, actual, unused;

	if (!vmemmap || !offset || !layout->release.major ||
	    (layout->release.major == 5 && layout->release.minor < 10) ||
	    !get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size))
		return;
	add_from_live(layout, VMW_VALUE_START, "what PAGE_OFFSET maps", vmemmap, offset,
		      vmemmap->value + (u64)((s64)offset->value >> shift) * size);
	if (!get_sane(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !get_sane(layout, VMW_VALUE_VA_BITS_ACTUAL, &actual) || actual > va_bits)
		return;
	unused = (1ULL << va_bits) - (1ULL << actual);
	if (unused && (layout->release.major < 6 ||
		       (layout->release.major == 6 && layout->release.minor < 9)))
		return;
	add_from_live(layout, VMW_VALUE_EFFECTIVE, "the linear map's first", vmemmap, offset,
		      vmemmap->value + (u64)((s64)(offset->value + unused) >> shift) * size);
}

void vmw_layout_derive(struct vmw_layout *layout)
{
	derive_page_shift(layout);
	derive_va_bits(layout);
	derive_bounds(layout);
	derive_starts_from_vmemmap(layout);
	derive_phys_offset(layout);
}

/*
 * Where VMALLOC_END lies above VMEMMAP_START, vmalloc owns the lower part of
 * what the kernel still calls vmemmap (52-bit kernel on smaller hardware). A
 * reading for each reading of VMALLOC_END.
 */
static void add_effective_start(struct vmw_layout *layout,
				const struct vmw_reading *start,
				const struct vmw_reading *vmalloc_end)
{
	bool raised = vmalloc_end->value > start->value;
	struct vmw_reading reading = {
		.value = raised ? vmalloc_end->value + VMALLOC_GAP : start->value,
		.source = VMW_SOURCE_DERIVED,
		.origin = VMW_DERIVED,
		.from_live = vmalloc_end->origin == VMW_LIVE &&
			     (raised || start->origin == VMW_LIVE),
	};

	if (vmalloc_end->origin == VMW_FORMULA ||
	    (!raised && start->origin == VMW_FORMULA)) {
		reading.source = VMW_SOURCE_FORMULA;
		reading.origin = VMW_FORMULA;
	}
	snprintf(reading.where, sizeof(reading.where), raised ?
		 "VMALLOC_END (%s) + 8 MiB" : "VMEMMAP_START, as VMALLOC_END (%s) is not above it",
		 vmw_source_names[vmalloc_end->source]);
	vmw_layout_add(layout, VMW_VALUE_EFFECTIVE, &reading);
}

static void derive_effective_start(struct vmw_layout *layout)
{
	const struct vmw_value *start = &layout->values[VMW_VALUE_START];
	const struct vmw_value *vmalloc_end = &layout->values[VMW_VALUE_VMALLOC_END];
	unsigned int i;

	if (!start->nr)
		return;
	for (i = 0; i < vmalloc_end->nr; i++)
		add_effective_start(layout, &start->readings[0], &vmalloc_end->readings[i]);
	if (missing(layout, VMW_VALUE_EFFECTIVE))
		vmw_layout_add_derived(layout, VMW_VALUE_EFFECTIVE,
				       "VMEMMAP_START, with VMALLOC_END unknown",
				       start->readings[0].value);
}

/* vmemmap = VMEMMAP_START - (memstart_addr >> PAGE_SHIFT), in struct pages. */
static void derive_vmemmap(struct vmw_layout *layout)
{
	u64 start, offset, shift, size;

	if (!vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &offset) ||
	    !get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !get_sane(layout, VMW_VALUE_STRUCT_PAGE, &size) ||
	    layout->values[VMW_VALUE_PHYS_OFFSET].readings[0].origin == VMW_DERIVED)
		return;
	vmw_layout_add_derived(layout, VMW_VALUE_VMEMMAP,
			       "VMEMMAP_START - (PHYS_OFFSET >> PAGE_SHIFT) * sizeof(struct page)",
			       start - (u64)((s64)offset >> shift) * size);
}

static void derive_size(struct vmw_layout *layout)
{
	u64 start, end;

	if (vmw_layout_get(layout, VMW_VALUE_START, &start) &&
	    vmw_layout_get(layout, VMW_VALUE_END, &end))
		vmw_layout_add_derived(layout, VMW_VALUE_SIZE,
				       "VMEMMAP_END - VMEMMAP_START", end - start);
}

static void add_size_and_mask(struct vmw_layout *layout, enum vmw_value_id size,
			      enum vmw_value_id mask, unsigned int shift,
			      const char *where)
{
	vmw_layout_add_derived(layout, size, where, 1ULL << shift);
	vmw_layout_add_derived(layout, mask, where, -(1ULL << shift));
}

/*
 * ARM64_HW_PGTABLE_LEVELS and ARM64_HW_PGTABLE_LEVEL_SHIFT of
 * asm/pgtable-hwdef.h, 5.10 to 7.2. A level that is folded has the size of the
 * one above it.
 */
static void derive_tables(struct vmw_layout *layout)
{
	unsigned int bits, levels, pgdir;
	u64 shift, va_bits;

	if (!get_sane(layout, VMW_VALUE_PAGE_SHIFT, &shift))
		return;
	add_size_and_mask(layout, VMW_VALUE_PAGE_SIZE, VMW_VALUE_PAGE_MASK, shift,
			  "PAGE_SHIFT");
	if (!get_sane(layout, VMW_VALUE_VA_BITS, &va_bits))
		return;
	bits = shift - 3;
	levels = (va_bits - 4) / bits;
	pgdir = bits * levels + 3;
	add_size_and_mask(layout, VMW_VALUE_PMD_SIZE, VMW_VALUE_PMD_MASK,
			  levels > 2 ? bits * 2 + 3 : pgdir, "PAGE_SHIFT and VA_BITS");
	add_size_and_mask(layout, VMW_VALUE_PUD_SIZE, VMW_VALUE_PUD_MASK,
			  levels > 3 ? bits * 3 + 3 : pgdir, "PAGE_SHIFT and VA_BITS");
	vmw_layout_add_derived(layout, VMW_VALUE_PGDIR_SIZE, "PAGE_SHIFT and VA_BITS",
			       1ULL << pgdir);
}

void vmw_layout_derive_rest(struct vmw_layout *layout)
{
	derive_effective_start(layout);
	derive_phys_offset(layout);
	derive_vmemmap(layout);
	derive_size(layout);
	derive_tables(layout);
}
