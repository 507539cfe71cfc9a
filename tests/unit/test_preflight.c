// SPDX-License-Identifier: GPL-2.0-only
/* The search of the kernel, what becomes of what it finds, and on which boots. */
#include <errno.h>
#include <unistd.h>

#include "layout.h"

#include "layout/from.h"
#include "layout/possible.h"
#include "output/describe_preflight.h"

#define M(n)	((u64)(n) << 20)
#define G(n)	((u64)(n) << 30)
#define LAST_48 ((1ULL << 48) - 1)

static void the_top_is_free(void **state)
{
	const struct vmw_search search = {
		.last = LAST_48,
		.section = M(128),
		.step = VMW_STEP_SIZE,
	};
	struct vmw_placed placed;

	(void)state;
	/* test_hmm on 6.1.192: iomem has fffff0000000-ffffffffffff. */
	assert_int_equal(vmw_place_find(&search, M(256), &placed), 0);
	assert_int_equal(placed.first, 0xfffff0000000);
	assert_int_equal(placed.last, LAST_48);
	assert_int_equal(vmw_place_find(&search, 1, &placed), 0);
	assert_int_equal(placed.first, 0xfffff8000000);
	assert_int_equal(vmw_place_find(&search, M(128) + 1, &placed), 0);
	assert_int_equal(placed.first, 0xfffff0000000);
	assert_int_equal(vmw_place_find(&search, ~0ULL, &placed), -EINVAL);
	assert_int_equal(vmw_place_find(&search, 0, &placed), -EINVAL);
	assert_int_equal(vmw_place_find(&search, 1ULL << 49, &placed), -ERANGE);
}

static void around_what_is_taken(void **state)
{
	const struct vmw_resource taken = { .start = 0xfffff8000000, .last = LAST_48 };
	struct vmw_search search = {
		.taken = &taken,
		.nr = 1,
		.last = LAST_48,
		.section = M(128),
		.step = VMW_STEP_SIZE,
	};
	struct vmw_placed placed;

	(void)state;
	assert_int_equal(vmw_place_find(&search, M(384), &placed), 0);
	assert_int_equal(placed.first, LAST_48 + 1 - 2 * M(384));
	assert_int_equal(placed.skipped, 1);
	search.step = VMW_STEP_SECTION;
	assert_int_equal(vmw_place_find(&search, M(384), &placed), 0);
	assert_int_equal(placed.first, LAST_48 + 1 - M(384) - M(128));
	/* Not known which: only where both end in the same place. */
	search.step = VMW_STEP_UNKNOWN;
	assert_int_equal(vmw_place_find(&search, M(384), &placed), -ENODATA);
	assert_int_equal(vmw_place_find(&search, M(128), &placed), 0);
	assert_int_equal(placed.first, LAST_48 + 1 - 2 * M(128));
}

/* get_free_mem_region() as it stands in kernel/resource.c, one address at a time. */
static int as_the_kernel(const struct vmw_search *s, u64 size, u64 *ret)
{
	u64 step, addr;
	size_t i;

	size = (size + s->section - 1) & -s->section;
	step = s->step == VMW_STEP_SIZE ? size : s->section;
	if (size > s->last)
		return -ERANGE;
	for (addr = s->last - size + 1; addr > step; addr -= step) {
		for (i = 0; i < s->nr; i++) {
			if (s->taken[i].start < addr + size && s->taken[i].last >= addr)
				break;
		}
		if (i == s->nr) {
			*ret = addr;
			return 0;
		}
	}
	return -ERANGE;
}

static u64 draw(u64 below)
{
	static u64 x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x % below;
}

