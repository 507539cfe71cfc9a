// SPDX-License-Identifier: GPL-2.0-only
/* Metrics of a synthetic report: labels of any bytes, bounded, and true. */
#include <errno.h>

#include "unit.h"
#include "synthetic.h"

#include "base/build.h"
#include "output/export.h"

#define PFN 0xfffff0000ULL

typedef int (*exporter)(const struct vmw_report *report, FILE *file);

static char *export_by(exporter by, const struct vmw_report *report)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(by(report, file), 0);
	fclose(file);
	return text;
}

static char *export(const struct vmw_report *report)
{
	return export_by(vmw_export_metrics, report);
}

/* Is @line a whole line of @text? */
static bool has(const char *text, const char *line)
{
	const char *at = text;
	size_t length = strlen(line);

	while ((at = strstr(at, line))) {
		if ((at == text || at[-1] == '\n') && at[length] == '\n')
			return true;
		at++;
	}
	return false;
}

#define assert_has(text, line) \
	do { \
		if (!has(text, "vmemmapwatch_" line)) \
			fail_msg("no line %s in:\n%s", line, text); \
	} while (0)

#define assert_none(text, part) assert_null(strstr(text, part))

static size_t count_lines(const char *text, const char *prefix)
{
	size_t n = 0;

	for (; *text; text += strcspn(text, "\n") + 1)
		n += !strncmp(text, prefix, strlen(prefix));
	return n;
}

static void a_life(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	synthetic_request(&s, 1, "test_hmm", PFN, VMW_ABOVE, true);
	text = export(&s.report);
	assert_has(text,
		   "offenders_live{driver=\"test_hmm\",verdict=\"above\",of=\"request\"} 1");
	assert_has(text,
		   "offenders_total{driver=\"test_hmm\",verdict=\"above\",of=\"request\"} 1");
	assert_has(
		text,
		"observations_total{probe=\"memremap_pages\",point=\"entry\",verdict=\"above\"} 1");
	assert_has(
		text,
		"observations_total{probe=\"memremap_pages\",point=\"entry\",verdict=\"below\"} 0");
	assert_none(text, "observations_total{probe=\"memremap_pages\",point=\"return\"");
	assert_has(
		text,
		"driver_observations_total{driver=\"test_hmm\",verdict=\"above\",probe=\"memremap_pages\",point=\"entry\"} 1");
	free(text);
	synthetic_removal(&s, 2, PFN, VMW_ABOVE);
	text = export(&s.report);
	assert_has(text,
		   "offenders_live{driver=\"test_hmm\",verdict=\"above\",of=\"request\"} 0");
	assert_has(text,
		   "offenders_total{driver=\"test_hmm\",verdict=\"above\",of=\"request\"} 1");
	assert_none(text, "0xf");
	free(text);
	synthetic_free(&s);
}

static void refused(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	synthetic_request(&s, 1, "xe", PFN, VMW_ABOVE, false);
	synthetic_request(&s, 2, "xe", PFN, VMW_ABOVE, false);
	synthetic_request(&s, 3, "nouveau", 0x100000, VMW_IN_BOUNDS, false);
	text = export(&s.report);
	assert_has(text, "requests_refused_total{driver=\"xe\",verdict=\"above\"} 2");
	assert_has(text, "requests_refused_total{driver=\"nouveau\",verdict=\"in-bounds\"} 1");
	assert_none(text, "offenders_live{");
	free(text);
	/* It is a counter, also of those that have made room for others. */
	strcpy(s.aggregate.refusals[0].driver, "xe");
	s.aggregate.refusals[0].nr[VMW_ABOVE] = 40;
	s.aggregate.refusals[0].nr[VMW_NOWHERE] = 3;
	strcpy(s.aggregate.refusals[1].driver, "(others)");
	s.aggregate.refusals[1].nr[VMW_USER] = 5;
	text = export(&s.report);
	assert_has(text, "requests_refused_total{driver=\"xe\",verdict=\"above\"} 42");
	assert_has(text, "requests_refused_total{driver=\"xe\",verdict=\"nowhere\"} 3");
	assert_has(text, "requests_refused_total{driver=\"(others)\",verdict=\"user\"} 5");
	free(text);
	synthetic_free(&s);
}

