// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as JSON. Every 64-bit number that is an address, a pfn or an id
 * is a hex string; times are RFC 3339 UTC plus CLOCK_MONOTONIC nanoseconds.
 */
#include <string.h>

#include "json_build.h"
#include "report.h"

#define SCHEMA "vmemmapwatch.report/1"

static void add_time(json *object, const struct vmw_report *report,
		     const char *key, u64 time_ns)
{
	json *time = json_object_new_object();
	char text[40];

	vmw_format_time(report, time_ns, text, sizeof(text));
	js_add(time, "utc", js_text(text));
	js_add(time, "monotonic_ns", js_number(time_ns));
	js_add(object, key, time);
}

static void add_task(json *object, const struct vmw_header *header)
{
	json *task = json_object_new_object();

	js_add(task, "comm", js_bytes(header->comm, VMW_COMM_LEN));
	js_add(task, "pid", js_number(header->pid));
	js_add(task, "tgid", js_number(header->tgid));
	js_add(task, "cpu", js_number(header->cpu));
	js_add(object, "task", task);
}

static void add_range(json *object, const struct vmw_report *report,
		      const struct vmw_range *range)
{
	unsigned int shift = report->bounds->page_shift;
	json *pfn = json_object_new_object();
	json *phys = json_object_new_object();
	json *pages = json_object_new_object();

	js_add(pfn, "start", js_hex(range->pfn));
	js_add(pfn, "end", js_hex(range->pfn + range->nr_pages));
	js_add(pfn, "count", js_number(range->nr_pages));
	js_add(object, "pfn", pfn);
	js_add(phys, "start", js_hex(range->pfn << shift));
	js_add(phys, "last", js_hex(((range->pfn + range->nr_pages) << shift) - 1));
	js_add(object, "phys", phys);
	js_add(pages, "start", js_hex(range->pages_start));
	js_add(pages, "end", js_hex(range->pages_end));
	js_add(object, "struct_pages", pages);
	js_add(object, "verdict", js_text(vmw_verdict_names[range->verdict]));
	if (range->bound != VMW_BOUND_NONE) {
		js_add(object, "bound", js_text(vmw_bound_name(report->bounds,
							     range->bound)));
		js_add(object, "distance", js_hex(range->distance));
	}
	js_add(object, "regions", vmw_regions_json(vmw_layout_regions_of(report->layout,
			range->pages_start, range->pages_end)));
	js_add(object, "kernel_warns", json_object_new_boolean(
		vmw_kernel_warns(report->bounds, range->pages_start, range->pages_end)));
}

static void add_stack(json *object, const struct vmw_frames *stack)
{
	json *frames;
	u32 i;

	if (!stack)
		return;
	frames = json_object_new_array();
	for (i = 0; i < stack->nr; i++) {
		json *frame;

		if (vmw_is_tracing_frame(stack->at[i]->name))
			continue;
		frame = json_object_new_object();
		js_add(frame, "address", js_hex(stack->at[i]->address));
		js_add(frame, "symbol", js_text(stack->at[i]->name));
		js_append(frames, frame);
	}
	js_add(object, "stack", frames);
}

static void add_errno(json *object, int error)
{
	json *e;
	char name[32];

	if (!error)
		return;
	e = json_object_new_object();
	vmw_format_errno(error, name, sizeof(name));
	js_add(e, "name", js_text(name));
	js_add(e, "number", js_number(-error));
	js_add(object, "errno", e);
}

static void add_limit(json *object, const struct vmw_limit *limit)
{
	json *value = json_object_new_object();

	js_add(value, "start", js_hex(limit->start));
	js_add(value, "last", js_hex(limit->end));
	js_add(value, "origin", js_text(limit->derived ? "derived" : "live"));
	js_add(object, "limit", value);
}

