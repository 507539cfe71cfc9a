// SPDX-License-Identifier: GPL-2.0-only
/* The configuration files: what they say, in which order, and what is wrong with them. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "cli/cli_internal.h"

/* A configuration of its own for each test: FILE, and FILE.d. */
static char folder[] = "/tmp/vmw-unit.XXXXXX";
static char file[64], config[80];
static struct vmw_options o;
static char *errors; /* what was said about the last one */

static int set_up(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/c", folder);
	snprintf(config, sizeof(config), "--config=%s", file);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	vmw_options_free(&o);
	free(errors);
	errors = NULL;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
}

static void write_file(const char *text)
{
	write_bytes(file, text, strlen(text));
}

static void write_drop_in(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s.d", file);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s.d/%s", file, name);
	write_bytes(path, text, strlen(text));
}

/* Parse with up to two options more; what goes to stderr is kept. */
static int parse(char *first, char *second)
{
	char *argv[] = { "vmemmapwatch", "--daemon", config, first, first ? second : NULL, NULL };
	FILE *real = stderr;
	int argc = 0, err;
	size_t size;

	while (argv[argc])
		argc++;
	vmw_options_free(&o);
	free(errors);
	stderr = open_memstream(&errors, &size);
	assert_non_null(stderr);
	err = vmw_options_parse(&o, argc, argv);
	fclose(stderr);
	stderr = real;
	return err;
}

/* The errors are these lines, with FILE for the file's name, and no others. */
static void assert_errors(const char *wanted)
{
	char *got = NULL, *line, *next;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	for (line = errors; *line; line = next) {
		next = strchr(line, '\n');
		assert_non_null(next);
		*next++ = '\0';
		assert_memory_equal(line, "vmemmapwatch: ", 14);
		line += 14;
		if (!strncmp(line, file, strlen(file))) {
			fputs("FILE", out);
			line += strlen(file);
		}
		fprintf(out, "%s\n", line);
	}
	fclose(out);
	assert_string_equal(got, wanted);
	free(got);
}

/* A file of one line; its error begins with this. */
static void assert_error(const char *text, const char *wanted)
{
	char line[256];

	write_file(text);
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	snprintf(line, sizeof(line), "vmemmapwatch: %s: line 1: %s", file, wanted);
	errors[strlen(line)] = '\0';
	assert_string_equal(errors, line);
}

#define NO_SIZE "expected a size in bytes, such as 64K, 1M or 2GiB"

static void values_of_a_file(void **state)
{
	struct vmw_options nothing;

	(void)state;
	write_file("# comment\n; another\n\nkmsg=no\n  journal = no\t\nverbose=yes ; why\n"
		   "buffer=64K\nsample-rate=0\ntrust=code\nredact=yes\nlisten=[::1]:80\n"
		   "state-directory=/s\nkeep-reports=3\nkeep-size=2K\ntextfile=/t.prom\n"
		   "probes=default,-dump_page\nattach-with=kprobe\n");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_string_equal(errors, "");
	assert_true(!o.kmsg && !o.journal && o.verbose && o.redact);
	assert_int_equal(o.watch.ring_size, 65536);
	assert_int_equal(o.watch.sample_rate, 0);
	assert_int_equal(o.watch.layout.trust, VMW_SOURCE_CODE);
	assert_int_equal(o.watch.attach_with, VMW_ATTACH_KPROBE);
	assert_int_equal(o.listen.at.any.sa_family, AF_INET6);
	assert_string_equal(o.state_directory, "/s");
	assert_int_equal(o.keep_reports, 3);
	assert_int_equal(o.keep_size, 2048);
	assert_string_equal(o.textfile, "/t.prom");
	/* As nothing that is wanted: the same as no file. */
	vmw_options_init(&nothing, true);
	write_file("");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_int_equal(o.watch.ring_size, nothing.watch.ring_size);
	assert_int_equal(o.watch.layout.trust, VMW_NR_SOURCES);
	assert_int_equal(o.watch.attach_with, VMW_ATTACH_AUTO);
	assert_string_equal(o.feed[0].at.path, VMW_FEED_SOCKET);
}

