// SPDX-License-Identifier: GPL-2.0-only
/* The lines of a stream: each is an object with its "type" first. */
#include <string.h>

#include "output/json/json_lines.h"
#include "output/json/json_parts.h"

#define FEED_SCHEMA "vmemmapwatch.feed/1"

static json *line(const char *type)
{
	json *object = json_object_new_object();

	js_add(object, "type", js_text(type));
	return object;
}

static int write_line(json *object, FILE *file)
{
	return js_write(object, JSON_C_TO_STRING_PLAIN, file);
}

/* Of what has no time of its own: the report's. */
static json *line_now(const char *type, const struct vmw_report *report)
{
	json *object = line(type);

	js_add_time(object, report, "time", report->end_ns);
	return object;
}

static void add_layout(json *object, const struct vmw_report *report)
{
	js_add(object, "layout", js_layout(report->layout, report->redact));
}

int vmw_export_line_trace_hello(const struct vmw_report *report, FILE *file)
{
	json *object = js_hello(line("hello"), report, VMW_REPORT_SCHEMA);

	add_layout(object, report);
	js_add(object, "probes", js_probes(report));
	return write_line(object, file);
}

/* What turns one of our two times into the other. */
static void add_clock(json *object, const struct vmw_report *report)
{
	json *clock = json_object_new_object();

	js_add(clock, "source", js_text("CLOCK_BOOTTIME"));
	js_add(clock, "realtime_offset_ns", json_object_new_int64(report->clock_offset_ns));
	js_add(object, "clock", clock);
}

int vmw_export_line_hello(const struct vmw_report *report, FILE *file)
{
	json *object = js_hello(line("hello"), report, FEED_SCHEMA);

	add_clock(object, report);
	return write_line(object, file);
}

int vmw_export_line_clock(const struct vmw_report *report, FILE *file)
{
	json *object = line_now("clock", report);

	add_clock(object, report);
	return write_line(object, file);
}

int vmw_export_line_layout(const struct vmw_report *report, FILE *file)
{
	json *object = line("layout");

	add_layout(object, report);
	return write_line(object, file);
}

int vmw_export_line_offender(const struct vmw_report *report,
			     const struct vmw_offender *offender, FILE *file)
{
	return write_line(js_offender(line("offender"), report, offender), file);
}

int vmw_export_line_use(const struct vmw_report *report, const struct vmw_used *used, FILE *file)
{
	return write_line(js_used(line("use"), report, used), file);
}

int vmw_export_line_refused(const struct vmw_report *report, const struct vmw_request *request,
			    FILE *file)
{
	return write_line(js_request(line("refused"), report, request), file);
}

int vmw_export_line_observation(const struct vmw_report *report,
				const struct vmw_observation *observation, FILE *file)
{
	const struct vmw_request *request = report->aggregate->latest;
	json *object;

	if (vmw_is_caller(observation->header.probe))
		return vmw_export_line_sample(report, observation, file);
	object = js_observation(line("observation"), report, observation);
	if (request && request->id == observation->header.request)
		js_add(object, "driver", js_bytes(request->driver, VMW_DRIVER_LEN));
	return write_line(object, file);
}

int vmw_export_line_warn(const struct vmw_report *report, const struct vmw_warn *warn, FILE *file)
{
	return write_line(js_warn(line("warn"), report, warn), file);
}

int vmw_export_line_losses(const struct vmw_report *report, FILE *file)
{
	json *object = line_now("losses", report);

	js_add(object, "lost", json_object_new_boolean(vmw_report_lost(report)));
	js_add(object, "losses", js_losses(report));
	js_add(object, "firing", js_firing(report));
	return write_line(object, file);
}

int vmw_export_line_health(const struct vmw_report *report, const char *status, FILE *file)
{
	json *object = line_now("health", report);

	js_add(object, "status", js_bytes(status, strlen(status)));
	js_add_time(object, report, "start", report->start_ns);
	js_add(object, "probes", js_probe_counts(report));
	js_add(object, "counts", js_add_counts(json_object_new_object(), report));
	js_add(object, "lost", json_object_new_boolean(vmw_report_lost(report)));
	js_add(object, "firing", js_firing(report));
	js_add(object, "self", js_self(report));
	js_add(object, "kmsg", js_kmsg(report));
	js_add(object, "samples_not_sent", js_number(report->samples_not_sent));
	js_add(object, "lines", js_number(report->lines));
	return write_line(object, file);
}

int vmw_export_line_missed(const struct vmw_report *report, u64 lines, FILE *file)
{
	json *object = line_now("missed", report);

	js_add(object, "lines", js_number(lines));
	return write_line(object, file);
}

int vmw_export_line_snapshot(const struct vmw_report *report, FILE *file)
{
	json *object = js_add_counts(line_now("snapshot", report), report);

	js_add(object, "lines", js_number(report->lines));
	return write_line(object, file);
}

int vmw_export_line_bye(const struct vmw_report *report, const char *reason, FILE *file)
{
	json *object = line_now("bye", report);

	js_add(object, "reason", js_bytes(reason, strlen(reason)));
	js_add(object, "lines", js_number(report->lines));
	return write_line(object, file);
}
