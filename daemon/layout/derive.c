// SPDX-License-Identifier: GPL-2.0-only
/* Values computed from others that were read: never live, and marked so. */
#include "layout.h"
#include "vmcoreinfo.h"

/* The gap between vmalloc and vmemmap: asm/pgtable.h, 6.9.0 to 7.2.13. */
#define VMALLOC_GAP (8ULL << 20)

/*
 * Where VMALLOC_END lies above VMEMMAP_START, vmalloc owns the lower part of
 * what the kernel still calls vmemmap (52-bit kernel on smaller hardware).
 */
static void add_effective_start(struct vmw_layout *layout, const char *note)
{
	u64 start, vmalloc_end;

	if (!vmw_layout_get(layout, VMW_VALUE_START, &start))
		return;
	if (note && !vmw_vmcoreinfo_get(note, "NUMBER(VMALLOC_END)", &vmalloc_end) &&
	    vmalloc_end > start)
		vmw_layout_add(layout, VMW_VALUE_EFFECTIVE,
			       "VMALLOC_END of vmcoreinfo + 8 MiB", VMW_DERIVED,
			       vmalloc_end + VMALLOC_GAP);
	else
		vmw_layout_add(layout, VMW_VALUE_EFFECTIVE,
			       "VMEMMAP_START, as VMALLOC_END is not above it",
			       VMW_DERIVED, start);
}

/* vmemmap = VMEMMAP_START - (memstart_addr >> PAGE_SHIFT), in struct pages. */
static void derive_vmemmap(struct vmw_layout *layout)
{
	u64 start, offset, shift, size;

	if (!vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &offset) ||
	    !vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !vmw_layout_get(layout, VMW_VALUE_STRUCT_PAGE, &size) || shift > 63)
		return;
	vmw_layout_add(layout, VMW_VALUE_VMEMMAP,
		       "VMEMMAP_START - (PHYS_OFFSET >> PAGE_SHIFT) * sizeof(struct page)",
		       VMW_DERIVED, start - (u64)((s64)offset >> shift) * size);
}

void vmw_layout_derive(struct vmw_layout *layout, const struct vmw_layout_input *input)
{
	add_effective_start(layout, input->note);
	derive_vmemmap(layout);
}
