// SPDX-License-Identifier: GPL-2.0-only
#include "layout/from.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_from(data, size, vmw_from_table);
	return 0;
}
