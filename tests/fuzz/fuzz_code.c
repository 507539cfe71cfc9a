// SPDX-License-Identifier: GPL-2.0-only
/* Any instructions at all in the place of vmemmap_free() and mhp_range_allowed(). */
#include "fuzz.h"

#include "kernel/insn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u32 *code = malloc(size ? size : 1);
	u64 start, end, found[8];
	size_t nr;

	promise(code != NULL);
	memcpy(code, data, size);
	vmw_insn_find_bounds(code, size / sizeof(*code), &start, &end);
	nr = vmw_insn_references(code, size / sizeof(*code), 0xffff800080262a48, found, 8);
	promise(nr <= 8);
	free(code);
	return 0;
}
