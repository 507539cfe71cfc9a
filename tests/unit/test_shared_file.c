// SPDX-License-Identifier: GPL-2.0-only
/* Files that were opened for us: read from their start, each time, and given back. */
#include "unit.h"

#include <fcntl.h>
#include <unistd.h>

#include "kernel/shared_file.h"

static void assert_reads(const char *path, const char *wanted)
{
	FILE *file = vmw_open(path);
	char text[32] = "";

	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	assert_string_equal(text, wanted);
	fclose(file);
}

static void test_shared_file(void **state)
{
	char own[32], others[32];
	int fd;

	(void)state;
	write_temporary(own, "own\n", 4);
	write_temporary(others, "other\n", 6);
	fd = open(others, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);

	assert_reads(own, "own\n");
	vmw_shared_file_set(own, fd);
	assert_reads(own, "other\n");
	assert_reads(own, "other\n");
	/* A newer one takes the place of an older one. */
	vmw_shared_file_set(own, fd);
	assert_reads(own, "other\n");
	vmw_shared_file_set(own, -1);
	assert_reads(own, "own\n");
	close(fd);
	unlink(own);
	unlink(others);
}

static void test_closed(void **state)
{
	char path[32];
	int fd;

	(void)state;
	write_temporary(path, "own\n", 4);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	vmw_shared_file_set(path, fd);
	close(fd);
	/* What was lent is what counts: no other file is read instead of it. */
	assert_null(vmw_open(path));
	vmw_shared_file_set(path, -1);
	assert_null(vmw_open("/nonexistent"));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_file),
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
