// SPDX-License-Identifier: GPL-2.0-only
/*
 * pfn_to_page() where it is inlined: one program for all sites, each a kprobe at the
 * instruction that completes the address of a struct page. It computes that address from
 * the operands, since some sites never have it in a register. The maps are those of the
 * other programs.
 */
#include "../hit.h"
#include "../alone.h"

#include <vmemmapwatch/site.h>

/* Before 5.15 a probe has no cookie: a site is known by where it is. */
const volatile u32 by_place = 0;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, VMW_MAX_SITES + 1);
	__type(key, u32);
	__type(value, struct vmw_site_code);
} site_codes SEC(".maps");

/* How often each was run, in bounds or not. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VMW_MAX_SITES + 1);
	__type(key, u32);
	__type(value, u64);
} site_calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VMW_MAX_SITES);
	__type(key, u64); /* its address */
	__type(value, u32);
} site_places SEC(".maps");

/* The number of the site that is hit; 0: it is not known (yet). */
static __always_inline u32 number_of_site(struct user_pt_regs *ctx)
{
	u64 place = ctx->pc;
	u32 *number;

	if (!by_place)
		return bpf_get_attach_cookie(ctx);
	number = bpf_map_lookup_elem(&site_places, &place);
	return number ? *number : 0;
}

/* The verifier takes no offset into the context that is not in the instruction. */
static __always_inline u64 operand(struct user_pt_regs *ctx, u32 number)
{
	u64 at = (number & 31) * sizeof(u64), value = 0;

	if ((number & 31) != VMW_SITE_ZERO)
		bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + at);
	return value;
}

SEC("kprobe")
int kprobe__site(struct user_pt_regs *ctx)
{
	struct hit hit = { .id = ID(VMW_PROBE_SITE, VMW_CALLER_USE), .nr = 1 };
	struct vmw_site_code *code;
	u64 page, *calls;

	hit.site = number_of_site(ctx);
	code = bpf_map_lookup_elem(&site_codes, &hit.site);
	calls = bpf_map_lookup_elem(&site_calls, &hit.site);
	if (!hit.site || !code || !calls) {
		lose(VMW_LOST_SITES);
		return 0;
	}
	/* Programs of kprobes do not interrupt each other. */
	++*calls;
	page = vmw_site_page(bounds_at(), code,
			     vmw_site_value(code, operand(ctx, code->rn),
					    operand(ctx, code->rm), operand(ctx, code->ra)));
	/* Loops end at a page that is not there: one past the end is no fault. */
	if (in_window(page) || page == windows.page_end || vmw_is_answer(page))
		return 0;
	hit.place = ctx->pc;
	hit.lowest = page;
	hit.highest = page;
	on_hit(ctx, &hit);
	return 0;
}
