// SPDX-License-Identifier: GPL-2.0-only
/* The command line, text that is safe to print, and files that are complete. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "base/log.h"
#include "base/output_file.h"
#include "cli/options.h"
#include "report/report.h"

#define PARSE(options, ...) parse(options, (char *[]){ "vmemmapwatch", __VA_ARGS__, NULL })

/* The strings of one parse are good until the next. */
static struct vmw_options last;

static int parse(struct vmw_options *options, char **argv)
{
	int argc = 0, err;

	while (argv[argc])
		argc++;
	vmw_options_free(&last);
	err = vmw_options_parse(options, argc, argv);
	if (!err)
		last = *options;
	return err;
}

static void good_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--trace"), 0);
	assert_int_equal(o.mode, VMW_MODE_TRACE);
	assert_int_equal(o.format, VMW_FORMAT_TEXT);
	assert_null(o.command);
	assert_int_equal(o.watch.ring_size, 1 << 20);
	assert_int_equal(PARSE(&o, "--trace", "--json", "--for=1.5", "--kmsg", "--buffer",
			       "64K", "--output", "f", "--", "modprobe", "-v", "--for"),
			 0);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_int_equal(o.for_ns, 1500000000);
	assert_int_equal(o.watch.ring_size, 65536);
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

static void modes_as_words(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "trace", "--json", "--", "modprobe", "amdgpu"), 0);
	assert_int_equal(o.mode, VMW_MODE_TRACE);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_string_equal(o.command[0], "modprobe");
	assert_string_equal(o.command[1], "amdgpu");
	assert_null(o.command[2]);
	assert_int_equal(PARSE(&o, "-j", "trace", "modprobe", "amdgpu"), 0);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_string_equal(o.command[0], "modprobe");
	/* A COMMAND may be called as a mode is, and no mode is behind a --. */
	assert_int_equal(PARSE(&o, "trace", "trace"), 0);
	assert_string_equal(o.command[0], "trace");
	assert_int_equal(PARSE(&o, "--", "trace"), -EINVAL);
	assert_int_equal(PARSE(&o, "decode", "--from=f", "log"), 0);
	assert_string_equal(o.decode, "log");
	assert_int_equal(PARSE(&o, "explain", "--", "0x1"), 0);
	assert_string_equal(o.command[0], "0x1");
	assert_int_equal(PARSE(&o, "probes", "--attach-with=kprobe"), 0);
	assert_int_equal(o.mode, VMW_MODE_PROBES);
	assert_int_equal(PARSE(&o, "print-config", "--config=/dev/null"), 0);
	assert_int_equal(o.mode, VMW_MODE_PRINT_CONFIG);
	assert_int_equal(PARSE(&o, "check-config", "/dev/null"), 0);
	assert_string_equal(o.config, "/dev/null");
	assert_int_equal(PARSE(&o, "check-config", "/dev/null", "b"), -EINVAL);
	assert_int_equal(PARSE(&o, "check-config", "/no/such/file"), -EINVAL);
	assert_int_equal(PARSE(&o, "trace", "--layout"), -EINVAL);
	assert_int_equal(PARSE(&o, "modprobe", "amdgpu"), -EINVAL);
	assert_int_equal(PARSE(&o, "layout", "trace"), -EINVAL);
}

