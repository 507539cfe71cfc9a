// SPDX-License-Identifier: GPL-2.0-only
/* Values from several sources, who is believed, and formulas. */
#include "layout.h"

static void one_variable_is_one_witness(void **state)
{
	const enum vmw_value_id id = VMW_VALUE_PHYS_OFFSET;
	struct vmw_layout l;

	(void)state;
	vmw_layout_init(&l, VMW_NR_SOURCES);
	assert_string_equal(agreement(&l, id), "unknown");
	add(&l, id, VMW_SOURCE_KALLSYMS, VMW_LIVE, "memstart_addr", 1);
	assert_string_equal(agreement(&l, id), "single source");
	add(&l, id, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "memstart_addr", 1);
	assert_string_equal(agreement(&l, id), "single source");
	assert_int_equal(vmw_layout_witnesses(&l.values[id]), 1);
	add(&l, id, VMW_SOURCE_SEGMENTS, VMW_LIVE, "", 1);
	assert_string_equal(agreement(&l, id), "agree");
	assert_int_equal(vmw_layout_witnesses(&l.values[id]), 2);
	/* Two views of one variable can still contradict each other. */
	add(&l, id, VMW_SOURCE_KALLSYMS, VMW_LIVE, "memstart_addr", 2);
	assert_string_equal(agreement(&l, id), "disagree");
}

static void neither_formula_nor_arithmetic_is_live(void **state)
{
	const enum vmw_value_id id = VMW_VALUE_END;
	struct vmw_layout l;

	(void)state;
	vmw_layout_init(&l, VMW_NR_SOURCES);
	add(&l, id, VMW_SOURCE_FORMULA, VMW_FORMULA, "", 1);
	assert_string_equal(agreement(&l, id), "formula");
	assert_true(vmw_layout_is_formula(&l.values[id]));
	add(&l, id, VMW_SOURCE_DERIVED, VMW_DERIVED, "", 1);
	assert_string_equal(agreement(&l, id), "derived");
	assert_int_equal(vmw_layout_witnesses(&l.values[id]), 0);
	add(&l, id, VMW_SOURCE_CODE, VMW_LIVE, "", 1);
	assert_string_equal(agreement(&l, id), "single source");
	/* A live one is chosen, whenever it comes. */
	assert_int_equal(l.values[id].readings[0].source, VMW_SOURCE_CODE);
	assert_int_equal(l.values[id].readings[2].source, VMW_SOURCE_FORMULA);
}

static void a_formula_yields_to_two(void **state)
{
	const enum vmw_value_id id = VMW_VALUE_START;
	struct vmw_layout l;

	(void)state;
	vmw_layout_init(&l, VMW_NR_SOURCES);
	add(&l, id, VMW_SOURCE_CODE, VMW_LIVE, "", 1);
	add(&l, id, VMW_SOURCE_FORMULA, VMW_FORMULA, "", 2);
	assert_true(vmw_layout_disagrees(&l, id));
	assert_true(vmw_layout_formula_differs(&l.values[id]));
	add(&l, id, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 1);
	assert_false(vmw_layout_disagrees(&l, id));
	assert_string_equal(agreement(&l, id), "agree");
	assert_true(vmw_layout_formula_differs(&l.values[id]));
	/* What is computed from live values does not. */
	add(&l, id, VMW_SOURCE_DERIVED, VMW_DERIVED, "", 3);
	assert_true(vmw_layout_disagrees(&l, id));
	assert_false(vmw_layout_formula_differs(&l.values[id]));
}

