// SPDX-License-Identifier: GPL-2.0-only
/* Reports of older boots: the newest stay, so many and so large. */
#include <stdbool.h>

#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "service/old_reports.h"

static char directory[] = "/tmp/vmw-kept.XXXXXX";

/* A file of @size bytes that was written at @time. */
static void make(const char *name, size_t size, time_t time)
{
	const struct timespec times[2] = { { .tv_sec = time }, { .tv_sec = time } };
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

static bool is_there(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return !access(path, F_OK);
}

static void empty(void)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}

/* Boots 1 (the oldest) to 5, of 100 bytes each; ours; and what is none of them. */
static void make_all(void)
{
	char name[32];
	int i;

	empty();
	for (i = 1; i <= 5; i++) {
		snprintf(name, sizeof(name), "boot-%d.json", i);
		make(name, 100, 1000 + i);
	}
	make("boot-ours.json", 100000, 1);
	make("boot-9.json.Ab12Cd", 5, 5000);
	make("notes.txt", 100000, 1);
}

static void prune(u64 reports, u64 size)
{
	const struct vmw_old_reports_config config = {
		.directory = directory,
		.max_reports = reports,
		.max_bytes = size,
	};

	make_all();
	vmw_old_reports_prune(&config, "ours");
	assert_true(is_there("boot-ours.json"));
	assert_true(is_there("notes.txt"));
	assert_false(is_there("boot-9.json.Ab12Cd"));
}

static void assert_left(const char *wanted)
{
	char left[8] = "", name[32];
	size_t n = 0;
	int i;

	for (i = 1; i <= 5; i++) {
		snprintf(name, sizeof(name), "boot-%d.json", i);
		if (is_there(name))
			left[n++] = '0' + i;
	}
	assert_string_equal(left, wanted);
}

static void test_limits(void **state)
{
	(void)state;
	prune(10, 1 << 20);
	assert_left("12345");
	prune(2, 1 << 20);
	assert_left("45");
	prune(10, 350);
	assert_left("345");
	prune(10, 300);
	assert_left("345");
	prune(10, 99);
	assert_left("");
	prune(0, 1 << 20);
	assert_left("");
}

static void test_nowhere(void **state)
{
	const struct vmw_old_reports_config config = { .directory = "/nonexistent" };

	(void)state;
	vmw_old_reports_prune(&config, "ours");
	assert_non_null(strstr(vmw_log_last(), "/nonexistent: cannot be read"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_nowhere),
	};
	int failed;

	if (!mkdtemp(directory))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	empty();
	rmdir(directory);
	return failed;
}