static json *probes_json(const struct vmw_probes *probes)
{
	json *array = json_object_new_array();
	u64 runs;
	int id;

	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_info *info = &vmw_probe_infos[id];
		const struct vmw_probe_status *status = vmw_probes_status(probes, id);
		json *probe = json_object_new_object();

		js_add(probe, "symbol", js_text(info->symbol));
		js_add(probe, "point", js_text(vmw_point_names[info->point]));
		js_add(probe, "class", js_text(vmw_class_names[info->class]));
		js_add(probe, "meaning", js_text(info->meaning));
		js_add(probe, "status", js_text(status->how ? status->how :
				*status->problem ? "unavailable" : "left out"));
		if (*status->problem)
			js_add(probe, "reason", js_text(status->problem));
		if (status->note)
			js_add(probe, "note", js_text(status->note));
		if (vmw_probes_runs(probes, id, &runs))
			js_add(probe, "runs", js_number(runs));
		if (vmw_is_caller(id)) {
			js_add(probe, "kind", js_text(vmw_kind_names[info->kind]));
			js_add(probe, "heat", js_text(vmw_heat_names[info->heat]));
		}
		js_append(array, probe);
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
	js_add(object, "memory_type", js_text(type));
	js_add(object, "pgmap", js_hex(request->pgmap));
	js_add(object, "owner", js_hex(request->owner));
	/* PGMAP_ALTMAP_VALID, include/linux/memremap.h 5.10 to 7.2. */
	js_add(object, "altmap", json_object_new_boolean(request->pgmap_flags & 1));
	if (request->nid >= 0)
		js_add(object, "nid", js_number(request->nid));
}

static json *request_json(const struct vmw_report *report,
			  const struct vmw_request *request)
{
	json *object = json_object_new_object();
	json *ranges = json_object_new_array();
	struct vmw_limit limit;
	size_t i;

	js_add(object, "id", js_hex(request->id));
	js_add(object, "call", js_text(vmw_request_kind_names[request->kind]));
	js_add(object, "driver", js_text(request->driver));
	js_add(object, "outcome", js_text(vmw_outcome_names[request->outcome]));
	add_errno(object, request->error);
	if (vmw_report_limit(report, request, &limit))
		add_limit(object, &limit);
	add_memory(object, report, request);
	for (i = 0; i < request->nr_ranges; i++) {
		json *range = json_object_new_object();

		add_range(range, report, &request->ranges[i]);
		js_add(range, "allowed", json_object_new_boolean(request->ranges[i].allowed));
		js_append(ranges, range);
	}
	js_add(object, "ranges", ranges);
	if (request->fault_ip) {
		json *fault = json_object_new_object();

		js_add(fault, "address", js_hex(request->fault_address));
		js_add(fault, "ip", js_hex(request->fault_ip));
		js_add(fault, "symbol", js_text(request->fault_symbol));
		js_add(object, "fault", fault);
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

	js_add(object, "driver", js_text(offender->driver));
	add_range(object, report, &offender->range);
	js_add(object, "live", json_object_new_boolean(offender->live));
	if (request) {
		js_add(object, "request", js_hex(request->id));
		js_add(object, "call", js_text(vmw_request_kind_names[request->kind]));
		js_add(object, "outcome", js_text(vmw_outcome_names[request->outcome]));
		add_memory(object, report, request);
		add_task(object, &request->first);
	}
	js_add(object, "count", js_number(offender->count));
	for (id = 0; id < vmw_nr_probes; id++) {
		if (offender->hits[id])
			js_add(seen, vmw_probe_infos[id].symbol, js_number(offender->hits[id]));
	}
	js_add(object, "seen_by", seen);
	js_add(object, "warns", js_number(offender->warns));
	add_time(object, report, "first", offender->first_ns);
	add_time(object, report, "last", offender->last_ns);
	add_stack(object, request ? request->stack : offender->stack);
	return object;
}

static json *used_json(const struct vmw_report *report, const struct vmw_used *used)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[used->probe];
	struct vmw_range range = vmw_report_used_range(report, used);
	json *object = json_object_new_object();
	json *callers = json_object_new_array();
	unsigned int i;

	js_add(object, "probe", js_text(info->symbol));
	js_add(object, "class", js_text(vmw_class_names[info->class]));
	js_add(object, "meaning", js_text(info->meaning));
	js_add(object, "driver", js_text(used->driver));
	if (used->request)
		js_add(object, "request", js_hex(used->request->id));
	else
		js_add(object, "section", js_hex(used->section));
	add_range(object, report, &range);
	js_add(object, "count", js_number(used->counts.count));
	js_add(object, "pages", js_number(used->counts.pages));
	js_add(object, "samples", js_number(used->samples));
	for (i = 0; i < used->nr_callers; i++)
		js_append(callers, *used->callers[i]->name ? js_text(used->callers[i]->name) :
			  js_hex(used->callers[i]->address));
	js_add(object, "callers", callers);
	add_time(object, report, "first", used->counts.first_ns);
	add_time(object, report, "last", used->counts.last_ns);
	if (used->samples)
		add_task(object, &used->sample);
	add_stack(object, used->stack);
	return object;
}

