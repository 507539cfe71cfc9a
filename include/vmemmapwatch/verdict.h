/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pfn -> struct page -> verdict. The only place where this arithmetic is
 * written down: BPF programs, the daemon and the tests all include it.
 *
 * The arithmetic is that of the kernel's pfn_to_page() for SPARSEMEM_VMEMMAP
 * (include/asm-generic/memory_model.h, read in 6.1.192 and 7.2.13):
 * vmemmap + pfn, array indexing modulo 2^64. A range that runs off the top of
 * the address space therefore goes on at address zero, and so it does here.
 */
#ifndef VMEMMAPWATCH_VERDICT_H
#define VMEMMAPWATCH_VERDICT_H

#include "types.h"

enum vmw_verdict {
	VMW_IN_BOUNDS,
	VMW_BELOW,	   /* kernel half, under the effective start */
	VMW_ABOVE,	   /* kernel half, at or over VMEMMAP_END */
	VMW_USER,	   /* wrapped into the user half */
	VMW_NON_CANONICAL, /* wrapped into the hole between the halves */
	VMW_STRADDLES,	   /* its pages do not all have the same verdict */
	VMW_NR_VERDICTS,
};

enum vmw_bound {
	VMW_BOUND_NONE,
	VMW_BOUND_START,
	VMW_BOUND_END,
};

/*
 * What a verdict needs to know of the running kernel.
 *
 * start is the effective one: where VMALLOC_END lies above VMEMMAP_START (a
 * 52-bit kernel on smaller hardware, 6.9 on), it is raised to the end of what
 * vmalloc claims (arch/arm64/include/asm/pgtable.h, 6.12.117 lines 23-31).
 */
struct vmw_bounds {
	u64 vmemmap;	      /* address of the struct page of pfn 0 */
	u64 start;	      /* first byte that may hold struct pages */
	u64 end;	      /* first byte behind them */
	u64 nominal_start;    /* VMEMMAP_START, which the kernel compares with */
	u32 page_struct_size; /* sizeof(struct page), bytes */
	u8 page_shift;
	u8 va_bits; /* in use: vabits_actual, not CONFIG_ARM64_VA_BITS */
	u8 pad[2];
};

struct vmw_judgement {
	u64 start;    /* address of the first struct page */
	u64 end;      /* first byte behind the last one, modulo 2^64 */
	u64 distance; /* bytes, see vmw_judge_pages() */
	u32 verdict;  /* enum vmw_verdict */
	u32 bound;    /* enum vmw_bound: the one it violates */
};

/* Address of the struct page of @pfn, modulo 2^64. */
static inline u64 vmw_page_of(const struct vmw_bounds *b, u64 pfn)
{
	return b->vmemmap + pfn * b->page_struct_size;
}

/*
 * The pfn of a struct page at @page, for a @page that vmw_page_of() can
 * yield from a pfn below 2^64 / sizeof(struct page).
 */
static inline u64 vmw_pfn_of(const struct vmw_bounds *b, u64 page)
{
	return (page - b->vmemmap) / b->page_struct_size;
}

/*
 * Where the one address @addr lies. Never VMW_STRADDLES.
 *
 * The halves of the address space end va_bits apart from either end of it
 * (Documentation/arm64/memory.rst, 6.1.192).
 */
static inline u32 vmw_place(const struct vmw_bounds *b, u64 addr)
{
	u64 half = (u64)1 << b->va_bits;

	if (addr < half)
		return VMW_USER;
	if (addr < -half)
		return VMW_NON_CANONICAL;
	if (addr < b->start)
		return VMW_BELOW;
	if (addr >= b->end)
		return VMW_ABOVE;
	return VMW_IN_BOUNDS;
}

/* A request that overflows 64 bits cannot lie anywhere as a whole. */
static inline struct vmw_judgement vmw_judge_overflow(u64 start)
{
	struct vmw_judgement j = {
		.start = start,
		.end = start,
		.distance = ~(u64)0,
		.verdict = VMW_STRADDLES,
		.bound = VMW_BOUND_END,
	};

	return j;
}

