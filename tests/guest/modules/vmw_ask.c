// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks for device-private memory of any sizes, one after another, as a driver of a
 * GPU does: where, the kernel chooses. Loading succeeds where it gets all of them; or
 * at once, and a worker asks.
 */
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "private_ops.h"

#define MAX_REQUESTS 8

static ulong size[MAX_REQUESTS];
static uint nr;
module_param_array(size, ulong, &nr, 0444);
MODULE_PARM_DESC(size, "bytes of each request");

static uint later;
module_param(later, uint, 0444);
MODULE_PARM_DESC(later, "ms before each request, made by a worker after init has returned");

static struct dev_pagemap pgmaps[MAX_REQUESTS];
static uint held;

static int ask(struct dev_pagemap *pgmap, ulong bytes)
{
	struct resource *res = request_free_mem_region(&iomem_resource, bytes, "vmw_ask");
	void *p;

	if (IS_ERR(res))
		return PTR_ERR(res);
	pgmap->type = MEMORY_DEVICE_PRIVATE;
	pgmap->ops = &ops;
	pgmap->owner = pgmap;
	pgmap->range.start = res->start;
	pgmap->range.end = res->end;
	pgmap->nr_range = 1;
	p = memremap_pages(pgmap, NUMA_NO_NODE);
	if (!IS_ERR(p))
		return 0;
	release_mem_region(pgmap->range.start, range_len(&pgmap->range));
	return PTR_ERR(p);
}

static void release_all(void)
{
	while (held) {
		struct dev_pagemap *pgmap = &pgmaps[--held];

		memunmap_pages(pgmap);
		release_mem_region(pgmap->range.start, range_len(&pgmap->range));
	}
}

static void ask_later(struct work_struct *work)
{
	if (!ask(&pgmaps[held], size[held]) && ++held < nr)
		schedule_delayed_work(to_delayed_work(work), msecs_to_jiffies(later));
}

static DECLARE_DELAYED_WORK(asking, ask_later);

static int __init vmw_ask_init(void)
{
	int err = 0;

	if (later && nr) {
		schedule_delayed_work(&asking, msecs_to_jiffies(later));
		return 0;
	}
	for (; held < nr; held++) {
		err = ask(&pgmaps[held], size[held]);
		if (err)
			break;
	}
	if (err)
		release_all();
	return err;
}

static void __exit vmw_ask_exit(void)
{
	cancel_delayed_work_sync(&asking);
	release_all();
}

module_init(vmw_ask_init);
module_exit(vmw_ask_exit);
MODULE_DESCRIPTION("vmemmapwatch test: device-private memory of any size");
MODULE_LICENSE("GPL");