static void as_one_address_at_a_time(void **state)
{
	struct vmw_resource taken[6];
	struct vmw_search search = { .taken = taken, .section = 16 };
	struct vmw_placed placed;
	int i, found = 0, err;
	u64 size, first;

	(void)state;
	for (i = 0; i < 20000; i++) {
		search.last = 15 + 16 * draw(64) + draw(2) * draw(16);
		search.step = VMW_STEP_SIZE + draw(2);
		for (search.nr = 0; search.nr < draw(7); search.nr++) {
			taken[search.nr].start = draw(1024);
			taken[search.nr].last = taken[search.nr].start + draw(200);
		}
		size = 1 + draw(200);
		err = as_the_kernel(&search, size, &first);
		assert_int_equal(vmw_place_find(&search, size, &placed), err);
		if (!err)
			assert_int_equal(placed.first, first);
		found += !err;
	}
	assert_true(found > 2000 && found < 18000);
}

/* A preflight of a layout that @text states, with 2 GiB of RAM. */
struct test {
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_resource ram;
	struct vmw_iomem iomem;
	struct vmw_preflight p;
};

static struct test *make(const char *text)
{
	struct test *t = calloc(1, sizeof(*t));
	enum vmw_value_id missing;
	char path[32], why[256];
	u64 section;

	assert_non_null(t);
	write_temporary(path, text, strlen(text));
	if (vmw_layout_from(&t->layout, VMW_NR_SOURCES, path, why, sizeof(why)))
		fail_msg("%s", why);
	unlink(path);
	assert_int_equal(vmw_layout_bounds(&t->layout, &t->bounds, &missing), 0);
	t->ram = (struct vmw_resource){ G(1), G(3) - 1, 0, "System RAM" };
	t->iomem = (struct vmw_iomem){ &t->ram, 1 };
	t->p.layout = &t->layout;
	t->p.bounds = &t->bounds;
	t->p.iomem = &t->iomem;
	vmw_kernel_guess(&t->p.kernel, &t->layout);
	assert_true(vmw_layout_get(&t->layout, VMW_VALUE_SECTION_BITS, &section));
	t->p.section = 1ULL << section;
	t->p.step = vmw_preflight_step(&t->layout.release);
	return t;
}

/* With KASLR, on a CPU of so many physical bits. */
static void randomise(struct test *t, unsigned int parange)
{
	t->p.kernel.kaslr_known = t->p.kernel.kaslr = true;
	t->p.kernel.parange_bits = parange;
	vmw_seeds_read(&t->p.seeds, &t->layout, &t->p.kernel, &t->iomem);
}

static const struct vmw_foreseen *run(struct test *t, const char *first, const char *second)
{
	char why[400] = "";

	assert_int_equal(vmw_planned_parse(&t->p.planned[0], first, why, sizeof(why)), 0);
	t->p.nr = 1;
	if (second)
		assert_int_equal(
			vmw_planned_parse(&t->p.planned[t->p.nr++], second, why, sizeof(why)), 0);
	if (vmw_preflight_run(&t->p, why, sizeof(why)))
		fail_msg("%s", why);
	return t->p.foreseen;
}

static const char kernel_6_1[] =
	"kernel: 6.1.192\nVA_BITS: 48\nPAGE_SHIFT: 12\nsizeof(struct page): 64\n"
	"MAX_PHYSMEM_BITS: 48\nmemstart_addr: ";

static struct test *make_6_1(const char *memstart)
{
	char text[256];

	snprintf(text, sizeof(text), "%s%s\n", kernel_6_1, memstart);
	return make(text);
}

static void it_warns_and_lives(void **state)
{
	struct test *t = make_6_1("0x40000000");
	const struct vmw_foreseen *f = run(t, "256M", "80G");

	(void)state;
	assert_int_equal(f->expected.kind, VMW_EXPECT_WARN);
	assert_int_equal(f->expected.warns, 2);
	assert_int_equal(f->explanation.judgement.start, 0xfffffffffec00000);
	assert_int_equal(f->explanation.judgement.verdict, VMW_ABOVE);
	assert_false(f->expected.oops || f->expected.collides || f->shares.known);
	/* 80 GiB is what the first one is in the way of: 6.1 goes down by all of it. */
	assert_int_equal(f[1].place.last, LAST_48 - G(80));
	assert_int_equal(f[1].expected.warns, 640);
	assert_int_equal(vmw_preflight_code(&t->p), VMW_EXIT_OFFENDER);
	free(t);
}

