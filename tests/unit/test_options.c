// SPDX-License-Identifier: GPL-2.0-only
/* The command line, text that is safe to print, and files that are complete. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "../../daemon/export/output.h"
#include "../../daemon/export/report.h"
#include "../../daemon/options.h"

#define PARSE(options, ...) \
	parse(options, (char *[]){ "vmemmapwatch", __VA_ARGS__, NULL })

static int parse(struct vmw_options *options, char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	return vmw_options_parse(options, argc, argv);
}

static void good_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--trace"), 0);
	assert_int_equal(o.mode, VMW_MODE_TRACE);
	assert_int_equal(o.format, VMW_FORMAT_TEXT);
	assert_null(o.command);
	assert_int_equal(o.ring_size, 1 << 20);
	assert_int_equal(PARSE(&o, "--trace", "--json", "--for=1.5", "--kmsg", "--buffer",
			       "64K", "--output", "f", "--", "modprobe", "-v", "--for"), 0);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_int_equal(o.for_ns, 1500000000);
	assert_int_equal(o.ring_size, 65536);
	assert_true(o.kmsg);
	assert_string_equal(o.output, "f");
	assert_string_equal(o.command[0], "modprobe");
	assert_string_equal(o.command[2], "--for");
	assert_null(o.command[3]);
	/* COMMAND needs no --, and its options are its own. */
	assert_int_equal(PARSE(&o, "--trace", "--json=lines", "echo", "--json"), 0);
	assert_int_equal(o.format, VMW_FORMAT_LINES);
	assert_string_equal(o.command[1], "--json");
}

static void explain_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--explain", "pfn:1", "0x2-0x3"), 0);
	assert_int_equal(o.mode, VMW_MODE_EXPLAIN);
	assert_int_equal(o.trust, VMW_NR_SOURCES);
	assert_null(o.from);
	assert_string_equal(o.command[0], "pfn:1");
	assert_string_equal(o.command[1], "0x2-0x3");
	assert_null(o.command[2]);
	/* Options may stand between, and behind, what is asked. */
	assert_int_equal(PARSE(&o, "--explain", "a", "--json", "b", "--from", "f", "c",
			       "--trust=code"), 0);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_int_equal(o.trust, VMW_SOURCE_CODE);
	assert_string_equal(o.from, "f");
	assert_string_equal(o.command[0], "a");
	assert_string_equal(o.command[1], "b");
	assert_string_equal(o.command[2], "c");
	assert_null(o.command[3]);
}

static void layout_command_line(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--layout", "--json", "--output=f"), 0);
	assert_int_equal(o.mode, VMW_MODE_LAYOUT);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
}

static void bad_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(parse(&o, (char *[]){ "vmemmapwatch", NULL }), -EINVAL);
	assert_int_equal(PARSE(&o, "--json"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--foo"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "-z"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--for"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace=1"), -EINVAL);
	assert_int_equal(PARSE(&o, "--layout", "--kmsg"), -EINVAL);
	assert_int_equal(PARSE(&o, "--layout", "true"), -EINVAL);
	assert_int_equal(PARSE(&o, "--layout", "--json=lines"), -EINVAL);
	assert_int_equal(PARSE(&o, "--explain"), -EINVAL);
	assert_int_equal(PARSE(&o, "--explain", "1", "--for=1"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--from=f"), -EINVAL);
	assert_int_equal(PARSE(&o, "--layout", "--trust=me"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--json=pretty"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--for", "-1"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--for", "nan"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--for", "1s"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--buffer", "3K"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--buffer", "2048"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--buffer", "2G"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--buffer", "1KB"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--buffer", "99999999999999999999"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--buffer", "18014398509481985K"), -EINVAL);
}

static void hostile_text(void **state)
{
	char text[4 * VMW_COMM_LEN + 1];

	(void)state;
	vmw_format_bytes("ins\"\x01\xff\n\x1b[2Jx", 16, text, sizeof(text));
	assert_string_equal(text, "ins\"\\x01\\xff\\x0a\\x1b[2Jx");
	/* Sixteen bytes and no NUL; and less room than it takes. */
	vmw_format_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
			 16, text, sizeof(text));
	assert_int_equal(strlen(text), 64);
	vmw_format_bytes("abcdefgh", 8, text, 8);
	assert_string_equal(text, "abcd");
}

static void times_and_errnos(void **state)
{
	struct vmw_report report = { .clock_offset_ns = 1681119599000000000 };
	char text[40];

	(void)state;
	vmw_format_time(&report, 1234567, text, sizeof(text));
	assert_string_equal(text, "2023-04-10T09:39:59.001234Z");
	vmw_format_errno(-EINVAL, text, sizeof(text));
	assert_string_equal(text, "EINVAL");
	vmw_format_errno(-524, text, sizeof(text));
	assert_string_equal(text, "errno 524");
}

static void write_to(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void output_appears_when_complete(void **state)
{
	char folder[] = "/tmp/vmw-unit.XXXXXX", path[64], link[64];
	struct vmw_output output;
	struct stat status;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/doc", folder);
	assert_int_equal(vmw_output_open(&output, path), 0);
	fputs("half", output.file);
	assert_int_equal(stat(path, &status), -1);
	vmw_output_close(&output);
	/* Nothing is left of what was not committed. */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);

	assert_int_equal(vmw_output_open(&output, path), 0);
	fputs("whole", output.file);
	assert_int_equal(vmw_output_commit(&output), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 5);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);

	/* What a symbolic link leads to is written, and the link stays one. */
	assert_int_equal(mkdir(folder, 0700), 0);
	snprintf(link, sizeof(link), "%s/link", folder);
	assert_int_equal(symlink(path, link), 0);
	write_to(path, "old");
	assert_int_equal(vmw_output_open(&output, link), 0);
	fputs("newer", output.file);
	assert_int_equal(vmw_output_commit(&output), 0);
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 5);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(rmdir(folder), 0);

	assert_int_equal(vmw_output_open(&output, "/nowhere/doc"), -ENOENT);
	vmw_output_close(&output);
	/* A device is written to as it is, and its error is told. */
	assert_int_equal(vmw_output_open(&output, "/dev/full"), 0);
	fputs("x", output.file);
	assert_int_equal(vmw_output_commit(&output), -ENOSPC);
	assert_int_equal(stat("/dev/full", &status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_command_lines),
		cmocka_unit_test(explain_command_lines),
		cmocka_unit_test(layout_command_line),
		cmocka_unit_test(bad_command_lines),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(times_and_errnos),
		cmocka_unit_test(output_appears_when_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