static void later_wins(void **state)
{
	(void)state;
	write_file("keep-size=8K\nkmsg=no\nkeep-reports=1\nfeed=/a\nprobe=f:pfn:1\n");
	write_drop_in("20-b.conf", "keep-size=32K\nfeed=/b\n");
	write_drop_in("10-a.conf",
		      "keep-size=16K\nkeep-reports=2\nfeed=/a,mode=0600\nprobe=g:pfn:1");
	write_drop_in("99.txt", "keep-size=never\n");
	write_drop_in(".hidden.conf", "keep-size=never\n");
	write_drop_in("30.conf~", "keep-size=never\n");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_int_equal(o.keep_size, 32768);
	assert_int_equal(o.keep_reports, 2);
	assert_false(o.kmsg);
	assert_int_equal(o.nr_feed, 2);
	assert_string_equal(o.feed[0].at.path, "/a");
	assert_int_equal(o.feed[0].at.mode, 0600);
	assert_string_equal(o.feed[1].at.path, "/b");
	assert_int_equal(o.watch.nr_probe, 2);
	/* The command line is stronger, and replaces what adds up. */
	assert_int_equal(parse("--keep-size=4K", "--feed=/c"), 0);
	assert_int_equal(o.keep_size, 4096);
	assert_int_equal(o.nr_feed, 1);
	assert_string_equal(o.feed[0].at.path, "/c");
	assert_int_equal(parse("--kmsg", NULL), 0);
	assert_true(o.kmsg);
	/* Nothing behind the = takes back. */
	write_drop_in("30-c.conf", "keep-size=\nfeed=\nprobe=\nkmsg=\n");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_int_equal(o.keep_size, 64 << 20);
	assert_int_equal(o.nr_feed, 1);
	assert_string_equal(o.feed[0].at.path, VMW_FEED_SOCKET);
	assert_int_equal(o.watch.nr_probe, 0);
	assert_true(o.kmsg);
	/* What is overruled is wrong all the same. */
	write_drop_in("05.conf", "keep-size=never\n");
	assert_int_equal(parse("--keep-size=4K", NULL), -EINVAL);
	assert_errors("FILE.d/05.conf: line 1: keep-size: " NO_SIZE ", "
		      "not \"never\"\n");
}

static void all_errors_of_all_files(void **state)
{
	(void)state;
	write_file("kmsg=maybe\r\n[service]\r\nnothing\njson=lines\n\nkeep-size=3KB");
	write_drop_in("a.conf", "kmsg=no\nprobe=f:pfn:9\nprobes=default,no_such_thing\n");
	write_drop_in("b.conf", "feed=/f,mode=0666\n=x\nkeep-reports = -1\n");
	assert_int_equal(parse("--keep-size=x", NULL), -EINVAL);
	assert_errors("FILE: line 1: kmsg: expected yes or no, not \"maybe\"\n"
		      "FILE: line 2: expected KEY=VALUE: there are no sections\n"
		      "FILE: line 3: expected KEY=VALUE, such as kmsg=no\n"
		      "FILE: line 4: json: only for the command line\n"
		      "FILE: line 6: keep-size: " NO_SIZE ", not \"3KB\"\n"
		      "FILE.d/a.conf: line 2: probe: 9: expected one argument from 1 to 8, "
		      "not \"f:pfn:9\"\n"
		      "FILE.d/a.conf: line 3: probes: no_such_thing: expected default, all, or "
		      "names of --probes, as folio_* or -dump_page\n"
		      "FILE.d/b.conf: line 1: feed: expected redact where others than owner and "
		      "group have rights, not \"/f,mode=0666\"\n"
		      "FILE.d/b.conf: line 2: expected KEY=VALUE, such as kmsg=no\n"
		      "FILE.d/b.conf: line 3: keep-reports: expected a number from 0 to 100000, "
		      "not \"-1\"\n"
		      "--keep-size=x: " NO_SIZE "\n");
}

