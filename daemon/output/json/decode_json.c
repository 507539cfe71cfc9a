// SPDX-License-Identifier: GPL-2.0-only
/* A decoded log as JSON: daemon/share/schema/decode.schema.json. */
#include <string.h>

#include "output/decode_out.h"
#include "output/json/json_parts.h"
#include "output/why_text.h"

#define DECODE_SCHEMA "vmemmapwatch.decode/1"

static json *text_of(const char *text)
{
	return js_bytes(text, strlen(text));
}

static json *pair(const char *first, const char *last, json *a, json *b)
{
	json *object = json_object_new_object();

	js_add(object, first, a);
	js_add(object, last, b);
	return object;
}

static void add_lines(json *object, u64 first, u64 last)
{
	js_add(object, "lines", pair("first", "last", js_number(first), js_number(last)));
}

static const char *kind_name(enum vmw_klog_kind kind)
{
	return kind == VMW_KLOG_WARN ? "WARN" : "oops";
}

static json *stack_json(const struct vmw_decoded_offender *o)
{
	json *array = json_object_new_array();
	u32 i;

	js_append(array, text_of(o->place));
	for (i = 0; o->stack && i < o->stack->nr; i++)
		js_append(array, text_of(o->stack->name[i]));
	return array;
}

static void add_fault(json *object, const struct vmw_decoded_offender *o)
{
	json *fault;

	if (!o->fault_line)
		return;
	fault = json_object_new_object();
	js_add(fault, "address", js_hex(o->fault_address));
	js_add(fault, "symbol", text_of(o->fault_place));
	js_add(fault, "line", js_number(o->fault_line));
	js_add(object, "fault", fault);
}

static json *offender_json(const struct vmw_decoded_boot *boot,
			   const struct vmw_decoded_offender *o)
{
	struct vmw_report report = vmw_decoded_report(boot);
	json *object = json_object_new_object();

	js_add(object, "driver", text_of(*o->driver ? o->driver : "unknown"));
	if (*o->module)
		js_add(object, "module", text_of(o->module));
	if (o->has_phys)
		js_add_range(object, &report, &o->range);
	else
		js_add_judged(object, &report, &o->range);
	js_add(object, "task",
	       pair("comm", "pid", js_bytes(o->comm, VMW_COMM_LEN), js_number(o->pid)));
	js_add(object, "warns", js_number(o->warns));
	js_add(object, "oopses", js_number(o->oopses));
	js_add(object, "removal", json_object_new_boolean(o->removal));
	add_lines(object, o->first_line, o->last_line);
	if (o->first_ns)
		js_add(object, "kernel_ns",
		       pair("first", "last", js_number(o->first_ns), js_number(o->last_ns)));
	add_fault(object, o);
	js_add(object, "stack", stack_json(o));
	return object;
}

static json *unjudged_json(const struct vmw_decoded_unjudged *u)
{
	json *object = json_object_new_object();

	js_add(object, "kind", js_text(kind_name(u->kind)));
	js_add(object, "symbol", text_of(u->place));
	js_add(object, "driver", text_of(*u->driver ? u->driver : "unknown"));
	if (u->kind == VMW_KLOG_OOPS)
		js_add(object, "address", js_hex(u->address));
	js_add(object, "why", text_of(u->why));
	js_add(object, "count", js_number(u->count));
	add_lines(object, u->first_line, u->last_line);
	return object;
}

static json *refusal_json(const struct vmw_decoded_refusal *r)
{
	json *object = json_object_new_object();

	js_add(object, "phys", pair("start", "last", js_hex(r->first), js_hex(r->last)));
	if (r->has_limit)
		js_add(object, "limit",
		       pair("start", "last", js_hex(r->limit_first), js_hex(r->limit_last)));
	js_add(object, "count", js_number(r->count));
	add_lines(object, r->first_line, r->last_line);
	return object;
}

static json *other_json(const struct vmw_decoded_other *o)
{
	json *object = json_object_new_object();

	js_add(object, "kind", js_text(kind_name(o->kind)));
	js_add(object, "symbol", text_of(o->place));
	js_add(object, "driver", text_of(*o->driver ? o->driver : "unknown"));
	if (*o->message)
		js_add(object, "message", text_of(o->message));
	js_add(object, "why", text_of(o->why));
	js_add(object, "count", js_number(o->count));
	add_lines(object, o->first_line, o->last_line);
	return object;
}

