/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vmcoreinfo text: lines of KEY(name)=value that the kernel writes about
 * itself for dump tools (kernel/crash_core.c and arch/arm64/kernel/crash_core.c
 * in 6.1.192; Documentation/admin-guide/kdump/vmcoreinfo.rst).
 */
#ifndef VMEMMAPWATCH_KERNEL_VMCOREINFO_H
#define VMEMMAPWATCH_KERNEL_VMCOREINFO_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

/*
 * The value of @key ("NUMBER(VA_BITS)", "SYMBOL(mem_section)", "PAGESIZE").
 * SYMBOL() and KERNELOFFSET are hex without 0x; the others are decimal, or hex
 * with 0x. Negative numbers come back in two's complement. Returns 0, -ENOENT
 * where the text has no such key, -EBADMSG where its value is no number.
 */
int vmw_vmcoreinfo_get(const char *text, const char *key, u64 *ret_value);

/* The value of @key as text, cut to @size bytes. 0, or -ENOENT. */
int vmw_vmcoreinfo_text(const char *text, const char *key, char *ret, size_t size);

#endif