static void letters(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "layout", "-jvo", "f"), 0);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_true(o.verbose && !o.quiet);
	assert_string_equal(o.output, "f");
	assert_int_equal(PARSE(&o, "-of", "layout", "-q"), 0);
	assert_string_equal(o.output, "f");
	assert_true(o.quiet && !o.verbose);
	vmw_options_apply(&o);
	assert_int_equal(vmw_log_threshold, VMW_LOG_ERROR);
	/* More in the report, and nothing but errors beside it. */
	assert_int_equal(PARSE(&o, "layout", "-q", "-v"), 0);
	vmw_options_apply(&o);
	assert_int_equal(vmw_log_threshold, VMW_LOG_ERROR);
	assert_int_equal(PARSE(&o, "layout", "-v"), 0);
	vmw_options_apply(&o);
	assert_int_equal(vmw_log_threshold, VMW_LOG_DEBUG);
	assert_int_equal(PARSE(&o, "layout"), 0);
	vmw_options_apply(&o);
	assert_int_equal(vmw_log_threshold, VMW_LOG_NOTICE);
	assert_int_equal(PARSE(&o, "layout", "-o"), -EINVAL);
	assert_int_equal(PARSE(&o, "daemon", "-j", "--config=/dev/null"), -EINVAL);
	/* As the other way to say it. */
	assert_int_equal(PARSE(&o, "layout", "--output=-"), 0);
	assert_null(o.output);
	assert_int_equal(PARSE(&o, "layout", "-o-", "--html=f"), 0);
	assert_null(o.output);
	assert_int_equal(PARSE(&o, "layout", "--html=-"), -EINVAL);
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		u64 size;
	} good[] = {
		{ "--keep-size=65536", 65536 },	     { "--keep-size=64K", 65536 },
		{ "--keep-size=64KiB", 65536 },	     { "--keep-size=3MiB", 3 << 20 },
		{ "--keep-size=3m", 3 << 20 },	     { "--keep-size=2GiB", 2ULL << 30 },
		{ "--keep-size=1T", 1ULL << 40 },    { "--keep-size=1TiB", 1ULL << 40 },
		{ "--keep-size=0x10K", 0x10 << 10 },
	};
	static char *const bad[] = {
		"--keep-size=",	    "--keep-size=K",	 "--keep-size=KiB",
		"--keep-size=1KB",  "--keep-size=1iB",	 "--keep-size=1 K",
		"--keep-size=-1",   "--keep-size=+1",	 "--keep-size=1.5G",
		"--keep-size=1P",   "--keep-size=1KiBx", "--keep-size=16777216T",
		"--reader-rate=1K", "--reader-rate=0",	 "--reader-rate=1001",
	};
	struct vmw_options o;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(PARSE(&o, "keep", "--config=/dev/null", (char *)good[i].text),
				 0);
		assert_int_equal(o.keep_size, good[i].size);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (PARSE(&o, "keep", "--config=/dev/null", bad[i]) != -EINVAL)
			fail_msg("%s: taken", bad[i]);
	}
}

static void waiting_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	/* Behind a COMMAND at once, behind a driver a second later. */
	assert_int_equal(PARSE(&o, "--trace", "--", "true"), 0);
	assert_int_equal(o.settle_ns, 0);
	assert_int_equal(PARSE(&o, "--trace", "--driver=a-b,c"), 0);
	assert_int_equal(o.settle_ns, 1000000000);
	assert_string_equal(o.drivers.name[0], "a_b");
	assert_int_equal(PARSE(&o, "--trace", "--driver=a", "--settle=0"), 0);
	assert_int_equal(o.settle_ns, 0);
	assert_int_equal(PARSE(&o, "--trace", "--settle=2.5", "--", "true"), 0);
	assert_int_equal(o.settle_ns, 2500000000);
	assert_int_equal(PARSE(&o, "--trace", "--settle=2"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--settle=-1", "true"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--settle=never", "true"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--driver=a", "--", "true"), -EINVAL);
	assert_int_equal(PARSE(&o, "--follow", "--settle=2"), -EINVAL);
}

static void decode_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--decode"), 0);
	assert_int_equal(o.mode, VMW_MODE_DECODE);
	assert_string_equal(o.decode, "-");
	assert_int_equal(PARSE(&o, "--decode=log"), 0);
	assert_string_equal(o.decode, "log");
	assert_int_equal(PARSE(&o, "--decode", "log", "--json", "--from=f"), 0);
	assert_string_equal(o.decode, "log");
	assert_string_equal(o.watch.layout.from, "f");
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_int_equal(PARSE(&o, "--json", "--decode", "-"), 0);
	assert_string_equal(o.decode, "-");
	assert_int_not_equal(PARSE(&o, "--decode", "a", "b"), 0);
	assert_int_not_equal(PARSE(&o, "--decode=a", "b"), 0);
	assert_int_not_equal(PARSE(&o, "--decode=a", "--decode=b"), 0);
	assert_int_not_equal(PARSE(&o, "--decode", "--trace"), 0);
	assert_int_not_equal(PARSE(&o, "--decode", "--json=lines"), 0);
}

