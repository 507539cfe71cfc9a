// SPDX-License-Identifier: GPL-2.0-only
/* Any instructions at all in the place of vmemmap_free(). */
#include "../../daemon/layout/insn.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u32 *code = malloc(size ? size : 1);
	u64 start, end;

	promise(code != NULL);
	memcpy(code, data, size);
	vmw_insn_find_bounds(code, size / sizeof(*code), &start, &end);
	free(code);
	return 0;
}
