// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "kernel/iomem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_iomem iomem;
	size_t i;

	if (vmw_iomem_read(&iomem, fuzz_file(data, size)))
		return 0;
	for (i = 0; i < iomem.nr; i++)
		promise(iomem.resources[i].start <= iomem.resources[i].last);
	vmw_iomem_ram(&iomem, 0x40000000, 0x400fffff);
	vmw_iomem_ram(&iomem, 0, ~0ULL);
	vmw_iomem_free(&iomem);
	return 0;
}
