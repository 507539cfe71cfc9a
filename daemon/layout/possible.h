/* SPDX-License-Identifier: GPL-2.0-only */
/* Can a device-private request be out of bounds on this kernel at all? */
#ifndef VMEMMAPWATCH_LAYOUT_POSSIBLE_H
#define VMEMMAPWATCH_LAYOUT_POSSIBLE_H

#include "layout/kernel_facts.h"

enum vmw_possible {
	VMW_POSSIBLE_UNKNOWN,
	VMW_POSSIBLE,
	VMW_IMPOSSIBLE,
	VMW_NR_POSSIBLE,
};

/* "unknown", "yes", "no". */
extern const char *const vmw_possible_names[VMW_NR_POSSIBLE];

/*
 * By what @kernel says, and @bounds (NULL: not known). One line in @why (of @size
 * bytes), a whole sentence: "This kernel cannot hit it, because ...", which has no
 * address where @redact is set.
 */
enum vmw_possible vmw_possible(const struct vmw_kernel_facts *kernel,
			       const struct vmw_bounds *bounds, bool redact, char *why,
			       size_t size);

/* What is known of a kernel that is not there: by its layout and its release. */

/* As vmw_kernel_facts_read(); what a layout cannot tell is unknown, and each _why says so. */
void vmw_kernel_guess(struct vmw_kernel_facts *ret, const struct vmw_layout *layout);

#endif