static void trust_settles(void **state)
{
	const enum vmw_value_id id = VMW_VALUE_VMEMMAP;
	struct vmw_layout l;

	(void)state;
	vmw_layout_init(&l, VMW_SOURCE_SEGMENTS);
	add(&l, id, VMW_SOURCE_MEM_SECTION, VMW_LIVE, "", 1);
	add(&l, id, VMW_SOURCE_SEGMENTS, VMW_LIVE, "", 2);
	assert_int_equal(get(&l, id), 2);
	assert_false(vmw_layout_disagrees(&l, id));
	assert_string_equal(agreement(&l, id), "trusted");
	/* It does not settle what it knows nothing of. */
	add(&l, VMW_VALUE_END, VMW_SOURCE_CODE, VMW_LIVE, "", 1);
	add(&l, VMW_VALUE_END, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 2);
	assert_true(vmw_layout_disagrees(&l, VMW_VALUE_END));
	/* Where all agree, nobody needs to be trusted. */
	add(&l, VMW_VALUE_START, VMW_SOURCE_CODE, VMW_LIVE, "", 1);
	add(&l, VMW_VALUE_START, VMW_SOURCE_SEGMENTS, VMW_LIVE, "", 1);
	assert_string_equal(agreement(&l, VMW_VALUE_START), "agree");
}

static void no_reading_is_dropped_in_silence(void **state)
{
	struct vmw_layout l;
	int i;

	(void)state;
	vmw_layout_init(&l, VMW_NR_SOURCES);
	/* Said nine times by one source is said once; nine sources are too many. */
	for (i = 0; i <= VMW_MAX_READINGS; i++)
		add(&l, VMW_VALUE_END, VMW_SOURCE_CODE, VMW_LIVE, "", 1);
	assert_int_equal(l.values[VMW_VALUE_END].nr, 1);
	for (i = 0; i <= VMW_MAX_READINGS; i++)
		add(&l, VMW_VALUE_END, i, VMW_LIVE, "", 1);
	assert_true(vmw_layout_disagrees(&l, VMW_VALUE_END));
}

static void trust_reaches_what_is_computed(void **state)
{
	static const struct {
		enum vmw_source_id trust;
		u64 start, end_of_vmalloc;
	} cases[] = {
		{ VMW_SOURCE_VMCOREINFO, 0xfffffc0000000000, 0xfffffbfff0000000 },
		{ VMW_SOURCE_CODE, 0xfffffb0000000000, 0xfffffbfff0000000 },
	};
	enum vmw_value_id id;
	struct vmw_layout l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		vmw_layout_init(&l, cases[i].trust);
		vmw_layout_set_release(&l, "6.1.0");
		add(&l, VMW_VALUE_START, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0xfffffc0000000000);
		add(&l, VMW_VALUE_START, VMW_SOURCE_CODE, VMW_LIVE, "", 0xfffffb0000000000);
		add(&l, VMW_VALUE_PHYS_OFFSET, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0x40000000);
		add(&l, VMW_VALUE_VMEMMAP, VMW_SOURCE_MEM_SECTION, VMW_LIVE, "",
		    0xfffffbffff000000);
		add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "", 12);
		add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "", 64);
		add(&l, VMW_VALUE_VA_BITS, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 48);
		vmw_layout_finish(&l);
		for (id = 0; id < VMW_NR_VALUES; id++)
			assert_false(vmw_layout_matters(id) && vmw_layout_disagrees(&l, id));
		assert_int_equal(get(&l, VMW_VALUE_START), cases[i].start);
		assert_string_equal(agreement(&l, VMW_VALUE_START), "trusted");
		if (cases[i].trust == VMW_SOURCE_CODE)
			continue;
		/* What mem_section and the note say together is believed again. */
		assert_int_equal(get(&l, VMW_VALUE_EFFECTIVE), cases[i].start);
	}
}

