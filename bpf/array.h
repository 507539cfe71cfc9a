/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arguments behind a pointer: arrays of pages or pfns, and the structs that hold
 * them. All pages of a call that are out of bounds are one hit.
 */
#ifndef VMEMMAPWATCH_BPF_ARRAY_H
#define VMEMMAPWATCH_BPF_ARRAY_H

#include "hit.h"

/* How an array tells of pages. */
enum entry_kind {
	ENTRY_PAGE, /* struct page * */
	ENTRY_PFN,
	ENTRY_MIGRATE, /* include/linux/migrate.h: MIGRATE_PFN_*, 5.10.223 to 7.2.13 */
	ENTRY_HMM,     /* include/linux/hmm.h: HMM_PFN_* */
};

#define MIGRATE_PFN_VALID (1ULL << 0)
#define MIGRATE_PFN_SHIFT 6
#define HMM_PFN_VALID	  (1ULL << 63)

/* Entries that are read at once. */
#define CHUNK 8

/*
 * How entries of a kind are read: one counts where (entry & test) - one is under
 * limit; it stands for (entry & keep) >> shift, a pfn or the address of a page,
 * which is in bounds from start on for nr.
 */
struct format {
	u64 test, one, limit;
	u64 keep, shift;
	u64 start, nr;
};

/* The flags of an hmm_pfn are its bits from the order's on, which moved. */
static __always_inline u64 hmm_pfn_bits(void)
{
	if (!bpf_core_enum_value_exists(enum hmm_pfn_flags, HMM_PFN_ORDER_SHIFT))
		return ~HMM_PFN_VALID;
	return (1ULL << bpf_core_enum_value(enum hmm_pfn_flags, HMM_PFN_ORDER_SHIFT)) - 1;
}

/* Zero. The verifier does not know, and walks a loop once for all formats. */
u64 unknown = 0;

static __always_inline struct format format_of(enum entry_kind kind)
{
	struct format f = {
		.limit = ~0ULL,
		.keep = ~0ULL,
		.start = windows.pfn_start,
		.nr = windows.nr_pfns,
	};

	switch (kind) {
	case ENTRY_PAGE: /* NULL and ERR_PTR are answers */
		f.test = ~0ULL;
		f.one = 1;
		f.limit = -4096ULL;
		f.start = windows.page_start;
		f.nr = windows.page_end - windows.page_start;
		break;
	case ENTRY_PFN:
		break;
	case ENTRY_MIGRATE:
		f.test = MIGRATE_PFN_VALID;
		f.one = 1;
		f.shift = MIGRATE_PFN_SHIFT;
		break;
	case ENTRY_HMM:
		f.test = HMM_PFN_VALID;
		f.one = 1;
		f.keep = hmm_pfn_bits();
		break;
	}
	f.test ^= unknown;
	f.one ^= unknown;
	f.limit ^= unknown;
	f.keep ^= unknown;
	f.shift ^= unknown;
	f.start ^= unknown;
	f.nr ^= unknown;
	return f;
}

/*
 * a < b as a number: a branch for each entry would be too many for the verifier,
 * and clang is not to make one of it.
 */
static __always_inline u64 less(u64 a, u64 b)
{
	u64 is_less;

	barrier_var(b);
	is_less = ((~a & b) | ((~a | b) & (a - b))) >> 63;
	barrier_var(is_less);
	return is_less;
}

/* 1 where @entry is out of bounds; *@value is what it stands for. */
static __always_inline u64 is_outside(const struct format *f, u64 entry, u64 *value)
{
	*value = (entry & f->keep) >> f->shift;
	return less((entry & f->test) - f->one, f->limit) & (less(*value - f->start, f->nr) ^ 1);
}

/*
 * Of the @nr entries at @array that are out of bounds: their number; or the highest
 * of what they stand for, each ^ @flip (the lowest number is the highest of ~).
 * A global function with numbers alone is verified for itself: as a part of its
 * callers, or with several results, the verifier would walk every combination of
 * entries.
 */
__noinline u64 ask_array(u64 array, u32 nr, u32 kind, u64 flip, u32 how_many)
{
	const struct format f = format_of(kind);
	u64 chunk[2 * CHUNK] = {}; /* twice: for the mask below */
	u64 many = 0, highest = 0, value, outside, left, n, size;
	u32 i, k;

	for (i = 0; i < VMW_MAX_ENTRIES; i += CHUNK) {
		if (i >= nr)
			break;
		left = nr - i;
		n = CHUNK ^ ((CHUNK ^ left) & -less(left, CHUNK));
		size = n * sizeof(u64);
		/* clang knows that it is small, and would not tell the verifier. */
		barrier_var(size);
		if (bpf_probe_read_kernel(chunk, size & 127, (void *)array)) {
			/* Asked several times of one array, told once. */
			if (how_many)
				lose_many(VMW_LOST_READS, nr - i);
			break;
		}
#pragma unroll
		for (k = 0; k < CHUNK; k++) {
			outside = is_outside(&f, chunk[k], &value) & less(k, n);
			many += outside;
			value = (value ^ flip) & -outside;
			highest ^= (highest ^ value) & -less(highest, value);
		}
		array += CHUNK * sizeof(u64);
	}
	return how_many ? many : highest ^ flip;
}