/* Live as long as the request is whose pages they are. */
static void uses(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	set_status(&s, VMW_PROBE_dump_page, "kprobe", "");
	synthetic_request(&s, 1, "test_hmm", PFN, VMW_ABOVE, true);
	synthetic_use(&s, VMW_PROBE_dump_page, PFN + 5, VMW_ABOVE, 7);
	synthetic_use(&s, VMW_PROBE_dump_page, PFN + 0x100005, VMW_ABOVE, 11);
	synthetic_use(&s, VMW_PROBE_get_dev_pagemap, 0x100000000000, VMW_USER, 13);
	text = export(&s.report);
	assert_has(text, "offenders_live{driver=\"test_hmm\",verdict=\"above\",of=\"use\"} 1");
	assert_has(text, "offenders_live{driver=\"unknown\",verdict=\"above\",of=\"use\"} 1");
	assert_has(text,
		   "observations_total{probe=\"dump_page\",point=\"entry\",verdict=\"above\"} 18");
	assert_has(
		text,
		"driver_observations_total{driver=\"unknown\",verdict=\"above\",probe=\"dump_page\",point=\"entry\"} 11");
	assert_has(text,
		   "lookups_total{probe=\"get_dev_pagemap\",point=\"entry\",verdict=\"user\"} 13");
	assert_none(text, "observations_total{probe=\"get_dev_pagemap\"");
	free(text);

	synthetic_removal(&s, 2, PFN, VMW_ABOVE);
	text = export(&s.report);
	assert_has(text, "offenders_live{driver=\"test_hmm\",verdict=\"above\",of=\"use\"} 0");
	assert_has(text, "offenders_total{driver=\"test_hmm\",verdict=\"above\",of=\"use\"} 1");
	free(text);
	synthetic_free(&s);
}

/* Bytes that end a label, a line, or a terminal's patience. */
static void hostile_names(void **state)
{
	struct synthetic s;
	char info[160];
	char *text;

	(void)state;
	synthetic_init(&s);
	synthetic_request(&s, 1, "a\"b\\c\nd", PFN, VMW_ABOVE, false);
	synthetic_request(&s, 2, "\xff\xfe\xc3", PFN, VMW_BELOW, false);
	/* The same when printed: one series, since two would spoil all of them. */
	synthetic_request(&s, 3, "e\x01", PFN, VMW_USER, false);
	synthetic_request(&s, 4, "e\\x01", PFN, VMW_USER, false);
	s.report.kernel = "6.1\"\n\x1b[31m";
	text = export(&s.report);
	assert_has(text,
		   "requests_refused_total{driver=\"a\\\"b\\\\c\\\\x0ad\",verdict=\"above\"} 1");
	assert_has(text,
		   "requests_refused_total{driver=\"\\\\xff\\\\xfe\\\\xc3\",verdict=\"below\"} 1");
	assert_has(text, "requests_refused_total{driver=\"e\\\\x01\",verdict=\"user\"} 2");
	snprintf(info, sizeof(info),
		 "build_info{version=\"%s\",kernel=\"6.1\\\"\\\\x0a\\\\x1b[31m\"} 1",
		 vmw_version);
	assert_non_null(strstr(text, info));
	free(text);
	synthetic_free(&s);
}

static struct vmw_offender *add_offender(struct synthetic *s, const char *driver)
{
	struct vmw_offender *offender = calloc(1, sizeof(*offender));

	assert_non_null(offender);
	snprintf(offender->driver, sizeof(offender->driver), "%s", driver);
	offender->range.verdict = VMW_ABOVE;
	offender->live = true;
	offender->next = s->aggregate.offenders;
	s->aggregate.offenders = offender;
	return offender;
}

