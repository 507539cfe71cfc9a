// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "explain/gpu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fopen(fuzz_file(data, size), "re");
	struct vmw_planned planned = { 0 };

	promise(file != NULL);
	vmw_bars_read(file, &planned);
	promise(!planned.bar_size == !*planned.from);
	fclose(file);
	return 0;
}
