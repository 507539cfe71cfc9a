// SPDX-License-Identifier: GPL-2.0-only
/* What happened before: dumps of real kernels, claims, sections. */
#include <errno.h>
#include <unistd.h>

#include "bounds.h"
#include "unit.h"

#include "klog/klog_internal.h"

#define PAGE_STRUCT 64

/* Its pages of pfn 0xfffff0000 are at 0x71ccc00000. */
static const struct vmw_bounds kaslr_bounds = {
	.vmemmap = 0x71ccc00000 - 0xfffff0000 * PAGE_STRUCT,
	.start = 0xfffffc0000000000,
	.end = 0xfffffe0000000000,
	.nominal_start = 0xfffffc0000000000,
	.page_struct_size = PAGE_STRUCT,
	.page_shift = 12,
	.va_bits = 48,
};

static const struct vmw_bounds uncured_bounds = {
	.vmemmap = 0xfffffdffbf000000,
	.start = 0xfffffdffc0000000,
	.end = 0xffffffffc0000000,
	.nominal_start = 0xfffffdffc0000000,
	.page_struct_size = PAGE_STRUCT,
	.page_shift = 12,
	.va_bits = 48,
};

struct fixture {
	struct vmw_founds founds;
	struct vmw_scan scan;
	struct vmw_klog klog;
};

static void setup(struct fixture *f, const struct vmw_bounds *bounds)
{
	memset(f, 0, sizeof(*f));
	f->scan.ret = &f->founds;
	f->scan.bounds = bounds;
	f->scan.until_ns = ~0ULL;
	f->scan.section_bits = 27;
	f->scan.phys_bits = 48;
	f->scan.taint_bit = 4;
	f->scan.online_bit = 2;
	vmw_klog_init(&f->klog, vmw_found_event, &f->scan);
}

static void teardown(struct fixture *f)
{
	vmw_iomem_free(&f->scan.iomem);
	vmw_founds_free(&f->founds);
}

/* Each line of @path is a record of /dev/kmsg. */
static void read_log(struct fixture *f, const char *path)
{
	char text[1024];
	struct vmw_klog_line line;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	while (fgets(text, sizeof(text), file))
		assert_int_equal(vmw_klog_record(&f->klog, text, &line), 0);
	fclose(file);
	vmw_klog_end(&f->klog);
}

static void read_claims(struct fixture *f, const char *text)
{
	char path[32];

	write_temporary(path, text, strlen(text));
	assert_int_equal(vmw_iomem_read(&f->scan.iomem, path), 0);
	unlink(path);
}

static void is_range(const struct vmw_found *found, u64 pfn, u64 nr, const char *name)
{
	assert_int_equal(found->pfn, pfn);
	assert_int_equal(found->nr_pages, nr);
	assert_string_equal(found->name, name);
}

/* Sections of 128 MiB, as 6.1 has them, of ZONE_DEVICE or not. */
static void sections(struct fixture *f, u64 first, u64 last, u64 flags)
{
	for (; first <= last; first++)
		vmw_found_section(&f->scan, first, f->scan.bounds->vmemmap | 3 | flags);
}

static const char two_devices[] = "40000000-bfffffff : System RAM\n"
				  "ffffe0000000-ffffefffffff : hmm_dmirror\n"
				  "fffff0000000-ffffffffffff : hmm_dmirror\n";

/* Loaded and unloaded: the log alone knows. */
static void gone_above(void **state)
{
	struct vmw_found *found;
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f, &above_bounds);
	read_log(&f, DATA "kmsg-6.1-above");
	assert_int_equal(f.founds.warns, 8);
	assert_int_equal(f.founds.oopses, 0);
	assert_int_equal(f.founds.rangeless, 0);
	assert_int_equal(f.founds.nr, 2);
	found = f.founds.found;
	is_range(&found[0], 0xfffff0000, 0x10000, "");
	is_range(&found[1], 0xffffe0000, 0x10000, "");
	for (i = 0; i < 2; i++) {
		assert_false(found[i].live);
		assert_false(found[i].oops);
		assert_true(found[i].removal);
		assert_int_equal(found[i].warns, 4);
		assert_int_equal(found[i].judgement.verdict, VMW_ABOVE);
		assert_string_equal(found[i].module, "test_hmm");
		assert_string_equal(found[i].driver, "test_hmm");
		assert_string_equal(found[i].comm, "insmod");
	}
	assert_int_equal(found[0].judgement.start, 0xfffffffffec00000);
	assert_int_equal(found[0].judgement.end, 0xffffffffff000000);
	assert_int_equal(found[0].first_ns, 1289336000);
	assert_int_equal(found[0].first_seq, 111);
	assert_int_equal(found[0].last_ns, 1487824000);
	assert_int_equal(found[0].last_seq, 295);
	teardown(&f);
}

