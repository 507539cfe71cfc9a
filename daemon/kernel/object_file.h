/* SPDX-License-Identifier: GPL-2.0-only */
/* The code of a module from its file, FILE.ko, or of the kernel from a vmlinux. */
#ifndef VMEMMAPWATCH_KERNEL_OBJECT_FILE_H
#define VMEMMAPWATCH_KERNEL_OBJECT_FILE_H

#include "kernel/object.h"

/* Unpacked modules that are longer are refused: amdgpu's with all its DWARF is not. */
#define VMW_MAX_OBJECT (1ULL << 30)

/*
 * Read the file at @path, which may be packed (base/packed.h), into @ret. Returns 0, or a
 * negative errno with one line in @why (of @size bytes) and nothing to free: -EBADMSG
 * where it is no arm64 ELF file with code and symbols.
 *
 * Its sections are put at addresses of our choice, and relocations that code is followed
 * by are applied: those of branches, and those against memstart_addr.
 */
int vmw_object_read(struct vmw_object *ret, const char *path, char *why, size_t size);

/* The same of a file that is in memory, as a fuzzer has it; nothing of it is kept. */
int vmw_object_parse(struct vmw_object *ret, const void *bytes, size_t length, char *why,
		     size_t size);

#endif
