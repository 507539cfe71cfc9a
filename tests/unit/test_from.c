// SPDX-License-Identifier: GPL-2.0-only
/* Layouts from files: vmcoreinfo, pasted tables, our JSON; and their regions. */
#include <errno.h>
#include <unistd.h>

#include "layout.h"

#include "layout/from.h"

static void from_file(struct vmw_layout *l, const char *path)
{
	char why[256] = "";
	int err = vmw_layout_from(l, VMW_NR_SOURCES, path, why, sizeof(why));

	if (err)
		fail_msg("%s: %s", path, why);
}

static void from_vmcoreinfo(void **state)
{
	enum vmw_value_id missing;
	struct vmw_layout l;
	struct vmw_bounds bounds;

	(void)state;
	from_file(&l, DATA "vmcoreinfo-6.1-48bit");
	assert_string_equal(l.kernel, "6.1.192");
	assert_string_equal(l.era, "5.15-6.1");
	assert_int_equal(vmw_layout_bounds(&l, &bounds, &missing), 0);
	assert_int_equal(bounds.vmemmap, 0xfffffbffff000000);
	assert_int_equal(bounds.start, 0xfffffc0000000000);
	assert_int_equal(bounds.nominal_start, 0xfffffc0000000000);
	assert_int_equal(bounds.end, 0xfffffe0000000000);
	assert_int_equal(bounds.page_struct_size, 64);
	assert_int_equal(bounds.page_shift, 12);
	assert_int_equal(bounds.va_bits, 48);
	assert_string_equal(agreement(&l, VMW_VALUE_START), "stated");
	assert_string_equal(agreement(&l, VMW_VALUE_VMEMMAP), "derived");
}

static void from_text(struct vmw_layout *l, const char *text)
{
	char path[32];

	write_temporary(path, text, strlen(text));
	from_file(l, path);
	unlink(path);
}

/* A 52-bit kernel on 48-bit hardware (6.12): vmalloc owns the lower part. */
static void effective_start(void **state)
{
	static const char note[] =
		"OSRELEASE=6.12.95\nNUMBER(VMEMMAP_START)=0xffffc1ffc0000000\n"
		"NUMBER(VMEMMAP_END)=0xffffffffc0000000\n"
		"NUMBER(VMALLOC_END)=0xfffffdffbf800000\n"
		"NUMBER(PHYS_OFFSET)=0xfff0fd3600000000\n"
		"NUMBER(VA_BITS)=52\nNUMBER(TCR_EL1_T1SZ)=0x10\n"
		"PAGESIZE=4096\nSIZE(page)=64\nSYMBOL(vmemmap)=fffffe0ae8000000\n";
	enum vmw_value_id missing;
	struct vmw_layout l;
	struct vmw_bounds b;

	(void)state;
	from_text(&l, note);
	assert_int_equal(vmw_layout_bounds(&l, &b, &missing), 0);
	assert_int_equal(b.start, 0xfffffdffc0000000);
	assert_int_equal(b.nominal_start, 0xffffc1ffc0000000);
	assert_int_equal(b.vmemmap, 0xfffffe0ae8000000);
	assert_int_equal(b.va_bits, 48);
	/* memstart_addr is signed: derived and stated vmemmap are the same. */
	assert_false(vmw_layout_disagrees(&l, VMW_VALUE_VMEMMAP));
	/* In between the kernel does not notice, and it is vmalloc's. */
	assert_int_equal(vmw_place(&b, 0xffffc1ffc0000000), VMW_BELOW);
	assert_false(vmw_kernel_warns(&b, 0xffffc1ffc0000000, 0xffffc1ffc0200000));
	assert_true(vmw_kernel_warns(&b, 0xffffc1ffbfffffc0, 0xffffc1ffc0200000));
	assert_int_equal(vmw_layout_region(&l, 0xffffc1ffc0000000)->kind, VMW_REGION_VMALLOC);
	assert_int_equal(vmw_layout_region(&l, 0xfffffdffc0000000)->kind, VMW_REGION_VMEMMAP);
	assert_int_equal(vmw_layout_region(&l, 0xffffffffc0800000)->kind, VMW_REGION_PCI_IO);
	assert_int_equal(vmw_layout_region(&l, 0xffffffffff7fffff)->kind, VMW_REGION_FIXMAP);
	assert_int_equal(vmw_layout_region(&l, ~0ULL)->kind, VMW_REGION_HOLE);
}

