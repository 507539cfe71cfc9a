// SPDX-License-Identifier: GPL-2.0-only
/*
 * The layout: each value with where it was read and who agrees, the regions that follow,
 * and what sources lack. For people it is the table that one pastes into mail;
 * layout/from_json.c reads the JSON again.
 */
#include <errno.h>
#include <string.h>

#include "output/describe.h"

/* What a value spans, to be shown behind it; 0: nothing. */
static u64 span_of(const struct vmw_layout *layout, enum vmw_value_id id, u64 value)
{
	static const struct {
		enum vmw_value_id end, start;
	} spans[] = {
		{ VMW_VALUE_VMALLOC_END, VMW_VALUE_VMALLOC_START },
		{ VMW_VALUE_MODULES_END, VMW_VALUE_MODULES_VADDR },
		{ VMW_VALUE_END, VMW_VALUE_EFFECTIVE },
		{ VMW_VALUE_PAGE_END, VMW_VALUE_PAGE_OFFSET },
		{ VMW_VALUE_IMAGE_END, VMW_VALUE_IMAGE_START },
		{ VMW_VALUE_PCI_IO_END, VMW_VALUE_PCI_IO_START },
		{ VMW_VALUE_KASAN_END, VMW_VALUE_KASAN_START },
	};
	u64 start;
	size_t i;

	switch (id) {
	case VMW_VALUE_SIZE:
	case VMW_VALUE_PAGE_SIZE:
	case VMW_VALUE_PMD_SIZE:
	case VMW_VALUE_PUD_SIZE:
	case VMW_VALUE_PGDIR_SIZE:
		return value;
	default:
		break;
	}
	for (i = 0; i < ARRAY_SIZE(spans); i++) {
		if (spans[i].end == id && vmw_layout_get(layout, spans[i].start, &start))
			return value - start;
	}
	return 0;
}

static void put_value(struct vmw_writer *w, enum vmw_value_id id, u64 value)
{
	if (vmw_value_infos[id].base == 16)
		vmw_put_secret(w, "value", vmw_secret_of(id), value);
	else
		vmw_put_number(w, "value", NULL, value);
}

static void describe_reading(struct vmw_writer *w, enum vmw_value_id id,
			     const struct vmw_reading *r)
{
	vmw_begin(w, NULL);
	put_value(w, id, r->value);
	vmw_put_text(w, "source", NULL, vmw_source_names[r->source]);
	vmw_put_text(w, "where", NULL, r->where);
	vmw_put_text(w, "origin", NULL, vmw_origin_names[r->origin]);
	if (*r->variable)
		vmw_put_text(w, "variable", NULL, r->variable);
	vmw_end(w);
}

static void say_value(struct vmw_writer *w, const struct vmw_layout *layout, enum vmw_value_id id)
{
	u64 value = layout->values[id].readings[0].value;
	u64 bytes = span_of(layout, id, value);
	char text[VMW_ADDRESS_LEN], size[32] = "";

	if (bytes)
		vmw_format_size(bytes, size, sizeof(size));
	vmw_format_value(w->redact, id, value, text);
	vmw_paragraph(w, "  %-25s %-18s %-11s %s", vmw_value_infos[id].name, text, size,
		      vmw_layout_agreement(layout, id));
}

static void say_reading(struct vmw_writer *w, enum vmw_value_id id,
			const struct vmw_value *value, const struct vmw_reading *r)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_value(w->redact, id, r->value, text);
	if (r->value == value->readings[0].value)
		vmw_paragraph(w, "    %s: %s", vmw_source_names[r->source], r->where);
	else
		vmw_paragraph(w, "    %s: %s DIFFERS: %s", vmw_source_names[r->source], text,
			      r->where);
}

static void describe_value(struct vmw_writer *w, const struct vmw_layout *layout,
			   enum vmw_value_id id)
{
	const struct vmw_value *v = &layout->values[id];
	unsigned int i;

