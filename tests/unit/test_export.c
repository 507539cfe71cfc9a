// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exporters write. With an argument it prints what tests/native/45-schema.sh
 * validates: lines, document, layout, explain or text, redacted where a second one
 * says so.
 */
#include "report.h"

#include "layout/possible.h"
#include "output/describe_explain.h"
#include "output/describe_preflight.h"
#include "output/export.h"
#include "output/json/json_lines.h"
#include "report/redact.h"

#include <malloc.h>

#include <json-c/json.h>

#define NR_MANY 10000

/* Of ASan, which has an allocator of its own. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void)
{
	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	return mallinfo2().uordblks;
}

/* Looks at the heap whenever the exporter's buffer is full. */
struct meter {
	size_t before, peak, written;
};

static ssize_t meter_write(void *cookie, const char *bytes, size_t size)
{
	struct meter *meter = cookie;
	size_t now = allocated();

	(void)bytes;
	meter->written += size;
	if (now > meter->peak)
		meter->peak = now;
	return size;
}

static size_t growth_of(const struct vmw_report *report,
			int (*export)(const struct vmw_report *, FILE *), size_t *ret_written)
{
	struct meter meter = { 0 };
	FILE *file = fopencookie(&meter, "w", (cookie_io_functions_t){ .write = meter_write });

	assert_non_null(file);
	meter.before = meter.peak = allocated();
	assert_int_equal(export(report, file), 0);
	fclose(file);
	*ret_written = meter.written;
	return meter.peak - meter.before;
}

/* A document of thousands costs a buffer. */
static void memory(void **state)
{
	struct fixture f;
	size_t document, line, written, i;

	(void)state;
	fixture_init(&f);
	for (i = 0; i < NR_MANY; i++) {
		send_sample(&f, VMW_PROBE_folio_unlock, (1ULL << 35) + (i << 15));
		send_use(&f, VMW_PROBE_folio_unlock, (1ULL << 35) + (i << 15));
	}
	assert_int_equal(vmw_report_uses(&f.report), NR_MANY);
	document = growth_of(&f.report, vmw_export_json, &written);
	line = growth_of(&f.report, vmw_export_json_line, &written);
	print_message(
		"%d uses: heap grows by %zu KiB for the document, %zu KiB for the line of %zu KiB\n",
		NR_MANY, document >> 10, line >> 10, written >> 10);
	assert_true(document < 64 << 10);
	assert_true(line < 64 << 10);
	fixture_free(&f);
}

