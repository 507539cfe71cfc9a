/* SPDX-License-Identifier: GPL-2.0-only */
/* A function's code, followed along all ways through it. */
#ifndef VMEMMAPWATCH_KERNEL_CODE_FLOW_H
#define VMEMMAPWATCH_KERNEL_CODE_FLOW_H

#include <stddef.h>

#include "kernel/code_state.h"

/* Instructions that follow each other. A function is one, and its .cold part another. */
struct vmw_code_extent {
	u64 start;
	const u32 *code;
	size_t n;
};

#define VMW_CODE_MAX_EXTENTS 4
/* Longer functions are not followed: amdgpu's longest has a tenth of that. */
#define VMW_CODE_MAX_INSNS  (1U << 18)
#define VMW_CODE_MAX_BLOCKS (1U << 14)

/* Called once for each instruction, with what was known before it. */
typedef void vmw_code_see_fn(void *data, u64 at, const struct vmw_a64 *insn,
			     const struct vmw_code_effect *effect);

/*
 * Follow the code of @nr extents, of which the first one begins with the entry, and show
 * all of it to @see. The bit 1 << N of an origin stands for @loads[N], the instruction
 * that reads memstart_addr or makes its address; those above 63 share the last bit. The
 * work is limited, whatever the code is. 0, -E2BIG where it is too long, or -ENOMEM.
 *
 * A trap ends its block; what nothing leads to (after a trap, or the cases of a jump by a
 * register) is followed apart, and changes nothing of what it leads to. With @together it
 * does, as after a WARN that goes on: more is found, and more is mixed up.
 * @loads has what an earlier run found.
 */
int vmw_code_follow(const struct vmw_code_extent *extents, size_t nr,
		    const struct vmw_code_model *model, u64 loads[64], bool together,
		    vmw_code_see_fn *see, void *data);

#endif