/* Still loaded: the sections, with borders by the claims, and the log. */
static void live_above(void **state)
{
	struct vmw_found *found;
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	read_claims(&f, two_devices);
	sections(&f, 8, 23, 1 << 2);
	sections(&f, 0xffffe0000 >> 15, 0xfffffffff >> 15, 0);
	vmw_found_sections_end(&f.scan);
	assert_int_equal(f.founds.nr, 2);
	read_log(&f, DATA "kmsg-6.1-above");
	assert_int_equal(f.founds.nr, 2);
	found = f.founds.found;
	is_range(&found[0], 0xffffe0000, 0x10000, "hmm_dmirror");
	is_range(&found[1], 0xfffff0000, 0x10000, "hmm_dmirror");
	assert_true(found[0].live && found[0].zone_device && found[0].zone_device_known);
	assert_int_equal(found[0].warns, 4);
	assert_int_equal(found[1].warns, 4);
	assert_int_equal(found[0].first_seq, 186);
	assert_string_equal(found[1].module, "test_hmm");
	teardown(&f);
}

/* The same kernel under KASLR: WARNs, and death by an address of user space. */
static void oops_kaslr(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &kaslr_bounds);
	read_log(&f, DATA "kmsg-6.1-kaslr");
	assert_int_equal(f.founds.warns, 2);
	assert_int_equal(f.founds.oopses, 1);
	assert_int_equal(f.founds.rangeless, 0);
	assert_int_equal(f.founds.nr, 1);
	is_range(f.founds.found, 0xfffff0000, 0x10000, "");
	assert_int_equal(f.founds.found->judgement.verdict, VMW_USER);
	assert_int_equal(f.founds.found->judgement.start, 0x71ccc00000);
	assert_true(f.founds.found->oops);
	assert_false(f.founds.found->removal);
	assert_int_equal(f.founds.found->warns, 2);
	assert_string_equal(f.founds.found->module, "test_hmm");
	assert_string_equal(f.founds.found->driver, "test_hmm");
	teardown(&f);
}

/* 6.12: other registers, and a function that the compiler has renamed. */
static void oops_uncured(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &uncured_bounds);
	read_log(&f, DATA "kmsg-6.12-uncured");
	assert_int_equal(f.founds.warns, 2);
	assert_int_equal(f.founds.oopses, 1);
	assert_int_equal(f.founds.rangeless, 0);
	assert_int_equal(f.founds.nr, 1);
	is_range(f.founds.found, 0xfffff0000, 0x10000, "");
	assert_int_equal(f.founds.found->judgement.start, 0x1ffbec00000);
	assert_true(f.founds.found->oops);
	assert_string_equal(f.founds.found->comm, "insmod");
	assert_string_equal(f.founds.found->driver, "test_hmm");
	teardown(&f);
}

/* By bounds that this log is not of, nothing in it is a range. */
static void other_bounds(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &uncured_bounds);
	f.scan.section_bits = 0;
	read_log(&f, DATA "kmsg-6.1-above");
	assert_int_equal(f.founds.warns, 8);
	assert_int_equal(f.founds.rangeless, 8);
	assert_int_equal(f.founds.nr, 0);
	teardown(&f);
}

static void say(struct fixture *f, const char *text)
{
	struct vmw_klog_line line = { .time_ns = 1, .text = text };

	vmw_klog_line(&f->klog, &line);
}

/* What 7.2 prints, by its sources (kernel/panic.c, 7.2.13). */
static void warning_of_7_2(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	say(&f,
	    "WARNING: arch/arm64/mm/mmu.c:1793 at vmemmap_populate+0x54/0x68, CPU#1: a / b/78");
	say(&f, "x1 : fffffffffee00000 x0 : fffffffffec00000");
	say(&f, "Call trace:");
	say(&f, " vmemmap_populate+0x54/0x68 (P)");
	say(&f, " memremap_pages+0x36c/0x5f4");
	say(&f, " xe_devm_add+0xb8/0x2c4 [xe 0123456789abcdef]");
	vmw_klog_end(&f.klog);
	assert_int_equal(f.founds.nr, 1);
	is_range(f.founds.found, 0xfffff0000, 0x8000, "");
	assert_string_equal(f.founds.found->module, "xe");
	assert_string_equal(f.founds.found->comm, "a / b");
	teardown(&f);
}