static void bounded(void **state)
{
	struct synthetic s;
	char *text, name[32];
	int i;

	(void)state;
	synthetic_init(&s);
	for (i = 0; i < 10000; i++)
		add_offender(&s, "amdgpu")->hits[VMW_PROBE_ADD_PAGES] = 1;
	text = export(&s.report);
	assert_has(text,
		   "offenders_live{driver=\"amdgpu\",verdict=\"above\",of=\"request\"} 10000");
	assert_int_equal(count_lines(text, "vmemmapwatch_offenders_live{"), 1);
	assert_true(strlen(text) < 65536);
	free(text);

	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "driver%d", i);
		add_offender(&s, name)->hits[VMW_PROBE_ADD_PAGES] = 1;
	}
	text = export(&s.report);
	/* The newest comes first here. */
	assert_has(text,
		   "offenders_live{driver=\"driver9999\",verdict=\"above\",of=\"request\"} 1");
	assert_has(text,
		   "offenders_live{driver=\"(others)\",verdict=\"above\",of=\"request\"} 19936");
	assert_int_equal(count_lines(text, "vmemmapwatch_offenders_live{"), 65);
	free(text);
	synthetic_free(&s);
}

static void losses(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	s.report.losses.count[VMW_LOST_RING] = 5;
	text = export(&s.report);
	assert_has(text, "losses_total{place=\"ring buffer full\"} 5");
	assert_has(text, "losses_total{place=\"runs that the kernel skipped\"} 0");
	assert_has(text, "losses_known{place=\"runs that the kernel skipped\"} 1");
	free(text);
	s.report.losses_error = -5;
	s.report.losses.missed_known = false;
	text = export(&s.report);
	assert_none(text, "losses_total{place=\"ring buffer full\"");
	assert_has(text, "losses_known{place=\"ring buffer full\"} 0");
	assert_none(text, "losses_total{place=\"runs that the kernel skipped\"");
	assert_has(text, "losses_known{place=\"runs that the kernel skipped\"} 0");
	free(text);
	synthetic_free(&s);
}

static void probes(void **state)
{
	struct synthetic s;
	char *text, attached[64];

	(void)state;
	synthetic_init(&s);
	set_status(&s, VMW_PROBE_VMEMMAP_POPULATE, "", "notrace");
	s.told.probe[VMW_PROBE_VMEMMAP_FREE].missing = true;
	set_status(&s, VMW_PROBE_VMEMMAP_FREE, "", "too many open files");
	s.report.sight[VMW_WAY_KPROBE] = (struct vmw_sight){ .fired_ns = 5000000000 };
	s.report.sight[VMW_WAY_FENTRY] = (struct vmw_sight){
		.silent_ns = 60000000000,
		.first_ns = 60000000000,
		.times = 1,
	};
	/* Two prototypes of one function: the kernel has the second. */
	set_status(&s, VMW_PROBE_sparse_remove_section, "", "another prototype");
	set_status(&s, VMW_PROBE_sparse_remove_section_ms, "kprobe", "");
	text = export(&s.report);
	assert_has(
		text,
		"probe_attached{probe=\"memremap_pages\",point=\"entry\",class=\"certain\",kind=\"request\",how=\"fentry\"} 1");
	assert_has(
		text,
		"probe_attached{probe=\"vmemmap_populate\",point=\"entry\",class=\"certain\",kind=\"request\",how=\"unavailable\"} 0");
	assert_has(
		text,
		"probe_attached{probe=\"vmemmap_free\",point=\"entry\",class=\"certain\",kind=\"request\",how=\"missing\"} 0");
	assert_has(text, "probes_fire{how=\"kprobe\"} 1");
	assert_has(text, "probes_fire{how=\"fentry\"} 0");
	assert_none(text, "probes_fire{how=\"fexit\"}");
	assert_has(text, "blind_seconds_total{how=\"fentry\"} 5.500000000");
	assert_has(text, "losses_total{place=\"times that attached probes did not fire\"} 1");
	assert_has(
		text,
		"probe_attached{probe=\"dump_page\",point=\"entry\",class=\"use\",kind=\"page\",how=\"left out\"} 0");
	assert_has(
		text,
		"probe_attached{probe=\"sparse_remove_section\",point=\"entry\",class=\"certain\",kind=\"pfn range\",how=\"kprobe\"} 1");
	assert_int_equal(
		count_lines(text, "vmemmapwatch_probe_attached{probe=\"sparse_remove_section\""),
		1);
	/* Those of the requests but two, and one more. */
	snprintf(attached, sizeof(attached), "probes{state=\"attached\"} %d",
		 VMW_NR_MAIN_PROBES - 1);
	assert_non_null(strstr(text, attached));
	free(text);
	synthetic_free(&s);
}

