/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers and sizes that users type. */
#ifndef VMEMMAPWATCH_BASE_NUMBER_H
#define VMEMMAPWATCH_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

/* How a number is written where nothing is in front of it. */
enum vmw_base {
	VMW_DECIMAL = 10,
	VMW_HEX = 16,
};

struct vmw_number {
	u64 value;
	bool in_bytes; /* it had a unit */
};

/*
 * The first @length bytes of @text, all of them: 0x and hex, or digits of @base; _ may
 * stand between them. K, M, G or T, or KiB to TiB, in any case, make it a size, whose
 * digits are decimal unless 0x is in front. 0, or -EINVAL for anything else, such as a
 * sign, a blank, KB, or what does not fit in 64 bits.
 */
int vmw_number_parse(const char *text, size_t length, enum vmw_base base, struct vmw_number *ret);

/* All of @text: a decimal number, or a size in bytes where @is_size. 0 or -EINVAL. */
int vmw_number_parse_all(const char *text, bool is_size, u64 *ret);

#endif
