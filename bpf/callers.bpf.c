// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that take a pfn or a struct page, by the rows of probes.h. In bounds
 * nothing happens: the argument is compared with constants, and that is all. Out
 * of bounds a call is counted, which no flood can prevent; the first hit of a
 * key takes a stack, and of the later ones some are sent as samples.
 */
#include "common.h"

const volatile struct vmw_windows windows = {};
const volatile u32 section_shift = 0;	/* pfns of a section, as a power of two */
const volatile u64 sample_rate = 0;	/* a second; 0: no limit */

struct vmw_uses {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct vmw_use_key);
	__type(value, struct vmw_use);
};

struct vmw_uses uses SEC(".maps");

/* Samples of the running second; CPUs may race for the last ones. */
u64 sampling_second = 0;
u64 sampling_sent = 0;

static __always_inline int may_sample(u64 now)
{
	u64 second = now / 1000000000;

	if (!sample_rate)
		return 1;
	if (sampling_second != second) {
		sampling_second = second;
		sampling_sent = 0;
	}
	if (sampling_sent >= sample_rate)
		return 0;
	__sync_fetch_and_add(&sampling_sent, 1);
	return 1;
}

/* What a hit is about: some struct pages out of bounds, all with one verdict. */
struct hit {
	u64 caller;
	u64 page;	/* address of the first */
	u64 nr;		/* of them */
	u32 probe;
	u32 class;
};

/* Count it; *@first tells whether its key is new. */
static __always_inline int count(const struct hit *hit, struct vmw_use_key *key,
				 u64 now, int *first)
{
	u64 last = hit->page + (hit->nr - 1) * bounds.page_struct_size;
	struct vmw_use fresh = {
		.first_ns = now, .lowest = hit->page, .highest = last,
	};
	struct vmw_use *use = bpf_map_lookup_elem(&uses, key);

	*first = 0;
	if (!use) {
		*first = !bpf_map_update_elem(&uses, key, &fresh, BPF_NOEXIST);
		use = bpf_map_lookup_elem(&uses, key);
	}
	if (!use) {
		lose(VMW_LOST_USES);
		return -1;
	}
	__sync_fetch_and_add(&use->count, 1);
	__sync_fetch_and_add(&use->pages, hit->nr);
	use->last_ns = now;
	if (hit->page < use->lowest)
		use->lowest = hit->page;
	if (last > use->highest)
		use->highest = last;
	return 0;
}

static __always_inline void sample(const struct hit *hit, const struct vmw_judgement *j)
{
	struct vmw_observation *o = new_observation(hit->probe, NULL);

	if (!o)
		return;
	o->pfn = vmw_pfn_of((const struct vmw_bounds *)&bounds, hit->page);
	o->nr_pages = hit->nr;
	o->ip = hit->caller;
	set_judgement(o, j);
	bpf_ringbuf_submit(o, 0);
}

/* Out of bounds. Static, so that each program may hand over its context. */
static __noinline int on_hit(void *ctx, const struct hit *hit)
{
	const struct vmw_bounds *b = (const struct vmw_bounds *)&bounds;
	u64 size = hit->nr * b->page_struct_size;
	struct vmw_judgement j = vmw_judge_pages(b, hit->page, size);
	struct vmw_use_key key = { .probe = hit->probe, .verdict = j.verdict };
	u64 now = bpf_ktime_get_ns();
	int first;

	/* A pfn that is looked up is MMIO more often than not: counted, no more. */
	if (hit->class != VMW_CALLER_LOOKUP)
		key.section = vmw_pfn_of(b, hit->page) >> section_shift;
	if (count(hit, &key, now, &first) || hit->class == VMW_CALLER_LOOKUP)
		return 0;
	if (first)
		send_stack(ctx, hit->caller, 0, hit->probe, NULL);
	if (first || may_sample(now))
		sample(hit, &j);
	return 0;
}

/*
 * The ways out of bounds, functions all: what a program saves and restores for
 * its own use of registers would be paid in bounds, too.
 */
static __noinline int hit_page(void *ctx, u64 caller, u32 probe, u32 class, u64 page)
{
	struct hit hit = {
		.caller = caller, .page = page, .nr = 1, .probe = probe, .class = class,
	};
	struct vmw_judgement j =
		vmw_judge_page_argument((const struct vmw_bounds *)&bounds, page);

	/* NULL and ERR_PTR are answers, not pages. */
	return j.verdict == VMW_IN_BOUNDS ? 0 : on_hit(ctx, &hit);
}

