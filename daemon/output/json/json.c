// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as JSON, written piece by piece. Every 64-bit number that is an
 * address, a pfn or an id is a hex string; times are RFC 3339 UTC plus
 * CLOCK_BOOTTIME nanoseconds.
 */
#include <string.h>

#include "output/export.h"
#include "output/json/json_lines.h"
#include "output/json/json_parts.h"
#include "output/why_text.h"

static json *object(void)
{
	return json_object_new_object();
}

/* Uses and lookups; a lookup of what is no memory is normal, and no offence. */
static void put_uses(struct js_stream *stream, const struct vmw_report *report, const char *key,
		     bool uses)
{
	const struct vmw_used *used;

	js_array(stream, key);
	for (used = report->aggregate->uses; used; used = used->next) {
		if (used->counts.count && vmw_report_is_use(used) == uses)
			js_element(stream, js_used(object(), report, used));
	}
	js_array_end(stream);
}

static void put_requests(struct js_stream *stream, const struct vmw_report *report,
			 const char *key, bool refused)
{
	const struct vmw_request *request;

	js_array(stream, key);
	for (request = report->aggregate->requests; request; request = request->next) {
		if ((request->outcome == VMW_REFUSED) == refused)
			js_element(stream, js_request(object(), report, request));
	}
	js_array_end(stream);
}

static void put_seen(struct js_stream *stream, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	const struct vmw_offender *offender;
	const struct vmw_warn *warn;
	size_t i;

	js_array(stream, "offenders");
	vmw_for_each_offender (offender, agg)
		js_element(stream, js_offender(object(), report, offender));
	js_array_end(stream);
	put_uses(stream, report, "uses", true);
	put_uses(stream, report, "lookups", false);
	put_requests(stream, report, "requests", false);
	put_requests(stream, report, "refused", true);
	js_array(stream, "warns");
	for (warn = agg->warns; warn; warn = warn->next)
		js_element(stream, js_warn(object(), report, warn));
	js_array_end(stream);
	js_array(stream, "observations");
	for (i = 0; i < agg->nr_observations; i++)
		js_element(stream, js_observation(object(), report, &agg->observations[i]));
	js_array_end(stream);
	js_member(stream, "observations_not_kept", js_number(agg->nr_not_kept));
}

/* What both a document and the start of a stream say. */
json *js_hello(json *object, const struct vmw_report *report, const char *schema)
{
	js_add(object, "schema", js_text(schema));
	js_add(object, "version", js_text(VMW_VERSION));
	js_add(object, "host", js_bytes(report->host, strlen(report->host)));
	js_add(object, "kernel", js_bytes(report->kernel, strlen(report->kernel)));
	js_add(object, "boot_id", js_text(report->boot_id));
	js_add_time(object, report, "start", report->start_ns);
	js_add(object, "redacted", json_object_new_boolean(report->redact));
	if (report->service)
		js_add_watch(object, report);
	return object;
}

static json *end_json(const struct vmw_report *report)
{
	json *end = object();

	js_add_time(end, report, "end", report->end_ns);
	return end;
}

static void put_report(struct js_stream *stream, const struct vmw_report *report)
{
	js_members(stream, js_hello(object(), report, VMW_REPORT_SCHEMA));
	js_member(stream, "layout", js_layout(report->layout, report->redact));
	js_member(stream, "probes", js_probes(report));
	js_members(stream, end_json(report));
	put_seen(stream, report);
	js_member(stream, "why", js_why(report));
	js_member(stream, "losses", js_losses(report));
	js_member(stream, "firing", js_firing(report));
	js_member(stream, "kmsg", js_kmsg(report));
	if (report->service)
		js_member(stream, "self", js_self(report));
	if (report->command.state != VMW_COMMAND_NONE)
		js_member(stream, "command", js_command(&report->command));
	else
		js_null(stream, "command");
	js_member(stream, "service", json_object_new_boolean(report->service));
	js_member(stream, "code", js_number(report->code));
}

int vmw_export_json(const struct vmw_report *report, FILE *file)
{
	struct js_stream stream;

	js_begin(&stream, file, true);
	put_report(&stream, report);
	return js_end(&stream);
}

int vmw_export_json_line(const struct vmw_report *report, FILE *file)
{
	struct js_stream stream;

	js_begin(&stream, file, false);
	js_member(&stream, "type", js_text("report"));
	put_report(&stream, report);
	return js_end(&stream);
}