	vmw_begin(w, vmw_value_infos[id].name);
	if (v->nr) {
		put_value(w, id, v->readings[0].value);
		vmw_put_text(w, "source", NULL, vmw_source_names[v->readings[0].source]);
	}
	vmw_put_text(w, "agreement", NULL, vmw_layout_agreement(layout, id));
	vmw_put_number(w, "independent_live_sources", NULL, vmw_layout_witnesses(v));
	vmw_put_bool(w, "formula_differs", vmw_layout_formula_differs(v));
	if (v->nr && vmw_for_people(w))
		say_value(w, layout, id);
	vmw_begin_list(w, "readings");
	for (i = 0; i < v->nr; i++) {
		describe_reading(w, id, &v->readings[i]);
		if (vmw_for_people(w))
			say_reading(w, id, v, &v->readings[i]);
	}
	vmw_end_list(w);
	vmw_end(w);
	/* What PHYS_OFFSET is of, as the kernel prints it. */
	if (v->nr && id == VMW_VALUE_PHYS_OFFSET && !w->redact)
		vmw_paragraph(w, "  %-25s %-18lld", "memstart_addr (signed)",
			      (s64)v->readings[0].value);
}

static void say_unknown(struct vmw_writer *w, const struct vmw_layout *layout)
{
	char text[1024];
	size_t n = 0;
	int id;

	for (id = 0; id < VMW_NR_VALUES && n < sizeof(text); id++) {
		/* A kernel without KASAN has no shadow to know of. */
		if (layout->values[id].nr || id == VMW_VALUE_KASAN_START ||
		    id == VMW_VALUE_KASAN_END)
			continue;
		n += snprintf(text + n, sizeof(text) - n, "%s%s", n ? ", " : "",
			      vmw_value_infos[id].name);
	}
	if (n)
		vmw_paragraph(w, "  not known: %s", text);
}

/* Sizes of what follows on each other add up to addresses: they are hidden, too. */
static void say_region(struct vmw_writer *w, const struct vmw_region *r)
{
	char start[VMW_ADDRESS_LEN], last[VMW_ADDRESS_LEN], size[32] = "";

	vmw_format_address(w->redact, VMW_SECRET_VALUE, r->start, 16, start);
	vmw_format_address(w->redact, VMW_SECRET_VALUE, r->last, 16, last);
	if (!w->redact)
		vmw_format_size(r->last - r->start + 1, size, sizeof(size));
	vmw_paragraph(w, "  %s-%s  %10s  %s", start, last, size, vmw_region_names[r->kind]);
}

static void describe_address_space(struct vmw_writer *w, const struct vmw_layout *layout)
{
	size_t i;

	if (layout->nr_regions) {
		vmw_paragraph(w, "%s", "");
		vmw_paragraph(w, "REGIONS of the address space");
	}
	vmw_begin_list(w, "regions");
	for (i = 0; i < layout->nr_regions; i++) {
		const struct vmw_region *r = &layout->regions[i];

		vmw_begin(w, NULL);
		vmw_put_text(w, "name", NULL, vmw_region_names[r->kind]);
		vmw_put_secret(w, "start", VMW_SECRET_VALUE, r->start);
		vmw_put_secret(w, "last", VMW_SECRET_VALUE, r->last);
		vmw_end(w);
		say_region(w, r);
	}
	vmw_end_list(w);
}

static void describe_sources(struct vmw_writer *w, const struct vmw_layout *layout)
{
	static const char *const states[] = {
		[VMW_SOURCE_UNUSED] = "not asked",
		[VMW_SOURCE_READ] = "read",
		[VMW_SOURCE_FAILED] = "not here",
	};
	bool any = false;
	int id;

	vmw_begin_list(w, "sources");
	for (id = 0; id < VMW_NR_SOURCES; id++) {
		const struct vmw_source *s = &layout->sources[id];

		vmw_begin(w, NULL);
		vmw_put_text(w, "name", NULL, vmw_source_names[id]);
		vmw_put_text(w, "status", NULL, states[s->state]);
		if (*s->note)
			vmw_put_text(w, "note", NULL, s->note);
		vmw_end(w);
		if (!*s->note)
			continue;
		if (!any) {
			vmw_paragraph(w, "%s", "");
			vmw_paragraph(w, "INCOMPLETE SOURCES");
		}
		any = true;
		vmw_paragraph(w, "  %-12s %s%s", vmw_source_names[id],
			      s->state == VMW_SOURCE_FAILED ? "not available: " : "", s->note);
	}
	vmw_end_list(w);
}

const enum vmw_value_id vmw_bounds_values[VMW_NR_BOUNDS_VALUES] = {
	VMW_VALUE_VMEMMAP,
	VMW_VALUE_START,
	VMW_VALUE_EFFECTIVE,
	VMW_VALUE_END,
};

