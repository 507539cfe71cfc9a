/* SPDX-License-Identifier: GPL-2.0-only */
/* What any address, pfn or physical range is, by a layout. */
#ifndef VMEMMAPWATCH_EXPLAIN_EXPLAIN_H
#define VMEMMAPWATCH_EXPLAIN_EXPLAIN_H

#include <vmemmapwatch/verdict.h>

#include "explain/what.h"
#include "kernel/iomem.h"
#include "layout/layout.h"

struct vmw_explanation {
	struct vmw_what what;
	/* Struct pages: those asked for, or what an address is one of. */
	bool has_pages;
	u64 pfn;
	u64 nr_pages;
	u64 offset; /* bytes into the first struct page */
	struct vmw_judgement judgement;
	bool kernel_warns;
	/* In bounds: bytes from VMEMMAP_START (effective), and to VMEMMAP_END. */
	u64 above_start;
	u64 below_end;
	/* An address of the linear map: what it maps. */
	bool is_linear;
	u64 linear_phys;
};

/* Explain @what; @bounds are those of @layout. */
void vmw_explain(struct vmw_explanation *ret, const struct vmw_what *what,
		 const struct vmw_layout *layout, const struct vmw_bounds *bounds);

/* The physical range of the struct pages, in bytes; *@ret_last is inclusive. */
void vmw_explain_phys(const struct vmw_explanation *e, const struct vmw_bounds *bounds,
		      u64 *ret_first, u64 *ret_last);

#endif
