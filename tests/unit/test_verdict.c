// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdict arithmetic against the two layouts that were published with the
 * problem (linux-arm-kernel, April 2023), and at every edge.
 */
#include "unit.h"

#include <vmemmapwatch/verdict.h>

/* 48-bit, 4K pages, memstart_addr 0x80000000: the GPU engineer's machine. */
static const struct vmw_bounds gpu = {
	.vmemmap = 0xfffffbfffe000000,
	.start = 0xfffffc0000000000,
	.end = 0xfffffe0000000000,
	.page_struct_size = 64,
	.page_shift = 12,
	.va_bits = 48,
};

/* 39-bit, 4K pages, memstart_addr 0x8000000000: the maintainer's example. */
static const struct vmw_bounds seattle = {
	.vmemmap = 0xfffffffc00000000,
	.start = 0xfffffffe00000000,
	.end = 0xffffffff00000000,
	.page_struct_size = 64,
	.page_shift = 12,
	.va_bits = 39,
};

static u32 verdict(const struct vmw_bounds *b, u64 pfn, u64 nr)
{
	return vmw_judge_pfns(b, pfn, nr).verdict;
}

static void published_gpu_page(void **state)
{
	struct vmw_judgement j = vmw_judge_pfns(&gpu, 0xffec38000, 1);

	(void)state;
	assert_int_equal(vmw_pfn_of(&gpu, 0xffffffffaee00000), 0xffec38000);
	assert_int_equal(vmw_page_of(&gpu, 0xffec38000), 0xffffffffaee00000);
	assert_int_equal(vmw_page_of(&gpu, 0x80000), gpu.start);
	assert_int_equal(j.verdict, VMW_ABOVE);
	assert_int_equal(j.bound, VMW_BOUND_END);
	assert_int_equal(j.distance, 0x1ffaee00000);
	assert_int_equal(j.start, 0xffffffffaee00000);
	assert_int_equal(j.end, 0xffffffffaee00040);
}

static void published_39_bit_regions(void **state)
{
	static const struct {
		u64 first, last;
		u32 verdict;
	} regions[] = {
		{ 0, 0x7bfffff, VMW_BELOW },	     /* vmalloc */
		{ 0x7c00000, 0x7ffffff, VMW_BELOW }, /* PCI I/O, fixmap, guards */
		{ 0x8000000, 0xbffffff, VMW_IN_BOUNDS },
		{ 0xc000000, 0xfffffff, VMW_ABOVE },
		{ 0x10000000, 0x20fffffff, VMW_USER },
		{ 0x210000000, 0x220000000, VMW_NON_CANONICAL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		u64 nr = regions[i].last - regions[i].first + 1;

		assert_int_equal(verdict(&seattle, regions[i].first, 1), regions[i].verdict);
		assert_int_equal(verdict(&seattle, regions[i].last, 1), regions[i].verdict);
		assert_int_equal(verdict(&seattle, regions[i].first, nr), regions[i].verdict);
	}
	assert_int_equal(vmw_page_of(&seattle, 0x8000000), seattle.start);
	assert_int_equal(vmw_page_of(&seattle, 0xc000000), seattle.end);
	assert_int_equal(vmw_page_of(&seattle, 0x10000000), 0);
}

/* The hole between the halves, byte by byte: it is far from any struct page. */
static void edges_of_the_halves(void **state)
{
	const u64 half = 1ULL << 39;

	(void)state;
	assert_int_equal(vmw_place(&seattle, half - 1), VMW_USER);
	assert_int_equal(vmw_place(&seattle, half), VMW_NON_CANONICAL);
	assert_int_equal(vmw_place(&seattle, -half - 1), VMW_NON_CANONICAL);
	assert_int_equal(vmw_place(&seattle, -half), VMW_BELOW);
	assert_int_equal(vmw_place(&seattle, ~0ULL), VMW_ABOVE);
	assert_int_equal(vmw_place(&seattle, 0), VMW_USER);
	assert_int_equal(vmw_judge_pages(&seattle, -half - 64, 128).verdict, VMW_STRADDLES);
	assert_int_equal(vmw_judge_pages(&seattle, -half, 64).verdict, VMW_BELOW);
}

static void ranges_over_each_edge_straddle(void **state)
{
	static const u64 edges[] = {
		0x8000000,
		0xc000000,
		0x10000000,
		0x210000000,
	};
	struct vmw_judgement j;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		assert_int_equal(verdict(&seattle, edges[i] - 1, 2), VMW_STRADDLES);
		assert_int_equal(verdict(&seattle, edges[i] - 0x100, 0x200), VMW_STRADDLES);
		assert_int_not_equal(verdict(&seattle, edges[i] - 2, 2), VMW_STRADDLES);
		assert_int_not_equal(verdict(&seattle, edges[i], 2), VMW_STRADDLES);
	}
	/* Over START: how far the lowest page is below it. */
	j = vmw_judge_pfns(&seattle, 0x8000000 - 3, 5);
	assert_int_equal(j.bound, VMW_BOUND_START);
	assert_int_equal(j.distance, 3 * 64);
	/* Over END: how far the last byte is above it. */
	j = vmw_judge_pfns(&seattle, 0xc000000 - 3, 5);
	assert_int_equal(j.bound, VMW_BOUND_END);
	assert_int_equal(j.distance, 2 * 64);
	/* All of it and more. */
	assert_int_equal(verdict(&seattle, 0x7ffffff, 0x4000002), VMW_STRADDLES);
	assert_int_equal(verdict(&seattle, 0, 0x10000001), VMW_STRADDLES);
}