/* vmemmap of the note is computed from VMEMMAP_START: it is no second witness. */
static void the_note_is_one_witness_of_start(void **state)
{
	struct vmw_layout l;

	(void)state;
	vmw_layout_init(&l, VMW_NR_SOURCES);
	vmw_layout_set_release(&l, "6.12.0");
	add(&l, VMW_VALUE_START, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0xfffffdffc0000000);
	add(&l, VMW_VALUE_VMALLOC_END, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0xfffffdffbf800000);
	add(&l, VMW_VALUE_VMALLOC_END, VMW_SOURCE_SEGMENTS, VMW_LIVE, "", 0xfffffdffbf800000);
	add(&l, VMW_VALUE_VMEMMAP, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0xfffffdffbf000000);
	add(&l, VMW_VALUE_PHYS_OFFSET, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0x40000000);
	add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "", 12);
	add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "", 64);
	add(&l, VMW_VALUE_VA_BITS, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 48);
	vmw_layout_finish(&l);
	assert_string_equal(agreement(&l, VMW_VALUE_START), "single source");
	/* And nobody who knows more of the effective one, where it is the same. */
	assert_string_equal(agreement(&l, VMW_VALUE_EFFECTIVE), "single source");
	/* By mem_section it would be. */
	vmw_layout_init(&l, VMW_NR_SOURCES);
	vmw_layout_set_release(&l, "6.12.0");
	add(&l, VMW_VALUE_START, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0xfffffdffc0000000);
	add(&l, VMW_VALUE_VMEMMAP, VMW_SOURCE_MEM_SECTION, VMW_LIVE, "", 0xfffffdffbf000000);
	add(&l, VMW_VALUE_PHYS_OFFSET, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", 0x40000000);
	add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "", 12);
	add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "", 64);
	vmw_layout_finish(&l);
	assert_string_equal(agreement(&l, VMW_VALUE_START), "agree");
}

/* Computed and, where a comment says so, seen in a guest. */
static const struct {
	const char *release;
	unsigned int va_bits, actual, page_shift, struct_page;
	u64 start, end, vmalloc_end;
} published[] = {
	{ "5.10.0-32", 48, 48, 12, 64, /* seen */
	  0xfffffdffffe00000, 0xffffffffffe00000, 0xfffffdffbfff0000 },
	{ "6.1.192", 48, 48, 12, 64, /* seen */
	  0xfffffc0000000000, 0xfffffe0000000000, 0xfffffbfff0000000 },
	{ "6.1.192", 39, 39, 12, 64, /* seen */
	  0xfffffffe00000000, 0xffffffff00000000, 0xfffffffdf0000000 },
	{ "6.1.192", 42, 42, 16, 64, /* seen */
	  0xffffffff00000000, 0xffffffff80000000, 0xfffffffef0000000 },
	{ "6.12.95", 52, 48, 12, 64, /* seen */
	  0xffffc1ffc0000000, 0xffffffffc0000000, 0xfffffdffbf800000 },
	{ "6.12.95", 52, 52, 12, 64, /* seen */
	  0xffffc1ffc0000000, 0xffffffffc0000000, 0xffffc1ffbf800000 },
	{ "6.12.95", 52, 52, 14, 64, /* seen */
	  0xfffff03fc0000000, 0xffffffffc0000000, 0xfffff03fbf800000 },
	{ "6.12.95", 52, 47, 14, 64, /* seen */
	  0xfffff03fc0000000, 0xffffffffc0000000, 0xffffffbfbf800000 },
	{ "7.2.13", 52, 48, 12, 64, /* seen */
	  0xffffc1ffc0000000, 0xffffffffc0000000, 0xfffffdffbf800000 },
	{ "6.1.0", 47, 47, 14, 64, 0xffffff8000000000, 0xffffffc000000000, 0 },
	{ "6.1.0", 48, 48, 14, 64, 0xffffff0000000000, 0xffffff8000000000, 0 },
	{ "6.1.0", 48, 48, 16, 64, 0xffffffc000000000, 0xffffffe000000000, 0 },
	{ "6.1.0", 52, 48, 16, 64, 0xfffffc0000000000, 0xffffffe000000000, 0 },
	{ "6.9.0", 39, 39, 12, 64, 0xfffffffec0000000, 0xffffffffc0000000, 0 },
	{ "6.11.0", 48, 48, 12, 64, 0xfffffdffc0000000, 0xffffffffc0000000, 0 },
	{ "7.0.0", 47, 47, 14, 64, 0xffffffbfc0000000, 0xffffffffc0000000, 0 },
	{ "7.0.0", 48, 48, 14, 64, 0xffffff7fc0000000, 0xffffffffc0000000, 0 },
	{ "7.0.0", 42, 42, 16, 64, 0xffffffff40000000, 0xffffffffc0000000, 0 },
	{ "7.0.0", 48, 48, 16, 64, 0xffffffdfc0000000, 0xffffffffc0000000, 0 },
	{ "7.0.0", 52, 48, 16, 64, 0xfffffc1fc0000000, 0xffffffffc0000000, 0 },
	{ "6.8.1", 48, 48, 12, 48, 0xfffffc0000000000, 0xfffffe0000000000, 0 },
	{ "6.8.1", 48, 48, 12, 56, 0xfffffc0000000000, 0xfffffe0000000000, 0 },
	{ "6.8.1", 48, 48, 12, 80, 0xfffff80000000000, 0xfffffc0000000000, 0 },
	{ "6.9.0", 48, 48, 12, 48, 0xfffffe7fc0000000, 0xffffffffc0000000, 0 },
	{ "6.9.0", 48, 48, 12, 56, 0xfffffe3fc0000000, 0xffffffffc0000000, 0 },
	{ "6.9.0", 48, 48, 12, 72, 0xfffffdbfc0000000, 0xffffffffc0000000, 0 },
	{ "6.9.0", 48, 48, 12, 96, 0xfffffcffc0000000, 0xffffffffc0000000, 0 },
	{ "6.9.0", 48, 48, 12, 128, 0xfffffbffc0000000, 0xffffffffc0000000, 0 },
};