/* A lookup of what is no memory is normal: counted, and no offence. */
static void add_uses(json *object, const struct vmw_report *report)
{
	json *uses = json_object_new_array();
	json *lookups = json_object_new_array();
	const struct vmw_used *used;

	for (used = report->aggregate->uses; used; used = used->next) {
		if (used->counts.count)
			js_append(vmw_report_is_use(used) ? uses : lookups,
				  used_json(report, used));
	}
	js_add(object, "uses", uses);
	js_add(object, "lookups", lookups);
}

static json *observation_json(const struct vmw_report *report,
			      const struct vmw_observation *o)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];
	json *object = json_object_new_object();
	struct vmw_range range = vmw_range_of(o);
	struct vmw_limit limit = { .start = o->limit_start, .end = o->limit_end };
	char type[32];

	js_add(object, "probe", js_text(info->symbol));
	js_add(object, "point", js_text(vmw_point_names[info->point]));
	add_time(object, report, "time", o->header.time_ns);
	add_task(object, &o->header);
	if (o->header.request)
		js_add(object, "request", js_hex(o->header.request));
	if (o->nr_pages)
		add_range(object, report, &range);
	if (o->nr_ranges) {
		vmw_probes_memory_type(report->probes, o->memory_type, type, sizeof(type));
		js_add(object, "memory_type", js_text(type));
		js_add(object, "range_index", js_number(o->range_index));
		js_add(object, "nr_ranges", js_number(o->nr_ranges));
		js_add(object, "owner", js_hex(o->owner));
		js_add(object, "altmap", json_object_new_boolean(o->pgmap_flags & 1));
		js_add(object, "nid", json_object_new_int(o->nid));
	}
	if (info->point == VMW_POINT_RETURN)
		js_add(object, "result", js_hex(o->result));
	if (o->limit_end)
		add_limit(object, &limit);
	if (o->address)
		js_add(object, "address", js_hex(o->address));
	if (o->ip)
		js_add(object, "ip", js_hex(o->ip));
	return object;
}

static json *warn_json(const struct vmw_report *report, const struct vmw_warn *warn)
{
	json *object = json_object_new_object();

	js_add(object, "symbol", js_text(warn->symbol));
	js_add(object, "address", js_hex(warn->address));
	js_add(object, "seen_by", js_text(vmw_probe_infos[warn->header.probe].symbol));
	add_time(object, report, "time", warn->header.time_ns);
	add_task(object, &warn->header);
	if (warn->header.request)
		js_add(object, "request", js_hex(warn->header.request));
	if (warn->offender) {
		json *pages = json_object_new_object();

		js_add(pages, "start", js_hex(warn->offender->range.pages_start));
		js_add(pages, "end", js_hex(warn->offender->range.pages_end));
		js_add(object, "struct_pages", pages);
	}
	return object;
}

static json *loss_json(const char *place, u64 count)
{
	json *loss = json_object_new_object();

	js_add(loss, "place", js_text(place));
	js_add(loss, "count", js_number(count));
	return loss;
}

