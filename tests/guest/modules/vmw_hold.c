// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that keeps whoever calls it: its init, and the probe of each of its devices,
 * which are bound by hand (/sys/bus/platform/drivers/vmw_hold/bind). When it is let go,
 * the first device asks for struct pages, by calls that know no device.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "private_ops.h"

#define MAX_DEVICES 1000
#define SIZE	    (128UL << 20)

static uint devices;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "how many devices");

static bool hold;
module_param(hold, bool, 0444);
MODULE_PARM_DESC(hold, "keep who runs the init");

static uint release;
module_param(release, uint, 0644);
MODULE_PARM_DESC(release, "1: let the init and the first device go; 2: all");

static bool die;
module_param(die, bool, 0644);
MODULE_PARM_DESC(die, "who binds the second device dies there, when it is let go");

static int inside;
module_param(inside, int, 0444);
MODULE_PARM_DESC(inside, "how many devices are kept now");
static DEFINE_SPINLOCK(lock);

static bool armed;
static struct platform_device *device[MAX_DEVICES];
static struct dev_pagemap pgmap;

static void wait_for(uint value)
{
	while (READ_ONCE(release) < value)
		msleep(200);
}

static int ask(void)
{
	struct resource *resource = request_free_mem_region(&iomem_resource, SIZE, "vmw_hold");

	if (IS_ERR(resource))
		return PTR_ERR(resource);
	pgmap.type = MEMORY_DEVICE_PRIVATE;
	pgmap.ops = &ops;
	pgmap.owner = &pgmap;
	pgmap.range.start = resource->start;
	pgmap.range.end = resource->end;
	pgmap.nr_range = 1;
	return PTR_ERR_OR_ZERO(memremap_pages(&pgmap, NUMA_NO_NODE));
}

static void count(int more)
{
	spin_lock(&lock);
	inside += more;
	spin_unlock(&lock);
}

static int vmw_hold_probe(struct platform_device *pdev)
{
	if (!armed)
		return -ENODEV;
	count(1);
	wait_for(pdev->id ? 2 : 1);
	count(-1);
	if (die && pdev->id == 1) {
		/* The shutdown would wait for it. */
		device_unlock(&pdev->dev);
		BUG();
	}
	return pdev->id ? 0 : ask();
}

static struct platform_driver driver = {
	.probe = vmw_hold_probe,
	.driver.name = "vmw_hold",
};

static int __init vmw_hold_init(void)
{
	int err = platform_driver_register(&driver);
	uint i;

	if (err)
		return err;
	for (i = 0; i < min_t(uint, devices, MAX_DEVICES); i++)
		device[i] = platform_device_register_simple("vmw_hold", i, NULL, 0);
	armed = true;
	if (hold)
		wait_for(1);
	return 0;
}

static void __exit vmw_hold_exit(void)
{
	uint i;

	if (pgmap.nr_range) {
		memunmap_pages(&pgmap);
		release_mem_region(pgmap.range.start, range_len(&pgmap.range));
	}
	for (i = 0; i < MAX_DEVICES; i++) {
		if (!IS_ERR_OR_NULL(device[i]))
			platform_device_unregister(device[i]);
	}
	platform_driver_unregister(&driver);
}

module_init(vmw_hold_init);
module_exit(vmw_hold_exit);
MODULE_DESCRIPTION("vmemmapwatch test: many are inside at once");
MODULE_LICENSE("GPL");
