/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel's configuration, as the kernel's build writes it (Kconfig). */
#ifndef VMEMMAPWATCH_KERNEL_CONFIG_H
#define VMEMMAPWATCH_KERNEL_CONFIG_H

#include <stddef.h>

struct vmw_config {
	const char *name; /* CONFIG_... */
	char value[24];	  /* as written, cut; "" where it is not set */
};

/*
 * Look @wanted up in @path, which may be gzipped. Returns 0 or a negative
 * errno: -EBADMSG where @path has not one line of a configuration.
 */
int vmw_config_read(const char *path, struct vmw_config *wanted, size_t n);

#endif
