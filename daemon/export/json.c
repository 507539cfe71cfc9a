// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as JSON. Every 64-bit number that is an address, a pfn or an id
 * is a hex string; times are RFC 3339 UTC plus CLOCK_MONOTONIC nanoseconds.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "report.h"

#define SCHEMA "vmemmapwatch.report/1"
#define LAYOUT_SCHEMA "vmemmapwatch.layout/1"

typedef struct json_object json;

/*
 * json-c answers NULL for lack of memory, which would read as a null in the
 * document. One such answer spoils the whole document: write_json() sees it.
 */
static bool failed;

static void add(json *object, const char *key, json *value)
{
	if (object && value && !json_object_object_add(object, key, value))
		return;
	failed = true;
	json_object_put(value);
}

static void append(json *array, json *value)
{
	if (array && value && !json_object_array_add(array, value))
		return;
	failed = true;
	json_object_put(value);
}

static json *hex(u64 value)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_object_new_string(text);
}

static json *number(u64 value)
{
	return json_object_new_uint64(value);
}

static json *string(const char *text)
{
	return json_object_new_string(text);
}

/* Text that others chose, and that may be any bytes. */
static json *foreign(const char *bytes, size_t length)
{
	size_t size = 4 * length + 1;
	char *text = malloc(size);
	json *value = NULL;

	if (text) {
		vmw_format_bytes(bytes, length, text, size);
		value = json_object_new_string(text);
	}
	free(text);
	return value;
}

static void add_time(json *object, const struct vmw_report *report,
		     const char *key, u64 time_ns)
{
	json *time = json_object_new_object();
	char text[40];

	vmw_format_time(report, time_ns, text, sizeof(text));
	add(time, "utc", string(text));
	add(time, "monotonic_ns", number(time_ns));
	add(object, key, time);
}

static void add_task(json *object, const struct vmw_header *header)
{
	json *task = json_object_new_object();

	add(task, "comm", foreign(header->comm, VMW_COMM_LEN));
	add(task, "pid", number(header->pid));
	add(task, "tgid", number(header->tgid));
	add(task, "cpu", number(header->cpu));
	add(object, "task", task);
}

static void add_range(json *object, const struct vmw_report *report,
		      const struct vmw_range *range)
{
	unsigned int shift = report->bounds->page_shift;
	json *pfn = json_object_new_object();
	json *phys = json_object_new_object();
	json *pages = json_object_new_object();

	add(pfn, "start", hex(range->pfn));
	add(pfn, "end", hex(range->pfn + range->nr_pages));
	add(pfn, "count", number(range->nr_pages));
	add(object, "pfn", pfn);
	add(phys, "start", hex(range->pfn << shift));
	add(phys, "last", hex(((range->pfn + range->nr_pages) << shift) - 1));
	add(object, "phys", phys);
	add(pages, "start", hex(range->pages_start));
	add(pages, "end", hex(range->pages_end));
	add(object, "struct_pages", pages);
	add(object, "verdict", string(vmw_verdict_names[range->verdict]));
	if (range->bound != VMW_BOUND_NONE) {
		add(object, "bound", string(vmw_bound_names[range->bound]));
		add(object, "distance", hex(range->distance));
	}
}

static void add_stack(json *object, const struct vmw_stack *stack)
{
	json *frames;
	u32 i;

	if (!stack)
		return;
	frames = json_object_new_array();
	for (i = 0; i < stack->nr_frames && i < VMW_MAX_FRAMES; i++) {
		json *frame;

		if (vmw_is_tracing_frame(stack->name[i]))
			continue;
		frame = json_object_new_object();
		add(frame, "address", hex(stack->frame[i]));
		add(frame, "symbol", string(stack->name[i]));
		append(frames, frame);
	}
	add(object, "stack", frames);
}

static void add_errno(json *object, int error)
{
	json *e;
	char name[32];

	if (!error)
		return;
	e = json_object_new_object();
	vmw_format_errno(error, name, sizeof(name));
	add(e, "name", string(name));
	add(e, "number", number(-error));
	add(object, "errno", e);
}

static void add_limit(json *object, u64 start, u64 end)
{
	json *limit;

	if (!end)
		return;
	limit = json_object_new_object();
	add(limit, "start", hex(start));
	add(limit, "last", hex(end));
	add(object, "limit", limit);
}

