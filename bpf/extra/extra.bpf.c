// SPDX-License-Identifier: GPL-2.0-only
/*
 * One probe that the table lacks, asked for by --probe: a program for each kind,
 * of which the daemon loads one, with its number and arguments as constants. The
 * maps are those of the other programs.
 */
#include <vmemmapwatch/types.h>

extern const volatile u32 extra_probe;
/* The number comes in on a hit: in bounds it would be one more load. */
#define OWN_PROBE extra_probe
#include "../array.h"
#include "../alone.h"

/* Arguments from 1, b 0 for none. */
const volatile u64 extra_arguments = 0; /* a | b << 8 */
const volatile u32 extra_probe = 0;

#define VMW_KIND(kind, name) \
	SEC("fentry") \
	int fentry__##kind(u64 *ctx) \
	{ \
		u64 n = extra_arguments; \
\
		judge_##kind(ctx, 0, ID(0, VMW_CALLER_USE), n & 255, n >> 8); \
		return 0; \
	} \
\
	SEC("kprobe") \
	int kprobe__##kind(struct user_pt_regs *ctx) \
	{ \
		u64 n = extra_arguments; \
\
		judge_##kind(ctx, ctx->regs[30], ID(0, VMW_CALLER_USE), n & 255, n >> 8); \
		return 0; \
	}
VMW_KINDS(VMW_KIND)
#undef VMW_KIND

/*
 * One argument is the most frequent case: with its number in the instruction
 * nothing is read in bounds but the window.
 */
#define AT(kind, n) \
	SEC("fentry") \
	int fentry__##kind##_##n(u64 *ctx) \
	{ \
		judge_##kind(ctx, 0, ID(0, VMW_CALLER_USE), n, 0); \
		return 0; \
	} \
\
	SEC("kprobe") \
	int kprobe__##kind##_##n(struct user_pt_regs *ctx) \
	{ \
		judge_##kind(ctx, ctx->regs[30], ID(0, VMW_CALLER_USE), n, 0); \
		return 0; \
	}
#define AT_EACH(kind) \
	AT(kind, 1) \
	AT(kind, 2) AT(kind, 3) AT(kind, 4) AT(kind, 5) AT(kind, 6) AT(kind, 7) AT(kind, 8)
AT_EACH(PAGE)
AT_EACH(PFN)
#undef AT
