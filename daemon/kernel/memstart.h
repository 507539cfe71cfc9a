/* SPDX-License-Identifier: GPL-2.0-only */
/* Where memstart_addr is, by the code that uses it: kallsyms need not list variables. */
#ifndef VMEMMAPWATCH_KERNEL_MEMSTART_H
#define VMEMMAPWATCH_KERNEL_MEMSTART_H

#include "kernel/object.h"

/*
 * The variable that @object loads most often to shift it right by the bits of a page, with
 * its sign, as only that one is. 0 with its address and how often in *@ret_hits; -ENOENT
 * where none is far enough ahead of the others.
 */
int vmw_guess_memstart(const struct vmw_object *object, u64 *ret, size_t *ret_hits);

#endif