static json *layout_json(const struct vmw_layout *layout)
{
	json *object = json_object_new_object();
	json *values = json_object_new_object();
	json *sources = json_object_new_array();
	unsigned int j;
	int i;

	for (i = 0; i < VMW_NR_VALUES; i++) {
		const struct vmw_value *v = &layout->values[i];
		json *value = json_object_new_object();
		json *readings = json_object_new_array();

		if (v->nr) {
			u64 n = v->readings[0].value;

			add(value, "value", vmw_value_infos[i].base == 16 ?
			    hex(n) : number(n));
			add(value, "source", string(v->readings[0].source));
		}
		add(value, "agreement", string(vmw_layout_agreement(v)));
		for (j = 0; j < v->nr; j++) {
			const struct vmw_reading *r = &v->readings[j];
			json *reading = json_object_new_object();

			add(reading, "value", vmw_value_infos[i].base == 16 ?
			    hex(r->value) : number(r->value));
			add(reading, "source", string(r->source));
			add(reading, "origin",
			    string(r->origin == VMW_LIVE ? "live" : "derived"));
			append(readings, reading);
		}
		add(value, "readings", readings);
		add(values, vmw_value_infos[i].name, value);
	}
	for (i = 0; i < VMW_NR_SOURCES; i++) {
		const struct vmw_source *s = &layout->sources[i];
		json *source = json_object_new_object();

		add(source, "name", string(s->name));
		add(source, "status", string(*s->problem ? s->problem : "read"));
		append(sources, source);
	}
	add(object, "values", values);
	add(object, "sources", sources);
	return object;
}

static json *probes_json(const struct vmw_probes *probes)
{
	json *array = json_object_new_array();
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		const struct vmw_probe_info *info = &vmw_probe_infos[id];
		const struct vmw_probe_status *status = vmw_probes_status(probes, id);
		json *probe = json_object_new_object();

		add(probe, "symbol", string(info->symbol));
		add(probe, "point", string(vmw_point_names[info->point]));
		add(probe, "class", string(vmw_class_names[info->class]));
		add(probe, "meaning", string(info->meaning));
		add(probe, "status", string(status->how ? status->how : "unavailable"));
		if (!status->how)
			add(probe, "reason", string(status->problem));
		append(array, probe);
	}
	return array;
}

static void add_memory(json *object, const struct vmw_report *report,
		       const struct vmw_request *request)
{
	char type[32];

	if (request->kind != VMW_REQUEST_MEMREMAP &&
	    request->kind != VMW_REQUEST_MEMUNMAP)
		return;
	vmw_probes_memory_type(report->probes, request->memory_type, type, sizeof(type));
	add(object, "memory_type", string(type));
	add(object, "pgmap", hex(request->pgmap));
	add(object, "owner", hex(request->owner));
	/* PGMAP_ALTMAP_VALID, include/linux/memremap.h 5.10 to 7.2. */
	add(object, "altmap", json_object_new_boolean(request->pgmap_flags & 1));
	if (request->nid >= 0)
		add(object, "nid", number(request->nid));
}

static json *request_json(const struct vmw_report *report,
			  const struct vmw_request *request)
{
	json *object = json_object_new_object();
	json *ranges = json_object_new_array();
	size_t i;

	add(object, "id", hex(request->id));
	add(object, "call", string(vmw_request_kind_names[request->kind]));
	add(object, "driver", string(request->driver));
	add(object, "outcome", string(vmw_outcome_names[request->outcome]));
	add_errno(object, request->error);
	add_limit(object, request->limit_start, request->limit_end);
	add_memory(object, report, request);
	for (i = 0; i < request->nr_ranges; i++) {
		json *range = json_object_new_object();

		add_range(range, report, &request->ranges[i]);
		add(range, "allowed", json_object_new_boolean(request->ranges[i].allowed));
		append(ranges, range);
	}
	add(object, "ranges", ranges);
	if (request->fault_ip) {
		json *fault = json_object_new_object();

		add(fault, "address", hex(request->fault_address));
		add(fault, "ip", hex(request->fault_ip));
		add(fault, "symbol", string(request->fault_symbol));
		add(object, "fault", fault);
	}
	add_task(object, &request->first);
	add_time(object, report, "first", request->first.time_ns);
	add_time(object, report, "last", request->last_ns);
	add_stack(object, request->stack);
	return object;
}

