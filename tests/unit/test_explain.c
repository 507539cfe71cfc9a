// SPDX-License-Identifier: GPL-2.0-only
/* What users ask about, and what the mailing list's examples are. */
#include <errno.h>

#include "unit.h"

#include "explain/explain.h"
#include "layout/from.h"

static void whats(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		enum vmw_what_kind kind;
		u64 first, last;
	} good[] = {
		{ "0xffffffffaee00000", VMW_WHAT_ADDRESS, 0xffffffffaee00000, 0xffffffffaee00000 },
		{ "ffff_8000_0000_0000", VMW_WHAT_ADDRESS, 0xffff800000000000, 0xffff800000000000 },
		{ "0", VMW_WHAT_ADDRESS, 0, 0 },
		{ "pfn:0xffec38000", VMW_WHAT_PFN, 0xffec38000, 0xffec38000 },
		{ "pfn:100", VMW_WHAT_PFN, 100, 100 },
		{ "pfn:100-200", VMW_WHAT_PFN, 100, 199 },
		{ "pfn:100+4", VMW_WHAT_PFN, 100, 103 },
		{ "pfn:0x100+1M", VMW_WHAT_PFN, 0x100, 0x1ff },
		{ "pfn:0+6K", VMW_WHAT_PFN, 0, 1 },
		{ "pfn:0+1K", VMW_WHAT_PFN, 0, 0 },
		{ "pfn:0x100+1MiB", VMW_WHAT_PFN, 0x100, 0x1ff },
		{ "phys:1TiB+80GiB", VMW_WHAT_PHYS, 1ULL << 40, (1ULL << 40) + (80ULL << 30) - 1 },
		/* As in /proc/iomem, and as the kernel's log has it. */
		{ "phys:fffff0000000-ffffffffffff", VMW_WHAT_PHYS, 0xfffff0000000, 0xffffffffffff },
		{ "phys:0x1000-0x2000", VMW_WHAT_PHYS, 0x1000, 0x1fff },
		{ "phys:1T+80G", VMW_WHAT_PHYS, 1ULL << 40, (1ULL << 40) + (80ULL << 30) - 1 },
		{ "phys:100+0x10", VMW_WHAT_PHYS, 0x100, 0x10f },
		{ "phys:100+10", VMW_WHAT_PHYS, 0x100, 0x109 },
		{ "0xfffffffffec00000-0xffffffffffffffff", VMW_WHAT_ADDRESS,
		  0xfffffffffec00000, 0xffffffffffffffff },
		{ "0xfffffffffec00000-0", VMW_WHAT_ADDRESS, 0xfffffffffec00000, 0xffffffffffffffff },
		{ "0xfffffffffec00000+20m", VMW_WHAT_ADDRESS, 0xfffffffffec00000, 0xffffffffffffffff },
	};
	static const char *const bad[] = {
		"", "-", "+", "x", "0x", "0xg", "pfn:", "pfn:abc", "pfn:-1", "phys:", "phys:1-",
		"phys:1+", "phys:2-1", "phys:1+0", "pfn:5-5", "0x10000000000000000", "phys:1P",
		"pfn:0xfffffffffffff+2", "0xffffffffffffffff+2", "phys:99999999T", "pfn:1G", "pfn:1-1G",
		"pfn:0x10000000000000", "pfn:0+1iB", "1 2", "phys:0x1-0x2-0x3", "K",
	};
	/* clang-format on */
	struct vmw_what what;
	char why[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		if (vmw_what_parse(&what, good[i].text, 12, why, sizeof(why)))
			fail_msg("%s", why);
		assert_int_equal(what.kind, good[i].kind);
		if (what.first != good[i].first || what.last != good[i].last)
			fail_msg("%s: 0x%llx 0x%llx", good[i].text, what.first, what.last);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (vmw_what_parse(&what, bad[i], 12, why, sizeof(why)) != -EINVAL)
			fail_msg("%s: taken", bad[i]);
		assert_non_null(strstr(why, "expected ADDRESS"));
	}
}

struct example {
	struct vmw_layout layout;
	struct vmw_bounds bounds;
};

static void read_example(struct example *example, const char *path)
{
	enum vmw_value_id missing;
	char why[256];

	assert_int_equal(
		vmw_layout_from(&example->layout, VMW_NR_SOURCES, path, why, sizeof(why)), 0);
	assert_int_equal(vmw_layout_bounds(&example->layout, &example->bounds, &missing), 0);
}

static struct vmw_explanation explain(const struct example *example, const char *text)
{
	struct vmw_explanation e;
	struct vmw_what what;
	char why[256];

	assert_int_equal(
		vmw_what_parse(&what, text, example->bounds.page_shift, why, sizeof(why)), 0);
	vmw_explain(&e, &what, &example->layout, &example->bounds);
	return e;
}

