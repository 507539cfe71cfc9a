/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of the kernel whose code converts pfns: a few, of different parts of mm/. */
#ifndef VMEMMAPWATCH_KERNEL_CONVERTING_H
#define VMEMMAPWATCH_KERNEL_CONVERTING_H

#include "kernel/kallsyms.h"
#include "kernel/memory.h"
#include "kernel/object.h"

/*
 * In Debian's kernels of 5.10, 6.1, 6.12 and 7.2 and in ours, 33 to 63 values in them tell
 * VMEMMAP_START, of which about half are of compaction.
 */
#define VMW_NR_CONVERTING 8
extern const char *const vmw_converting[VMW_NR_CONVERTING];

/*
 * Read the code of @functions, as vmw_kallsyms_find() has found them, from @memory into
 * @ret, which the caller frees. Those without an address are left out. Returns 0 or a
 * negative errno with nothing to free; -ENOENT: all are.
 */
int vmw_converting_read(struct vmw_object *ret,
			const struct vmw_symbol functions[VMW_NR_CONVERTING],
			struct vmw_memory *memory);

#endif
