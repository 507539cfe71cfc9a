/* SPDX-License-Identifier: GPL-2.0-only */
/* --driver: wait until the init functions of these modules have returned. */
#ifndef VMEMMAPWATCH_WATCH_WAIT_DRIVER_H
#define VMEMMAPWATCH_WATCH_WAIT_DRIVER_H

#include "watch/watch.h"

#define VMW_MAX_DRIVERS 8

/* Names of modules, as the kernel has them. */
struct vmw_driver_names {
	char name[VMW_MAX_DRIVERS][VMW_MODULE_LEN];
	unsigned int nr;
};

struct vmw_drivers {
	const struct vmw_driver_names *names;
	bool done[VMW_MAX_DRIVERS];
};

/* Is there a driver that will never be loaded? -EINVAL after one line, or 0. */
int vmw_drivers_check(const struct vmw_driver_names *names);

/* Begin to wait; says which of them are loaded already. */
void vmw_drivers_begin(struct vmw_drivers *drivers, const struct vmw_driver_names *names);

/* Something became of @module. True where it was the last one that was waited for. */
bool vmw_drivers_on(struct vmw_drivers *drivers, const struct vmw_module *module);

/* Those that have not come, in one line; "" for none. */
void vmw_drivers_missing(const struct vmw_drivers *drivers, char *text, size_t size);

/*
 * Version and taints of drivers in @watch that were there before us, from
 * /sys/module: each once.
 */
void vmw_drivers_describe(struct vmw_watch *watch);

#endif
