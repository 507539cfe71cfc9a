// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "kernel/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_config wanted[] = {
		{ .name = "CONFIG_ARM64_VA_BITS" },
		{ .name = "CONFIG_KASAN_SHADOW_OFFSET" },
	};

	vmw_config_read(fuzz_file(data, size), wanted, 2);
	promise(strlen(wanted[0].value) < sizeof(wanted[0].value));
	return 0;
}
