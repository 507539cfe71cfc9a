/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a kernel that is not there: by its layout and its release. */
#ifndef VMEMMAPWATCH_KERNEL_OFFLINE_H
#define VMEMMAPWATCH_KERNEL_OFFLINE_H

#include "layout/kernel_facts.h"

/* As vmw_kernel_facts_read(); what a layout cannot tell is unknown, and each _why says so. */
void vmw_kernel_guess(struct vmw_kernel_facts *ret, const struct vmw_layout *layout);

#endif
