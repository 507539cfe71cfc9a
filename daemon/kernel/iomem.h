/* SPDX-License-Identifier: GPL-2.0-only */
/* /proc/iomem: who claims which physical addresses (kernel/resource.c). */
#ifndef VMEMMAPWATCH_KERNEL_IOMEM_H
#define VMEMMAPWATCH_KERNEL_IOMEM_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_IOMEM "/proc/iomem"

struct vmw_resource {
	u64 start;
	u64 last;	    /* inclusive, bytes */
	unsigned int depth; /* 0: claimed by nobody but the top */
	char name[64];	    /* cut */
};

struct vmw_iomem {
	struct vmw_resource *resources; /* in the file's order: outer ones first */
	size_t nr;
};

/*
 * Read @path. Returns 0 (vmw_iomem_free() then), -EPERM where all addresses
 * are zero, which is what the kernel shows without CAP_SYS_ADMIN, -EBADMSG
 * where a line is not "START-LAST : NAME", or another negative errno.
 */
int vmw_iomem_read(struct vmw_iomem *iomem, const char *path);
void vmw_iomem_free(struct vmw_iomem *iomem);

/* One line in @why (of @size bytes): what @err of vmw_iomem_read() means, and what helps. */
void vmw_iomem_why(const char *path, int err, char *why, size_t size);

enum vmw_ram {
	VMW_RAM_NO,
	VMW_RAM_PARTLY,
	VMW_RAM_YES,
};

/* How much of [@start, @last] is System RAM. */
enum vmw_ram vmw_iomem_ram(const struct vmw_iomem *iomem, u64 start, u64 last);

#endif
