/* SPDX-License-Identifier: GPL-2.0-only */
/* What any address, pfn or physical range is, by a layout. */
#ifndef VMEMMAPWATCH_EXPLAIN_EXPLAIN_H
#define VMEMMAPWATCH_EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>
#include <vmemmapwatch/verdict.h>

#include "kernel/iomem.h"
#include "layout/layout.h"

/* What a user asks about: addresses, pfns or physical memory. */
enum vmw_what_kind {
	VMW_WHAT_ADDRESS, /* virtual, bytes */
	VMW_WHAT_PFN,
	VMW_WHAT_PHYS, /* bytes */
	VMW_NR_WHATS,
};

extern const char *const vmw_what_names[VMW_NR_WHATS];

struct vmw_what {
	const char *text; /* as given */
	enum vmw_what_kind kind;
	u64 first;
	u64 last; /* inclusive */
	bool is_range;
};

/*
 * "A", "pfn:A" or "phys:A", and ranges "A-B" and "A+SIZE" of each. Addresses
 * are hex, with or without 0x; pfns are decimal, or hex with 0x; sizes are
 * either, in bytes with K, M, G or T behind it, else in what A is in. _ may
 * stand between digits. B of a pfn range is the first behind it, as the
 * kernel prints them; of bytes an odd B is the last one, as in /proc/iomem, an
 * even B the first behind it. @page_shift tells how many pfns a size is.
 * Returns 0, or -EINVAL with what was expected in @why (of @size bytes).
 */
int vmw_what_parse(struct vmw_what *what, const char *text, unsigned int page_shift, char *why,
		   size_t size);

#define VMW_WHAT_SYMBOL_LEN 160

struct vmw_explanation {
	struct vmw_what what;
	/* Struct pages: those asked for, or what an address is one of. */
	bool has_pages;
	u64 pfn;
	u64 nr_pages;
	u64 offset; /* bytes into the first struct page */
	struct vmw_judgement judgement;
	bool kernel_warns;
	bool refused; /* of a request: before the kernel's own check, which says nothing */
	/* In bounds: bytes from VMEMMAP_START (effective), and to VMEMMAP_END. */
	u64 above_start;
	u64 below_end;
	/* Of an address, or a range of them in one region; else VMW_NR_REGIONS. */
	enum vmw_region_kind region;
	/* An address of the linear map or of the kernel's image: what it maps. */
	bool is_mapped;
	u64 mapped_phys;
	char symbol[VMW_WHAT_SYMBOL_LEN]; /* "NAME+0xN [MODULE]"; "": not looked up, or none */
};

/*
 * Explain @what; @bounds are those of @layout. An address is that of a struct page where
 * arithmetic from a pfn can end there and nothing else is known to lie there: what user
 * space, vmalloc, modules and the like have is no struct page.
 */
void vmw_explain(struct vmw_explanation *ret, const struct vmw_what *what,
		 const struct vmw_layout *layout, const struct vmw_bounds *bounds);

/* Is it code or data that /proc/kallsyms has a name for? */
bool vmw_explain_has_symbol(const struct vmw_explanation *e);

/* The physical range of the struct pages, in bytes; *@ret_last is inclusive. */
void vmw_explain_phys(const struct vmw_explanation *e, const struct vmw_bounds *bounds,
		      u64 *ret_first, u64 *ret_last);

#endif