/* The page that a reader of the list saw warnings for, on 48 bits. */
static void the_48_bit_table(void **state)
{
	struct vmw_explanation e;
	struct example x;
	u64 first, last;

	(void)state;
	read_example(&x, DATA "table-48bit");
	e = explain(&x, "0xffffffffaee00000");
	assert_true(e.has_pages);
	assert_int_equal(e.pfn, 0xffec38000);
	assert_int_equal(e.offset, 0);
	vmw_explain_phys(&e, &x.bounds, &first, &last);
	assert_int_equal(first, 0xffec38000000);
	assert_int_equal(e.judgement.verdict, VMW_ABOVE);
	assert_int_equal(e.judgement.bound, VMW_BOUND_END);
	assert_int_equal(e.judgement.distance, 0x1ffaee00000);
	assert_true(e.kernel_warns);
	assert_int_equal(vmw_layout_region(&x.layout, e.what.first)->kind, VMW_REGION_HOLE);
	e = explain(&x, "phys:0-0xffffffffffffffff");
	assert_int_equal(e.judgement.verdict, VMW_STRADDLES);
	assert_true(e.kernel_warns);
	/* Inside of that struct page, and the other way round. */
	e = explain(&x, "0xffffffffaee00034");
	assert_int_equal(e.pfn, 0xffec38000);
	assert_int_equal(e.offset, 0x34);
	e = explain(&x, "phys:0xffec38000000");
	assert_int_equal(e.judgement.start, 0xffffffffaee00000);
}

/* The reply's example of 39 bits. */
static void the_39_bit_example(void **state)
{
	static const struct {
		const char *what;
		enum vmw_verdict verdict;
		enum vmw_region_kind region;
	} cases[] = {
		{ "pfn:0x7bfffff", VMW_BELOW, VMW_REGION_VMALLOC },
		{ "pfn:0x7ffffff", VMW_BELOW, VMW_REGION_HOLE },
		{ "pfn:0x8000000", VMW_IN_BOUNDS, VMW_REGION_VMEMMAP },
		{ "pfn:0xbffffff", VMW_IN_BOUNDS, VMW_REGION_VMEMMAP },
		{ "pfn:0xc000000", VMW_ABOVE, VMW_REGION_HOLE },
		{ "pfn:0xfffffff", VMW_ABOVE, VMW_REGION_HOLE },
		{ "pfn:0x10000000", VMW_USER, VMW_REGION_USER },
		{ "pfn:0x20fffffff", VMW_USER, VMW_REGION_USER },
		{ "pfn:0x210000000", VMW_NON_CANONICAL, VMW_REGION_NON_CANONICAL },
		{ "pfn:0x8000000-0xc000001", VMW_STRADDLES, VMW_REGION_VMEMMAP },
	};
	struct vmw_explanation e;
	struct example x;
	size_t i;

	(void)state;
	read_example(&x, DATA "table-39bit");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		e = explain(&x, cases[i].what);
		assert_int_equal(e.judgement.verdict, cases[i].verdict);
		assert_int_equal(vmw_layout_region(&x.layout, e.judgement.start)->kind,
				 cases[i].region);
		assert_int_equal(e.kernel_warns, cases[i].verdict != VMW_IN_BOUNDS);
	}
	e = explain(&x, "pfn:0x8000000");
	assert_int_equal(e.above_start, 0);
	assert_int_equal(e.below_end, 0x100000000 - 64);
}

/* Where something else is known to lie no arithmetic of struct pages is done. */
static void ordinary_addresses(void **state)
{
	static const struct {
		const char *what;
		enum vmw_region_kind region;
		bool has_symbol;
	} ordinary[] = {
		{ "0", VMW_REGION_USER, false },
		{ "0x1000", VMW_REGION_USER, false },
		{ "0x1000-0x2000", VMW_REGION_USER, false },
		{ "0xffff000000001000", VMW_REGION_LINEAR, false },
		{ "0xffff800000001000", VMW_REGION_MODULES, true },
		{ "0xffff80000a000000", VMW_REGION_VMALLOC, false },
	};
	struct vmw_explanation e;
	struct example x;
	size_t i;

	(void)state;
	read_example(&x, DATA "table-48bit");
	for (i = 0; i < ARRAY_SIZE(ordinary); i++) {
		e = explain(&x, ordinary[i].what);
		if (e.region != ordinary[i].region)
			fail_msg("%s: region %d", ordinary[i].what, e.region);
		assert_false(e.has_pages);
		assert_int_equal(vmw_explain_has_symbol(&e), ordinary[i].has_symbol);
		assert_int_equal(e.is_mapped, e.region == VMW_REGION_LINEAR);
	}
	/* The linear map: what it maps is said instead. */
	e = explain(&x, "0xffff000000001000");
	assert_int_equal(e.mapped_phys, 0x80001000);
	/* Elsewhere a struct page may be: a hole; and where two regions meet. */
	e = explain(&x, "0xffffffffaee00000");
	assert_int_equal(e.region, VMW_REGION_HOLE);
	assert_true(e.has_pages);
	e = explain(&x, "0xfffffbffff000000-0xfffffc0000000040");
	assert_int_equal(e.region, VMW_NR_REGIONS);
	assert_true(e.has_pages);
	/* Of a pfn the struct page may lie anywhere. */
	e = explain(&x, "pfn:0x1000080000");
	assert_true(e.has_pages);
	assert_int_equal(e.judgement.verdict, VMW_USER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whats),
		cmocka_unit_test(the_48_bit_table),
		cmocka_unit_test(the_39_bit_example),
		cmocka_unit_test(ordinary_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
