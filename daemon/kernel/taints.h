/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_KERNEL_TAINTS_H
#define VMEMMAPWATCH_KERNEL_TAINTS_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

/* "OE": the letters of the taint bits that a module can set; "" for none. */
void vmw_format_taints(u64 taints, char *text, size_t size);

/* The bits of such letters; others are passed over. */
u64 vmw_parse_taints(const char *text);

#endif