static json *offender_json(const struct vmw_report *report,
			   const struct vmw_offender *offender)
{
	const struct vmw_request *request = offender->request;
	json *object = json_object_new_object();
	json *seen = json_object_new_object();
	int id;

	add(object, "driver", string(offender->driver));
	add_range(object, report, &offender->range);
	add(object, "live", json_object_new_boolean(offender->live));
	if (request) {
		add(object, "request", hex(request->id));
		add(object, "call", string(vmw_request_kind_names[request->kind]));
		add(object, "outcome", string(vmw_outcome_names[request->outcome]));
		add_memory(object, report, request);
		add_task(object, &request->first);
	}
	add(object, "count", number(offender->count));
	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (offender->hits[id])
			add(seen, vmw_probe_infos[id].symbol, number(offender->hits[id]));
	}
	add(object, "seen_by", seen);
	add(object, "warns", number(offender->warns));
	add_time(object, report, "first", offender->first_ns);
	add_time(object, report, "last", offender->last_ns);
	add_stack(object, request ? request->stack : offender->stack);
	return object;
}

static json *observation_json(const struct vmw_report *report,
			      const struct vmw_observation *o)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];
	json *object = json_object_new_object();
	struct vmw_range range = {
		.pfn = o->pfn, .nr_pages = o->nr_pages,
		.pages_start = o->pages_start, .pages_end = o->pages_end,
		.distance = o->distance, .verdict = o->verdict, .bound = o->bound,
	};
	char type[32];

	add(object, "probe", string(info->symbol));
	add(object, "point", string(vmw_point_names[info->point]));
	add_time(object, report, "time", o->header.time_ns);
	add_task(object, &o->header);
	if (o->header.request)
		add(object, "request", hex(o->header.request));
	if (o->nr_pages)
		add_range(object, report, &range);
	if (o->nr_ranges) {
		vmw_probes_memory_type(report->probes, o->memory_type, type, sizeof(type));
		add(object, "memory_type", string(type));
		add(object, "range_index", number(o->range_index));
		add(object, "nr_ranges", number(o->nr_ranges));
		add(object, "owner", hex(o->owner));
		add(object, "altmap", json_object_new_boolean(o->pgmap_flags & 1));
		add(object, "nid", json_object_new_int(o->nid));
	}
	if (info->point == VMW_POINT_RETURN)
		add(object, "result", hex(o->result));
	add_limit(object, o->limit_start, o->limit_end);
	if (o->address)
		add(object, "address", hex(o->address));
	if (o->ip)
		add(object, "ip", hex(o->ip));
	return object;
}

static json *warn_json(const struct vmw_report *report, const struct vmw_warn *warn)
{
	json *object = json_object_new_object();

	add(object, "symbol", string(warn->symbol));
	add(object, "address", hex(warn->address));
	add(object, "seen_by", string(vmw_probe_infos[warn->header.probe].symbol));
	add_time(object, report, "time", warn->header.time_ns);
	add_task(object, &warn->header);
	if (warn->header.request)
		add(object, "request", hex(warn->header.request));
	if (warn->offender) {
		json *pages = json_object_new_object();

		add(pages, "start", hex(warn->offender->range.pages_start));
		add(pages, "end", hex(warn->offender->range.pages_end));
		add(object, "struct_pages", pages);
	}
	return object;
}

static json *loss_json(const char *place, u64 count)
{
	json *loss = json_object_new_object();

	add(loss, "place", string(place));
	add(loss, "count", number(count));
	return loss;
}

static json *losses_json(const struct vmw_report *report)
{
	json *array = json_object_new_array();
	json *missed = json_object_new_object();
	int place;

	for (place = 0; place < VMW_NR_LOSSES; place++) {
		json *loss = json_object_new_object();

		add(loss, "place", string(vmw_loss_names[place]));
		add(loss, "count", report->losses_error ? string("unknown") :
		    number(report->losses.count[place]));
		append(array, loss);
	}
	add(missed, "place", string("runs that the kernel skipped"));
	if (report->losses.missed_known || report->losses.missed)
		add(missed, "count", number(report->losses.missed));
	else
		add(missed, "count", string("unknown"));
	append(array, missed);
	append(array, loss_json("requests, WARNs and stacks beyond the limit",
				report->aggregate->nr_dropped));
	append(array, loss_json("records that could not be read", !!report->read_error));
	append(array, loss_json("parts of this report, for lack of memory",
				report->aggregate->out_of_memory));
	return array;
}

static json *command_json(const struct vmw_command *command)
{
	json *object, *argv;
	char **arg;

	object = json_object_new_object();
	argv = json_object_new_array();
	for (arg = command->argv; *arg; arg++)
		append(argv, foreign(*arg, strlen(*arg)));
	add(object, "argv", argv);
	add(object, "pid", number(command->pid));
	if (command->state == VMW_COMMAND_EXITED)
		add(object, "exit_status", number(command->status));
	else if (command->state == VMW_COMMAND_KILLED)
		add(object, "signal", number(command->status));
	add(object, "state", string(command->state == VMW_COMMAND_EXITED ? "exited" :
				    command->state == VMW_COMMAND_KILLED ? "killed" :
				    "running"));
	return object;
}

