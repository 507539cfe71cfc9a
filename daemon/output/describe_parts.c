// SPDX-License-Identifier: GPL-2.0-only
/* Times, tasks, ranges, stacks: what most things have. */
#include <string.h>

#include "base/build.h"
#include "output/describe.h"

void vmw_describe_time(struct vmw_writer *w, const struct vmw_report *report, const char *name,
		       u64 time_ns)
{
	char text[40];

	if (vmw_for_people(w))
		return;
	vmw_format_time(report, time_ns, text, sizeof(text));
	vmw_begin(w, name);
	vmw_put_text(w, "utc", NULL, text);
	vmw_put_number(w, "boot_ns", NULL, time_ns);
	vmw_end(w);
}

void vmw_describe_task(struct vmw_writer *w, const struct vmw_report *report,
		       const struct vmw_header *header)
{
	char when[40];

	vmw_begin(w, "task");
	vmw_put_bytes(w, "comm", NULL, header->comm, VMW_COMM_LEN);
	vmw_put_number(w, "pid", NULL, header->pid);
	vmw_put_number(w, "tgid", NULL, header->tgid);
	vmw_put_number(w, "cpu", NULL, header->cpu);
	vmw_end(w);
	if (!vmw_for_people(w))
		return;
	vmw_format_time(report, header->time_ns, when, sizeof(when));
	vmw_line(w, "task", "%.*s[%u] on CPU %u at %s (%.6f s after boot)", VMW_COMM_LEN,
		 header->comm, header->pid, header->cpu, when, header->time_ns / 1e9);
}

void vmw_describe_pages(struct vmw_writer *w, const struct vmw_range *range)
{
	vmw_put_pair(w, "struct_pages", "start", range->pages_start, "end", range->pages_end);
}

void vmw_describe_regions(struct vmw_writer *w, const char *name, u32 kinds)
{
	int kind;

	vmw_begin_list(w, name);
	for (kind = 0; kind < VMW_NR_REGIONS; kind++) {
		if (kinds >> kind & 1)
			vmw_put_text(w, NULL, NULL, vmw_region_names[kind]);
	}
	vmw_end_list(w);
}

void vmw_say_lies_in(struct vmw_writer *w, const struct vmw_layout *layout, u32 kinds,
		     bool kernel_warns)
{
	char regions[VMW_REGIONS_LEN];

	vmw_format_regions(kinds, regions, sizeof(regions));
	vmw_line(w, "lies in", "%s; %s",
		 kinds == 1U << VMW_REGION_HOLE ? "unmapped addresses" : regions,
		 vmw_check_words(layout, kernel_warns));
}

static void say_judged(struct vmw_writer *w, const struct vmw_report *report,
		       const struct vmw_range *range, u32 kinds, bool warns)
{
	char text[VMW_PLACES_LEN], bytes[48], distance[96] = "";

	vmw_format_places(w->redact, range->pages_start, range->pages_end, 16, text);
	vmw_line(w, "struct pages", "%s", text);
	vmw_format_distance(range->distance, bytes, sizeof(bytes));
	if (range->bound != VMW_BOUND_NONE && !w->redact)
		snprintf(distance, sizeof(distance), ", %s %s %s", bytes,
			 range->bound == VMW_BOUND_START ? "below" : "above",
			 vmw_bound_name(report->bounds, range->bound));
	vmw_line(w, "verdict", "%s%s", vmw_verdict_names[range->verdict], distance);
	if (range->verdict != VMW_IN_BOUNDS)
		vmw_say_lies_in(w, report->layout, kinds, warns);
}