static void it_oopses(void **state)
{
	struct test *t = make_6_1("0xffffd91580000000");
	const struct vmw_foreseen *f = run(t, "256M", NULL);

	(void)state;
	/* The fault that was seen: 0x9ba9c00034. */
	assert_int_equal(f->explanation.judgement.start, 0x9ba9c00000);
	assert_int_equal(f->expected.kind, VMW_EXPECT_OOPS);
	assert_int_equal(f->expected.warns, 2);
	free(t);
	/* memstart_addr 0: the last struct page ends at 2^64, and its section is silent. */
	t = make_6_1("0x0");
	f = run(t, "256M", NULL);
	assert_int_equal(f->explanation.judgement.end, 0);
	assert_int_equal(f->expected.kind, VMW_EXPECT_WARN);
	assert_int_equal(f->expected.warns, 1);
	free(t);
}

/* Do people read that of it? */
static bool says(const struct test *t, const char *words)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	bool found;

	assert_non_null(file);
	assert_int_equal(vmw_export_preflight_text(&t->p, file), 0);
	fclose(file);
	found = strstr(text, words);
	free(text);
	return found;
}

static const char kernel_6_12[] =
	"VA_BITS: 48\nPAGE_SHIFT: 12\nsizeof(struct page): 64\nMAX_PHYSMEM_BITS: 48\n"
	"memstart_addr: 0x40000000\nkernel: 6.12.117\n";

static void others_are_there(void **state)
{
	struct test *t = make(kernel_6_12);
	const struct vmw_foreseen *f;

	(void)state;
	assert_int_equal(t->p.kernel.fix, VMW_FIX_PRESENT);
	assert_int_equal(t->p.kernel.phys_end, 0x80003fffffff);
	f = run(t, "256M", NULL);
	assert_int_equal(f->expected.kind, VMW_EXPECT_ACCEPTED);
	assert_int_equal(f->explanation.judgement.end, t->bounds.end);
	assert_int_equal(vmw_preflight_code(&t->p), VMW_EXIT_CLEAN);
	/* The BAR of a GPU fits: all of its memory may not. */
	t->p.planned[0].lower_bound = true;
	assert_int_equal(vmw_preflight_code(&t->p), VMW_EXIT_LOST);
	/* What a driver chooses just behind the linear map: PCI I/O, 8 MiB above. */
	t->p.kernel.phys_end = LAST_48;
	f = run(t, "1G@0x800040000000", "1G@0x0");
	assert_int_equal(f->expected.kind, VMW_EXPECT_UNDEFINED);
	assert_int_equal(f->expected.collides, 1U << VMW_REGION_PCI_IO);
	assert_int_equal(f->expected.warns, 8);
	/* Below the linear map there is vmalloc. */
	assert_int_equal(f[1].expected.kind, VMW_EXPECT_UNDEFINED);
	assert_true(f[1].expected.collides & 1U << VMW_REGION_VMALLOC);
	free(t);
}

static void the_kernel_panics(void **state)
{
	struct test *t = make_6_1("0xffffd91580000000");

	(void)state;
	t->p.kernel.panic_on_oops = 1;
	assert_int_equal(run(t, "256M", NULL)->expected.panic, VMW_PANIC_ON_OOPS);
	t->p.kernel.warn_limit = 5;
	t->p.warn_count = 2;
	assert_int_equal(run(t, "256M", NULL)->expected.panic, VMW_PANIC_ON_OOPS);
	/* The first request takes two of those that are left. */
	run(t, "256M", "256M");
	assert_int_equal(t->p.foreseen[1].expected.panic, VMW_PANIC_WARN_LIMIT);
	assert_int_equal(t->p.foreseen[1].expected.warned, 4);
	t->p.warn_count = 3;
	assert_int_equal(run(t, "256M", NULL)->expected.panic, VMW_PANIC_WARN_LIMIT);
	t->p.kernel.panic_on_warn = 1;
	assert_int_equal(run(t, "256M", NULL)->expected.panic, VMW_PANIC_ON_WARN);
	assert_int_equal(t->p.foreseen->expected.kind, VMW_EXPECT_PANIC);
	free(t);
}