/* What is none of ours, and what only looks like it. */
static void others(void **state)
{
	struct vmw_klog_line line;
	struct fixture f;
	char user[] = "12,5,7,-;WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2";
	char kernel[] = "4,6,8,-,caller=T7;WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2";
	char other[] = "4,7,8,-,caller=T8;x1 : fffffffffee00000 x0 : fffffffffec00000";
	char mine[] = "4,8,8,-,caller=T7;pc : a\\x0a---[ end trace 0000000000000000 ]---";

	(void)state;
	setup(&f, &above_bounds);
	say(&f, "WARNING: possible circular locking dependency detected");
	say(&f, "WARNING: CPU: 0 PID: 1 at a.c:1 somebody_else+0x1/0x2");
	say(&f, " WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2");
	/* A NULL pointer of memremap_pages() itself, and one of anybody. */
	say(&f,
	    "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008");
	say(&f, "pc : memremap_pages+0x4/0x34");
	say(&f, "x1 : 0000000000000001 x0 : 0000000000000000");
	say(&f, "---[ end trace 0000000000000000 ]---");
	assert_int_equal(f.founds.oopses, 1);
	assert_int_equal(f.founds.rangeless, 1);
	say(&f, "Unable to handle kernel paging request at virtual address fffffffffec00034");
	say(&f, "pc : somebody_else+0x4/0x34");
	say(&f, "x1 : 0000000000000001 x0 : fffffffffec00000");
	vmw_klog_end(&f.klog);
	assert_int_equal(f.founds.oopses, 1);
	assert_int_equal(f.founds.warns, 0);
	/* User space cannot write as the kernel; another CPU's lines are not ours. */
	assert_int_equal(vmw_klog_record(&f.klog, user, &line), 0);
	vmw_klog_end(&f.klog);
	assert_int_equal(f.founds.warns, 0);
	assert_int_equal(vmw_klog_record(&f.klog, kernel, &line), 0);
	assert_int_equal(vmw_klog_record(&f.klog, other, &line), 0);
	assert_int_equal(vmw_klog_record(&f.klog, mine, &line), 0);
	assert_int_equal(line.seq, 8);
	assert_int_equal(line.time_ns, 8000);
	assert_int_equal(f.founds.warns, 1);
	assert_int_equal(f.founds.rangeless, 2);
	assert_int_equal(f.founds.nr, 0);
	teardown(&f);
}

static void bad_records(void **state)
{
	static const char *const bad[] = {
		"",
		"\n",
		"4",
		"4,",
		"4,1,2",
		"4,1,2,-",
		" SUBSYSTEM=amba",
		"-4,1,2,-;x",
		"4,1,99999999999999999999,-;x",
		"4,1,18446744073709551615,-;x",
		"4,a,2,-;x",
	};
	struct vmw_klog_line line;
	struct fixture f;
	char text[64];
	size_t i;

	(void)state;
	setup(&f, &above_bounds);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		strcpy(text, bad[i]);
		assert_int_equal(vmw_klog_record(&f.klog, text, &line), -EBADMSG);
	}
	strcpy(text, "4,1,2,c;\\x00\\x\\xz\\x0");
	assert_int_equal(vmw_klog_record(&f.klog, text, &line), 0);
	teardown(&f);
}

/* The bounds that the kernel compared with are in registers, too. */
static void bounds_in_registers(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	/* A section from END on: nothing but the bound and its end. */
	say(&f, "WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2");
	say(&f, "x19: fffffe0000000000 x1 : fffffe0000200000 x0 : fffffe0000000000");
	/* The next one: both are there, one is whole without the bound. */
	say(&f, "WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2");
	say(&f, "x19: fffffe0000200000 x1 : fffffe0000400000 x0 : fffffe0000000000");
	/* Two that may be: neither is. */
	say(&f, "WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2");
	say(&f, "x2 : fffffe0000600000 x3 : fffffe0000400000 x0 : fffffe0000200000");
	/* The section before is left in registers: its end is no argument. */
	say(&f, "WARNING: CPU: 0 PID: 1 at a.c:1 vmemmap_free+0x1/0x2");
	say(&f, "x9 : fffffe0000200000 x1 : fffffe0000600000 x0 : fffffe0000400000");
	vmw_klog_end(&f.klog);
	assert_int_equal(f.founds.warns, 4);
	assert_int_equal(f.founds.rangeless, 1);
	assert_int_equal(f.founds.nr, 1);
	is_range(f.founds.found, vmw_pfn_of(&above_bounds, above_bounds.end), 0x18000, "");
	teardown(&f);
}

