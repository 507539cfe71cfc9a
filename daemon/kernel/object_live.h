/* SPDX-License-Identifier: GPL-2.0-only */
/* The code of a module, or of the kernel, as it is in memory now. */
#ifndef VMEMMAPWATCH_KERNEL_OBJECT_LIVE_H
#define VMEMMAPWATCH_KERNEL_OBJECT_LIVE_H

#include "kernel/memory.h"
#include "kernel/object.h"

#define VMW_VMLINUX "vmlinux"

/*
 * Read the functions that @kallsyms lists of @module (or VMW_VMLINUX, without its init
 * text, which is freed) from @memory into @ret. Returns 0 or a negative errno with one
 * line in @why (of @size bytes) and nothing to free: -ENOENT where no such module is
 * loaded. ret->memstart is the address of memstart_addr by kallsyms; 0: it has none.
 */
int vmw_object_live(struct vmw_object *ret, const char *module, const char *kallsyms,
		    struct vmw_memory *memory, char *why, size_t size);

#endif