static void bad_values(void **state)
{
	(void)state;
	assert_error("kmsg=1", "kmsg: expected yes or no, not \"1\"");
	assert_error("KMSG=yes", "KMSG: unknown key; did you mean kmsg?");
	assert_error("bufer=1M", "bufer: unknown key; did you mean buffer?");
	assert_error(
		"colour=yes",
		"colour: unknown key, expected one of redact, kmsg, journal, verbose, probes, ");
	assert_error("trace=yes", "trace: only for the command line");
	assert_error("bu\x1b[2Jfer=1M", "bu\\x1b[2Jfer: unknown key");
	assert_error("trust=me", "trust: expected one of kallsyms, ");
	assert_error("textfile=m.prom", "textfile: expected no, or an absolute path");
	assert_error("state-directory=s", "state-directory: expected an absolute path");
	assert_error("state-directory=/s\x01s", "state-directory: expected no control character");
	assert_error("keep-size=1P", "keep-size: expected a size in bytes");
	assert_error("attach-with=fexit", "attach-with: expected one of auto, fentry, kprobe");
	assert_error("sample-rate=fast", "sample-rate: expected a number from 0 to 1000000");
	assert_error("listen=*:80", "listen: expected 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
	assert_error("listen=127.0.0.1:65536", "listen: expected a PORT from 1 to 65535");
	assert_error("feed=f",
		     "feed: expected PATH[,redact][,mode=0660][,group=NAME], PATH absolute");
}

static void feeds(void **state)
{
	(void)state;
	assert_error("feed=/f,", "feed: expected redact, mode=MODE or group=NAME after PATH");
	assert_error("feed=/f,mode=1777,redact", "feed: expected mode=0660");
	assert_error("feed=/f,mode=0x7", "feed: expected mode=0660");
	assert_error("feed=/f,mode=", "feed: expected mode=0660");
	assert_error("feed=/f,group=", "feed: expected group=NAME");
	assert_error("feed=/f,redact,mode=0666,group=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeee"
		     "eeeeffffffffffgggggggggg",
		     "feed: expected group=NAME");
	write_file(
		"feed=/1\nfeed=/2\nfeed=/3\nfeed=/4\nfeed=/5\nfeed=/6\nfeed=/7\nfeed=/8\nfeed=/1\n");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_int_equal(o.nr_feed, 8);
	write_drop_in("a.conf", "feed=/9\n");
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_errors("FILE.d/a.conf: line 1: feed: expected at most 8 of them, not \"/9\"\n");
}

static void hostile_bytes(void **state)
{
	char text[600];

	(void)state;
	/* From Windows, with the mark in front; and no newline at the end. */
	write_file("\xef\xbb\xbfkmsg=no\r\nkeep-size=8K\r\n\r\njournal=no");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_true(!o.kmsg && !o.journal);
	assert_int_equal(o.keep_size, 8192);
	/* What is behind a bad line is read, and counted right. */
	write_bytes(file, "kmsg=no\0\nkeep-size=x\n", sizeof("kmsg=no\0\nkeep-size=x\n") - 1);
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_errors("FILE: line 1: expected text, found a NUL byte\n"
		      "FILE: line 2: keep-size: " NO_SIZE ", not \"x\"\n");
	snprintf(text, sizeof(text), "state-directory=/%0400d\nkeep-size=x\n", 0);
	write_file(text);
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_non_null(strstr(errors, ": line 1: expected a line of less than "));
	assert_non_null(strstr(errors, ": line 2: keep-size: expected "));
	/* A comment may be as long as it likes. */
	snprintf(text, sizeof(text), "# %0400d\nkeep-size=4K", 0);
	write_file(text);
	assert_int_equal(parse(NULL, NULL), 0);
	assert_int_equal(o.keep_size, 4096);
	write_file("\n\n\n");
	assert_int_equal(parse(NULL, NULL), 0);
}

static void files_that_cannot_be_read(void **state)
{
	char path[80];
	char *big = calloc(1, (1 << 20) + 1);

	(void)state;
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_errors("FILE: cannot be read: No such file or directory\n");
	assert_int_equal(vmw_conf_read(&o, file, false), 0);
	snprintf(path, sizeof(path), "%s.d", file);
	write_file("");
	write_bytes(path, "", 0);
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_errors("FILE.d: cannot be read: Not a directory\n");
	assert_int_equal(unlink(path), 0);
	assert_non_null(big);
	memset(big, '\n', (1 << 20) + 1);
	write_bytes(file, big, (1 << 20) + 1);
	free(big);
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_errors("FILE: cannot be read: File too large\n");
	assert_int_equal(unlink(file), 0);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(parse(NULL, NULL), -EINVAL);
	assert_errors("FILE: cannot be read: Is a directory\n");
	assert_int_equal(rmdir(file), 0);
}

static void what_is_printed_can_be_read(void **state)
{
	char *first = NULL, *second = NULL, *at;
	char line[256];
	size_t size;
	FILE *out;

	(void)state;
	write_file("kmsg=no\nfeed=/a\nkeep-size=8K\n");
	write_drop_in("a.conf", "feed=/b,redact,mode=0666\nkeep-size=16K\n");
	assert_int_equal(parse("--sample-rate=7", NULL), 0);
	out = open_memstream(&first, &size);
	assert_int_equal(vmw_options_print(&o, out), 0);
	fclose(out);
	snprintf(line, sizeof(line), "# %s: line 1\nkmsg=no\n", file);
	assert_non_null(strstr(first, line));
	snprintf(line, sizeof(line), "# %s.d/a.conf: line 2\nkeep-size=16K\n", file);
	assert_non_null(strstr(first, line));
	snprintf(line, sizeof(line), "# %s: line 2\nfeed=/a\n# %s.d/a.conf: line 1\nfeed=/b,",
		 file, file);
	assert_non_null(strstr(first, line));
	assert_non_null(strstr(first, "# command line\nsample-rate=7\n"));
	assert_non_null(strstr(first, "# default\ntrust=\n"));
	/* Configured is not running. */
	assert_memory_equal(first, "# What is configured now. A running service has", 47);
	assert_non_null(strstr(
		first, "# default; a running service has what it was started with\nbuffer=1M\n"));
	assert_null(strstr(first, "8K"));
	write_file(first);
	write_drop_in("a.conf", "");
	assert_int_equal(parse(NULL, NULL), 0);
	assert_int_equal(o.watch.sample_rate, 7);
	assert_int_equal(o.nr_feed, 2);
	out = open_memstream(&second, &size);
	assert_int_equal(vmw_options_print(&o, out), 0);
	fclose(out);
	/* The same keys in the same order; only where from has changed. */
	for (at = first; (at = strchr(at, '=')); at++) {
		while (at > first && at[-1] != '\n')
			at--;
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		assert_non_null(strstr(second, line));
		at += strlen(line);
	}
	free(first);
	free(second);
}

/* The example that is installed: every key of the table, and each line may be taken. */
static void the_example(void **state)
{
	FILE *in = fopen("daemon/share/vmemmapwatch.conf", "r");
	char line[256], taken[4096] = "", all[8192] = "";
	char key[64];
	int id;

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof(line), in)) {
		strcat(all, line);
		assert_true(*line == '#' || *line == '\n');
		if (*line == '#' && line[1] >= 'a' && line[1] <= 'z')
			strcat(taken, line + 1);
	}
	fclose(in);
	write_file(all);
	assert_int_equal(parse("--check-config", NULL), 0);
	assert_string_equal(errors, "");
	assert_int_equal(o.nr_settings, 1); /* --config */
	write_file(taken);
	assert_int_equal(parse("--check-config", NULL), 0);
	assert_string_equal(errors, "");
	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		if (vmw_is_mode(&vmw_options_table[id]))
			continue;
		snprintf(key, sizeof(key), "\n#%s=", vmw_options_table[id].name);
		assert_int_equal(!!strstr(all, key),
				 !!(vmw_options_table[id].flags & VMW_OPTION_KEY));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_of_a_file),
		TEST(later_wins),
		TEST(all_errors_of_all_files),
		TEST(bad_values),
		TEST(feeds),
		TEST(hostile_bytes),
		TEST(files_that_cannot_be_read),
		TEST(what_is_printed_can_be_read),
		TEST(the_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
