// SPDX-License-Identifier: GPL-2.0-only
/* The queue of the feed, and a stream cut into lines again. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "service/feed/lines.h"
#include "base/line_reader.h"

static void append(struct vmw_lines *lines, const char *text, size_t length)
{
	struct vmw_line *line[VMW_NR_FORMS] = { NULL };

	line[VMW_FORM_PLAIN] = vmw_line_new(text, length);
	assert_non_null(line[VMW_FORM_PLAIN]);
	vmw_lines_append(lines, line);
}

/* Reads all there is; what was missed is added to @missed. */
static u64 read_all(const struct vmw_lines *lines, u64 *at, u64 *missed)
{
	struct vmw_line *line;
	u64 n = 0;

	while ((line = vmw_lines_next(lines, VMW_FORM_PLAIN, at, missed))) {
		vmw_line_drop(line);
		n++;
	}
	return n;
}

static void test_bound_by_lines(void **state)
{
	struct vmw_lines *lines = calloc(1, sizeof(*lines));
	u64 at = 0, missed = 0;
	int i;

	(void)state;
	for (i = 0; i < 2 * VMW_QUEUE_LINES + 5; i++)
		append(lines, "x\n", 2);
	assert_int_equal(lines->end - lines->first, VMW_QUEUE_LINES);
	assert_int_equal(lines->bytes, 2 * VMW_QUEUE_LINES);
	assert_int_equal(read_all(lines, &at, &missed), VMW_QUEUE_LINES);
	assert_int_equal(missed, VMW_QUEUE_LINES + 5);
	assert_int_equal(at, lines->end);
	assert_int_equal(read_all(lines, &at, &missed), 0);
	vmw_lines_free(lines);
	free(lines);
}

static void test_bound_by_bytes(void **state)
{
	struct vmw_lines *lines = calloc(1, sizeof(*lines));
	static char text[100000];
	u64 at = 0, missed = 0, n;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		append(lines, text, sizeof(text));
	assert_true(lines->bytes <= VMW_QUEUE_BYTES);
	assert_true(lines->bytes > VMW_QUEUE_BYTES - sizeof(text));
	n = read_all(lines, &at, &missed);
	assert_int_equal(n, VMW_QUEUE_BYTES / sizeof(text));
	assert_int_equal(n + missed, 100);
	vmw_lines_free(lines);
	assert_int_equal(lines->bytes, 0);
	free(lines);
}

/* A line outlives the queue where somebody still has it; one never made is missed. */
static void test_shared(void **state)
{
	struct vmw_line *none[VMW_NR_FORMS] = { NULL }, *line;
	struct vmw_lines *lines = calloc(1, sizeof(*lines));
	u64 at = 0, missed = 0;

	(void)state;
	append(lines, "one\n", 4);
	vmw_lines_append(lines, none);
	append(lines, "two\n", 4);
	line = vmw_lines_next(lines, VMW_FORM_PLAIN, &at, &missed);
	assert_int_equal(line->users, 2);
	assert_int_equal(read_all(lines, &at, &missed), 1);
	assert_int_equal(missed, 1);
	at = missed = 0;
	assert_null(vmw_lines_next(lines, VMW_FORM_REDACTED, &at, &missed));
	assert_int_equal(missed, 3);
	vmw_lines_free(lines);
	free(lines);
	assert_memory_equal(line->text, "one\n", 4);
	vmw_line_drop(line);
}

struct got {
	unsigned int lines;
	size_t bytes;
};

static void on_line(char *line, size_t length, void *context)
{
	struct got *got = context;

	assert_int_equal(line[length], 0);
	got->lines++;
	got->bytes += length;
}

static void test_lines_in(void **state)
{
	struct vmw_lines_in in = { 0 };
	struct got got = { 0 };
	char part[1001];
	int fds[2], i;

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	memset(part, 'x', sizeof(part));
	part[700] = '\n';
	for (i = 0; i < 500; i++) {
		assert_int_equal(write(fds[1], part, sizeof(part)), sizeof(part));
		assert_int_equal(vmw_lines_in_read(&in, fds[0], on_line, &got), 1);
	}
	assert_int_equal(got.lines, 500);
	assert_int_equal(got.bytes, 700 + 499 * 1000);
	assert_int_equal(vmw_lines_in_read(&in, fds[0], on_line, &got), -EAGAIN);
	close(fds[1]);
	assert_int_equal(vmw_lines_in_read(&in, fds[0], on_line, &got), 0);
	close(fds[0]);
	vmw_lines_in_free(&in);
}

/* A line without an end is refused, not kept for ever. */
static void test_lines_in_endless(void **state)
{
	struct vmw_lines_in in = { 0 };
	struct got got = { 0 };
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC), n;

	(void)state;
	do {
		n = vmw_lines_in_read(&in, fd, on_line, &got);
	} while (n == 1);
	assert_int_equal(n, -EMSGSIZE);
	assert_int_equal(got.lines, 0);
	assert_true(in.size <= 4 << 20);
	close(fd);
	vmw_lines_in_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bound_by_lines),	 cmocka_unit_test(test_bound_by_bytes),
		cmocka_unit_test(test_shared),		 cmocka_unit_test(test_lines_in),
		cmocka_unit_test(test_lines_in_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
