/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of vmw_kernel_facts_read(). */
#ifndef VMEMMAPWATCH_LAYOUT_LAYOUT_INTERNAL_H
#define VMEMMAPWATCH_LAYOUT_LAYOUT_INTERNAL_H

#include "layout/kernel_facts.h"

struct vmw_memory;

/* Each fills its answer and the _why beside it; phys_end needs the fix. */
void vmw_read_fix(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		  struct vmw_memory *memory);
void vmw_read_device_private(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
			     struct vmw_memory *memory);
void vmw_read_phys_end(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		       struct vmw_memory *memory);
void vmw_read_parange(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		      struct vmw_memory *memory);
void vmw_read_kaslr(struct vmw_kernel_facts *ret, const struct vmw_layout *layout);

/* By the layout alone. */
void vmw_kaslr_by_image(struct vmw_kernel_facts *ret, const struct vmw_layout *layout);
void vmw_read_sysctls(struct vmw_kernel_facts *ret);

#endif