static void what_an_old_note_lacks_is_by_formula(void **state)
{
	static const char note[] =
		"OSRELEASE=5.10.0-32-arm64\nPAGESIZE=4096\nSIZE(page)=64\n"
		"NUMBER(VA_BITS)=48\nNUMBER(TCR_EL1_T1SZ)=0x10\nNUMBER(PHYS_OFFSET)=0x40000000\n";
	struct vmw_layout l;

	(void)state;
	from_text(&l, note);
	assert_string_equal(agreement(&l, VMW_VALUE_START), "formula");
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xfffffdfffee00000);
	assert_int_equal(vmw_layout_region(&l, 0xffff800000000000)->kind, VMW_REGION_BPF_JIT);
}

static void from_a_pasted_table(void **state)
{
	struct vmw_layout l;

	(void)state;
	from_file(&l, DATA "table-48bit");
	assert_string_equal(l.era, "5.15-6.1");
	/* Comments behind the values, and an entry of two lines, do not disturb. */
	assert_int_equal(get(&l, VMW_VALUE_HIGH_MEMORY), 0xffff087f80000000);
	assert_int_equal(get(&l, VMW_VALUE_SIZE), 0x20000000000);
	assert_int_equal(get(&l, VMW_VALUE_PHYS_OFFSET), 0x80000000);
	assert_int_equal(get(&l, VMW_VALUE_PGDIR_SIZE), 0x8000000000);
	assert_int_equal(get(&l, VMW_VALUE_STRUCT_PAGE), 64);
	assert_string_equal(agreement(&l, VMW_VALUE_VMEMMAP), "stated");
	assert_string_equal(agreement(&l, VMW_VALUE_VA_BITS), "derived");
	/* All that it states is what follows from the rest of it. */
	for (enum vmw_value_id id = 0; id < VMW_NR_VALUES; id++)
		assert_false(vmw_layout_disagrees(&l, id));
	assert_int_equal(l.values[VMW_VALUE_VMALLOC_END].nr, 2);
	assert_int_equal(l.values[VMW_VALUE_PUD_MASK].nr, 2);
}

static void from_a_quoted_table(void **state)
{
	struct vmw_layout l;

	(void)state;
	from_file(&l, DATA "table-39bit");
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xfffffffc00000000);
	assert_int_equal(get(&l, VMW_VALUE_END), 0xffffffff00000000);
	assert_int_equal(get(&l, VMW_VALUE_PAGE_SHIFT), 12);
	assert_int_equal(get(&l, VMW_VALUE_VA_BITS_ACTUAL), 39);
	assert_int_equal(get(&l, VMW_VALUE_PUD_SIZE), 1 << 30);
}

static void from_our_json(void **state)
{
	struct vmw_layout l;

	(void)state;
	from_file(&l, DATA "layout-6.1.json");
	assert_string_equal(l.kernel, "6.1.192");
	assert_string_equal(agreement(&l, VMW_VALUE_START), "agree");
	assert_string_equal(agreement(&l, VMW_VALUE_VMEMMAP), "agree");
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xfffffbffff000000);
	/* One variable stays one witness. */
	assert_string_equal(agreement(&l, VMW_VALUE_KIMAGE_VOFFSET), "single source");
	/* A value without readings is what somebody wrote by hand. */
	from_text(&l,
		  "{\"layout\": {\"kernel\": \"6.1.0\", \"values\": {\"VA_BITS\": {\"value\": 48},"
		  " \"PAGE_SHIFT\": {\"value\": 12}, \"sizeof(struct page)\": {\"value\": 64},"
		  " \"PHYS_OFFSET\": {\"value\": \"0x80000000\"}}}}");
	assert_string_equal(agreement(&l, VMW_VALUE_VA_BITS), "stated");
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xfffffbfffe000000);
}