static char *written(const struct vmw_report *report,
		     int (*export)(const struct vmw_report *, FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(export(report, file), 0);
	fclose(file);
	assert_int_equal(strlen(text), size);
	return text;
}

/* Both forms are one document, and the pretty one is indented all through. */
static void pieces_are_one_document(void **state)
{
	struct json_object *pretty, *line, *type;
	char *a, *b, *at;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	fixture_watch(&f);
	a = written(&f.report, vmw_export_json);
	b = written(&f.report, vmw_export_json_line);
	pretty = json_tokener_parse(a);
	line = json_tokener_parse(b);
	assert_non_null(pretty);
	assert_non_null(line);
	assert_true(json_object_object_get_ex(line, "type", &type));
	json_object_object_del(line, "type");
	assert_true(json_object_equal(pretty, line));
	assert_ptr_equal(strchr(b, '\n'), b + strlen(b) - 1);
	for (at = strchr(a, '\n'); at && at[1] && at[1] != '}'; at = strchr(at + 1, '\n'))
		assert_memory_equal(at + 1, "  ", 2);
	assert_non_null(strstr(a, "\n  \"offenders\": [\n    {\n      \"key\": \""));
	json_object_put(pretty);
	json_object_put(line);
	free(a);
	free(b);
	fixture_free(&f);
}

/* Nothing at all was seen: arrays are empty, and COMMAND is null. */
static void nothing_seen(void **state)
{
	struct json_object *document, *value;
	struct fixture f;
	char *text;

	(void)state;
	fixture_init(&f);
	f.report.command.state = VMW_COMMAND_NONE;
	text = written(&f.report, vmw_export_json);
	document = json_tokener_parse(text);
	assert_non_null(document);
	assert_true(json_object_object_get_ex(document, "command", &value));
	assert_null(value);
	assert_true(json_object_object_get_ex(document, "offenders", &value));
	assert_int_equal(json_object_array_length(value), 0);
	json_object_put(document);
	free(text);
	fixture_free(&f);
}

static ssize_t no_space(void *cookie, const char *bytes, size_t size)
{
	(void)cookie;
	(void)bytes;
	(void)size;
	errno = ENOSPC;
	return 0;
}

/* The first error is the answer, wherever in the document it is. */
static void errors_stick(void **state)
{
	cookie_io_functions_t functions = { .write = no_space };
	struct fixture f;
	FILE *file;

	(void)state;
	fixture_init(&f);
	fixture_watch(&f);
	file = fopencookie(NULL, "w", functions);
	assert_non_null(file);
	assert_int_equal(vmw_export_json(&f.report, file), -ENOSPC);
	fclose(file);
	file = fopencookie(NULL, "w", functions);
	assert_non_null(file);
	assert_int_equal(vmw_export_line_bye(&f.report, "full", file), -ENOSPC);
	fclose(file);
	fixture_free(&f);
}

/* Every type of line; those that say how many, as often as there is one. */
static int all_lines(const struct vmw_report *report, FILE *file)
{
	const struct vmw_aggregate *agg = report->aggregate;
	struct vmw_offender found = { .driver = HOSTILE, .found = true };
	const struct vmw_offender *offender;
	const struct vmw_request *request;
	const struct vmw_used *used;
	const struct vmw_warn *warn;
	struct vmw_observation sample;
	size_t i;
	int err;

	err = vmw_export_line_trace_hello(report, file)	  ?:
		      vmw_export_line_hello(report, file) ?:
							    vmw_export_line_layout(report, file);
	for (offender = agg->offenders; offender && !err; offender = offender->next) {
		found.range = offender->range;
		err = vmw_export_line_offender(report, offender, file) ?:
			      vmw_export_line_offender(report, &found, file);
	}
	for (used = agg->uses; used && !err; used = used->next)
		err = vmw_export_line_use(report, used, file) ?:
			      vmw_export_line_counts(report, used, file);
	for (request = agg->requests; request && !err; request = request->next) {
		if (request->outcome == VMW_REFUSED)
			err = vmw_export_line_refused(report, request, file);
	}
	err = err ?: vmw_export_line_snapshot(report, file);
	for (i = 0; i < agg->nr_observations && !err; i++)
		err = vmw_export_line_observation(report, &agg->observations[i], file);
	sample = agg->observations[0];
	sample.header.probe = VMW_PROBE_folio_unlock;
	sample.ip = 0xffff800008400000;
	err = err ?: vmw_export_line_observation(report, &sample, file);
	for (warn = agg->warns; warn && !err; warn = warn->next)
		err = vmw_export_line_warn(report, warn, file);
	return err								   ?:
		       vmw_export_line_losses(report, file)			   ?:
		       vmw_export_line_health(report, "12 probes, " HOSTILE, file) ?:
		       vmw_export_line_missed(report, 17, file)			   ?:
		       vmw_export_line_clock(report, file)			   ?:
		       vmw_export_line_bye(report, "stopped: " HOSTILE, file)	   ?:
		       vmw_export_json_line(report, file);
}

static int layout_alone(const struct vmw_report *report, FILE *file)
{
	return vmw_export_layout_json(report->layout, report->redact, file);
}

static int layout_text(const struct vmw_report *report, FILE *file)
{
	return vmw_export_layout_text(report->layout, report->redact, file);
}

static int text(const struct vmw_report *report, FILE *file)
{
	return vmw_export_text(report, false, file);
}

static int text_with_details(const struct vmw_report *report, FILE *file)
{
	return vmw_export_text(report, true, file);
}

/* The struct page, the pfn, and a range of memory. */
static int explained(const struct vmw_report *report, FILE *file)
{
	const struct vmw_bounds *b = report->bounds;
	struct vmw_resource resource = { .start = 0, .last = ~0ULL, .name = HOSTILE };
	struct vmw_iomem iomem = { .resources = &resource, .nr = 1 };
	char texts[][32] = { "0xfffffdffffe00000", "0xffff000000000000", "pfn:0x40000",
			     "phys:0-fff", "phys:fffff0000000-ffffffffffff" };
	struct vmw_explanation e[ARRAY_SIZE(texts)];
	struct vmw_explained x = {
		.explanations = e,
		.nr = ARRAY_SIZE(e),
		.layout = report->layout,
		.bounds = b,
		.iomem = &iomem,
	};
	char why[256];
	size_t i;

	for (i = 0; i < x.nr; i++) {
		struct vmw_what what;

		if (vmw_what_parse(&what, texts[i], b->page_shift, why, sizeof(why)))
			return -EINVAL;
		vmw_explain(&e[i], &what, report->layout, b);
	}
	return vmw_export_explained_json(&x, file);
}

/* Requests that end in most ways, one of them of a device with any name. */
static int foreseen(const struct vmw_report *report, FILE *file)
{
	static const char *const sizes[] = { "256M", "512T", "80G", "1G@0x800040000000", "3M@0" };
	struct vmw_resource ram = { 1ULL << 30, (3ULL << 30) - 1, 0, "System RAM" };
	struct vmw_iomem iomem = { .resources = &ram, .nr = 1 };
	struct vmw_preflight *p = calloc(1, sizeof(*p));
	char why[400];
	int err;

	assert_non_null(p);
	p->layout = report->layout;
	p->bounds = report->bounds;
	p->iomem = &iomem;
	vmw_kernel_guess(&p->kernel, p->layout);
	p->kernel.warn_limit = 700;
	p->section = 128 << 20;
	p->step = VMW_STEP_SECTION;
	vmw_seeds_read(&p->seeds, p->layout, &p->kernel, &iomem);
	for (p->nr = 0; p->nr < ARRAY_SIZE(sizes); p->nr++)
		assert_int_equal(
			vmw_planned_parse(&p->planned[p->nr], sizes[p->nr], why, sizeof(why)), 0);
	strcpy(p->planned[0].what, HOSTILE);
	strcpy(p->planned[0].from, "BAR 1");
	err = vmw_preflight_run(p, why, sizeof(why));
	p->warn_count_known = !report->redact;
	if (!err)
		err = vmw_export_preflight_json(p, file);
	free(p);
	return err;
}

static const struct {
	const char *name;
	int (*export)(const struct vmw_report *, FILE *);
} outputs[] = {
	{ "lines", all_lines },	    { "document", vmw_export_json },
	{ "text", text },	    { "text with details", text_with_details },
	{ "layout", layout_alone }, { "layout-text", layout_text },
	{ "explain", explained },   { "preflight", foreseen },
};

static void redacted(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	fixture_init(&f);
	fixture_watch(&f);
	for (i = 0; i < ARRAY_SIZE(outputs); i++) {
		char *text;

		/* These answer who has typed the address or size. */
		if (outputs[i].export == explained || outputs[i].export == foreseen)
			continue;
		f.report.redact = false;
		text = written(&f.report, outputs[i].export);
		assert_true(addresses_in(text) > 20);
		free(text);
		f.report.redact = true;
		text = written(&f.report, outputs[i].export);
		assert_int_equal(addresses_in(text), 0);
		assert_non_null(strstr(text, "redacted"));
		free(text);
	}
	fixture_free(&f);
}

static void address(void **state)
{
	static const struct {
		enum vmw_secret secret;
		u64 value;
		const char *plain, *redacted;
	} cases[] = {
		{ VMW_SECRET_PLACE, 0xfffffc0000000000, "0xfffffc0000000000", "redacted" },
		{ VMW_SECRET_PLACE, 0x40, "0x40", "redacted" },
		{ VMW_SECRET_PLACE, 0, "0x0", "redacted" },
		{ VMW_SECRET_ADDRESS, 0, "0x0", "0x0" },
		{ VMW_SECRET_ADDRESS, 0x1000, "0x1000", "redacted" },
		{ VMW_SECRET_ADDRESS, 0xffff800008000000, "0xffff800008000000", "redacted" },
		{ VMW_SECRET_VALUE, 0x1000, "0x1000", "0x1000" },
		{ VMW_SECRET_VALUE, 0xffff000000000000, "0xffff000000000000", "redacted" },
	};
	char text[VMW_ADDRESS_LEN], places[VMW_PLACES_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		vmw_format_address(false, cases[i].secret, cases[i].value, 1, text);
		assert_string_equal(text, cases[i].plain);
		vmw_format_address(true, cases[i].secret, cases[i].value, 1, text);
		assert_string_equal(text, cases[i].redacted);
	}
	vmw_format_places(false, 0x10, ~0ULL, 3, places);
	assert_string_equal(places, "0x010-0xffffffffffffffff");
	vmw_format_places(true, 0x10, 0x20, 3, places);
	assert_string_equal(places, "redacted");
	assert_string_equal(vmw_redact_symbol(true, "0xffff800008000000"), "redacted");
	assert_string_equal(vmw_redact_symbol(true, "f+0x1/0x2"), "f+0x1/0x2");
}

/* A line is a line, says first what it is, and whose place it takes. */
static void offender_line(void **state)
{
	struct vmw_offender offender = {
		.driver = "xe",
		.live = true,
		.range = { .pfn = 0x10, .nr_pages = 0x20, .verdict = VMW_ABOVE },
	};
	struct fixture f;
	char *text = NULL;
	size_t size;
	FILE *file;

	(void)state;
	fixture_init(&f);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(vmw_export_line_offender(&f.report, &offender, file), 0);
	fclose(file);
	assert_memory_equal(text, "{\"type\":\"offender\",", 19);
	assert_non_null(strstr(text, "\"key\":\"xe 0x10+0x20 above\",\"state\":\"live\","));
	assert_non_null(strstr(text, ",\"origin\":\"observed\","));
	assert_ptr_equal(strchr(text, '\n'), text + size - 1);
	free(text);
	fixture_free(&f);
}

static int print(const char *name, bool redact)
{
	struct fixture f;
	int err = -EINVAL;
	size_t i;

	fixture_init(&f);
	fixture_watch(&f);
	f.report.redact = redact;
	f.report.service = redact;
	for (i = 0; i < ARRAY_SIZE(outputs); i++) {
		if (!strcmp(name, outputs[i].name))
			err = outputs[i].export(&f.report, stdout);
	}
	fixture_free(&f);
	return err;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory),	 cmocka_unit_test(pieces_are_one_document),
		cmocka_unit_test(nothing_seen),	 cmocka_unit_test(errors_stick),
		cmocka_unit_test(redacted),	 cmocka_unit_test(address),
		cmocka_unit_test(offender_line),
	};

	if (argc > 1)
		return !!print(argv[1], argc > 2 && !strcmp(argv[2], "redacted"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
