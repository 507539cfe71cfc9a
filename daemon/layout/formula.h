/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where arm64's own headers put everything, by release. What a formula says is
 * never live: it checks what was read, and stands in where nothing was.
 */
#ifndef VMEMMAPWATCH_LAYOUT_FORMULA_H
#define VMEMMAPWATCH_LAYOUT_FORMULA_H

#include "layout.h"

/*
 * Add what the formulas of layout->release make of its VA bits, page size and
 * sizeof(struct page). Where the release is not known (a pasted table), those
 * of the first releases that contradict nothing that is stated; layout->era
 * says which. Without VA bits and page size there is nothing to compute.
 */
void vmw_formula_add(struct vmw_layout *layout);

#endif