void vmw_describe_judged(struct vmw_writer *w, const struct vmw_report *report,
			 const struct vmw_range *range)
{
	u32 kinds = vmw_layout_regions_of(report->layout, range->pages_start, range->pages_end);
	bool warns = vmw_kernel_warns(report->bounds, range->pages_start, range->pages_end);

	vmw_describe_pages(w, range);
	vmw_put_text(w, "verdict", NULL, vmw_verdict_names[range->verdict]);
	if (range->bound != VMW_BOUND_NONE) {
		vmw_put_text(w, "bound", NULL, vmw_bound_name(report->bounds, range->bound));
		vmw_put_place(w, "distance", range->distance);
	}
	vmw_describe_regions(w, "regions", kinds);
	vmw_put_bool(w, "kernel_warns", warns);
	if (vmw_for_people(w))
		say_judged(w, report, range, kinds, warns);
}

void vmw_describe_pfn(struct vmw_writer *w, const struct vmw_range *range)
{
	vmw_begin(w, "pfn");
	vmw_put_place(w, "start", range->pfn);
	vmw_put_place(w, "end", range->pfn + range->nr_pages);
	vmw_put_number(w, "count", NULL, range->nr_pages);
	vmw_end(w);
}

static void say_range(struct vmw_writer *w, u64 first, u64 last, const struct vmw_range *range)
{
	char text[VMW_PLACES_LEN], size[32];

	vmw_format_size(last - first + 1, size, sizeof(size));
	vmw_format_places(w->redact, first, last, 1, text);
	vmw_line(w, "physical", "%s (%s)", text, size);
	vmw_format_places(w->redact, range->pfn, range->pfn + range->nr_pages, 1, text);
	vmw_line(w, "pfn", "%s (%s)", text,
		 vmw_format_count(range->nr_pages, "page", size, sizeof(size)));
}

void vmw_describe_range(struct vmw_writer *w, const struct vmw_report *report,
			const struct vmw_range *range)
{
	unsigned int shift = report->bounds->page_shift;
	u64 first = range->pfn << shift;
	u64 last = ((range->pfn + range->nr_pages) << shift) - 1;

	vmw_describe_pfn(w, range);
	vmw_put_pair(w, "phys", "start", first, "last", last);
	if (vmw_for_people(w))
		say_range(w, first, last, range);
	vmw_describe_judged(w, report, range);
}

void vmw_describe_stack(struct vmw_writer *w, const struct vmw_frames *stack)
{
	const char *label = "stack";
	u32 i;

	if (!stack)
		return;
	vmw_begin_list(w, "stack");
	for (i = 0; i < stack->nr; i++) {
		const struct vmw_place *place = stack->at[i];
		char address[VMW_ADDRESS_LEN];

		if (vmw_is_tracing_frame(place->name))
			continue;
		vmw_begin(w, NULL);
		vmw_put_address(w, "address", place->address);
		vmw_put_symbol(w, "symbol", place->name);
		vmw_end(w);
		if (!vmw_for_people(w))
			continue;
		vmw_format_address(w->redact, VMW_SECRET_ADDRESS, place->address, 1, address);
		vmw_line(w, label, "%s",
			 *place->name ? vmw_redact_symbol(w->redact, place->name) : address);
		label = "";
	}
	vmw_end_list(w);
}

void vmw_describe_errno(struct vmw_writer *w, int error)
{
	char name[32];

	if (!error)
		return;
	vmw_format_errno(error, name, sizeof(name));
	vmw_begin(w, "errno");
	vmw_put_text(w, "name", NULL, name);
	vmw_put_number(w, "number", NULL, -error);
	vmw_end(w);
}

void vmw_describe_limit(struct vmw_writer *w, const struct vmw_limit *limit)
{
	vmw_begin(w, "limit");
	vmw_put_place(w, "start", limit->start);
	vmw_put_place(w, "last", limit->end);
	vmw_put_text(w, "origin", NULL, limit->derived ? "derived" : "live");
	vmw_end(w);
}

void vmw_describe_document(struct vmw_writer *w, const char *schema,
			   const struct vmw_layout *layout)
{
	vmw_put_text(w, "schema", NULL, schema);
	vmw_put_text(w, "version", NULL, vmw_version);
	vmw_put_text(w, "kernel", NULL, layout->kernel);
}
