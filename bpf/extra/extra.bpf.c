// SPDX-License-Identifier: GPL-2.0-only
/*
 * One probe that the table lacks, asked for by --probe: a program for each kind,
 * of which the daemon loads one, with its number and arguments as constants. The
 * maps are those of the other programs.
 */
#include "../array.h"

char LICENSE[] SEC("license") = "GPL";

struct vmw_ring ring SEC(".maps");
struct vmw_losses losses SEC(".maps");
struct vmw_uses uses SEC(".maps");
struct vmw_samplings samplings SEC(".maps");

const volatile struct vmw_bounds bounds = {};
const volatile struct vmw_windows windows = {};
const volatile u32 section_shift = 0;
const volatile u64 sample_rate = 0;

/* Arguments from 1, b 0 for none: both in one, since each is a load in bounds. */
const volatile u64 extra_arguments = 0;	/* a | b << 8 */
const volatile u32 extra_probe = 0;

#define EXTRA_ID ID(extra_probe, VMW_CALLER_USE)

#define VMW_KIND(kind, name)						\
SEC("fentry")								\
int fentry__##kind(u64 *ctx)						\
{									\
	u64 n = extra_arguments;					\
									\
	judge_##kind(ctx, 0, EXTRA_ID, n & 255, n >> 8);		\
	return 0;							\
}									\
									\
SEC("kprobe")								\
int kprobe__##kind(struct user_pt_regs *ctx)				\
{									\
	u64 n = extra_arguments;					\
									\
	judge_##kind(ctx, ctx->regs[30], EXTRA_ID, n & 255, n >> 8);	\
	return 0;							\
}
VMW_KINDS(VMW_KIND)
#undef VMW_KIND
