// SPDX-License-Identifier: GPL-2.0-only
/* Callers of pfn_to_page(): windows, prototypes, choice, and what is made of hits. */
#include <errno.h>

#include <bpf/btf.h>

#include "unit.h"

#include "aggregate/aggregate.h"
#include "probe/choice.h"
#include "probe/extra.h"
#include "probe/prototype.h"

/* The window of good pfns is what verdict.h says of each pfn around its ends. */
static void windows_are_verdicts(void **state)
{
	static const struct vmw_bounds bounds[] = {
		{ .vmemmap = 0xfffffbffff000000,
		  .start = 0xfffffc0000000000, /* 6.1 */
		  .end = 0xfffffe0000000000,
		  .page_struct_size = 64,
		  .page_shift = 12,
		  .va_bits = 48 },
		{ .vmemmap = 0xfffffca56d000000,
		  .start = 0xfffffc0000000000, /* with KASLR */
		  .end = 0xfffffe0000000000,
		  .page_struct_size = 64,
		  .page_shift = 12,
		  .va_bits = 48 },
		{ .vmemmap = 0xfffffffc00000000,
		  .start = 0xfffffffe00000000, /* 39 bits */
		  .end = 0xffffffff00000000,
		  .page_struct_size = 64,
		  .page_shift = 12,
		  .va_bits = 39 },
		{ .vmemmap = 0xfffffbffff000010,
		  .start = 0xfffffc0000000000, /* not a power */
		  .end = 0xfffffe0000000000,
		  .page_struct_size = 80,
		  .page_shift = 12,
		  .va_bits = 48 },
		{ .vmemmap = 0xfffffe8000000000,
		  .start = 0xfffffc0000000000, /* none at all */
		  .end = 0xfffffe0000000000,
		  .page_struct_size = 64,
		  .page_shift = 12,
		  .va_bits = 48 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		u64 nr, first = vmw_good_pfns(&bounds[i], &nr);
		u64 probes[] = { 0,	      1,
				 first - 1,   first,
				 first + 1,   first + nr - 1,
				 first + nr,  first + nr + 1,
				 0xfffff0000, 1ULL << 40 };
		size_t k;

		for (k = 0; k < ARRAY_SIZE(probes); k++) {
			bool good = vmw_judge_pfns(&bounds[i], probes[k], 1).verdict ==
				    VMW_IN_BOUNDS;

			/* No pfn is that large, but arithmetic makes an address of it. */
			if (probes[k] >> 52)
				continue;
			assert_int_equal(probes[k] - first < nr, good);
		}
	}
}

struct types {
	struct btf *btf;
	int number, enumeration, page, folio, other, page_pointer, folio_pointer, other_pointer,
		typedef_pointer;
};

static struct types make_types(void)
{
	struct types t = { .btf = btf__new_empty() };

	assert_non_null(t.btf);
	t.number = btf__add_int(t.btf, "unsigned long", 8, 0);
	t.enumeration = btf__add_enum(t.btf, "meminit_context", 4);
	t.page = btf__add_struct(t.btf, "page", 64);
	t.folio = btf__add_struct(t.btf, "folio", 128);
	t.other = btf__add_struct(t.btf, "zone", 8);
	t.page_pointer = btf__add_ptr(t.btf, btf__add_const(t.btf, t.page));
	t.folio_pointer = btf__add_ptr(t.btf, t.folio);
	t.other_pointer = btf__add_ptr(t.btf, t.other);
	t.typedef_pointer = btf__add_typedef(t.btf, "pgtable_t", t.page_pointer);
	return t;
}

static int add_function(struct btf *btf, const char *name, const int *parameters, int n)
{
	int proto = btf__add_func_proto(btf, 0);
	int i;

	for (i = 0; i < n; i++)
		assert_int_equal(btf__add_func_param(btf, "p", parameters[i]), 0);
	return btf__add_func(btf, name, BTF_FUNC_STATIC, proto);
}

static void prototypes(void **state)
{
	struct types t = make_types();
	int a[] = { t.page_pointer, t.other_pointer, t.number };
	int b[] = { t.typedef_pointer };
	int c[] = { t.number, t.enumeration, t.other };
	int id;

	(void)state;
	id = add_function(t.btf, "a", a, 3);
	assert_true(vmw_prototype_fits(t.btf, id, "Ppi"));
	assert_true(vmw_prototype_fits(t.btf, id, "P|Ppi"));
	assert_true(vmw_prototype_fits(t.btf, id, "Ppi|P"));
	assert_false(vmw_prototype_fits(t.btf, id, "P"));
	assert_false(vmw_prototype_fits(t.btf, id, "ppi"));
	assert_false(vmw_prototype_fits(t.btf, id, "Ppii|Pp"));
	id = add_function(t.btf, "b", b, 1);
	assert_true(vmw_prototype_fits(t.btf, id, "P"));
	id = add_function(t.btf, "c", c, 3);
	assert_true(vmw_prototype_fits(t.btf, id, "iis"));
	assert_false(vmw_prototype_fits(t.btf, id, "iii"));
	id = add_function(t.btf, "d", NULL, 0);
	assert_false(vmw_prototype_fits(t.btf, id, "p"));
	/* No function at all. */
	assert_false(vmw_prototype_fits(t.btf, t.page, "p"));
	btf__free(t.btf);
}

static int choose(bool *chosen, const char *text)
{
	char why[192] = "";
	int err = vmw_choose(chosen, text, why, sizeof(why)), id;

	assert_true(!err == !*why);
	for (id = 0; id < VMW_NR_MAIN_PROBES; id++)
		assert_true(chosen[id]);
	return err;
}

static void choices(void **state)
{
	static const char *const bad[] = { "",	 ",", "none", "all,", "-", "folio_unlock,x*y",
					   "All" };
	bool chosen[VMW_MAX_PROBES];
	int id;
	size_t i;

	(void)state;
	assert_int_equal(choose(chosen, "all"), 0);
	for (id = 0; id < VMW_NR_PROBES; id++)
		assert_true(chosen[id]);
	assert_int_equal(choose(chosen, "default"), 0);
	for (id = VMW_NR_MAIN_PROBES; id < VMW_NR_PROBES; id++)
		assert_int_equal(chosen[id], vmw_probe_infos[id].heat == VMW_HEAT_REQUEST);
	assert_int_equal(choose(chosen, "all,-folio_*,folio_unlock"), 0);
	assert_true(chosen[VMW_PROBE_folio_unlock]);
	assert_true(chosen[VMW_PROBE_copy_highpage]);
	assert_false(chosen[VMW_PROBE_folio_migrate_flags]);
	assert_int_equal(choose(chosen, "-dump_page"), 0);
	assert_false(chosen[VMW_PROBE_dump_page]);
	assert_true(chosen[VMW_PROBE_migrate_device_range]);
	/* All rows of one symbol go together. */
	assert_int_equal(choose(chosen, "sparse_remove_section"), 0);
	assert_true(chosen[VMW_PROBE_sparse_remove_section]);
	assert_true(chosen[VMW_PROBE_sparse_remove_section_ms]);
	assert_false(chosen[VMW_PROBE_dump_page]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(choose(chosen, bad[i]), -EINVAL);
}

/* What a kind's first and last argument are, as letters of a prototype. */
static const struct {
	char a, b;
} letters[] = {
	[VMW_KIND_PFN] = { 'i', 'i' },		[VMW_KIND_PFN_RANGE] = { 'i', 'i' },
	[VMW_KIND_PHYS_RANGE] = { 'i', 'i' },	[VMW_KIND_PAGE_RANGE] = { 'i', 'i' },
	[VMW_KIND_PAGE] = { 'P', 'P' },		[VMW_KIND_FOLIO] = { 'P', 'P' },
	[VMW_KIND_PAGE_ARRAY] = { 'p', 'i' },	[VMW_KIND_PFN_ARRAY] = { 'p', 'i' },
	[VMW_KIND_MIGRATE_PFNS] = { 'p', 'i' }, [VMW_KIND_MIGRATE_VMA] = { 'p', 'p' },
	[VMW_KIND_MIGRATE_SOURCE] = { 'p', 0 }, [VMW_KIND_HMM_RANGE] = { 'p', 0 },
	[VMW_KIND_FAULT_PAGE] = { 'p', 0 },
};

/* What the table promises of itself. */
static void table(void **state)
{
	int id, offences = 0;

	(void)state;
	for (id = VMW_NR_MAIN_PROBES; id < VMW_NR_PROBES; id++) {
		const struct vmw_probe_info *info = &vmw_probe_infos[id];
		const char *p = info->prototypes;

		offences += info->class != VMW_CLASS_LOOKUP;
		assert_in_range(info->a, 1, 8);
		assert_in_range(info->b, 0, 8);
		/* The positions are of what the kind says, in every prototype. */
		for (; *p; p += strcspn(p, "|"), p += *p == '|') {
			size_t length = strcspn(p, "|");

			assert_true(info->a <= length && info->b <= length);
			assert_int_equal(p[info->a - 1], letters[info->kind].a);
			if (info->b)
				assert_int_equal(p[info->b - 1], letters[info->kind].b);
			/* fexit finds the result behind the one prototype's arguments. */
			assert_true(info->point == VMW_POINT_ENTRY || !p[length]);
		}
	}
	assert_true(offences >= 24);
}

static void asked_for(void **state)
{
	static const char *const bad[] = {
		"",
		"folio_unlock",
		"folio_unlock:page",
		":page:1",
		"f:folios:1",
		"f:page:0",
		"f:page:9",
		"f:page:1,",
		"f:page:1,2,3",
		"f:page:x",
		"f:pfn:1,2",
		"f:pfn-range:1",
		"f:page-array:2,1",
		"f:page-array:1",
		"f:page-array:1,4",
		"f:migrate_vma:1,2",
		"f:vm_fault page:1",
		"f:page:12",
		"f:page: 1",
		"f:page-range:1,x",
	};
	static const struct {
		const char *text;
		enum vmw_kind kind;
		unsigned int a, b;
	} good[] = {
		{ "folio_unlock:folio:1", VMW_KIND_FOLIO, 1, 0 },
		{ "f:page:2,8", VMW_KIND_PAGE, 2, 8 },
		{ "f:pfn:3", VMW_KIND_PFN, 3, 0 },
		{ "f:pfn-range:4,1", VMW_KIND_PFN_RANGE, 4, 1 },
		{ "f:page range:1,2", VMW_KIND_PAGE_RANGE, 1, 2 },
		{ "f:page-array:1,3", VMW_KIND_PAGE_ARRAY, 1, 3 },
		{ "f:migrate_vma:1", VMW_KIND_MIGRATE_VMA, 1, 0 },
	};
	char why[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(vmw_extra_add(bad[i], why, sizeof(why)), -EINVAL);
		assert_non_null(strstr(why, "expected"));
		assert_int_equal(vmw_nr_probes, VMW_NR_PROBES);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		const struct vmw_probe_info *info = &vmw_probe_infos[vmw_nr_probes];

		assert_int_equal(vmw_extra_add(good[i].text, why, sizeof(why)), 0);
		assert_int_equal(info->kind, good[i].kind);
		assert_int_equal(info->a, good[i].a);
		assert_int_equal(info->b, good[i].b);
		assert_int_equal(strncmp(good[i].text, info->symbol, strlen(info->symbol)), 0);
	}
	while (!vmw_extra_add("f:pfn:1", why, sizeof(why)))
		;
	assert_int_equal(vmw_nr_probes, VMW_PROBE_SITE);
}

#define VMEMMAP 0xfffffc0000000000

static void hit(struct vmw_aggregate *agg, u32 probe, u64 section, u64 count, u64 time)
{
	struct vmw_use_key key = { .section = section, .probe = probe, .verdict = VMW_ABOVE };
	struct vmw_use use = {
		.count = count,
		.pages = count,
		.first_ns = time,
		.last_ns = time + 10,
		.lowest = VMEMMAP + (section << 15) * 64 + 64,
		.highest = VMEMMAP + (section << 15) * 64 + 64,
	};

	vmw_aggregate_use(agg, &key, &use);
}

static const char *name(u64 phys, void *context)
{
	(void)context;
	return phys == 7ULL << 27 ? "hmm_dmirror" : NULL;
}

static void hits_add_up(void **state)
{
	struct vmw_aggregate agg = {
		.section_shift = 15,
		.bounds = { .vmemmap = VMEMMAP, .page_struct_size = 64 },
	};
	/* It begins inside of a section. */
	struct vmw_range range = { .pfn = (4 << 15) + 1, .nr_pages = 2 << 15 };
	struct vmw_offender offender = { .range = range };
	struct vmw_request request = {
		.kind = VMW_REQUEST_MEMREMAP,
		.outcome = VMW_ACCEPTED,
		.driver = "driver",
		.ranges = &range,
		.nr_ranges = 1,
	};

	(void)state;
	agg.requests = &request;
	/* Two sections of one request are one use; another section is its own. */
	hit(&agg, VMW_PROBE_folio_unlock, 4, 3, 200);
	hit(&agg, VMW_PROBE_folio_unlock, 5, 4, 100);
	hit(&agg, VMW_PROBE_folio_unlock, 7, 1, 300);
	hit(&agg, VMW_PROBE_copy_highpage, 4, 1, 400);
	assert_ptr_equal(agg.uses->request, &request);
	assert_string_equal(agg.uses->driver, "driver");
	assert_int_equal(agg.uses->counts.count, 7);
	assert_int_equal(agg.uses->counts.first_ns, 100);
	assert_int_equal(agg.uses->counts.last_ns, 210);
	assert_int_equal(agg.uses->counts.lowest, VMEMMAP + (4 << 15) * 64 + 64);
	assert_int_equal(agg.uses->counts.highest, VMEMMAP + (5 << 15) * 64 + 64);
	assert_null(agg.uses->next->request);
	assert_int_equal(agg.uses->next->section, 7);
	assert_string_equal(agg.uses->next->driver, "unknown");
	assert_int_equal(agg.uses->next->next->probe, VMW_PROBE_copy_highpage);
	assert_null(agg.uses->next->next->next);
	vmw_aggregate_name_uses(&agg, 12, name, NULL);
	assert_string_equal(agg.uses->driver, "driver");
	assert_string_equal(agg.uses->next->driver, "hmm_dmirror");
	/* Where struct pages are made, a hit is the request's own. */
	agg.offenders = &offender;
	hit(&agg, VMW_PROBE_move_pfn_range_to_zone, 5, 2, 500);
	assert_int_equal(offender.hits[VMW_PROBE_move_pfn_range_to_zone], 2);
	assert_int_equal(offender.count, 2);
	assert_null(agg.uses->next->next->next);
	/* A range is counted once: a use of all of it is the offender's, too. */
	hit(&agg, VMW_PROBE_migrate_device_range, 4, 1, 500);
	assert_int_equal(offender.hits[VMW_PROBE_migrate_device_range], 1);
	assert_null(agg.uses->next->next->next);
	hit(&agg, VMW_PROBE_folio_unlock, 5, 1, 500);
	assert_int_equal(agg.uses->counts.count, 8);
	agg.offenders = NULL;
	agg.requests = NULL;
	vmw_aggregate_free(&agg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_are_verdicts),
		cmocka_unit_test(prototypes),
		cmocka_unit_test(choices),
		cmocka_unit_test(table),
		cmocka_unit_test(asked_for),
		cmocka_unit_test(hits_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