static void the_kernel_refuses(void **state)
{
	struct test *t = make_6_1("0x40000000");
	const struct vmw_foreseen *f;
	char why[400];

	(void)state;
	t->p.type = VMW_DEVICE_GENERIC;
	f = run(t, "128M@0xf00000000000", "128M@0x48000000");
	assert_int_equal(f->expected.refusal, VMW_REFUSAL_LIMIT);
	assert_int_equal(f->expected.limit_first, 0x40000000);
	assert_int_equal(f->expected.limit_last, 0x80003fffffff);
	assert_int_equal(f[1].expected.refusal, VMW_REFUSAL_RAM);
	f = run(t, "3M@0x100000000", "2M@0x100000000");
	assert_int_equal(f->expected.refusal, VMW_REFUSAL_MISALIGNED);
	assert_int_equal(f[1].expected.kind, VMW_EXPECT_ACCEPTED);
	/* No address, no BAR: it has to be given. */
	t->p.planned[0].has_address = false;
	assert_int_equal(vmw_preflight_run(&t->p, why, sizeof(why)), -EINVAL);

	t->p.type = VMW_DEVICE_PRIVATE;
	/* It would be out of bounds, and the kernel's own check never sees it. */
	f = run(t, "256M", NULL);
	assert_int_equal(f->explanation.judgement.verdict, VMW_ABOVE);
	assert_true(says(t, "this kernel prints a WARN"));
	assert_true(f->explanation.kernel_warns);
	t->p.kernel.device_private_known = true;
	f = run(t, "256M", NULL);
	assert_int_equal(f->expected.refusal, VMW_REFUSAL_NO_PRIVATE);
	assert_int_equal(f->expected.kind, VMW_EXPECT_REFUSED);
	assert_int_equal(f->explanation.judgement.verdict, VMW_ABOVE);
	assert_false(f->explanation.kernel_warns);
	assert_true(says(t, "would lie in"));
	assert_false(says(t, "this kernel prints a WARN"));
	assert_int_equal(vmw_preflight_code(&t->p), VMW_EXIT_CLEAN);
	t->p.kernel.panic_on_warn = 1;
	assert_int_equal(run(t, "256M", NULL)->expected.kind, VMW_EXPECT_PANIC);
	t->p.kernel.device_private_known = false;
	assert_int_equal(run(t, "512T", NULL)->expected.refusal, VMW_REFUSAL_NO_ROOM);
	/* Without memremap_pages() no type has a chance. */
	t->p.kernel.no_zone_device = true;
	assert_int_equal(run(t, "256M", NULL)->expected.refusal, VMW_REFUSAL_NO_ZONE_DEVICE);
	t->p.type = VMW_DEVICE_GENERIC;
	f = run(t, "2M@0x100000000", NULL);
	assert_int_equal(f->expected.refusal, VMW_REFUSAL_NO_ZONE_DEVICE);
	free(t);
}

static void what_cannot_be_followed(void **state)
{
	struct test *t = make_6_1("0x40000000");
	char why[400] = "";

	(void)state;
	t->p.nr = 1;
	assert_int_equal(vmw_planned_parse(t->p.planned, "1G", why, sizeof(why)), 0);
	t->p.kernel.phys_end = 0;
	assert_int_equal(vmw_preflight_run(&t->p, why, sizeof(why)), -ENODATA);
	assert_true(*why);
	free(t);
}