static json *losses_json(const struct vmw_report *report)
{
	json *array = json_object_new_array();
	json *missed = json_object_new_object();
	int place;

	for (place = 0; place < VMW_NR_LOSSES; place++) {
		json *loss = json_object_new_object();

		js_add(loss, "place", js_text(vmw_loss_names[place]));
		js_add(loss, "count", report->losses_error ? js_text("unknown") :
		    js_number(report->losses.count[place]));
		js_append(array, loss);
	}
	js_add(missed, "place", js_text("runs that the kernel skipped"));
	if (report->losses.missed_known || report->losses.missed)
		js_add(missed, "count", js_number(report->losses.missed));
	else
		js_add(missed, "count", js_text("unknown"));
	js_append(array, missed);
	js_append(array, loss_json("requests, WARNs and stacks beyond the limit",
				report->aggregate->nr_dropped));
	js_append(array, loss_json("records that could not be read", !!report->read_error));
	js_append(array, loss_json("parts of this report, for lack of memory",
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
		js_append(argv, js_bytes(*arg, strlen(*arg)));
	js_add(object, "argv", argv);
	js_add(object, "pid", js_number(command->pid));
	if (command->state == VMW_COMMAND_EXITED)
		js_add(object, "exit_status", js_number(command->status));
	else if (command->state == VMW_COMMAND_KILLED)
		js_add(object, "signal", js_number(command->status));
	js_add(object, "state", js_text(command->state == VMW_COMMAND_EXITED ? "exited" :
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
		js_append(request->outcome == VMW_REFUSED ?
				      refused : requests,
				      request_json(report, request));
	js_add(object, "requests", requests);
	js_add(object, "refused", refused);
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
		js_append(offenders, offender_json(report, offender));
	for (warn = agg->warns; warn; warn = warn->next)
		js_append(warns, warn_json(report, warn));
	for (i = 0; i < agg->nr_observations; i++)
		js_append(observations,
				      observation_json(report, &agg->observations[i]));
	js_add(object, "offenders", offenders);
	add_uses(object, report);
	add_requests(object, report);
	js_add(object, "warns", warns);
	js_add(object, "observations", observations);
	js_add(object, "observations_not_kept", js_number(agg->nr_not_kept));
}

/* What both a document and the start of a stream say. */
static json *hello_json(const struct vmw_report *report, const char *type)
{
	json *object = json_object_new_object();

	js_add(object, "schema", js_text(SCHEMA));
	if (type)
		js_add(object, "type", js_text(type));
	js_add(object, "version", js_text(VMW_VERSION));
	js_add(object, "host", js_bytes(report->host, strlen(report->host)));
	js_add(object, "kernel", js_bytes(report->kernel, strlen(report->kernel)));
	js_add(object, "boot_id", js_text(report->boot_id));
	add_time(object, report, "start", report->start_ns);
	js_add(object, "layout", vmw_layout_json(report->layout));
	js_add(object, "probes", probes_json(report->probes));
	return object;
}

static json *report_json(const struct vmw_report *report, const char *type)
{
	json *object = hello_json(report, type);
	json *kmsg = json_object_new_object();

	add_time(object, report, "end", report->end_ns);
	add_seen(object, report);
	js_add(object, "losses", losses_json(report));
	js_add(kmsg, "written", js_number(report->kmsg_written));
	js_add(kmsg, "suppressed", js_number(report->kmsg_suppressed));
	js_add(kmsg, "failed", js_number(report->kmsg_failed));
	js_add(object, "kmsg", kmsg);
	if (report->command.state != VMW_COMMAND_NONE)
		js_add(object, "command", command_json(&report->command));
	else
		json_object_object_add(object, "command", NULL);
	js_add(object, "code", js_number(report->code));
	return object;
}

int vmw_export_json(const struct vmw_report *report, FILE *file)
{
	return js_write(report_json(report, NULL),
			  JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}

int vmw_export_json_line(const struct vmw_report *report, FILE *file)
{
	return js_write(report_json(report, "report"), JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_hello_line(const struct vmw_report *report, FILE *file)
{
	return js_write(hello_json(report, "hello"), JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_offender_line(const struct vmw_report *report,
			     const struct vmw_offender *offender, FILE *file)
{
	json *object = offender_json(report, offender);

	js_add(object, "type", js_text("offender"));
	return js_write(object, JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_use_line(const struct vmw_report *report, const struct vmw_used *used,
			FILE *file)
{
	json *object = used_json(report, used);

	js_add(object, "type", js_text("use"));
	return js_write(object, JSON_C_TO_STRING_PLAIN, file);
}

int vmw_export_observation_line(const struct vmw_report *report,
				const struct vmw_observation *observation,
				FILE *file)
{
	json *object = observation_json(report, observation);
	const struct vmw_request *request = report->aggregate->latest;

	js_add(object, "type", js_text(vmw_is_caller(observation->header.probe) ?
					"sample" : "observation"));
	if (request && request->id == observation->header.request)
		js_add(object, "driver", js_text(request->driver));
	return js_write(object, JSON_C_TO_STRING_PLAIN, file);
}