/* Those behind the limit are a loss. */
static __always_inline u32 limit_entries(u64 nr)
{
	if (nr <= VMW_MAX_ENTRIES)
		return nr;
	lose_many(VMW_LOST_ENTRIES, nr - VMW_MAX_ENTRIES);
	return VMW_MAX_ENTRIES;
}

static __always_inline u64 page_of_value(u64 value, enum entry_kind kind)
{
	return kind == ENTRY_PAGE ? value : vmw_page_of(bounds_at(), value);
}

/* Take what is out of bounds of the @nr entries at @array into @hit. */
static __always_inline void take_array(struct hit *hit, u64 array, u64 nr, enum entry_kind kind)
{
	u32 limited = limit_entries(nr);
	u64 outside, lowest, highest;

	outside = array ? ask_array(array, limited, kind, 0, 1) : 0;
	if (!outside)
		return;
	lowest = page_of_value(ask_array(array, limited, kind, ~0ULL, 0), kind);
	highest = page_of_value(ask_array(array, limited, kind, 0, 0), kind);
	if (!hit->nr || lowest < hit->lowest)
		hit->lowest = lowest;
	if (!hit->nr || highest > hit->highest)
		hit->highest = highest;
	hit->nr += outside;
}

static __always_inline void finish(void *ctx, struct hit *hit)
{
	if (hit->nr)
		on_hit(ctx, hit);
}

/*
 * @b entries each at the arguments from @a to before @b. Their number may be an
 * int, of whose register the upper half means nothing (AAPCS64).
 */
static __always_inline void judge_arrays(void *ctx, u64 caller, u32 id, u32 a, u32 b,
					 enum entry_kind kind)
{
	struct hit hit = { .caller = caller, .id = id };
	u32 nr = argument(ctx, b);

	take_array(&hit, pointer_of(ctx, a), nr, kind);
	if (b - a == 2)
		take_array(&hit, pointer_of(ctx, a + 1), nr, kind);
	finish(ctx, &hit);
}

static __always_inline void judge_PAGE_ARRAY(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	judge_arrays(ctx, caller, id, a, b, ENTRY_PAGE);
}

static __always_inline void judge_PFN_ARRAY(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	judge_arrays(ctx, caller, id, a, b, ENTRY_PFN);
}

static __always_inline void judge_MIGRATE_PFNS(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	judge_arrays(ctx, caller, id, a, b, ENTRY_MIGRATE);
}

static __always_inline void judge_MIGRATE_VMA(void *ctx, u64 caller, u32 id, u32 a, u32 b)
{
	const struct migrate_vma *m = (const void *)pointer_of(ctx, a);
	struct hit hit = { .caller = caller, .id = id };
	u64 nr = BPF_CORE_READ(m, npages);

	take_array(&hit, (u64)BPF_CORE_READ(m, src), nr, ENTRY_MIGRATE);
	take_array(&hit, (u64)BPF_CORE_READ(m, dst), nr, ENTRY_MIGRATE);
	finish(ctx, &hit);
}

/*
 * Judged on return: @argument is what the function was called with, @result what
 * it answered.
 */

/* migrate_vma_setup() has found the source pages; dst is the driver's to fill. */
static __always_inline void judge_MIGRATE_SOURCE(void *ctx, u64 caller, u32 id, u64 argument,
						 s32 result)
{
	const struct migrate_vma *m = (const void *)argument;
	struct hit hit = { .caller = caller, .id = id };

	if (result)
		return;
	take_array(&hit, (u64)BPF_CORE_READ(m, src), BPF_CORE_READ(m, npages), ENTRY_MIGRATE);
	finish(ctx, &hit);
}

static __always_inline void judge_HMM_RANGE(void *ctx, u64 caller, u32 id, u64 argument,
					    s32 result)
{
	const struct hmm_range *range = (const void *)argument;
	struct hit hit = { .caller = caller, .id = id };
	u64 nr;

	if (result)
		return;
	nr = (BPF_CORE_READ(range, end) - BPF_CORE_READ(range, start)) >> bounds.page_shift;
	take_array(&hit, (u64)BPF_CORE_READ(range, hmm_pfns), nr, ENTRY_HMM);
	finish(ctx, &hit);
}

/* do_swap_page() leaves the device page of a swap entry here for the driver. */
static __always_inline void judge_FAULT_PAGE(void *ctx, u64 caller, u32 id, u64 argument,
					     s32 result)
{
	const struct vm_fault *vmf = (const void *)argument;
	u64 page = (u64)BPF_CORE_READ(vmf, page);
	struct hit hit = { .caller = caller, .id = id };

	take_page(&hit, page);
	finish(ctx, &hit);
}

#endif
