// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exporters write. With an argument it prints what tests/native/45-schema.sh
 * validates: lines, document, layout, explain or text, redacted where a second one
 * says so.
 */
#include "report.h"

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

/* A document of thousands costs what one of its elements does. */
static void memory(void **state)
{
	struct fixture f;
	size_t document, line, written, i;

	(void)state;
	fixture_init(&f);
	for (i = 0; i < NR_MANY; i++) {
		tell_sample(&f, VMW_PROBE_folio_unlock, (1ULL << 35) + (i << 15));
		tell_use(&f, VMW_PROBE_folio_unlock, (1ULL << 35) + (i << 15));
	}
	assert_int_equal(vmw_report_uses(&f.report), NR_MANY);
	document = growth_of(&f.report, vmw_export_json, &written);
	line = growth_of(&f.report, vmw_export_json_line, &written);
	print_message("%d uses: heap grows by %zu KiB for the document, %zu KiB for the line of %zu KiB\n",
		      NR_MANY, document >> 10, line >> 10, written >> 10);
	assert_true(document < 512 << 10);
	assert_true(line < 512 << 10);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory),
		cmocka_unit_test(pieces_are_one_document),
		cmocka_unit_test(nothing_seen),
		cmocka_unit_test(errors_stick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