static void files_that_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "expected JSON of --layout" },
		{ "hello: world\n", "expected JSON of --layout" },
		{ "PAGE_SHIFT: none\n", "expected JSON of --layout" },
		{ "PAGE_SHIFT: 1x\n", "line 1: PAGE_SHIFT: expected a number" },
		{ "OSRELEASE=6.1.0\nNUMBER(VMEMMAP_START)=junk\n",
		  "NUMBER(VMEMMAP_START): expected" },
		{ "OSRELEASE=6.1.0\nNUMBER(VA_BITS)=99\n", "NUMBER(VA_BITS): expected" },
		{ "{\"layout\": {\"values\": {}}} garbage", "not JSON" },
		{ "a\nPAGE_SHIFT: 13\n", "line 2: PAGE_SHIFT: arm64 has no such value" },
		{ "VMEMMAP_START: 0x1ffffffffffffffff\n",
		  "line 1: VMEMMAP_START: expected a number" },
		{ "VMEMMAP_START:\n", "line 1: VMEMMAP_START: expected a number" },
		{ "{", "it ends too early" },
		{ "{\"a\": 1}", "expected a layout or report" },
		{ "{\"layout\": {\"values\": {}}}", "no known value" },
		{ "{\"layout\": {\"values\": []}}", "expected a layout or report" },
		{ "{\"layout\": {\"values\": {\"VA_BITS\": {\"value\": 99}}}}", "no such value" },
		{ "{\"layout\": {\"values\": {\"vmemmap\": {\"value\": \"1\"}}}}",
		  "\"vmemmap\": expected" },
		{ "{\"layout\": {\"values\": {\"vmemmap\": {\"readings\": 1}}}}", "\"readings\"" },
		{ "{\"layout\": {\"values\": {\"vmemmap\": {\"readings\": [{\"value\": \"0x1\"}]}}}}",
		  "\"source\"" },
	};
	struct vmw_layout l;
	char path[32], why[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		write_temporary(path, bad[i].text, strlen(bad[i].text));
		assert_int_equal(vmw_layout_from(&l, VMW_NR_SOURCES, path, why, sizeof(why)),
				 -EBADMSG);
		if (!strstr(why, bad[i].why))
			fail_msg("wanted \"%s\" in \"%s\"", bad[i].why, why);
		unlink(path);
	}
	write_temporary(path, "PAGE_SHIFT: 12\0\n", 16);
	assert_int_equal(vmw_layout_from(&l, VMW_NR_SOURCES, path, why, sizeof(why)), -EBADMSG);
	unlink(path);
	assert_int_equal(vmw_layout_from(&l, VMW_NR_SOURCES, "/nowhere", why, sizeof(why)),
			 -ENOENT);
	assert_int_equal(vmw_layout_from(&l, VMW_NR_SOURCES, "/", why, sizeof(why)), -EISDIR);
}

/* 16K pages and 52 bits: what 6.9 changed is found without a release, too. */
static void a_16k_table_without_release(void **state)
{
	static const char table[] =
		"PAGE_OFFSET: 0xfff0000000000000\nPAGE_SHIFT: 14\nvabits_actual: 47\n"
		"sizeof(struct page): 64\nmemstart_addr: 0xfff0800040000000\n"
		"VMEMMAP_START: 0xfffff03fc0000000\nVMEMMAP_END: 0xffffffffc0000000\n";
	struct vmw_layout l;

	(void)state;
	from_text(&l, table);
	assert_string_equal(l.era, "6.9-7.2");
	assert_int_equal(get(&l, VMW_VALUE_EFFECTIVE), 0xffffffbfc0000000);
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xffffffbfbfc00000);
}

static void what_mail_does_to_a_table(void **state)
{
	static const char table[] =
		"The VMEMMAP_START: see below\r\nvmemmap: see above, too\r\n"
		"kernel := Linux 6.1.0-17-arm64 (Debian)\r\nVA_BITS: 48\r\nVA_BITS: 48\r\n"
		"PAGE_SHIFT = 12\r\nsizeof(struct page): 64 bytes\r\nPHYS_OFFSET: 0x80000000\r\n";
	struct vmw_layout l;
	char text[1024];

	(void)state;
	from_text(&l, table);
	assert_string_equal(l.kernel, "6.1.0-17-arm64");
	assert_int_equal(l.values[VMW_VALUE_VA_BITS].nr, 1);
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xfffffbfffe000000);
	/* All of it is by formula, but what the table says. */
	assert_string_equal(agreement(&l, VMW_VALUE_VMEMMAP), "formula");
	assert_string_equal(agreement(&l, VMW_VALUE_SIZE), "formula");
	/* A note, with what it lacks added below; a release for no terminal. */
	snprintf(text, sizeof(text),
		 "OSRELEASE=6.1.0\033[2J\r\nPAGESIZE=4096\r\n"
		 "NUMBER(VA_BITS)=48\r\nNUMBER(PHYS_OFFSET)=0x80000000\r\n"
		 "sizeof(struct page): 64\r\n");
	from_text(&l, text);
	assert_string_equal(l.kernel, "6.1.0?[2J");
	assert_int_equal(get(&l, VMW_VALUE_VMEMMAP), 0xfffffbfffe000000);
	/* JSON numbers may be negative, and a stream has the report last. */
	from_text(&l, "{\"type\": \"hello\"}\n{\"layout\": {\"values\": {\"PHYS_OFFSET\":"
		      " {\"value\": -1073741824}}}}\n");
	assert_int_equal(get(&l, VMW_VALUE_PHYS_OFFSET), -1073741824);
}

