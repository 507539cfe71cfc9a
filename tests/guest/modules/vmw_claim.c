// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims all physical addresses that the linear map does not reach, so that
 * request_free_mem_region() hands out what ends exactly where the linear map
 * does: a kernel with the bug as it is without it. The linear map ends at
 * PAGE_END, which is not exported, but -(1 << (VA_BITS_MIN - 1)).
 */
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>

static ulong above;
module_param(above, ulong, 0444);
MODULE_PARM_DESC(above, "bytes beyond it that are left free");

static struct resource claim = {
	.name = "vmw_claim",
	.flags = IORESOURCE_MEM | IORESOURCE_BUSY,
};

static int __init vmw_claim_init(void)
{
	u64 last = memstart_addr + (_PAGE_END(VA_BITS_MIN) - 1 - PAGE_OFFSET);

	claim.start = round_up(last + 1, SZ_1G) + above;
	claim.end = (1ULL << MAX_PHYSMEM_BITS) - 1;
	/* The linear map of a CPU may reach up to there. */
	if (claim.start >= claim.end)
		return 0;
	return request_resource(&iomem_resource, &claim);
}

static void __exit vmw_claim_exit(void)
{
	if (claim.parent)
		release_resource(&claim);
}

module_init(vmw_claim_init);
module_exit(vmw_claim_exit);
MODULE_DESCRIPTION("vmemmapwatch test: nothing free beyond the linear map");
MODULE_LICENSE("GPL");
