// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver like those of GPUs: it is bound to a device, asks for a free physical
 * range, and makes struct pages of device-private memory there.
 */
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/workqueue.h>

#include "private_ops.h"

static ulong size = 128UL << 20;
module_param(size, ulong, 0444);
MODULE_PARM_DESC(size, "bytes to ask for");

static bool no_ops;
module_param(no_ops, bool, 0444);
MODULE_PARM_DESC(no_ops, "forget the operations, of which the kernel WARNs");

static bool later;
module_param(later, bool, 0444);
MODULE_PARM_DESC(later, "ask in a worker, when the device is bound");

static bool nested;
module_param(nested, bool, 0444);
MODULE_PARM_DESC(nested, "add a device of its own first, and ask by calls that know no device");

static struct dev_pagemap pgmap;
static struct platform_device *device;

static int ask(struct platform_device *pdev)
{
	struct resource *resource;
	void *p;

	if (nested)
		resource = request_free_mem_region(&iomem_resource, size, "vmw_device");
	else
		resource = devm_request_free_mem_region(&pdev->dev, &iomem_resource, size);
	if (IS_ERR(resource))
		return PTR_ERR(resource);
	pgmap.type = MEMORY_DEVICE_PRIVATE;
	pgmap.ops = no_ops ? NULL : &ops;
	pgmap.owner = &pgmap;
	pgmap.range.start = resource->start;
	pgmap.range.end = resource->end;
	pgmap.nr_range = 1;
	if (nested)
		p = memremap_pages(&pgmap, NUMA_NO_NODE);
	else
		p = devm_memremap_pages(&pdev->dev, &pgmap);
	return PTR_ERR_OR_ZERO(p);
}

static void ask_later(struct work_struct *work)
{
	if (!IS_ERR_OR_NULL(device))
		ask(device);
}

static DECLARE_DELAYED_WORK(asking, ask_later);

static struct platform_device *child;

static int vmw_device_probe(struct platform_device *pdev)
{
	if (pdev->id != 7)
		return 0;
	if (nested)
		child = platform_device_register_simple("vmw_device", 8, NULL, 0);
	if (!later)
		return ask(pdev);
	schedule_delayed_work(&asking, msecs_to_jiffies(300));
	return 0;
}

static struct platform_driver driver = {
	.probe = vmw_device_probe,
	.driver.name = "vmw_device",
};

static int __init vmw_device_init(void)
{
	int err = platform_driver_register(&driver);

	if (err)
		return err;
	device = platform_device_register_simple("vmw_device", 7, NULL, 0);
	if (!IS_ERR(device))
		return 0;
	platform_driver_unregister(&driver);
	return PTR_ERR(device);
}

static void __exit vmw_device_exit(void)
{
	cancel_delayed_work_sync(&asking);
	if (nested && pgmap.nr_range) {
		memunmap_pages(&pgmap);
		release_mem_region(pgmap.range.start, range_len(&pgmap.range));
	}
	if (!IS_ERR_OR_NULL(child))
		platform_device_unregister(child);
	platform_device_unregister(device);
	platform_driver_unregister(&driver);
}

module_init(vmw_device_init);
module_exit(vmw_device_exit);
MODULE_DESCRIPTION("vmemmapwatch test: a driver with a device");
MODULE_VERSION("1.7-test");
MODULE_LICENSE("GPL");