static void distances(void **state)
{
	struct vmw_judgement j;

	(void)state;
	/* Below: of the last page, which is the nearest. */
	j = vmw_judge_pfns(&seattle, 0x7ffffff, 1);
	assert_int_equal(j.distance, 64);
	assert_int_equal(j.bound, VMW_BOUND_START);
	j = vmw_judge_pfns(&seattle, 0x7fffff0, 8);
	assert_int_equal(j.distance, 9 * 64);
	/* Above: of the first page, on through 2^64 where it wraps. */
	j = vmw_judge_pfns(&seattle, 0xc000000, 1);
	assert_int_equal(j.distance, 0);
	assert_int_equal(j.bound, VMW_BOUND_END);
	j = vmw_judge_pfns(&seattle, 0x10000001, 4);
	assert_int_equal(j.distance, 0x100000040);
	j = vmw_judge_pfns(&seattle, 0x8000000, 4);
	assert_int_equal(j.distance, 0);
	assert_int_equal(j.bound, VMW_BOUND_NONE);
}

static void empty_and_overflowing_ranges(void **state)
{
	(void)state;
	assert_int_equal(verdict(&gpu, 0, 0), VMW_IN_BOUNDS);
	assert_int_equal(verdict(&gpu, 0xffec38000, 0), VMW_IN_BOUNDS);
	assert_int_equal(verdict(&gpu, 0x80000, ~0ULL), VMW_STRADDLES);
	assert_int_equal(verdict(&gpu, ~0ULL, 2), VMW_STRADDLES);
	/* The count alone overflows, to what looks like one page in bounds. */
	assert_int_equal(verdict(&gpu, 0x80000, (1ULL << 58) + 1), VMW_STRADDLES);
	/* More than the whole address space, and back to where it began. */
	assert_int_equal(vmw_judge_pages(&gpu, gpu.start, ~0ULL).verdict, VMW_STRADDLES);
	assert_int_equal(vmw_judge_pages(&gpu, gpu.start, gpu.end - gpu.start).verdict,
			 VMW_IN_BOUNDS);
	assert_int_equal(vmw_judge_pages(&gpu, gpu.start, gpu.end - gpu.start + 1).verdict,
			 VMW_STRADDLES);
}

/* NULL and ERR_PTR are answers where the argument is a page, and only there. */
static void page_arguments(void **state)
{
	(void)state;
	assert_int_equal(vmw_judge_page_argument(&seattle, 0).verdict, VMW_IN_BOUNDS);
	assert_int_equal(vmw_judge_page_argument(&seattle, -12ULL).verdict, VMW_IN_BOUNDS);
	assert_int_equal(vmw_judge_page_argument(&seattle, -4095ULL).verdict, VMW_IN_BOUNDS);
	assert_int_equal(vmw_judge_page_argument(&seattle, -4096ULL).verdict, VMW_ABOVE);
	assert_int_equal(vmw_judge_page_argument(&seattle, 64).verdict, VMW_USER);
	assert_int_equal(vmw_judge_page_argument(&seattle, seattle.start).verdict, VMW_IN_BOUNDS);
	assert_int_equal(vmw_judge_page_argument(&seattle, seattle.start - 64).verdict,
			 VMW_BELOW);
	/* pfn 0x10000000 is at address zero, pfn 0xfffffff in the last 4095 bytes. */
	assert_int_equal(verdict(&seattle, 0x10000000, 1), VMW_USER);
	assert_int_equal(verdict(&seattle, 0xfffffff, 1), VMW_ABOVE);
}

