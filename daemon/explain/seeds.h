/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the linear map of a boot starts: arm64_memblock_init(), arch/arm64/mm/init.c.
 * The seed is the lower 16 bits of the boot's KASLR seed, each as likely as another
 * (kaslr_early_init(), 6.1.192 and 6.12.117); in 5.10.223 the upper 16.
 */
#ifndef VMEMMAPWATCH_EXPLAIN_SEEDS_H
#define VMEMMAPWATCH_EXPLAIN_SEEDS_H

#include "kernel/iomem.h"
#include "layout/kernel_facts.h"
#include "layout/layout.h"

#define VMW_NR_SEEDS 65536

struct vmw_seeds {
	bool known;
	char why[256]; /* what they are by, or why they are not known */
	u64 base;      /* memstart_addr without randomisation */
	u64 align;     /* ARM64_MEMSTART_ALIGN, bytes */
	u64 slots;     /* how many of them it can be moved by; 0: not at all */
};

static inline u64 vmw_seeds_memstart(const struct vmw_seeds *seeds, u32 seed)
{
	return seeds->base - seeds->align * ((seeds->slots * seed) >> 16);
}

/*
 * What the kernel of @layout, of which @kernel tells, draws from. Where this boot's
 * own memstart_addr is none that a seed yields, nothing is known.
 */
void vmw_seeds_read(struct vmw_seeds *ret, const struct vmw_layout *layout,
		    const struct vmw_kernel_facts *kernel, const struct vmw_iomem *iomem);

#endif