static void bounds_that_cannot_be(void **state)
{
	enum vmw_value_id id;
	struct vmw_bounds bounds;
	struct vmw_layout l;

	(void)state;
	from_text(&l, "VMEMMAP_START: 0xfffffc0000000000\nVMEMMAP_END: 0xfffffe0000000000\n");
	assert_int_equal(vmw_layout_bounds(&l, &bounds, &id), -ENODATA);
	assert_int_equal(id, VMW_VALUE_PAGE_SHIFT);
	from_text(&l, "VMEMMAP_START: 0xfffffe0000000000\nVMEMMAP_END: 0xfffffc0000000000\n"
		      "PAGE_SHIFT: 12\nVA_BITS: 48\nsizeof(struct page): 64\nmemstart_addr: 0\n");
	assert_int_equal(vmw_layout_bounds(&l, &bounds, &id), -EBADMSG);
	/* A digit is missing. */
	from_text(&l, "VMEMMAP_START: 0xfffffc000000000\nVMEMMAP_END: 0xfffffe0000000000\n"
		      "PAGE_SHIFT: 12\nVA_BITS: 48\nsizeof(struct page): 64\nmemstart_addr: 0\n");
	assert_int_equal(vmw_layout_bounds(&l, &bounds, &id), -EBADMSG);
	assert_int_equal(id, VMW_VALUE_START);
}

/* Whatever a layout is, its regions are all addresses, in order, without gaps. */
static void regions_cover_everything(void **state)
{
	static const char *const files[] = {
		DATA "table-48bit",
		DATA "table-39bit",
		DATA "layout-6.1.json",
		DATA "vmcoreinfo-6.1-48bit",
	};
	struct vmw_layout l;
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		from_file(&l, files[i]);
		assert_in_range(l.nr_regions, 9, VMW_MAX_REGIONS);
		assert_int_equal(l.regions[0].start, 0);
		for (j = 1; j < l.nr_regions; j++) {
			assert_int_equal(l.regions[j].start, l.regions[j - 1].last + 1);
			assert_int_not_equal(l.regions[j].kind, l.regions[j - 1].kind);
			assert_int_not_equal(l.regions[j].kind, VMW_REGION_UNKNOWN);
		}
		assert_int_equal(l.regions[j - 1].last, ~0ULL);
	}
	/* The image lies inside of vmalloc, and around the end all meet. */
	from_file(&l, DATA "layout-6.1.json");
	assert_int_equal(vmw_layout_regions_of(&l, 0xffff800000000000, 0xffff900000000000),
			 1 << VMW_REGION_MODULES | 1 << VMW_REGION_IMAGE |
				 1 << VMW_REGION_VMALLOC);
	assert_int_equal(vmw_layout_regions_of(&l, 0xffffffffffffff00, 0x1000),
			 1 << VMW_REGION_HOLE | 1 << VMW_REGION_USER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_16k_table_without_release),
		cmocka_unit_test(what_mail_does_to_a_table),
		cmocka_unit_test(from_vmcoreinfo),
		cmocka_unit_test(effective_start),
		cmocka_unit_test(what_an_old_note_lacks_is_by_formula),
		cmocka_unit_test(from_a_pasted_table),
		cmocka_unit_test(from_a_quoted_table),
		cmocka_unit_test(from_our_json),
		cmocka_unit_test(files_that_are_refused),
		cmocka_unit_test(bounds_that_cannot_be),
		cmocka_unit_test(regions_cover_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
