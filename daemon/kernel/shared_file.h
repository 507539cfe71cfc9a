/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the kernel that somebody with more privileges has opened for us. What
 * /proc/kallsyms and /proc/iomem show depends on who opened them, not on who reads
 * (kallsyms_open(), kernel/kallsyms.c, and r_show(), kernel/resource.c; 5.10.223,
 * 6.1.192 and 7.2.13).
 */
#ifndef VMEMMAPWATCH_KERNEL_SHARED_FILE_H
#define VMEMMAPWATCH_KERNEL_SHARED_FILE_H

#include <stdio.h>

/* From now on vmw_open() of @path (kept as a pointer) reads @fd; -1: no more. */
void vmw_shared_file_set(const char *path, int fd);

/* Open @path to read, from its start: by what was lent, else by its name. */
FILE *vmw_open(const char *path);

#endif