static void formulas_as_published(void **state)
{
	struct vmw_layout l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(published); i++) {
		vmw_layout_init(&l, VMW_NR_SOURCES);
		vmw_layout_set_release(&l, published[i].release);
		add(&l, VMW_VALUE_VA_BITS, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "",
		    published[i].va_bits);
		add(&l, VMW_VALUE_VA_BITS_ACTUAL, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "",
		    published[i].actual);
		add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "",
		    published[i].page_shift);
		add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "",
		    published[i].struct_page);
		vmw_layout_finish(&l);
		assert_int_equal(get(&l, VMW_VALUE_START), published[i].start);
		assert_int_equal(get(&l, VMW_VALUE_END), published[i].end);
		if (published[i].vmalloc_end)
			assert_int_equal(get(&l, VMW_VALUE_VMALLOC_END),
					 published[i].vmalloc_end);
		assert_string_equal(agreement(&l, VMW_VALUE_START), "formula");
		assert_string_equal(agreement(&l, VMW_VALUE_EFFECTIVE), "formula");
		/* Without memstart_addr nobody knows where struct pages are. */
		assert_string_equal(agreement(&l, VMW_VALUE_VMEMMAP), "unknown");
	}
}

/* Where the linear map ends, by the first address of the modules behind it. */
static u64 modules_vaddr(const char *release, unsigned int va_bits, unsigned int page_shift)
{
	unsigned int min = va_bits > 48 ? 48 : va_bits;

	if (va_bits > 48 && page_shift == 14 && !strncmp(release, "6.12", 4))
		min = 47;
	return -(1ULL << (min - 1)) + (!strncmp(release, "5.10", 4) ? 128 << 20 : 0);
}