static void picture_command_lines(void **state)
{
	static const char *const modes[] = { "--layout", "--trace", "--report" };
	struct vmw_options o;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		char *mode = (char *)modes[i];

		assert_int_equal(PARSE(&o, mode), 0);
		assert_false(o.map);
		assert_null(o.html);
		assert_int_equal(PARSE(&o, mode, "--map", "--html=p.html"), 0);
		assert_true(o.map);
		assert_string_equal(o.html, "p.html");
		assert_int_equal(PARSE(&o, mode, "--json", "--html", "p.html", "--output=j"), 0);
		assert_int_equal(PARSE(&o, mode, "--json", "--map"), -EINVAL);
		assert_int_equal(PARSE(&o, mode, "--html="), -EINVAL);
		assert_int_equal(PARSE(&o, mode, "--html"), -EINVAL);
		assert_int_equal(PARSE(&o, mode, "--html=f", "--output=f"), -EINVAL);
		assert_int_equal(PARSE(&o, mode, "--map=5"), -EINVAL);
	}
	assert_int_equal(PARSE(&o, "--layout", "--from=f", "--map", "--redact"), 0);
	assert_int_equal(PARSE(&o, "--support", "--map"), -EINVAL);
	assert_int_equal(PARSE(&o, "--follow", "--html=f"), -EINVAL);
	assert_int_equal(PARSE(&o, "--daemon", "--map"), -EINVAL);
}

static void explain_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--explain", "pfn:1", "0x2-0x3"), 0);
	assert_int_equal(o.mode, VMW_MODE_EXPLAIN);
	assert_int_equal(o.watch.layout.trust, VMW_NR_SOURCES);
	assert_null(o.watch.layout.from);
	assert_string_equal(o.command[0], "pfn:1");
	assert_string_equal(o.command[1], "0x2-0x3");
	assert_null(o.command[2]);
	/* Options may stand between, and behind, what is asked. */
	assert_int_equal(PARSE(&o, "--explain", "a", "--json", "b", "--from", "f", "c",
			       "--trust=code"),
			 0);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
	assert_int_equal(o.watch.layout.trust, VMW_SOURCE_CODE);
	assert_string_equal(o.watch.layout.from, "f");
	assert_string_equal(o.command[0], "a");
	assert_string_equal(o.command[1], "b");
	assert_string_equal(o.command[2], "c");
	assert_null(o.command[3]);
}

static void preflight_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--preflight", "80G", "--json", "256M@0x1000"), 0);
	assert_int_equal(o.mode, VMW_MODE_PREFLIGHT);
	assert_int_equal(o.type, VMW_DEVICE_PRIVATE);
	assert_false(o.all_gpus);
	assert_null(o.iomem);
	assert_string_equal(o.command[0], "80G");
	assert_string_equal(o.command[1], "256M@0x1000");
	assert_null(o.command[2]);
	/* As an argument of its own, too. */
	assert_int_equal(PARSE(&o, "--preflight=80G", "1G", "--type=coherent"), 0);
	assert_int_equal(o.type, VMW_DEVICE_COHERENT);
	assert_string_equal(o.command[0], "80G");
	assert_string_equal(o.command[1], "1G");
	assert_null(o.command[2]);
	assert_int_equal(PARSE(&o, "--preflight", "--all-gpus"), 0);
	assert_true(o.all_gpus);
	assert_null(o.command);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--from=a", "--iomem", "b"), 0);
	assert_string_equal(o.watch.layout.from, "a");
	assert_string_equal(o.iomem, "b");

	assert_int_equal(PARSE(&o, "--preflight"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "--json"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--type=fs-dax"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--from=a"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--iomem=b"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "--all-gpus", "--from=a", "--iomem=b"),
			 -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--redact"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--json=lines"), -EINVAL);
	assert_int_equal(PARSE(&o, "--explain", "1", "--all-gpus"), -EINVAL);
	assert_int_equal(PARSE(&o, "--preflight", "1G", "--layout"), -EINVAL);
}

