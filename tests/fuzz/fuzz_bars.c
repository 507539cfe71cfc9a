// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "explain/gpu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fopen(fuzz_file(data, size), "re");
	struct vmw_wish wish = { 0 };

	promise(file != NULL);
	vmw_bars_read(file, &wish);
	promise(!wish.bar_size == !*wish.from);
	fclose(file);
	return 0;
}
