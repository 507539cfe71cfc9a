/* SPDX-License-Identifier: GPL-2.0-only */
/* Bounds that more than one test is about. */
#ifndef VMEMMAPWATCH_TESTS_BOUNDS_H
#define VMEMMAPWATCH_TESTS_BOUNDS_H

#include "vmemmapwatch/verdict.h"

/* 48-bit, 4 KiB pages, RAM from 1 GiB on: the guest of tests/data/kmsg-6.1-above. */
static const struct vmw_bounds above_bounds = {
	.vmemmap = 0xfffffbffff000000,
	.start = 0xfffffc0000000000,
	.end = 0xfffffe0000000000,
	.nominal_start = 0xfffffc0000000000,
	.page_struct_size = 64,
	.page_shift = 12,
	.va_bits = 48,
};

#endif
