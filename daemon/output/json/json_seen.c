// SPDX-License-Identifier: GPL-2.0-only
/* What was seen: requests, offenders, uses, observations, WARNs. */
#include <inttypes.h>

#include "output/json/json_parts.h"

/* Names of drivers come from symbols of modules: of any bytes, in the end. */
static json *driver_json(const char *driver)
{
	return js_bytes(driver, VMW_DRIVER_LEN);
}

static void add_fault(json *object, const struct vmw_report *report,
		      const struct vmw_request *request)
{
	json *fault;

	if (!request->fault_ip)
		return;
	fault = json_object_new_object();
	js_add(fault, "address", js_place(report, request->fault_address));
	js_add(fault, "ip", js_address(report, request->fault_ip));
	js_add(fault, "symbol", js_symbol(report, request->fault_symbol));
	js_add(object, "fault", fault);
}

json *js_request(json *object, const struct vmw_report *report, const struct vmw_request *request)
{
	json *ranges = json_object_new_array();
	u64 asked = vmw_report_asked(report, request);
	struct vmw_limit limit;
	size_t i;

	js_add(object, "id", js_hex(request->id));
	js_add(object, "call", js_text(vmw_request_kind_names[request->kind]));
	js_add(object, "driver", driver_json(request->driver));
	js_add(object, "outcome", js_text(vmw_outcome_names[request->outcome]));
	js_add_errno(object, request->error);
	if (vmw_report_limit(report, request, &limit))
		js_add_limit(object, report, &limit);
	js_add_memory(object, report, request);
	if (asked)
		js_add(object, "asked_bytes", js_number(asked));
	for (i = 0; i < request->nr_ranges; i++) {
		json *range = json_object_new_object();

		js_add_range(range, report, &request->ranges[i]);
		js_add(range, "allowed", json_object_new_boolean(request->ranges[i].allowed));
		js_append(ranges, range);
	}
	js_add(object, "ranges", ranges);
	add_fault(object, report, request);
	js_add_task(object, &request->first);
	js_add_requester(object, report, request);
	js_add_time(object, report, "first", request->first.time_ns);
	js_add_time(object, report, "last", request->last_ns);
	js_add_stack(object, report, request->stack);
	js_add_timeline(object, report, request);
	return object;
}

/* What tells it from all others, for as long as the kernel runs. */
static json *offender_key(const struct vmw_report *report, const struct vmw_offender *offender)
{
	const struct vmw_range *range = &offender->range;
	char driver[4 * VMW_DRIVER_LEN + 1];
	char text[sizeof(driver) + 64];

	vmw_format_bytes(offender->driver, VMW_DRIVER_LEN, driver, sizeof(driver));
	if (report->redact)
		snprintf(text, sizeof(text), "%s #%u %s", driver, offender->number,
			 vmw_verdict_names[range->verdict]);
	else
		snprintf(text, sizeof(text), "%s 0x%" PRIx64 "+0x%" PRIx64 " %s", driver,
			 range->pfn, range->nr_pages, vmw_verdict_names[range->verdict]);
	return js_text(text);
}

static json *hits_json(const u64 *hits)
{
	json *object = json_object_new_object();
	int id;

	for (id = 0; id < vmw_nr_probes; id++) {
		if (hits[id])
			js_add(object, vmw_probe_infos[id].symbol, js_number(hits[id]));
	}
	return object;
}

json *js_offender(json *object, const struct vmw_report *report,
		  const struct vmw_offender *offender)
{
	const struct vmw_request *request = offender->request;

	js_add(object, "key", offender_key(report, offender));
	js_add(object, "origin", js_text(offender->found ? "found at start" : "observed"));
	js_add(object, "state", js_text(offender->live ? "live" : "gone"));
	js_add(object, "driver", driver_json(offender->driver));
	js_add_range(object, report, &offender->range);
	js_add(object, "live", json_object_new_boolean(offender->live));
	if (request) {
		js_add(object, "request", js_hex(request->id));
		js_add(object, "call", js_text(vmw_request_kind_names[request->kind]));
		js_add(object, "outcome", js_text(vmw_outcome_names[request->outcome]));
		js_add_memory(object, report, request);
		js_add_task(object, &request->first);
		js_add_requester(object, report, request);
	}
	js_add(object, "count", js_number(offender->count));
	js_add(object, "seen_by", hits_json(offender->hits));
	js_add(object, "warns", js_number(offender->warns));
	js_add_time(object, report, "first", offender->first_ns);
	js_add_time(object, report, "last", offender->last_ns);
	js_add_stack(object, report, request ? request->stack : offender->stack);
	return object;
}