/* END as mem_section and the end of the linear map have it, with no other source. */
static void end_by_the_linear_map(void **state)
{
	struct vmw_layout l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(published); i++) {
		const u64 memstart = 0xfffff3c040000000;
		const struct vmw_value *end = &l.values[VMW_VALUE_END];
		u64 size = published[i].struct_page, shift = published[i].page_shift;
		bool has_room = size & (size - 1) && *published[i].release == '6' &&
				published[i].release[2] == '8';

		vmw_layout_init(&l, VMW_NR_SOURCES);
		vmw_layout_set_release(&l, published[i].release);
		add(&l, VMW_VALUE_VMEMMAP, VMW_SOURCE_MEM_SECTION, VMW_LIVE, "",
		    published[i].start - (u64)((s64)memstart >> shift) * size);
		add(&l, VMW_VALUE_PHYS_OFFSET, VMW_SOURCE_KALLSYMS, VMW_LIVE, "", memstart);
		add(&l, VMW_VALUE_VA_BITS, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "",
		    published[i].va_bits);
		add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "", shift);
		add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "", size);
		/* The note's own numbers are no witness against its END. */
		add(&l, VMW_VALUE_MODULES_VADDR, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "",
		    modules_vaddr(published[i].release, published[i].va_bits, shift));
		vmw_layout_derive(&l);
		assert_int_equal(end->nr, 0);
		add(&l, VMW_VALUE_MODULES_VADDR, VMW_SOURCE_SEGMENTS, VMW_LIVE, "",
		    modules_vaddr(published[i].release, published[i].va_bits, shift));
		vmw_layout_derive(&l);
		assert_int_equal(end->nr, has_room ? 0 : 1);
		if (has_room)
			continue;
		assert_int_equal(get(&l, VMW_VALUE_END), published[i].end);
		assert_string_equal(agreement(&l, VMW_VALUE_END), "single source");
		add(&l, VMW_VALUE_END, VMW_SOURCE_CODE, VMW_LIVE, "", published[i].end);
		assert_string_equal(agreement(&l, VMW_VALUE_END), "agree");
		add(&l, VMW_VALUE_END, VMW_SOURCE_VMCOREINFO, VMW_LIVE, "", published[i].end + 8);
		assert_string_equal(agreement(&l, VMW_VALUE_END), "disagree");
	}
}

static void unread_releases_have_no_formula(void **state)
{
	static const char *const releases[] = { "4.19.0", "5.3.1", "7.3.0", "8.0.1" };
	struct vmw_layout l;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(releases); i++) {
		vmw_layout_init(&l, VMW_NR_SOURCES);
		vmw_layout_set_release(&l, releases[i]);
		add(&l, VMW_VALUE_VA_BITS, VMW_SOURCE_CONFIG, VMW_LIVE, "", 48);
		add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "", 12);
		add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "", 64);
		vmw_layout_finish(&l);
		assert_int_equal(l.values[VMW_VALUE_START].nr, 0);
		assert_non_null(strstr(l.sources[VMW_SOURCE_FORMULA].note, "were not read"));
	}
}

/* KASAN's shadow takes half of what the linear map could have had. */
static void kasan_moves_page_end(void **state)
{
	struct vmw_layout l;

	(void)state;
	vmw_layout_init(&l, VMW_NR_SOURCES);
	vmw_layout_set_release(&l, "6.1.0");
	add(&l, VMW_VALUE_VA_BITS, VMW_SOURCE_CONFIG, VMW_LIVE, "", 48);
	add(&l, VMW_VALUE_VA_BITS_ACTUAL, VMW_SOURCE_PROCESS, VMW_LIVE, "", 48);
	add(&l, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, VMW_LIVE, "", 12);
	add(&l, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, VMW_LIVE, "", 64);
	/* CONFIG_KASAN_GENERIC, 48 bits: arch/arm64/Kconfig, 6.1.192. */
	l.kasan = (struct vmw_kasan){ 3, 0xdfff800000000000 };
	vmw_layout_finish(&l);
	assert_int_equal(get(&l, VMW_VALUE_PAGE_END), 0xffff600000000000);
	assert_int_equal(get(&l, VMW_VALUE_KASAN_END), 0xffff800000000000);
	assert_int_equal(vmw_layout_region(&l, 0xffff600000000000)->kind, VMW_REGION_KASAN);
	assert_int_equal(vmw_layout_region(&l, 0xffff5fffffffffff)->kind, VMW_REGION_LINEAR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_variable_is_one_witness),
		cmocka_unit_test(neither_formula_nor_arithmetic_is_live),
		cmocka_unit_test(a_formula_yields_to_two),
		cmocka_unit_test(trust_settles),
		cmocka_unit_test(trust_reaches_what_is_computed),
		cmocka_unit_test(the_note_is_one_witness_of_start),
		cmocka_unit_test(no_reading_is_dropped_in_silence),
		cmocka_unit_test(formulas_as_published),
		cmocka_unit_test(end_by_the_linear_map),
		cmocka_unit_test(unread_releases_have_no_formula),
		cmocka_unit_test(kasan_moves_page_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
