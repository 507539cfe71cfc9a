/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own memory and notes, through /proc/kcore (fs/proc/kcore.c). */
#ifndef VMEMMAPWATCH_KERNEL_KCORE_H
#define VMEMMAPWATCH_KERNEL_KCORE_H

#include <elf.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_KCORE "/proc/kcore"

struct vmw_kcore {
	int fd;
	Elf64_Phdr *segments;
	size_t nr_segments;
};

/*
 * Open @path and read its program headers. The caller closes with
 * vmw_kcore_close(), also after a failure. Returns 0 or a negative errno:
 * -EACCES and -EPERM from the kernel, -EBADMSG for what is no 64-bit ELF core.
 */
int vmw_kcore_open(struct vmw_kcore *kcore, const char *path);
void vmw_kcore_close(struct vmw_kcore *kcore);

/*
 * The text of the ELF note @name, NUL-terminated, in *@ret_text; the caller
 * frees it. -ENOENT where there is no such note.
 */
int vmw_kcore_note(const struct vmw_kcore *kcore, const char *name, char **ret_text);

/*
 * Read @size bytes of kernel memory at @address. -EFAULT where no segment
 * holds all of them, -EIO where the kernel hands out fewer.
 */
int vmw_kcore_read(const struct vmw_kcore *kcore, u64 address, void *buffer, size_t size);

#endif