void vmw_format_used_key(const struct vmw_report *report, const struct vmw_used *used,
			 char text[VMW_USED_KEY_LEN])
{
	/* Its section is a part of its pfn. */
	if (report->redact && !used->request) {
		snprintf(text, VMW_USED_KEY_LEN, "%.*s #%u %s", VMW_SYMBOL_LEN,
			 vmw_probe_infos[used->probe].symbol, used->number,
			 vmw_verdict_names[used->verdict]);
		return;
	}
	snprintf(text, VMW_USED_KEY_LEN, "%.*s %s 0x%" PRIx64 " %s", VMW_SYMBOL_LEN,
		 vmw_probe_infos[used->probe].symbol, used->request ? "request" : "section",
		 used->request ? used->request->id : used->section,
		 vmw_verdict_names[used->verdict]);
}

static json *used_key(const struct vmw_report *report, const struct vmw_used *used)
{
	char text[VMW_USED_KEY_LEN];

	vmw_format_used_key(report, used, text);
	return js_text(text);
}

static json *callers_json(const struct vmw_report *report, const struct vmw_used *used)
{
	json *callers = json_object_new_array();
	unsigned int i;

	for (i = 0; i < used->nr_callers; i++)
		js_append(callers, *used->callers[i]->name ?
					   js_symbol(report, used->callers[i]->name) :
					   js_address(report, used->callers[i]->address));
	return callers;
}

json *js_used(json *object, const struct vmw_report *report, const struct vmw_used *used)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[used->probe];
	struct vmw_range range = vmw_report_used_range(report, used);

	js_add(object, "key", used_key(report, used));
	js_add(object, "probe", js_text(info->symbol));
	js_add(object, "class", js_text(vmw_class_names[info->class]));
	js_add(object, "meaning", js_text(info->meaning));
	js_add(object, "driver", driver_json(used->driver));
	if (used->request)
		js_add(object, "request", js_hex(used->request->id));
	else
		js_add(object, "section", js_place(report, used->section));
	js_add_range(object, report, &range);
	js_add(object, "count", js_number(used->counts.count));
	js_add(object, "pages", js_number(used->counts.pages));
	js_add(object, "samples", js_number(used->samples));
	js_add(object, "callers", callers_json(report, used));
	js_add_time(object, report, "first", used->counts.first_ns);
	js_add_time(object, report, "last", used->counts.last_ns);
	if (used->samples)
		js_add_task(object, &used->sample);
	js_add_stack(object, report, used->stack);
	return object;
}

/* A pointer, a number, or an error: of that the number is told, too. */
static void add_result(json *object, const struct vmw_report *report, s64 result)
{
	/* What is no yes or no may be where something begins. */
	js_add(object, "result",
	       js_secret(report, (u64)result > 1 ? VMW_SECRET_PLACE : VMW_SECRET_VALUE, result));
	if (result < 0 && result >= -4095)
		js_add_errno(object, (int)result);
}

json *js_observation(json *object, const struct vmw_report *report,
		     const struct vmw_observation *o)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];
	struct vmw_range range = vmw_range_of(o);
	struct vmw_limit limit = { .start = o->limit_start, .end = o->limit_end };
	char type[32];

	js_add(object, "probe", js_text(info->symbol));
	js_add(object, "point", js_text(vmw_point_names[info->point]));
	js_add_time(object, report, "time", o->header.time_ns);
	js_add_task(object, &o->header);
	if (o->header.request)
		js_add(object, "request", js_hex(o->header.request));
	if (o->nr_pages)
		js_add_range(object, report, &range);
	if (o->nr_ranges) {
		vmw_report_memory_type(report, o->memory_type, type, sizeof(type));
		js_add(object, "memory_type", js_text(type));
		js_add(object, "range_index", js_number(o->range_index));
		js_add(object, "nr_ranges", js_number(o->nr_ranges));
		js_add(object, "owner", js_address(report, o->owner));
		js_add(object, "altmap", json_object_new_boolean(o->pgmap_flags & 1));
		js_add(object, "nid", json_object_new_int(o->nid));
	}
	if (info->point == VMW_POINT_RETURN)
		add_result(object, report, o->result);
	if (o->limit_end)
		js_add_limit(object, report, &limit);
	if (o->address)
		js_add(object, "address", js_address(report, o->address));
	if (o->ip)
		js_add(object, "ip", js_address(report, o->ip));
	if (o->asked)
		js_add(object, "asked_bytes", js_number(o->asked));
	return object;
}

json *js_warn(json *object, const struct vmw_report *report, const struct vmw_warn *warn)
{
	js_add(object, "symbol", js_symbol(report, warn->symbol));
	js_add(object, "address", js_address(report, warn->address));
	js_add(object, "seen_by", js_text(vmw_probe_infos[warn->header.probe].symbol));
	js_add(object, "ours", json_object_new_boolean(!warn->foreign));
	js_add_time(object, report, "time", warn->header.time_ns);
	js_add_task(object, &warn->header);
	if (warn->header.request)
		js_add(object, "request", js_hex(warn->header.request));
	if (warn->offender)
		js_add_pages(object, report, &warn->offender->range);
	return object;
}
