/* SPDX-License-Identifier: GPL-2.0-only */
/* WHAT a user asks about: addresses, pfns or physical memory. */
#ifndef VMEMMAPWATCH_EXPLAIN_WHAT_H
#define VMEMMAPWATCH_EXPLAIN_WHAT_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

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

#endif
