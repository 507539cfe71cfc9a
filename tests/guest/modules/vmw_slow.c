// SPDX-License-Identifier: GPL-2.0-only
/* A module that takes load_ms to load and unload_ms to unload. */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/module.h>

static unsigned int load_ms, unload_ms;
module_param(load_ms, uint, 0444);
module_param(unload_ms, uint, 0444);

static int __init vmw_slow_init(void)
{
	msleep(load_ms);
	return 0;
}

static void __exit vmw_slow_exit(void)
{
	msleep(unload_ms);
}

module_init(vmw_slow_init);
module_exit(vmw_slow_exit);
MODULE_DESCRIPTION("vmemmapwatch test: a module that comes and goes slowly");
MODULE_LICENSE("GPL");
