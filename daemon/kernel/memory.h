/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel memory of the running kernel: through /proc/kcore, or by a BPF program
 * where that is closed.
 */
#ifndef VMEMMAPWATCH_KERNEL_MEMORY_H
#define VMEMMAPWATCH_KERNEL_MEMORY_H

#include "kernel/kcore.h"

struct vmw_memory {
	struct vmw_kcore kcore;
	int kcore_error;	/* negative errno: closed */
	struct layout_bpf *bpf; /* loaded on first use */
	int bpf_error;
};

/* Opens what it can; vmw_memory_close() in any case. */
void vmw_memory_open(struct vmw_memory *memory);
void vmw_memory_close(struct vmw_memory *memory);

/*
 * Read @size bytes at @address. Returns 0 or a negative errno: -EFAULT where
 * there is no such memory, else why neither way is open. /proc/kcore itself
 * hands out zeros for unmapped addresses that one of its segments has.
 */
int vmw_memory_read(struct vmw_memory *memory, u64 address, void *buffer, size_t size);

/* "through /proc/kcore" or "by BPF". */
const char *vmw_memory_how(const struct vmw_memory *memory);

/* One line in @why (of @size bytes) for the @err of a read. */
void vmw_memory_why(const struct vmw_memory *memory, int err, char *why, size_t size);

#endif