static void say_bound(struct vmw_writer *w, const struct vmw_layout *layout, enum vmw_value_id id)
{
	const struct vmw_value *value = &layout->values[id];
	char text[VMW_ADDRESS_LEN] = "", agreement[64], sources[160] = "";
	unsigned int r, witnesses = vmw_layout_witnesses(value);
	size_t n = 0;

	for (r = 0; r < value->nr && n < sizeof(sources); r++)
		n += snprintf(sources + n, sizeof(sources) - n, "%s%s", r ? ", " : "",
			      vmw_source_names[value->readings[r].source]);
	if (value->nr)
		vmw_format_value(w->redact, id, value->readings[0].value, text);
	snprintf(agreement, sizeof(agreement), "%s", vmw_layout_agreement(layout, id));
	if (witnesses > 1 && !vmw_layout_disagrees(layout, id))
		snprintf(agreement, sizeof(agreement), "%u independent sources agree", witnesses);
	vmw_paragraph(w, "  %-25s %-18s %s", vmw_value_infos[id].name, text, agreement);
	vmw_paragraph(w, "    %s", sources);
}

/* The effective start where it is another one. */
void vmw_say_bounds(struct vmw_writer *w, const struct vmw_layout *layout)
{
	u64 nominal, effective;
	size_t i;

	vmw_card(w, VMW_TONE_NONE, 0, "BOUNDS (--layout prints where each was read)");
	for (i = 0; i < VMW_NR_BOUNDS_VALUES; i++) {
		if (vmw_bounds_values[i] == VMW_VALUE_EFFECTIVE &&
		    vmw_layout_get(layout, VMW_VALUE_START, &nominal) &&
		    vmw_layout_get(layout, VMW_VALUE_EFFECTIVE, &effective) &&
		    nominal == effective)
			continue;
		say_bound(w, layout, vmw_bounds_values[i]);
	}
	vmw_card_end(w);
}

/* Both pairs: what the kernel compares with, and where struct pages may be. */
void vmw_describe_bounds(struct vmw_writer *w, const struct vmw_layout *layout)
{
	enum vmw_value_id missing;
	u64 nominal, start, end;
	struct vmw_bounds bounds;
	int err;

	vmw_begin(w, "bounds");
	err = vmw_layout_bounds(layout, &bounds, &missing);
	if (err)
		vmw_put_text(w, "missing", NULL, vmw_value_infos[missing].name);
	if ((!err || err == -ENODATA) && vmw_layout_get(layout, VMW_VALUE_START, &nominal) &&
	    vmw_layout_get(layout, VMW_VALUE_EFFECTIVE, &start) &&
	    vmw_layout_get(layout, VMW_VALUE_END, &end)) {
		vmw_put_pair(w, "nominal", "start", nominal, "end", end);
		vmw_put_pair(w, "effective", "start", start, "end", end);
	}
	vmw_end(w);
}

void vmw_describe_layout(struct vmw_writer *w, const struct vmw_layout *layout)
{
	int id;

	if (*layout->kernel)
		vmw_card(w, VMW_TONE_NONE, 0,
			 "LAYOUT of Linux %s, and where each value was read", layout->kernel);
	else
		vmw_card(w, VMW_TONE_NONE, 0,
			 "LAYOUT of a kernel, and where each value was read");
	vmw_begin(w, "layout");
	vmw_put_text(w, "kernel", NULL, layout->kernel);
	vmw_describe_bounds(w, layout);
	vmw_begin(w, "values");
	for (id = 0; id < VMW_NR_VALUES; id++)
		describe_value(w, layout, id);
	vmw_end(w);
	if (vmw_for_people(w))
		say_unknown(w, layout);
	describe_address_space(w, layout);
	describe_sources(w, layout);
	vmw_put_text(w, "formulas_of", NULL, layout->era);
	if (layout->kasan.scale_shift) {
		vmw_begin(w, "kasan");
		vmw_put_number(w, "scale_shift", NULL, layout->kasan.scale_shift);
		vmw_put_secret(w, "offset", VMW_SECRET_VALUE, layout->kasan.offset);
		vmw_end(w);
	}
	vmw_end(w);
	vmw_card_end(w);
}
