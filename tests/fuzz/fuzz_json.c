// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "layout/from.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_from(data, size, vmw_from_json);
	return 0;
}