/* Devices smaller than a section, claims inside of claims, and nobody's pages. */
static void claims(void **state)
{
	struct vmw_found *found;
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	read_claims(&f, "40000000-bfffffff : System RAM\n"
			"ffff00000000-ffff001fffff : small\n"
			"ffff00200000-ffff07ffffff : rest\n"
			"ffff10000000-ffff27ffffff : outer\n"
			"  ffff10000000-ffff18ffffff : inner\n");
	sections(&f, 0xffff00000000 >> 27, 0xffff00000000 >> 27, 1 << 4);
	sections(&f, 0xffff10000000 >> 27, 0xffff28000000 >> 27, 1 << 4);
	sections(&f, (0xffff28000000 >> 27) + 1, (0xffff28000000 >> 27) + 1, 0);
	vmw_found_sections_end(&f.scan);
	found = f.founds.found;
	assert_int_equal(f.founds.nr, 6);
	assert_true(found[2].zone_device && found[2].zone_device_known);
	is_range(&found[0], 0xffff00000, 0x200, "small");
	is_range(&found[1], 0xffff00200, 0x7e00, "rest");
	is_range(&found[2], 0xffff10000, 0x9000, "inner");
	/* What inner has left of its second section is nobody's device. */
	is_range(&found[3], 0xffff20000, 0x8000, "outer");
	is_range(&found[4], 0xffff28000, 0x8000, "");
	assert_true(found[4].zone_device);
	is_range(&found[5], 0xffff30000, 0x8000, "");
	assert_false(found[5].zone_device_known);
	teardown(&f);
}

/* RAM out of bounds, online and not yet; and without claims, what flags say. */
static void ram(void **state)
{
	struct vmw_found *found;
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	read_claims(&f, "ffff00000000-ffff0fffffff : System RAM (virtio_mem)\n");
	sections(&f, 0xffff00000000 >> 27, 0xffff00000000 >> 27, 1 << 2);
	sections(&f, 0xffff08000000 >> 27, 0xffff08000000 >> 27, 0);
	sections(&f, 0xffff10000000 >> 27, 0xffff10000000 >> 27, 1 << 2);
	f.scan.taint_bit = f.scan.online_bit = -ENOENT;
	sections(&f, 0xffff18000000 >> 27, 0xffff18000000 >> 27, 1 << 2);
	vmw_found_sections_end(&f.scan);
	found = f.founds.found;
	assert_int_equal(f.founds.nr, 4);
	is_range(&found[0], 0xffff00000, 0x8000, "System RAM (virtio_mem)");
	assert_true(found[0].zone_device_known && !found[0].zone_device);
	assert_true(found[1].zone_device_known && !found[1].zone_device);
	assert_true(found[2].zone_device_known && !found[2].zone_device);
	assert_false(found[3].zone_device_known);
	teardown(&f);
}

/* The log's clock is ahead. */
static void times(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	f.founds.log_ahead_ns = 1289300000;
	read_log(&f, DATA "kmsg-6.1-above");
	assert_int_equal(f.founds.found[0].first_ns, 36000);
	assert_int_equal(vmw_found_time(&f.founds, 7), 1);
	assert_int_equal(vmw_found_time(&f.founds, 1289300000), 1);
	f.founds.log_ahead_ns = -5;
	assert_int_equal(vmw_found_time(&f.founds, 7), 12);
	teardown(&f);
	/* Probes have seen all but the first three. */
	setup(&f, &above_bounds);
	f.scan.until_ns = 1364704000;
	read_log(&f, DATA "kmsg-6.1-above");
	assert_int_equal(f.founds.warns, 3);
	assert_int_equal(f.founds.later, 5);
	assert_int_equal(f.founds.nr, 2);
	teardown(&f);
}

static void cap(void **state)
{
	struct fixture f;
	u64 i;

	(void)state;
	setup(&f, &above_bounds);
	for (i = 0; i < VMW_MAX_FOUND + 3; i++)
		sections(&f, (0xf00000000 >> 15) + 2 * i, (0xf00000000 >> 15) + 2 * i, 0);
	vmw_found_sections_end(&f.scan);
	assert_int_equal(f.founds.nr, VMW_MAX_FOUND);
	assert_int_equal(f.founds.dropped, 3);
	read_log(&f, DATA "kmsg-6.1-above");
	assert_int_equal(f.founds.warns, 8);
	teardown(&f);
}

static void no_log(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, &above_bounds);
	vmw_found_log(&f.scan, "/nowhere");
	assert_false(f.founds.log_read);
	assert_string_equal(f.founds.log_why, "/nowhere: No such file or directory");
	vmw_found_log(&f.scan, "/dev/null");
	assert_true(f.founds.log_read);
	assert_false(f.founds.log_cut);
	teardown(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gone_above),
		cmocka_unit_test(live_above),
		cmocka_unit_test(oops_kaslr),
		cmocka_unit_test(oops_uncured),
		cmocka_unit_test(other_bounds),
		cmocka_unit_test(warning_of_7_2),
		cmocka_unit_test(others),
		cmocka_unit_test(bad_records),
		cmocka_unit_test(bounds_in_registers),
		cmocka_unit_test(claims),
		cmocka_unit_test(ram),
		cmocka_unit_test(times),
		cmocka_unit_test(cap),
		cmocka_unit_test(no_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
