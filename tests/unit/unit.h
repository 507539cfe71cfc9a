/* SPDX-License-Identifier: GPL-2.0-only */
/* What cmocka wants included before itself, and where the test data is. */
#ifndef VMEMMAPWATCH_TESTS_UNIT_H
#define VMEMMAPWATCH_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The tests run from the top of the tree. */
#define DATA "tests/data/"

/* Write @size bytes to a new temporary file; its name goes to @path. */
static inline void write_temporary(char path[32], const void *bytes, size_t size)
{
	FILE *file;
	int fd;

	strcpy(path, "/tmp/vmw-unit.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

#endif
