/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where arm64's own headers put everything, by release. What a formula says is
 * never live: it checks what was read, and stands in where nothing was.
 */
#ifndef VMEMMAPWATCH_LAYOUT_FORMULA_H
#define VMEMMAPWATCH_LAYOUT_FORMULA_H

#include "layout/layout.h"

/*
 * Add what the formulas of layout->release make of its VA bits, page size and
 * sizeof(struct page). Where the release is not known (a pasted table), those
 * of the first releases that contradict nothing that is stated; layout->era
 * says which. Without VA bits and page size there is nothing to compute.
 */
void vmw_formula_add(struct vmw_layout *layout);

/* What a kernel was built with, as far as its vmemmap goes. */
struct vmw_build {
	unsigned int va_bits; /* CONFIG_ARM64_VA_BITS */
	unsigned int page_shift;
	unsigned int struct_page; /* sizeof(struct page), bytes */
};

/*
 * VMEMMAP_START and VMEMMAP_END, and the size of a section as a power of two, of a
 * kernel of @release that was built so. False where no formula of it was read.
 */
bool vmw_formula_bounds(struct vmw_release release, const struct vmw_build *build,
			u64 *ret_start, u64 *ret_end, unsigned int *ret_section_bits);

/*
 * What an entry of the page table at @level covers, as a power of two: 2 for a
 * PMD, 3 for a PUD, VMW_PGDIR for the top. A level that is folded covers what the
 * one above it does. ARM64_HW_PGTABLE_LEVELS and ARM64_HW_PGTABLE_LEVEL_SHIFT of
 * asm/pgtable-hwdef.h, 5.10 to 7.2.
 */
#define VMW_PGDIR 5
unsigned int vmw_table_shift(unsigned int page_shift, unsigned int va_bits, unsigned int level);

#endif
