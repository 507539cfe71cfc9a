/* SPDX-License-Identifier: GPL-2.0-only */
/* What bpf/layout/ and daemon/layout/ share: memory that was read for us. */
#ifndef VMEMMAPWATCH_PEEK_H
#define VMEMMAPWATCH_PEEK_H

#include "types.h"

#define VMW_PEEK_SIZE	  4096 /* bytes at a time */
#define VMW_MAX_ALLOCATED 16

struct vmw_peeked {
	unsigned char bytes[VMW_PEEK_SIZE];
};

/* Addresses of struct pages that the kernel gave to one task, single ones. */
struct vmw_allocated {
	u32 nr; /* may be more than are kept */
	u32 pad;
	u64 pages[VMW_MAX_ALLOCATED];
};

#endif
