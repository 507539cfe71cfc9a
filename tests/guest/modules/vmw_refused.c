// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks for struct pages of a physical range beyond the linear map, by default
 * of a type that needs a linear mapping, so that the kernel refuses. Loading succeeds
 * only if it does not refuse.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>

#include "private_ops.h"

static ulong start = 0xf00000000000UL;
module_param(start, ulong, 0444);
MODULE_PARM_DESC(start, "physical address to ask for");

static ulong size = 128UL << 20;
module_param(size, ulong, 0444);
MODULE_PARM_DESC(size, "bytes to ask for");

static uint times = 1;
module_param(times, uint, 0444);
MODULE_PARM_DESC(times, "how often to ask");

static uint stuck;
module_param(stuck, uint, 0444);
MODULE_PARM_DESC(stuck, "seconds to sleep first, in a way that no signal ends");

static bool private;
module_param(private, bool, 0444);
MODULE_PARM_DESC(private, "ask for device-private memory, which needs no linear mapping");

static struct dev_pagemap pgmap;

static int __init vmw_refused_init(void)
{
	void *p = NULL;
	uint i;

	ssleep(stuck);
	pgmap.type = private ? MEMORY_DEVICE_PRIVATE : MEMORY_DEVICE_GENERIC;
	pgmap.ops = &ops;
	pgmap.owner = &pgmap;
	pgmap.range.start = start;
	pgmap.range.end = start + size - 1;
	pgmap.nr_range = 1;
	for (i = 0; i < times; i++) {
		p = memremap_pages(&pgmap, NUMA_NO_NODE);
		if (!IS_ERR(p))
			return 0;
	}
	return PTR_ERR(p);
}

static void __exit vmw_refused_exit(void)
{
	memunmap_pages(&pgmap);
}

module_init(vmw_refused_init);
module_exit(vmw_refused_exit);
MODULE_DESCRIPTION("vmemmapwatch test: a range that the kernel refuses");
MODULE_LICENSE("GPL");
