// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that take a pfn or a struct page, by the rows of probes.h. In bounds
 * nothing happens: the argument is compared with constants, and that is all.
 */
#include "array.h"

const volatile struct vmw_windows windows = {};
const volatile u32 section_shift = 0;

struct vmw_uses uses SEC(".maps");
struct vmw_samplings samplings SEC(".maps");

#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) \
	SEC("fentry/" #symbol) \
	int fentry__##name(u64 *ctx) \
	{ \
		judge_##kind(ctx, 0, ID(VMW_PROBE_##name, VMW_CALLER_##class), a, b); \
		return 0; \
	} \
\
	SEC("kprobe/" #symbol) \
	int kprobe__##name(struct user_pt_regs *ctx) \
	{ \
		judge_##kind(ctx, ctx->regs[30], ID(VMW_PROBE_##name, VMW_CALLER_##class), a, \
			     b); \
		return 0; \
	}
VMW_CALLERS(VMW_CALLER)
#undef VMW_CALLER

static __always_inline int save_argument(u32 probe, u64 argument)
{
	struct vmw_call key = { .task = bpf_get_current_pid_tgid(), .probe = probe };

	if (bpf_map_update_elem(&calls, &key, &argument, BPF_ANY))
		lose(VMW_LOST_CALLS);
	return 0;
}

/* 0 where the call began before we watched. */
static __always_inline u64 saved_argument(u32 probe)
{
	struct vmw_call key = { .task = bpf_get_current_pid_tgid(), .probe = probe };
	u64 *saved = bpf_map_lookup_elem(&calls, &key);
	u64 argument = saved ? *saved : 0;

	forget(&calls, &key, VMW_LOST_CALLS);
	return argument;
}

/* fexit has the result behind the arguments, of which there is a letter each. */
#define VMW_RETURN(name, symbol, kind, a, class, heat, prototypes, meaning) \
	SEC("fexit/" #symbol) \
	int fexit__##name(u64 *ctx) \
	{ \
		judge_##kind(ctx, 0, ID(VMW_PROBE_##name, VMW_CALLER_##class), \
			     pointer_of(ctx, a), ctx[sizeof(prototypes) - 1]); \
		return 0; \
	} \
\
	SEC("kprobe/" #symbol) \
	int save__##name(struct user_pt_regs *ctx) \
	{ \
		return save_argument(VMW_PROBE_##name, ctx->regs[(a)-1]); \
	} \
\
	SEC("kretprobe/" #symbol) \
	int kretprobe__##name(struct user_pt_regs *ctx) \
	{ \
		u64 argument = saved_argument(VMW_PROBE_##name); \
\
		if (argument) \
			judge_##kind(ctx, 0, ID(VMW_PROBE_##name, VMW_CALLER_##class), \
				     argument, ctx->regs[0]); \
		return 0; \
	}
VMW_RETURNS(VMW_RETURN)
#undef VMW_RETURN