/*
 * vmemmap as the kernels up to 6.8 lay it out for other page sizes and sizes
 * of struct page (arch/arm64/include/asm/memory.h, 6.1.192): the region is
 * 2^(va - shift) bytes below 2^64 and as long as half of the linear map needs.
 */
static struct vmw_bounds layout(unsigned int va, unsigned int page_shift, unsigned int size,
				s64 memstart)
{
	unsigned int order = 64 - __builtin_clzll(size - 1ULL);
	unsigned int s = page_shift - order;
	struct vmw_bounds b = {
		.start = -(1ULL << (va - s)),
		.page_struct_size = size,
		.page_shift = page_shift,
		.va_bits = va,
	};

	b.end = b.start + ((1ULL << (va - 1)) >> s);
	b.vmemmap = b.start - (u64)(memstart >> page_shift) * size;
	return b;
}

static void other_page_sizes(void **state)
{
	static const struct {
		unsigned int va, page_shift, size;
		u64 start, end;
	} cases[] = {
		{ 48, 12, 64, 0xfffffc0000000000, 0xfffffe0000000000 },
		{ 39, 12, 64, 0xfffffffe00000000, 0xffffffff00000000 },
		{ 47, 14, 64, 0xffffff8000000000, 0xffffffc000000000 },
		{ 48, 14, 64, 0xffffff0000000000, 0xffffff8000000000 },
		{ 42, 16, 64, 0xffffffff00000000, 0xffffffff80000000 },
		{ 48, 16, 64, 0xffffffc000000000, 0xffffffe000000000 },
		{ 48, 12, 56, 0xfffffc0000000000, 0xfffffe0000000000 },
		{ 48, 12, 80, 0xfffff80000000000, 0xfffffc0000000000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vmw_bounds b =
			layout(cases[i].va, cases[i].page_shift, cases[i].size, 0x40000000);
		u64 first = 0x40000000 >> cases[i].page_shift;
		u64 fit = (b.end - b.start) / cases[i].size;

		assert_int_equal(b.start, cases[i].start);
		assert_int_equal(b.end, cases[i].end);
		assert_int_equal(verdict(&b, first, 1), VMW_IN_BOUNDS);
		assert_int_equal(verdict(&b, first - 1, 1), VMW_BELOW);
		assert_int_equal(verdict(&b, first, fit), VMW_IN_BOUNDS);
		assert_int_equal(verdict(&b, first, fit + 1), VMW_STRADDLES);
		assert_int_equal(vmw_pfn_of(&b, vmw_page_of(&b, first + 12345)), first + 12345);
		/* A page that END cuts in two, where the size is no power of two. */
		if ((b.end - b.start) % cases[i].size)
			assert_int_equal(verdict(&b, first + fit, 1), VMW_STRADDLES);
		else
			assert_int_equal(verdict(&b, first + fit, 1), VMW_ABOVE);
	}
}

/* A negative memstart_addr, as KASLR makes it: the top of memory wraps. */
static void negative_memstart(void **state)
{
	struct vmw_bounds b = layout(48, 12, 64, (s64)0xffffd2f740000000);
	struct vmw_judgement j = vmw_judge_pfns(&b, 0xfffff0000, 0x10000);

	(void)state;
	assert_int_equal(b.vmemmap, 0xfffffcb423000000);
	assert_int_equal(j.start, 0xb422c00000);
	assert_int_equal(j.end, 0xb423000000);
	assert_int_equal(j.verdict, VMW_USER);
	assert_int_equal(j.distance, 0x2b422c00000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_gpu_page),
		cmocka_unit_test(published_39_bit_regions),
		cmocka_unit_test(edges_of_the_halves),
		cmocka_unit_test(ranges_over_each_edge_straddle),
		cmocka_unit_test(distances),
		cmocka_unit_test(empty_and_overflowing_ranges),
		cmocka_unit_test(page_arguments),
		cmocka_unit_test(other_page_sizes),
		cmocka_unit_test(negative_memstart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
