// SPDX-License-Identifier: GPL-2.0-only
/* Explanations as JSON. */
#include <string.h>

#include "output/export.h"
#include "output/json/json_parts.h"

#define EXPLAIN_SCHEMA "vmemmapwatch.explain/1"

static void add_pair(json *object, const char *key, const char *second, u64 a, u64 b)
{
	json *pair = json_object_new_object();

	js_add(pair, "start", js_hex(a));
	js_add(pair, second, js_hex(b));
	js_add(object, key, pair);
}

void js_add_explained(json *object, const struct vmw_explained *x,
		      const struct vmw_explanation *e)
{
	const struct vmw_judgement *j = &e->judgement;
	u64 first, last;

	add_pair(object, "pfn", "end", e->pfn, e->pfn + e->nr_pages);
	vmw_explain_phys(e, x->bounds, &first, &last);
	add_pair(object, "phys", "last", first, last);
	add_pair(object, "struct_pages", "end", j->start, j->end);
	js_add(object, "pages", js_number(e->nr_pages));
	js_add(object, "offset", js_number(e->offset));
	js_add(object, "verdict", js_text(vmw_verdict_names[j->verdict]));
	js_add(object, "kernel_warns", json_object_new_boolean(e->kernel_warns));
	js_add(object, "struct_page_regions",
	       js_regions(vmw_layout_regions_of(x->layout, j->start, j->end)));
	if (j->verdict == VMW_IN_BOUNDS) {
		js_add(object, "above_start", js_hex(e->above_start));
		js_add(object, "below_end", js_hex(e->below_end));
	} else {
		js_add(object, "bound", js_text(vmw_bound_name(x->bounds, j->bound)));
		js_add(object, "distance", js_hex(j->distance));
	}
}

static void add_memory(json *object, const struct vmw_explained *x,
		       const struct vmw_explanation *e)
{
	static const char *const words[] = {
		[VMW_RAM_NO] = "no",
		[VMW_RAM_PARTLY] = "partly",
		[VMW_RAM_YES] = "yes",
	};
	json *claims, *claim;
	u64 first, last;
	size_t i;

	if (!x->iomem) {
		js_add(object, "system_ram", js_text("unknown"));
		js_add(object, "system_ram_unknown", js_text(x->iomem_why));
		return;
	}
	vmw_explain_phys(e, x->bounds, &first, &last);
	js_add(object, "system_ram", js_text(words[vmw_iomem_ram(x->iomem, first, last)]));
	claims = json_object_new_array();
	for (i = 0; i < x->iomem->nr; i++) {
		const struct vmw_resource *r = &x->iomem->resources[i];

		if (r->last < first || r->start > last)
			continue;
		claim = json_object_new_object();
		js_add(claim, "start", js_hex(r->start));
		js_add(claim, "last", js_hex(r->last));
		js_add(claim, "depth", js_number(r->depth));
		js_add(claim, "name", js_bytes(r->name, strlen(r->name)));
		js_append(claims, claim);
	}
	js_add(object, "iomem", claims);
}

static json *explanation_json(const struct vmw_explained *x, const struct vmw_explanation *e)
{
	json *object = json_object_new_object();

	js_add(object, "what", js_bytes(e->what.text, strlen(e->what.text)));
	js_add(object, "kind", js_text(vmw_what_names[e->what.kind]));
	js_add(object, "first", js_hex(e->what.first));
	js_add(object, "last", js_hex(e->what.last));
	if (e->what.kind == VMW_WHAT_ADDRESS)
		js_add(object, "regions",
		       js_regions(vmw_layout_regions_of(x->layout, e->what.first,
							e->what.last + 1)));
	if (e->is_linear)
		js_add(object, "maps_phys", js_hex(e->linear_phys));
	js_add(object, "is_struct_page", json_object_new_boolean(e->has_pages));
	if (e->has_pages)
		js_add_explained(object, x, e);
	if (e->what.kind != VMW_WHAT_ADDRESS)
		add_memory(object, x, e);
	return object;
}

int vmw_export_explained_json(const struct vmw_explained *x, FILE *file)
{
	json *object = js_document(EXPLAIN_SCHEMA, x->layout);
	json *array = json_object_new_array();
	size_t i;

	js_add(object, "bounds", js_bounds(x->layout, false));
	for (i = 0; i < x->nr; i++)
		js_append(array, explanation_json(x, &x->explanations[i]));
	js_add(object, "explained", array);
	return js_write(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}
