// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "kernel/taints.h"

/* By bit: taint_flags[], kernel/panic.c 6.1.192, those that a module can set. */
static const char letters[] = "PF........C.OE.KX.N";

void vmw_format_taints(u64 taints, char *text, size_t size)
{
	size_t bit, n = 0;

	for (bit = 0; letters[bit] && n + 1 < size; bit++) {
		if (letters[bit] != '.' && taints >> bit & 1)
			text[n++] = letters[bit];
	}
	text[n] = '\0';
}

u64 vmw_parse_taints(const char *text)
{
	const char *at;
	u64 taints = 0;

	for (; *text; text++) {
		at = *text == '.' ? NULL : strchr(letters, *text);
		if (at)
			taints |= 1ULL << (at - letters);
	}
	return taints;
}
