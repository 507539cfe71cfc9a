/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of callers share: an argument is judged by constants, and a
 * hit is counted, which no flood can prevent; the first hit of a key takes a
 * stack, and of the later ones some are sent as samples.
 */
#ifndef VMEMMAPWATCH_BPF_HIT_H
#define VMEMMAPWATCH_BPF_HIT_H

#include "observe.h"

extern const volatile struct vmw_windows windows;
extern const volatile u32 section_shift; /* pfns of a section, as a power of two */

struct vmw_uses {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, VMW_MAX_USES);
	__type(key, struct vmw_use_key);
	__type(value, struct vmw_use);
};

struct vmw_samplings {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct vmw_sampling);
};

extern struct vmw_uses uses SEC(".maps");
extern struct vmw_samplings samplings SEC(".maps");

/* What a program is for: a row's number and its class, in one. */
#define ID(probe, class) ((u32)(probe) | (u32)(class) << 16)
#define PROBE_OF(id)	 ((id)&0xffff)
#define CLASS_OF(id)	 ((id) >> 16)

/* Programs that are built without knowing their number say where it is. */
#ifndef OWN_PROBE
#define OWN_PROBE 0
#endif

/* What a hit is about: some struct pages out of bounds. */
struct hit {
	u64 caller;
	u64 lowest; /* address of the struct page */
	u64 highest;
	u64 nr;	   /* of them */
	u64 place; /* of a site: where it is */
	u32 site;
	u32 id;
	u32 verdict; /* where it is known before; else 0 */
};

static __always_inline int may_sample(u64 now)
{
	u64 second = now / 1000000000;
	u32 zero = 0;
	struct vmw_sampling *s;

	s = bpf_map_lookup_elem(&samplings, &zero);
	if (!s)
		return 0;
	if (!s->rate)
		return 1;
	if (s->second != second) {
		s->second = second;
		s->sent = 0;
	}
	if (s->sent >= s->rate)
		return 0;
	__sync_fetch_and_add(&s->sent, 1);
	return 1;
}

