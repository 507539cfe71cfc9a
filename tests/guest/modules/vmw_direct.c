// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver whose only frame is the direct caller of memremap_pages(), in init
 * text, which the kernel frees as soon as this function has returned.
 */
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/module.h>

#include "private_ops.h"

static ulong size = 256UL << 20;
module_param(size, ulong, 0444);
MODULE_PARM_DESC(size, "bytes of device-private memory to ask for");

static struct resource *resource;
static struct dev_pagemap pgmap;

static int __init vmw_direct_init(void)
{
	void *p;

	resource = request_free_mem_region(&iomem_resource, size, "vmw_direct");
	if (IS_ERR(resource))
		return PTR_ERR(resource);
	pgmap.type = MEMORY_DEVICE_PRIVATE;
	pgmap.range.start = resource->start;
	pgmap.range.end = resource->end;
	pgmap.nr_range = 1;
	pgmap.ops = &ops;
	pgmap.owner = &pgmap;
	p = memremap_pages(&pgmap, NUMA_NO_NODE);
	if (!IS_ERR(p))
		return 0;
	release_mem_region(resource->start, resource_size(resource));
	return PTR_ERR(p);
}

static void __exit vmw_direct_exit(void)
{
	memunmap_pages(&pgmap);
	release_mem_region(resource->start, resource_size(resource));
}

module_init(vmw_direct_init);
module_exit(vmw_direct_exit);
MODULE_DESCRIPTION("vmemmapwatch test: memremap_pages() called from init text");
MODULE_LICENSE("GPL");
