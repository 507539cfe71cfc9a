/* SPDX-License-Identifier: GPL-2.0-only */
/* The file of a module of the running kernel: /lib/modules/RELEASE/modules.dep lists them. */
#ifndef VMEMMAPWATCH_KERNEL_MODULE_FILE_H
#define VMEMMAPWATCH_KERNEL_MODULE_FILE_H

#include <stddef.h>

#include "kernel/object.h"

/*
 * Read the module @name for the kernel @release from its folder @modules (NULL:
 * /lib/modules/RELEASE) into @ret, as vmw_object_read() does. -ENOENT where there is none,
 * -EBADMSG where its vermagic is of another kernel.
 */
int vmw_module_file_read(struct vmw_object *ret, const char *name, const char *modules,
			 const char *release, char *why, size_t size);

#endif