static void layout_command_line(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--layout", "--json", "--output=f"), 0);
	assert_int_equal(o.mode, VMW_MODE_LAYOUT);
	assert_int_equal(o.format, VMW_FORMAT_JSON);
}

static void service_command_lines(void **state)
{
	struct vmw_options o;

	(void)state;
	assert_int_equal(PARSE(&o, "--daemon", "--config=/dev/null"), 0);
	assert_int_equal(o.mode, VMW_MODE_DAEMON);
	assert_true(o.kmsg && o.journal && !o.redact && !o.verbose);
	assert_int_equal(o.nr_feed, 1);
	assert_string_equal(o.feed[0].at.path, "/run/vmemmapwatch/feed.sock");
	assert_int_equal(o.feed[0].at.mode, 0660);
	assert_string_equal(o.state_directory, "/var/lib/vmemmapwatch");
	assert_int_equal(o.keep_reports, 10);
	assert_int_equal(o.keep_size, 64 << 20);
	assert_int_equal(o.listen.length, 0);
	assert_int_equal(PARSE(&o, "--daemon", "--config=/dev/null", "--no-kmsg", "--no-journal",
			       "--redact", "--feed=/a", "--feed=/b,redact,mode=0666,group=adm",
			       "--textfile=no", "--probe=f:pfn:1", "--keep-size=1G"),
			 0);
	assert_true(!o.kmsg && !o.journal && o.redact);
	assert_int_equal(o.nr_feed, 2);
	assert_string_equal(o.feed[1].at.path, "/b");
	assert_true(o.feed[1].redact);
	assert_int_equal(o.feed[1].at.mode, 0666);
	assert_string_equal(o.feed[1].at.group, "adm");
	assert_null(o.textfile);
	assert_int_equal(o.keep_size, 1 << 30);
	/* Parsing alone changes nothing that a running service uses. */
	assert_int_equal(o.watch.nr_probe, 1);
	assert_int_equal(vmw_nr_probes, VMW_NR_PROBES);
	vmw_options_apply(&o);
	vmw_options_apply(&o);
	assert_int_equal(vmw_nr_probes, VMW_NR_PROBES + 1);
	/* A trace does what it is told, and reads no file. */
	assert_int_equal(PARSE(&o, "--trace", "--redact"), 0);
	assert_true(!o.kmsg && o.redact);
	vmw_options_apply(&o);
	assert_int_equal(vmw_nr_probes, VMW_NR_PROBES);
	/* Asking about a service may name its mode; the last word counts. */
	assert_int_equal(PARSE(&o, "--print-config", "--keep", "--config=/dev/null"), 0);
	assert_int_equal(o.mode, VMW_MODE_PRINT_CONFIG);
	assert_int_equal(PARSE(&o, "--follow", "--json=lines", "--config=/dev/null"), 0);
	assert_int_not_equal(PARSE(&o, "--follow", "--redact"), 0);
	/* They would be taken for, and removed with, what the service has there. */
	assert_int_not_equal(PARSE(&o, "--daemon", "--config=/dev/null", "--feed=/a/state"), 0);
	assert_int_not_equal(PARSE(&o, "--daemon", "--config=/dev/null", "--feed=/report.sock"),
			     0);
	assert_int_equal(PARSE(&o, "--daemon", "--config=/dev/null", "--feed=/state/a"), 0);
	assert_int_equal(PARSE(&o, "--daemon", "--kmsg", "--no-kmsg", "--config=/dev/null"), 0);
	assert_false(o.kmsg);
}