/*
 * Judge the struct pages in the @size bytes from @start on. An empty range
 * holds no struct page and is in bounds.
 *
 * distance: bytes between the violated bound and the struct page nearest to
 * it. Over END it counts on through 2^64, so that a wrapped page has the
 * distance that the array index really overshoots by. Of a range that is
 * partly in bounds or partly below, it is how far the farthest byte is out.
 */
static inline struct vmw_judgement vmw_judge_pages(const struct vmw_bounds *b, u64 start, u64 size)
{
	struct vmw_judgement j = { .start = start, .end = start + size };
	u64 last = start + size - 1;
	u32 head, tail;

	if (!size)
		return j;
	head = vmw_place(b, start);
	tail = vmw_place(b, last);
	if (head != tail || last < start)
		j.verdict = VMW_STRADDLES;
	else
		j.verdict = head;
	if (j.verdict == VMW_IN_BOUNDS)
		return j;

	if (head == VMW_BELOW) {
		j.bound = VMW_BOUND_START;
		j.distance = j.verdict == VMW_BELOW ? b->start - (j.end - b->page_struct_size) :
						      b->start - start;
	} else {
		j.bound = VMW_BOUND_END;
		j.distance = (head == VMW_IN_BOUNDS ? j.end : start) - b->end;
	}
	return j;
}

/*
 * Judge the struct pages that the kernel computes for @nr pfns from @pfn on.
 * More pages than 64 bits of physical address hold overflow (and with fewer,
 * no struct page below 4 KiB makes the product overflow).
 */
static inline struct vmw_judgement vmw_judge_pfns(const struct vmw_bounds *b, u64 pfn, u64 nr)
{
	u64 start = vmw_page_of(b, pfn);

	if (nr > ~(u64)0 >> b->page_shift || pfn + nr < pfn)
		return vmw_judge_overflow(start);
	return vmw_judge_pages(b, start, nr * b->page_struct_size);
}

/*
 * The pfns whose struct pages are in bounds: *@ret_nr of them from the returned
 * one on, none where *@ret_nr is 0. Signed, as memstart_addr is: the struct page
 * of pfn 0 may lie above the start.
 */
static inline u64 vmw_good_pfns(const struct vmw_bounds *b, u64 *ret_nr)
{
	u64 size = b->page_struct_size;
	u64 ahead = b->start - b->vmemmap, last = b->end - b->vmemmap;
	u64 first = (s64)ahead > 0 ? (ahead + size - 1) / size : 0;

	*ret_nr = (s64)last > 0 && last / size > first ? last / size - first : 0;
	return first;
}

/*
 * Would the kernel's own WARN notice? It compares [start, end), a section of
 * memory at a time, with the nominal bounds: vmemmap_populate() (5.12 on) and
 * vmemmap_free() (5.10 on), arch/arm64/mm/mmu.c in 6.1.192 and 7.2.13. What
 * vmalloc owns of the nominal range it takes for vmemmap. (A section whose last
 * struct page is the last of all addresses escapes it, since its end is 0; here
 * it does not.)
 */
static inline int vmw_kernel_warns(const struct vmw_bounds *b, u64 start, u64 end)
{
	if (start == end)
		return 0;
	return start < b->nominal_start || end - 1 < start || end - 1 >= b->end;
}

/* NULL and ERR_PTR values (the last 4095 addresses, include/linux/err.h). */
static inline int vmw_is_answer(u64 page)
{
	return !page || page >= -(u64)4095;
}

/*
 * Judge an ARGUMENT of type struct page * or struct folio *. Answers are no
 * pages, and pass; a page computed from a pfn never comes here, because
 * arithmetic can well end at address zero.
 */
static inline struct vmw_judgement vmw_judge_page_argument(const struct vmw_bounds *b, u64 page)
{
	return vmw_judge_pages(b, page, vmw_is_answer(page) ? 0 : b->page_struct_size);
}

#endif