/* Count it; *@first tells whether its key is new. */
static __always_inline int count(const struct hit *hit, struct vmw_use_key *key, u64 now,
				 int *first)
{
	struct vmw_use *use = bpf_map_lookup_elem(&uses, key);

	*first = 0;
	if (!use) {
		struct vmw_use fresh = {
			.first_ns = now,
			.lowest = hit->lowest,
			.highest = hit->highest,
		};

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
	if (hit->lowest < use->lowest)
		use->lowest = hit->lowest;
	if (hit->highest > use->highest)
		use->highest = hit->highest;
	return 0;
}

static __always_inline u64 size_of(const struct hit *hit)
{
	return hit->highest - hit->lowest + bounds.page_struct_size;
}

/*
 * The first of a key comes behind a stack, which wakes nobody: it has to be forced,
 * or the daemon, which has not caught up then, would not be woken at all.
 */
static __always_inline void sample(const struct hit *hit, const struct about *a, int first)
{
	struct vmw_observation *o = new_observation(a);
	struct vmw_judgement j;

	if (!o)
		return;
	if (hit->verdict)
		j = vmw_judge_overflow(hit->lowest);
	else
		j = vmw_judge_pages(bounds_at(), hit->lowest, size_of(hit));
	o->pfn = vmw_pfn_of(bounds_at(), hit->lowest);
	o->nr_pages = hit->nr;
	o->ip = hit->site ? hit->place : real_caller(hit->caller);
	set_judgement(o, &j);
	bpf_ringbuf_submit(o, first ? BPF_RB_FORCE_WAKEUP : 0);
}

/*
 * Out of bounds. The pages of one call are told by one key, that of the lowest.
 * Static, so that each program may hand over its context.
 */
static __noinline int on_hit(void *ctx, struct hit *hit)
{
	u64 now = bpf_ktime_get_boot_ns();
	struct vmw_use_key key = {};
	struct about a;
	int first;

	hit->id |= OWN_PROBE;
	key.probe = PROBE_OF(hit->id);
	key.site = hit->site;
	key.verdict = hit->verdict ? hit->verdict : verdict_of(hit->lowest, size_of(hit));
	/* A pfn that is looked up is MMIO more often than not: counted, no more. */
	if (CLASS_OF(hit->id) != VMW_CALLER_LOOKUP)
		key.section = vmw_pfn_of(bounds_at(), hit->lowest) >> section_shift;
	if (count(hit, &key, now, &first) || CLASS_OF(hit->id) == VMW_CALLER_LOOKUP)
		return 0;
	a = about(PROBE_OF(hit->id), NULL);
	a.site = hit->site;
	if (first)
		send_stack(ctx, hit->caller, 0, &a);
	if (first || may_sample(now))
		sample(hit, &a, first);
	return 0;
}

static __always_inline int in_window(u64 page)
{
	return page >= windows.page_start && page < windows.page_end;
}

/*
 * One more page into @hit, if it is one and out of bounds. By the window, not by
 * judging: the verifier would walk all that follows for each verdict.
 */
static __always_inline void take_page(struct hit *hit, u64 page)
{
	if (in_window(page) || vmw_is_answer(page))
		return;
	if (!hit->nr || page < hit->lowest)
		hit->lowest = page;
	if (!hit->nr || page > hit->highest)
		hit->highest = page;
	hit->nr++;
}

/*
 * The ways out of bounds are functions all: what a program saves and restores
 * for its own use of registers would be paid in bounds, too.
 */
static __noinline int hit_pages(void *ctx, u64 caller, u32 id, u64 a, u64 b)
{
	struct hit hit = { .caller = caller, .id = id };

	take_page(&hit, a);
	take_page(&hit, b);
	return hit.nr ? on_hit(ctx, &hit) : 0;
}

static __noinline int hit_pfn(void *ctx, u64 caller, u32 id, u64 pfn)
{
	u64 page = vmw_page_of(bounds_at(), pfn);
	struct hit hit = {
		.caller = caller,
		.id = id,
		.nr = 1,
		.lowest = page,
		.highest = page,
	};

	return on_hit(ctx, &hit);
}

static __noinline int hit_range(void *ctx, u64 caller, u32 id, u64 page, u64 nr)
{
	struct hit hit = {
		.caller = caller,
		.id = id,
		.nr = nr,
		.lowest = page,
		.highest = page + (nr - 1) * bounds.page_struct_size,
	};

	/* It overflows, and ends anywhere (vmw_judge_pfns()). */
	if (nr > ~(u64)0 >> bounds.page_shift)
		hit.verdict = VMW_STRADDLES;
	return on_hit(ctx, &hit);
}

/*
 * Argument @n (from 1) of a call: the registers of a kprobe and the arguments of
 * fentry both stand first in the context. Which one is to be an offset in the
 * instruction, since the verifier takes no other way into a context.
 */
static __always_inline u64 argument(const void *ctx, u32 n)
{
	u64 value = 0;

#define AT(number, offset) \
	case number: \
		asm("%0 = *(u64 *)(%1 + " #offset ")" : "=r"(value) : "r"(ctx)); \
		break
	switch (n) {
		AT(1, 0);
		AT(2, 8);
		AT(3, 16);
		AT(4, 24);
		AT(5, 32);
		AT(6, 40);
		AT(7, 48);
		AT(8, 56);
	}
#undef AT
	return value;
}

/*
 * The same as a number: a pointer of fentry may be compared, but not computed
 * with. What is negated is a pointer no more, to those who may see addresses
 * (check_alu_op(), kernel/bpf/verifier.c 5.10.223 to 7.2.13).
 */
static __always_inline u64 number_of(const void *ctx, u32 n)
{
	u64 value = argument(ctx, n);

	asm("%0 = -%0; %0 = -%0" : "+r"(value));
	return value;
}

/*
 * The same of a pointer to anything: fentry may not load what is no pointer to a
 * struct ("type PTR is not a struct", 6.12.117; 7.2.13 takes it).
 */
static __always_inline u64 pointer_of(const void *ctx, u32 n)
{
	u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), ctx + (n - 1) * sizeof(u64));
	return value;
}

/* Judge the arguments @a and @b, as the kind of that name in probes.h says. */
static __always_inline void judge_PAGE(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	if (!in_window(argument(ctx, a)) || (b && !in_window(argument(ctx, b))))
		hit_pages(ctx, caller, id, number_of(ctx, a), b ? number_of(ctx, b) : 0);
}

#define judge_FOLIO judge_PAGE

static __always_inline void judge_PFN(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	if (argument(ctx, a) - windows.pfn_start >= windows.nr_pfns)
		hit_pfn(ctx, caller, id, argument(ctx, a));
}

static __always_inline void judge_pfn_range(void *ctx, u64 caller, u32 id, u64 pfn, u64 nr)
{
	if (verdict_of_pfns(pfn, nr) != VMW_IN_BOUNDS)
		hit_range(ctx, caller, id, vmw_page_of(bounds_at(), pfn), nr);
}

static __always_inline void judge_PFN_RANGE(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	judge_pfn_range(ctx, caller, id, argument(ctx, a), argument(ctx, b));
}

static __always_inline void judge_PHYS_RANGE(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	judge_pfn_range(ctx, caller, id, argument(ctx, a) >> bounds.page_shift,
			argument(ctx, b) >> bounds.page_shift);
}

static __always_inline void judge_PAGE_RANGE(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	u64 start = number_of(ctx, a), size = number_of(ctx, b) - start;

	if (verdict_of(start, size) != VMW_IN_BOUNDS)
		hit_range(ctx, caller, id, start, size / bounds.page_struct_size);
}

#endif