static void where_to_listen(void **state)
{
	static char *const bad[] = {
		"",
		"9977",
		":9977",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:0",
		"127.0.0.1:65536",
		"127.0.0.1:+1",
		"127.1:80",
		"localhost:80",
		"::1:80",
		"[::1]",
		"[::1]80",
		"[]:80",
		"[127.0.0.1]:80",
		"[::1:80",
		"unix:",
		"unix:m.sock",
		"unix:@m",
		"unix:/a\nb",
		"[1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb]:80",
	};
	struct vmw_options o;
	char text[200];
	size_t i;

	(void)state;
	assert_int_equal(PARSE(&o, "--metrics", "--config=/dev/null", "--listen=127.0.0.1:80"),
			 0);
	assert_int_equal(o.listen.at.any.sa_family, AF_INET);
	assert_string_equal(o.listen.text, "127.0.0.1:80");
	assert_int_equal(
		PARSE(&o, "--metrics", "--config=/dev/null", "--listen=[fe80::1]:65535"), 0);
	assert_int_equal(o.listen.at.any.sa_family, AF_INET6);
	assert_int_equal(PARSE(&o, "--metrics", "--config=/dev/null", "--listen=unix:/run/m"), 0);
	assert_string_equal(o.listen.at.un.sun_path, "/run/m");
	assert_int_equal(PARSE(&o, "--metrics", "--config=/dev/null"), -EINVAL);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "--listen=%s", bad[i]);
		assert_int_equal(PARSE(&o, "--metrics", "--config=/dev/null", text), -EINVAL);
	}
	/* A path that a sockaddr has no room for. */
	snprintf(text, sizeof(text), "--listen=unix:/%0120d", 0);
	assert_int_equal(PARSE(&o, "--metrics", "--config=/dev/null", text), -EINVAL);
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
	assert_int_equal(PARSE(&o, "--trace", "--layout"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--check-config"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--probes"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--listen=127.0.0.1:80"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--kmsg=yes"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--no-trace"), -EINVAL);
	assert_int_equal(PARSE(&o, "--trace", "--trust="), -EINVAL);
	assert_int_equal(PARSE(&o, "--explain", "1", "--redact"), -EINVAL);
	assert_int_equal(PARSE(&o, "--report", "--json=lines", "--config=/dev/null"), -EINVAL);
	assert_int_equal(PARSE(&o, "--daemon", "--json", "--config=/dev/null"), -EINVAL);
	assert_int_equal(PARSE(&o, "--daemon", "true", "--config=/dev/null"), -EINVAL);
	assert_int_equal(PARSE(&o, "--daemon", "--config="), -EINVAL);
	assert_int_equal(PARSE(&o, "--daemon", "--config=/no/such/file"), -EINVAL);
	assert_int_equal(PARSE(&o, "--check-config=/no/such/file"), -EINVAL);
}

static void hostile_text(void **state)
{
	char text[4 * VMW_COMM_LEN + 1];

	(void)state;
	vmw_format_bytes("ins\"\x01\xff\n\x1b[2Jx", 16, text, sizeof(text));
	assert_string_equal(text, "ins\"\\x01\\xff\\x0a\\x1b[2Jx");
	/* Sixteen bytes and no NUL; and less room than it takes. */
	vmw_format_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16,
			 text, sizeof(text));
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

static int free_last(void **state)
{
	(void)state;
	vmw_options_free(&last);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_command_lines),
		cmocka_unit_test(modes_as_words),
		cmocka_unit_test(letters),
		cmocka_unit_test(sizes),
		cmocka_unit_test(waiting_command_lines),
		cmocka_unit_test(decode_command_lines),
		cmocka_unit_test(picture_command_lines),
		cmocka_unit_test(explain_command_lines),
		cmocka_unit_test(preflight_command_lines),
		cmocka_unit_test(layout_command_line),
		cmocka_unit_test(service_command_lines),
		cmocka_unit_test(where_to_listen),
		cmocka_unit_test(bad_command_lines),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(times_and_errnos),
		cmocka_unit_test(output_appears_when_complete),
	};

	return cmocka_run_group_tests(tests, NULL, free_last);
}
