// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the layout asks the kernel where /proc/kcore is closed: an object of its
 * own, loaded before any probe and gone before the first.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <vmemmapwatch/peek.h>

char LICENSE[] SEC("license") = "GPL";

struct vmw_peeked peeked = {};
struct vmw_allocated allocated = {};

/* The task whose allocations count. */
const volatile u32 task = 0;

/* Run by hand: args[0] is a kernel address, args[1] a size in bytes. */
SEC("raw_tp")
int peek(struct bpf_raw_tracepoint_args *ctx)
{
	u64 size = ctx->args[1];

	if (size > VMW_PEEK_SIZE)
		return -1;
	return bpf_probe_read_kernel(peeked.bytes, size, (void *)ctx->args[0]);
}

/* include/trace/events/kmem.h, 5.10 to 7.2: page, order, flags, migratetype. */
SEC("raw_tp/mm_page_alloc")
int page_alloc(struct bpf_raw_tracepoint_args *ctx)
{
	u32 n = allocated.nr;

	if ((u32)bpf_get_current_pid_tgid() != task || !ctx->args[0] || ctx->args[1])
		return 0;
	if (n < VMW_MAX_ALLOCATED)
		allocated.pages[n] = ctx->args[0];
	allocated.nr = n + 1;
	return 0;
}
