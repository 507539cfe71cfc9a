// SPDX-License-Identifier: GPL-2.0-only
/* Sizes of planned requests: as people type them, and those of GPUs. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "explain/gpu.h"
#include "explain/preflight.h"

#define M(n) ((u64)(n) << 20)
#define G(n) ((u64)(n) << 30)

static void sizes_as_they_are_typed(void **state)
{
	/* clang-format off */
	static const struct { const char *text; u64 size, address; } good[] = {
		{ "256M", M(256), 0 }, { "1g", G(1), 0 }, { "0x1000", 4096, 0 },
		{ "80G", G(80), 0 }, { "4096", 4096, 0 }, { "2T", G(2048), 0 }, { "80GiB", G(80), 0 },
		{ "2tib@0x1000", G(2048), 4096 },
		{ "128M@0xf00000000000", M(128), 0xf00000000000 }, { "0X10k@4096", 16384, 4096 },
	};
	static const char *const bad[] = {
		"", "G", "0", "-1", "+1", " 1", "1 G", "1GB", "1P", "0x", "0xg", "1@", "1@x",
		"1@0x1z", "99999999999999999999", "16777217T", "2@0xffffffffffffffff", "1G@1@1",
	};
	/* clang-format on */
	struct vmw_planned planned;
	char why[256];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(vmw_planned_parse(&planned, good[i].text, why, sizeof(why)), 0);
		assert_int_equal(planned.size, good[i].size);
		assert_int_equal(planned.address, good[i].address);
		assert_int_equal(planned.has_address, strchr(good[i].text, '@') != NULL);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		*why = '\0';
		assert_int_equal(vmw_planned_parse(&planned, bad[i], why, sizeof(why)), -EINVAL);
		assert_non_null(strstr(why, "expected SIZE"));
	}
}

static void put(const char *folder, const char *device, const char *name, const char *text)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, device);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/%s", folder, device, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void sizes_of_gpus(void **state)
{
	static const char bars[] = "0x00000000f6000000 0x00000000f6ffffff 0x0000000000040200\n"
				   "0x0000380000000000 0x000038000fffffff 0x000000000014220c\n"
				   "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
				   "0x0000000000001000 0x00000000ffffffff 0x0000000000000100\n";
	char folder[] = "/tmp/vmw-pci.XXXXXX", why[256], command[64];
	struct vmw_planned planned[4];

	(void)state;
	assert_non_null(mkdtemp(folder));
	put(folder, "0001:01:00.0", "class", "0x030200\n");
	put(folder, "0001:01:00.0", "resource", bars);
	put(folder, "0000:03:00.0", "class", "0x120000\n");
	put(folder, "0000:03:00.0", "resource", bars);
	put(folder, "0000:03:00.0", "mem_info_vram_total", "85899345920\n");
	put(folder, "0000:02:00.0", "class", "0x020000\n");
	put(folder, "0000:02:00.0", "resource", bars);
	put(folder, "0000:04:00.0", "class", "0x030000\n");
	put(folder, "0000:04:00.0", "resource", "");
	assert_int_equal(vmw_gpus_read(folder, planned, 4, why, sizeof(why)), 2);
	assert_string_equal(planned[0].what, "0000:03:00.0");
	assert_string_equal(planned[0].from, "mem_info_vram_total");
	assert_int_equal(planned[0].size, G(80));
	assert_false(planned[0].lower_bound);
	assert_int_equal(planned[0].bar, 0x380000000000);
	assert_string_equal(planned[1].from, "BAR 1");
	assert_int_equal(planned[1].size, M(256));
	assert_true(planned[1].lower_bound);
	assert_int_equal(vmw_gpus_read(folder, planned, 1, why, sizeof(why)), 1);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(vmw_gpus_read(folder, planned, 4, why, sizeof(why)), -ENOENT);
	assert_non_null(strstr(why, folder));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_as_they_are_typed),
		cmocka_unit_test(sizes_of_gpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
