// SPDX-License-Identifier: GPL-2.0-only
/* Times, tasks, ranges, stacks: what most things that are told have. */
#include <string.h>

#include "output/json/json_parts.h"

json *js_secret(const struct vmw_report *report, enum vmw_secret secret, u64 value)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_address(report->redact, secret, value, 1, text);
	return js_text(text);
}

json *js_place(const struct vmw_report *report, u64 value)
{
	return js_secret(report, VMW_SECRET_PLACE, value);
}

json *js_address(const struct vmw_report *report, u64 address)
{
	return js_secret(report, VMW_SECRET_ADDRESS, address);
}

json *js_symbol(const struct vmw_report *report, const char *symbol)
{
	symbol = vmw_redact_symbol(report->redact, symbol);
	return js_bytes(symbol, strlen(symbol));
}

void js_add_time(json *object, const struct vmw_report *report, const char *key, u64 time_ns)
{
	json *time = json_object_new_object();
	char text[40];

	vmw_format_time(report, time_ns, text, sizeof(text));
	js_add(time, "utc", js_text(text));
	js_add(time, "boot_ns", js_number(time_ns));
	js_add(object, key, time);
}

void js_add_task(json *object, const struct vmw_header *header)
{
	json *task = json_object_new_object();

	js_add(task, "comm", js_bytes(header->comm, VMW_COMM_LEN));
	js_add(task, "pid", js_number(header->pid));
	js_add(task, "tgid", js_number(header->tgid));
	js_add(task, "cpu", js_number(header->cpu));
	js_add(object, "task", task);
}

void js_add_pages(json *object, const struct vmw_report *report, const struct vmw_range *range)
{
	json *pages = json_object_new_object();

	js_add(pages, "start", js_place(report, range->pages_start));
	js_add(pages, "end", js_place(report, range->pages_end));
	js_add(object, "struct_pages", pages);
}

void js_add_range(json *object, const struct vmw_report *report, const struct vmw_range *range)
{
	unsigned int shift = report->bounds->page_shift;
	json *pfn = json_object_new_object();
	json *phys = json_object_new_object();

	js_add(pfn, "start", js_place(report, range->pfn));
	js_add(pfn, "end", js_place(report, range->pfn + range->nr_pages));
	js_add(pfn, "count", js_number(range->nr_pages));
	js_add(object, "pfn", pfn);
	js_add(phys, "start", js_place(report, range->pfn << shift));
	js_add(phys, "last", js_place(report, ((range->pfn + range->nr_pages) << shift) - 1));
	js_add(object, "phys", phys);
	js_add_judged(object, report, range);
}

void js_add_judged(json *object, const struct vmw_report *report, const struct vmw_range *range)
{
	js_add_pages(object, report, range);
	js_add(object, "verdict", js_text(vmw_verdict_names[range->verdict]));
	if (range->bound != VMW_BOUND_NONE) {
		js_add(object, "bound", js_text(vmw_bound_name(report->bounds, range->bound)));
		js_add(object, "distance", js_place(report, range->distance));
	}
	js_add(object, "regions",
	       js_regions(vmw_layout_regions_of(report->layout, range->pages_start,
						range->pages_end)));
	js_add(object, "kernel_warns",
	       json_object_new_boolean(
		       vmw_kernel_warns(report->bounds, range->pages_start, range->pages_end)));
}

void js_add_stack(json *object, const struct vmw_report *report, const struct vmw_frames *stack)
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
		js_add(frame, "address", js_address(report, stack->at[i]->address));
		js_add(frame, "symbol", js_symbol(report, stack->at[i]->name));
		js_append(frames, frame);
	}
	js_add(object, "stack", frames);
}

void js_add_errno(json *object, int error)
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

void js_add_limit(json *object, const struct vmw_report *report, const struct vmw_limit *limit)
{
	json *value = json_object_new_object();

	js_add(value, "start", js_place(report, limit->start));
	js_add(value, "last", js_place(report, limit->end));
	js_add(value, "origin", js_text(limit->derived ? "derived" : "live"));
	js_add(object, "limit", value);
}

void js_add_memory(json *object, const struct vmw_report *report,
		   const struct vmw_request *request)
{
	char type[32];

	if (request->kind != VMW_REQUEST_MEMREMAP && request->kind != VMW_REQUEST_MEMUNMAP)
		return;
	vmw_report_memory_type(report, request->memory_type, type, sizeof(type));
	js_add(object, "memory_type", js_text(type));
	js_add(object, "pgmap", js_address(report, request->pgmap));
	js_add(object, "owner", js_address(report, request->owner));
	/* PGMAP_ALTMAP_VALID, include/linux/memremap.h 5.10 to 7.2. */
	js_add(object, "altmap", json_object_new_boolean(request->pgmap_flags & 1));
	if (request->nid >= 0)
		js_add(object, "nid", js_number(request->nid));
}

json *js_document(const char *schema, const struct vmw_layout *layout)
{
	json *object = json_object_new_object();

	js_add(object, "schema", js_text(schema));
	js_add(object, "version", js_text(VMW_VERSION));
	js_add(object, "kernel", js_bytes(layout->kernel, strlen(layout->kernel)));
	return object;
}