static void the_rest(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	text = export(&s.report);
	assert_has(text, "watch_start_time_seconds 1700000005.000000000");
	assert_has(text, "watched_since_time_seconds 1700000005.000000000");
	assert_has(text, "report_time_seconds 1700000065.500000000");
	assert_has(text, "bounds_agreement{value=\"VMEMMAP_START\",state=\"agree\"} 1");
	assert_has(text, "bounds_witnesses{value=\"VMEMMAP_START\"} 2");
	assert_has(text, "bounds_agreement{value=\"VMEMMAP_END\",state=\"single source\"} 1");
	assert_has(text, "self_cpu_seconds_total 1.250000000");
	assert_has(text, "self_resident_memory_bytes 4194304");
	assert_has(text, "bpf_stats_enabled 0");
	assert_none(text, "bpf_runs_total");
	assert_has(text, "kmsg_lines_total{state=\"written\"} 3");
	assert_has(text, "readers_refused_total{reason=\"rate\"} 0");
	assert_has(text, "found_at_start_known 0");
	assert_none(text, "found_at_start{");
	free(text);
	s.report.self.bpf_stats = true;
	s.report.self.bpf_runs = 12;
	s.report.self.bpf_run_ns = 3456;
	s.report.looked.at_all = true;
	add_offender(&s, "early")->found = true;
	text = export(&s.report);
	assert_has(text, "bpf_runs_total 12");
	assert_has(text, "bpf_run_seconds_total 0.000003456");
	assert_has(text, "found_at_start_known 1");
	assert_has(text, "found_at_start{state=\"live\"} 1");
	assert_has(text, "found_at_start{state=\"gone\"} 0");
	free(text);
	synthetic_free(&s);
}

static void openmetrics(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	text = export(&s.report);
	assert_has(text, "losses_total{place=\"ring buffer full\"} 0");
	assert_non_null(strstr(text, "# TYPE vmemmapwatch_losses_total counter\n"));
	assert_none(text, "# EOF");
	free(text);
	text = export_by(vmw_export_openmetrics, &s.report);
	assert_has(text, "losses_total{place=\"ring buffer full\"} 0");
	assert_non_null(strstr(text, "# TYPE vmemmapwatch_losses counter\n"));
	assert_string_equal(text + strlen(text) - 7, "\n# EOF\n");
	free(text);
	synthetic_free(&s);
}

/* A client that was told nothing of probes. */
static void no_probes(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	synthetic_init(&s);
	s.report.probes = NULL;
	s.report.self.bpf_stats = true;
	text = export(&s.report);
	assert_has(text, "probes{state=\"attached\"} 0");
	free(text);
	synthetic_free(&s);
}

/* A full disk is an error, not a shorter page. */
static void full(void **state)
{
	FILE *file = fopen("/dev/full", "w");
	struct synthetic s;

	(void)state;
	if (!file)
		skip();
	synthetic_init(&s);
	assert_int_equal(vmw_export_metrics(&s.report, file), -ENOSPC);
	fclose(file);
	synthetic_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life),      cmocka_unit_test(refused),
		cmocka_unit_test(uses),	       cmocka_unit_test(hostile_names),
		cmocka_unit_test(bounded),     cmocka_unit_test(losses),
		cmocka_unit_test(probes),      cmocka_unit_test(the_rest),
		cmocka_unit_test(openmetrics), cmocka_unit_test(no_probes),
		cmocka_unit_test(full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