/*
 * A pointer argument of fentry is no number to the verifier: it may be compared,
 * and is read once more as one where it is out of bounds.
 */
static __noinline int hit_page_at(void *ctx, u64 caller, u32 probe, u32 class,
				  const void *at)
{
	u64 page = 0;

	bpf_probe_read_kernel(&page, sizeof(page), at);
	return hit_page(ctx, caller, probe, class, page);
}

static __noinline int hit_pfn(void *ctx, u64 caller, u32 probe, u32 class, u64 pfn)
{
	struct hit hit = {
		.caller = caller, .nr = 1, .probe = probe, .class = class,
		.page = vmw_page_of((const struct vmw_bounds *)&bounds, pfn),
	};

	return on_hit(ctx, &hit);
}

static __always_inline int hit_pfns(void *ctx, u64 caller, u32 probe, u32 class,
				    u64 pfn, u64 nr)
{
	struct hit hit = {
		.caller = caller, .nr = nr, .probe = probe, .class = class,
		.page = vmw_page_of((const struct vmw_bounds *)&bounds, pfn),
	};

	return judge_pfns(pfn, nr).verdict == VMW_IN_BOUNDS ? 0 : on_hit(ctx, &hit);
}

#define IN_WINDOW(page) ((page) >= windows.page_start && (page) < windows.page_end)

/* args: the arguments in a row; a and b: constants, from 1. */
#define JUDGE_PAGE(ctx, caller, probe, class, args, a, b)		\
	do {								\
		if (!IN_WINDOW((args)[(a) - 1]))			\
			hit_page_at(ctx, caller, probe, class, &(args)[(a) - 1]); \
		if ((b) && !IN_WINDOW((args)[((b) ? (b) : (a)) - 1]))	\
			hit_page_at(ctx, caller, probe, class,		\
				    &(args)[((b) ? (b) : (a)) - 1]);	\
	} while (0)

#define JUDGE_PFN(ctx, caller, probe, class, args, a, b)		\
	do {								\
		if ((args)[(a) - 1] - windows.pfn_start >= windows.nr_pfns) \
			hit_pfn(ctx, caller, probe, class, (args)[(a) - 1]); \
	} while (0)

#define JUDGE_PFN_RANGE(ctx, caller, probe, class, args, a, b)		\
	hit_pfns(ctx, caller, probe, class, (args)[(a) - 1], (args)[(b) - 1])

#define JUDGE_PHYS_RANGE(ctx, caller, probe, class, args, a, b)		\
	hit_pfns(ctx, caller, probe, class, (args)[(a) - 1] >> bounds.page_shift, \
		 (args)[(b) - 1] >> bounds.page_shift)

#define JUDGE_PAGE_RANGE(ctx, caller, probe, class, args, a, b)		\
	hit_pages(ctx, caller, probe, class, (args)[(a) - 1], (args)[(b) - 1])

static __always_inline int hit_pages(void *ctx, u64 caller, u32 probe, u32 class,
				     u64 start, u64 end)
{
	const struct vmw_bounds *b = (const struct vmw_bounds *)&bounds;
	struct hit hit = {
		.caller = caller, .page = start, .probe = probe, .class = class,
		.nr = (end - start) / b->page_struct_size,
	};

	if (vmw_judge_pages(b, start, end - start).verdict == VMW_IN_BOUNDS)
		return 0;
	return on_hit(ctx, &hit);
}

#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) \
SEC("fentry/" #symbol)							\
int fentry__##name(u64 *ctx)						\
{									\
	JUDGE_##kind(ctx, 0, VMW_PROBE_##name, VMW_CALLER_##class, ctx, a, b); \
	return 0;							\
}									\
									\
SEC("kprobe/" #symbol)							\
int kprobe__##name(struct user_pt_regs *ctx)				\
{									\
	JUDGE_##kind(ctx, ctx->regs[30], VMW_PROBE_##name, VMW_CALLER_##class, \
		     ctx->regs, a, b);					\
	return 0;							\
}
VMW_CALLERS(VMW_CALLER)
#undef VMW_CALLER