/* WARN_ON() of vmemmap_populate() for each section, as the kernel has it. */
static u64 warns_one_by_one(const struct vmw_bounds *b, u64 pfn, u64 nr, u64 per_section)
{
	u64 end = pfn + nr, next, n = 0;

	for (; pfn < end; pfn = next) {
		next = pfn / per_section * per_section + per_section;
		next = next < end ? next : end;
		n += vmw_page_of(b, pfn) < b->nominal_start || vmw_page_of(b, next) > b->end;
	}
	return n;
}

static void as_many_warns_as_sections(void **state)
{
	static const char *const memstarts[] = { "0x40000000", "0xffffd91580000000", "0x0" };
	struct vmw_expected expected;
	struct vmw_expect_by by;
	struct test *t;
	u64 pfn, nr;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		t = make_6_1(memstarts[i % 3]);
		by = (struct vmw_expect_by){
			.layout = &t->layout,
			.kernel = &t->p.kernel,
			.iomem = &t->iomem,
			.section = t->p.section,
			.searched = true,
		};
		pfn = draw(1ULL << 27) << 9;
		nr = (1 + draw(2048)) << 9;
		/* Every other one about where vmemmap ends, or the address space. */
		if (i & 1)
			pfn = vmw_pfn_of(&t->bounds, draw(2) ? t->bounds.end : 0) - draw(nr);
		pfn &= ~0x1ffULL;
		expected = vmw_expect(&by, &t->bounds, 0, pfn << 12, ((pfn + nr) << 12) - 1);
		if (expected.kind != VMW_EXPECT_ACCEPTED)
			assert_int_equal(expected.warns, warns_one_by_one(&t->bounds, pfn, nr,
									  t->p.section >> 12));
		free(t);
	}
}

static u32 share(const struct vmw_foreseen *f, enum vmw_expected_kind expected, u32 verdict)
{
	return f->shares.seeds[expected][verdict];
}

static void shares_of_boots(void **state)
{
	/* Seen on a cortex-a72: PARange 44. */
	struct test *t = make_6_1("0xffffca5ac0000000");
	const struct vmw_foreseen *f;
	struct vmw_way ways[VMW_MAX_WAYS];

	(void)state;
	randomise(t, 44);
	if (!t->p.seeds.known)
		fail_msg("%s", t->p.seeds.why);
	assert_int_equal(t->p.seeds.slots, (1ULL << 47) / G(1) - (1ULL << 44) / G(1));
	assert_int_equal(vmw_seeds_memstart(&t->p.seeds, 0), G(1));
	assert_int_equal(vmw_seeds_memstart(&t->p.seeds, 2), -2 * G(1));
	f = run(t, "256M", NULL);
	assert_int_equal(share(f, VMW_EXPECT_OOPS, VMW_USER), 65534);
	assert_int_equal(share(f, VMW_EXPECT_WARN, VMW_ABOVE), 2);
	assert_int_equal(vmw_shares_ways(&f->shares, ways), 2);
	assert_int_equal(ways[0].expected, VMW_EXPECT_OOPS);

	/* A CPU of 48 bits leaves no room, and so this boot's memstart cannot be. */
	randomise(t, 48);
	assert_false(t->p.seeds.known);
	t->p.kernel.parange_bits = 0;
	vmw_seeds_read(&t->p.seeds, &t->layout, &t->p.kernel, &t->iomem);
	assert_false(t->p.seeds.known);
	assert_false(run(t, "256M", NULL)->shares.known);
	free(t);

	t = make_6_1("0x40000000");
	randomise(t, 48);
	assert_true(t->p.seeds.known && !t->p.seeds.slots);
	assert_int_equal(share(run(t, "256M", NULL), VMW_EXPECT_WARN, VMW_ABOVE), 65536);
	/* memstart_addr is never raised. */
	t->ram.start = 0;
	randomise(t, 44);
	assert_false(t->p.seeds.known);
	free(t);
}