static json *why_json(const struct vmw_decoded_boot *boot)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	u32 verdicts = vmw_decoded_verdicts(boot), verdict;
	json *object = json_object_new_object();
	int n;

	while ((n = vmw_decoded_why(boot, &verdicts, &verdict, statements, VMW_MAX_STATEMENTS)))
		js_add(object, vmw_verdict_names[verdict], js_statements(statements, n));
	n = vmw_decoded_why_refused(boot, statements, VMW_MAX_STATEMENTS);
	if (n)
		js_add(object, "refused", js_statements(statements, n));
	return object;
}

static void add_lists(json *object, const struct vmw_decoded_boot *boot)
{
	json *offenders = json_object_new_array(), *unjudged = json_object_new_array();
	json *refusals = json_object_new_array(), *others = json_object_new_array();
	size_t i;

	for (i = 0; i < boot->nr_offenders; i++)
		js_append(offenders, offender_json(boot, &boot->offenders[i]));
	for (i = 0; i < boot->nr_unjudged; i++)
		js_append(unjudged, unjudged_json(&boot->unjudged[i]));
	for (i = 0; i < boot->nr_refusals; i++)
		js_append(refusals, refusal_json(&boot->refusals[i]));
	for (i = 0; i < boot->nr_others; i++)
		js_append(others, other_json(&boot->others[i]));
	js_add(object, "offenders", offenders);
	js_add(object, "without_verdict", unjudged);
	js_add(object, "refused", refusals);
	js_add(object, "unrelated", others);
}

static json *boot_json(const struct vmw_decoded_boot *boot)
{
	json *object = json_object_new_object();

	add_lines(object, boot->first_line, boot->last_line);
	js_add(object, "kernel", text_of(boot->layout.kernel));
	js_add(object, "warns", js_number(boot->warns));
	js_add(object, "oopses", js_number(boot->oopses));
	if (*boot->bounds_why)
		js_add(object, "bounds_unknown", text_of(boot->bounds_why));
	if (*boot->vmemmap_why)
		js_add(object, "pfns_unknown", text_of(boot->vmemmap_why));
	if (*boot->note)
		js_add(object, "note", text_of(boot->note));
	if (boot->dropped)
		js_add(object, "not_listed", js_number(boot->dropped));
	add_lists(object, boot);
	js_add(object, "why", why_json(boot));
	js_add(object, "layout", js_layout(&boot->layout, false));
	return object;
}

static void tell_unread(struct js_stream *stream, const struct vmw_decoded *decoded)
{
	u64 line;
	const char *why = vmw_decoded_unread(decoded, &line);
	json *object;

	if (!why)
		return;
	object = json_object_new_object();
	js_add(object, "line", js_number(line));
	js_add(object, "why", text_of(why));
	js_member(stream, "unparsed", object);
}

int vmw_export_decoded_json(const struct vmw_decoded *decoded, FILE *file)
{
	struct js_stream stream;
	json *others = json_object_new_object();
	size_t i;

	js_begin(&stream, file, true);
	js_member(&stream, "schema", js_text(DECODE_SCHEMA));
	js_member(&stream, "version", js_text(VMW_VERSION));
	js_member(&stream, "log", text_of(decoded->name));
	if (decoded->from)
		js_member(&stream, "from", text_of(decoded->from));
	js_member(&stream, "lines", js_number(decoded->lines));
	js_member(&stream, "bytes", js_number(decoded->bytes));
	js_member(&stream, "code", js_number(vmw_decoded_code(decoded)));
	tell_unread(&stream, decoded);
	js_add(others, "warns", js_number(decoded->other_warns));
	js_add(others, "oopses", js_number(decoded->other_oopses));
	js_member(&stream, "unrelated_count", others);
	js_member(&stream, "boots_seen", js_number(decoded->boots_seen));
	js_member(&stream, "boots_not_listed", js_number(decoded->boots_dropped));
	js_array(&stream, "boots");
	for (i = 0; i < decoded->nr_boots; i++)
		js_element(&stream, boot_json(decoded->boots[i]));
	js_array_end(&stream);
	return js_end(&stream);
}
