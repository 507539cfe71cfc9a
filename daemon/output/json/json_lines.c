// SPDX-License-Identifier: GPL-2.0-only
/*
 * Documents, and the lines of a stream: each of these is an object with its "type" first,
 * and some come by the thousand in a second. Every 64-bit number that is an address, a
 * pfn or an id is a hex string; times are RFC 3339 UTC plus CLOCK_BOOTTIME nanoseconds.
 */
#include "base/build.h"
#include "output/describe.h"
#include "output/export.h"
#include "output/json/json_lines.h"
#include "output/json/json_writer.h"

#define LAYOUT_SCHEMA "vmemmapwatch.layout/1"
#define FEED_SCHEMA   "vmemmapwatch.feed/1"

int vmw_export_json(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_report(vmw_json_begin(&json, file, report->redact, true), report);
	return vmw_json_end(&json);
}

int vmw_export_layout_json(const struct vmw_layout *layout, bool redact, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = vmw_json_begin(&json, file, redact, true);

	vmw_put_text(w, "schema", NULL, LAYOUT_SCHEMA);
	vmw_put_text(w, "version", NULL, vmw_version);
	vmw_put_bool(w, "redacted", redact);
	vmw_describe_layout(w, layout);
	return vmw_json_end(&json);
}

static struct vmw_writer *begin(struct vmw_json_writer *json, const struct vmw_report *report,
				const char *type, FILE *file)
{
	return vmw_json_begin_line(json, file, report->redact, type);
}

/* Of what has no time of its own: the report's. */
static struct vmw_writer *begin_now(struct vmw_json_writer *json,
				    const struct vmw_report *report, const char *type, FILE *file)
{
	struct vmw_writer *w = begin(json, report, type, file);

	vmw_describe_time(w, report, "time", report->end_ns);
	return w;
}

int vmw_export_json_line(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_report(begin(&json, report, "report", file), report);
	return vmw_json_end(&json);
}

int vmw_export_line_trace_hello(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin(&json, report, "hello", file);

	vmw_describe_hello(w, report, VMW_REPORT_SCHEMA);
	vmw_describe_layout(w, report->layout);
	vmw_describe_probes(w, report);
	return vmw_json_end(&json);
}

/* What turns one of our two times into the other. */
static void describe_clock(struct vmw_writer *w, const struct vmw_report *report)
{
	vmw_begin(w, "clock");
	vmw_put_text(w, "source", NULL, "CLOCK_BOOTTIME");
	vmw_put_signed(w, "realtime_offset_ns", report->clock_offset_ns);
	vmw_end(w);
}

int vmw_export_line_hello(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin(&json, report, "hello", file);

	vmw_describe_hello(w, report, FEED_SCHEMA);
	describe_clock(w, report);
	return vmw_json_end(&json);
}

int vmw_export_line_clock(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;

	describe_clock(begin_now(&json, report, "clock", file), report);
	return vmw_json_end(&json);
}

int vmw_export_line_layout(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_layout(begin(&json, report, "layout", file), report->layout);
	return vmw_json_end(&json);
}

int vmw_export_line_offender(const struct vmw_report *report,
			     const struct vmw_offender *offender, FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_offender(begin(&json, report, "offender", file), report, offender, 0);
	return vmw_json_end(&json);
}

int vmw_export_line_use(const struct vmw_report *report, const struct vmw_used *used, FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_use(begin(&json, report, "use", file), report, used, 0);
	return vmw_json_end(&json);
}

int vmw_export_line_refused(const struct vmw_report *report, const struct vmw_request *request,
			    FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_request(begin(&json, report, "refused", file), report, request);
	return vmw_json_end(&json);
}

int vmw_export_line_counts(const struct vmw_report *report, const struct vmw_used *used,
			   FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin(&json, report, "counts", file);
	struct vmw_range range = vmw_report_used_range(report, used);
	char key[VMW_USED_KEY_LEN];

	vmw_format_used_key(report, used, key);
	vmw_put_text(w, "key", NULL, key);
	vmw_put_number(w, "count", NULL, used->counts.count);
	vmw_put_number(w, "pages", NULL, used->counts.pages);
	vmw_put_number(w, "samples", NULL, used->samples);
	vmw_describe_pfn(w, &range);
	vmw_describe_pages(w, &range);
	vmw_describe_time(w, report, "last", used->counts.last_ns);
	return vmw_json_end(&json);
}

int vmw_export_line_observation(const struct vmw_report *report,
				const struct vmw_observation *observation, FILE *file)
{
	const struct vmw_request *request = report->aggregate->latest;
	bool caller = vmw_is_caller(observation->header.probe);
	struct vmw_json_writer json;
	struct vmw_writer *w = begin(&json, report, caller ? "sample" : "observation", file);

	vmw_describe_observation(w, report, observation);
	if (!caller && request && request->id == observation->header.request)
		vmw_put_bytes(w, "driver", NULL, request->driver, VMW_DRIVER_LEN);
	return vmw_json_end(&json);
}

int vmw_export_line_warn(const struct vmw_report *report, const struct vmw_warn *warn, FILE *file)
{
	struct vmw_json_writer json;

	vmw_describe_warn(begin(&json, report, "warn", file), report, warn);
	return vmw_json_end(&json);
}

int vmw_export_line_losses(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin_now(&json, report, "losses", file);

	vmw_put_bool(w, "lost", vmw_report_lost(report));
	vmw_describe_losses(w, report);
	vmw_describe_firing(w, report);
	return vmw_json_end(&json);
}

int vmw_export_line_health(const struct vmw_report *report, const char *status, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin_now(&json, report, "health", file);

	vmw_put_text(w, "status", NULL, status);
	vmw_describe_time(w, report, "start", report->start_ns);
	vmw_describe_probe_counts(w, report);
	vmw_begin(w, "counts");
	vmw_describe_counts(w, report);
	vmw_end(w);
	vmw_put_bool(w, "lost", vmw_report_lost(report));
	vmw_describe_firing(w, report);
	vmw_describe_self(w, report);
	vmw_describe_kmsg(w, report);
	vmw_put_number(w, "samples_not_sent", NULL, report->samples_not_sent);
	vmw_put_number(w, "lines", NULL, report->lines);
	return vmw_json_end(&json);
}

int vmw_export_line_missed(const struct vmw_report *report, u64 lines, FILE *file)
{
	struct vmw_json_writer json;

	vmw_put_number(begin_now(&json, report, "missed", file), "lines", NULL, lines);
	return vmw_json_end(&json);
}

int vmw_export_line_snapshot(const struct vmw_report *report, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin_now(&json, report, "snapshot", file);

	vmw_describe_counts(w, report);
	vmw_put_number(w, "lines", NULL, report->lines);
	return vmw_json_end(&json);
}

int vmw_export_line_bye(const struct vmw_report *report, const char *reason, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = begin_now(&json, report, "bye", file);

	vmw_put_text(w, "reason", NULL, reason);
	vmw_put_number(w, "lines", NULL, report->lines);
	return vmw_json_end(&json);
}