static void add_requests(json *object, const struct vmw_report *report)
{
	json *requests = json_object_new_array();
	json *refused = json_object_new_array();
	const struct vmw_request *request;

	for (request = report->aggregate->requests; request; request = request->next)
		append(request->outcome == VMW_REFUSED ?
				      refused : requests,
				      request_json(report, request));
	add(object, "requests", requests);
	add(object, "refused", refused);
}

static void add_seen(json *object, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	const struct vmw_offender *offender;
	const struct vmw_warn *warn;
	json *offenders = json_object_new_array();
	json *warns = json_object_new_array();
	json *observations = json_object_new_array();
	size_t i;

	for (offender = agg->offenders; offender; offender = offender->next)
		append(offenders, offender_json(report, offender));
	for (warn = agg->warns; warn; warn = warn->next)
		append(warns, warn_json(report, warn));
	for (i = 0; i < agg->nr_observations; i++)
		append(observations,
				      observation_json(report, &agg->observations[i]));
	add(object, "offenders", offenders);
	add_requests(object, report);
	add(object, "warns", warns);
	add(object, "observations", observations);
	add(object, "observations_not_kept", number(agg->nr_not_kept));
}

/* What both a document and the start of a stream say. */
static json *hello_json(const struct vmw_report *report, const char *type)
{
	json *object = json_object_new_object();

	add(object, "schema", string(SCHEMA));
	if (type)
		add(object, "type", string(type));
	add(object, "version", string(VMW_VERSION));
	add(object, "host", foreign(report->host, strlen(report->host)));
	add(object, "kernel", foreign(report->kernel, strlen(report->kernel)));
	add(object, "boot_id", string(report->boot_id));
	add_time(object, report, "start", report->start_ns);
	add(object, "layout", layout_json(report->layout));
	add(object, "probes", probes_json(report->probes));
	return object;
}

static json *report_json(const struct vmw_report *report, const char *type)
{
	json *object = hello_json(report, type);
	json *kmsg = json_object_new_object();

	add_time(object, report, "end", report->end_ns);
	add_seen(object, report);
	add(object, "losses", losses_json(report));
	add(kmsg, "written", number(report->kmsg_written));
	add(kmsg, "suppressed", number(report->kmsg_suppressed));
	add(kmsg, "failed", number(report->kmsg_failed));
	add(object, "kmsg", kmsg);
	if (report->command.state != VMW_COMMAND_NONE)
		add(object, "command", command_json(&report->command));
	else
		json_object_object_add(object, "command", NULL);
	add(object, "code", number(report->code));
	return object;
}

static int write_json(json *object, int flags, FILE *file)
{
	const char *text = NULL;
	int err = 0;

	if (object && !failed)
		text = json_object_to_json_string_ext(object,
				flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	failed = false;
	if (!text)
		err = -ENOMEM;
	else if (fprintf(file, "%s\n", text) < 0 || fflush(file))
		err = -errno;
	json_object_put(object);
	return err;
}

int vmw_export_json(const struct vmw_report *report, FILE *file)
{
	return write_json(report_json(report, NULL),
			  JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}

int vmw_export_json_line(const struct vmw_report *report, FILE *file)
{
	return write_json(report_json(report, "report"), JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_layout_json(const struct vmw_layout *layout, FILE *file)
{
	json *object = json_object_new_object();

	add(object, "schema", string(LAYOUT_SCHEMA));
	add(object, "version", string(VMW_VERSION));
	add(object, "layout", layout_json(layout));
	return write_json(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}

int vmw_export_hello_line(const struct vmw_report *report, FILE *file)
{
	return write_json(hello_json(report, "hello"), JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_offender_line(const struct vmw_report *report,
			     const struct vmw_offender *offender, FILE *file)
{
	json *object = offender_json(report, offender);

	add(object, "type", string("offender"));
	return write_json(object, JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_observation_line(const struct vmw_report *report,
				const struct vmw_observation *observation,
				FILE *file)
{
	json *object = observation_json(report, observation);
	const struct vmw_request *request = report->aggregate->latest;

	add(object, "type", string("observation"));
	if (request && request->id == observation->header.request)
		add(object, "driver", string(request->driver));
	return write_json(object, JSON_C_TO_STRING_PLAIN, file);
}