/* 5.10: what RAM leaves of the linear map, and PARange does not matter. */
static void shares_by_ram(void **state)
{
	static const char text[] =
		"kernel: 5.10.223\nVA_BITS: 48\nPAGE_SHIFT: 12\nsizeof(struct page): 64\n"
		"MAX_PHYSMEM_BITS: 48\nSECTION_SIZE_BITS: 30\nmemstart_addr: ";
	char seen[256], near[256];
	const struct vmw_foreseen *f;
	struct test *t;

	(void)state;
	/* Seen on a cortex-a72 with 2 GiB; no seed yields its neighbour. */
	snprintf(seen, sizeof(seen), "%s0xffff93fec0000000\n", text);
	snprintf(near, sizeof(near), "%s0xffff93ff00000000\n", text);
	t = make(seen);
	randomise(t, 0);
	if (!t->p.seeds.known)
		fail_msg("%s", t->p.seeds.why);
	assert_int_equal(t->p.seeds.slots, (1ULL << 47) / G(1) - 2);
	f = run(t, "256M", NULL);
	/* The fault that was seen: 0x3b003e00034. It WARNs of nothing before 5.12. */
	assert_int_equal(f->explanation.judgement.start, 0x3b003e00000);
	assert_int_equal(f->expected.warns, 0);
	assert_int_equal(share(f, VMW_EXPECT_OOPS, VMW_USER), 65536);
	free(t);
	t = make(near);
	randomise(t, 0);
	assert_false(t->p.seeds.known);
	free(t);
}

static void shares_of_cured_boots(void **state)
{
	struct test *t = make(kernel_6_12);
	const struct vmw_foreseen *f;

	(void)state;
	randomise(t, 44);
	assert_true(t->p.seeds.known && t->p.seeds.slots);
	f = run(t, "256M", "256M");
	assert_int_equal(share(f, VMW_EXPECT_ACCEPTED, VMW_IN_BOUNDS), 65536);
	assert_int_equal(share(f + 1, VMW_EXPECT_ACCEPTED, VMW_IN_BOUNDS), 65536);
	free(t);
}

static void releases_that_were_not_read(void **state)
{
	/* clang-format off */
	static const struct { unsigned int major, minor; int known; } rows[] = {
		{ 5, 9, 0 }, { 5, 11, 0 }, { 5, 15, 1 }, { 6, 12, 1 }, { 6, 13, 0 }, { 7, 1, 0 },
		{ 7, 2, 1 }, { 7, 3, 0 },
	};
	/* clang-format on */
	struct test *t = make_6_1("0x40000000");
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		t->layout.release = (struct vmw_release){ rows[i].major, rows[i].minor };
		randomise(t, 44);
		assert_int_equal(t->p.seeds.known, rows[i].known);
		assert_true(*t->p.seeds.why);
	}
	free(t);
	assert_int_equal(vmw_preflight_step(&(struct vmw_release){ 6, 1 }), VMW_STEP_SIZE);
	assert_int_equal(vmw_preflight_step(&(struct vmw_release){ 6, 6 }), VMW_STEP_UNKNOWN);
	assert_int_equal(vmw_preflight_step(&(struct vmw_release){ 7, 2 }), VMW_STEP_SECTION);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_top_is_free),
		cmocka_unit_test(around_what_is_taken),
		cmocka_unit_test(as_one_address_at_a_time),
		cmocka_unit_test(it_warns_and_lives),
		cmocka_unit_test(it_oopses),
		cmocka_unit_test(others_are_there),
		cmocka_unit_test(the_kernel_panics),
		cmocka_unit_test(the_kernel_refuses),
		cmocka_unit_test(what_cannot_be_followed),
		cmocka_unit_test(as_many_warns_as_sections),
		cmocka_unit_test(shares_of_boots),
		cmocka_unit_test(shares_by_ram),
		cmocka_unit_test(shares_of_cured_boots),
		cmocka_unit_test(releases_that_were_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
