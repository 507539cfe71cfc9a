// SPDX-License-Identifier: GPL-2.0-only
/* The layout as JSON: daemon/layout/from_json.c reads it again. */
#include <errno.h>
#include <string.h>

#include "output/export.h"
#include "output/json/json_parts.h"

#define LAYOUT_SCHEMA "vmemmapwatch.layout/1"

static json *address_json(bool redact, enum vmw_secret secret, u64 value)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_address(redact, secret, value, 1, text);
	return js_text(text);
}

static json *number_json(bool redact, enum vmw_value_id id, u64 value)
{
	return vmw_value_infos[id].base == 16 ? address_json(redact, vmw_secret_of(id), value) :
						js_number(value);
}

static json *reading_json(bool redact, enum vmw_value_id id, const struct vmw_reading *r)
{
	json *object = json_object_new_object();

	js_add(object, "value", number_json(redact, id, r->value));
	js_add(object, "source", js_text(vmw_source_names[r->source]));
	js_add(object, "where", js_bytes(r->where, strlen(r->where)));
	js_add(object, "origin", js_text(vmw_origin_names[r->origin]));
	if (*r->variable)
		js_add(object, "variable", js_bytes(r->variable, strlen(r->variable)));
	return object;
}

static json *value_json(const struct vmw_layout *layout, bool redact, enum vmw_value_id id)
{
	const struct vmw_value *v = &layout->values[id];
	json *object = json_object_new_object();
	json *readings = json_object_new_array();
	unsigned int i;

	if (v->nr) {
		js_add(object, "value", number_json(redact, id, v->readings[0].value));
		js_add(object, "source", js_text(vmw_source_names[v->readings[0].source]));
	}
	js_add(object, "agreement", js_text(vmw_layout_agreement(layout, id)));
	js_add(object, "independent_live_sources", js_number(vmw_layout_witnesses(v)));
	js_add(object, "formula_differs", json_object_new_boolean(vmw_layout_formula_differs(v)));
	for (i = 0; i < v->nr; i++)
		js_append(readings, reading_json(redact, id, &v->readings[i]));
	js_add(object, "readings", readings);
	return object;
}

static json *source_json(enum vmw_source_id id, const struct vmw_source *s)
{
	static const char *const states[] = {
		[VMW_SOURCE_UNUSED] = "not asked",
		[VMW_SOURCE_READ] = "read",
		[VMW_SOURCE_FAILED] = "not here",
	};
	json *object = json_object_new_object();

	js_add(object, "name", js_text(vmw_source_names[id]));
	js_add(object, "status", js_text(states[s->state]));
	if (*s->note)
		js_add(object, "note", js_bytes(s->note, strlen(s->note)));
	return object;
}

static json *regions_json(const struct vmw_layout *layout, bool redact)
{
	json *array = json_object_new_array();
	size_t i;

	for (i = 0; i < layout->nr_regions; i++) {
		const struct vmw_region *r = &layout->regions[i];
		json *object = json_object_new_object();

		js_add(object, "name", js_text(vmw_region_names[r->kind]));
		js_add(object, "start", address_json(redact, VMW_SECRET_VALUE, r->start));
		js_add(object, "last", address_json(redact, VMW_SECRET_VALUE, r->last));
		js_append(array, object);
	}
	return array;
}

json *js_regions(u32 kinds)
{
	json *array = json_object_new_array();
	int kind;

	for (kind = 0; kind < VMW_NR_REGIONS; kind++) {
		if (kinds >> kind & 1)
			js_append(array, js_text(vmw_region_names[kind]));
	}
	return array;
}

static json *pair_json(bool redact, u64 start, u64 end)
{
	json *object = json_object_new_object();

	js_add(object, "start", address_json(redact, VMW_SECRET_PLACE, start));
	js_add(object, "end", address_json(redact, VMW_SECRET_PLACE, end));
	return object;
}

/* Both pairs: what the kernel compares with, and where struct pages may be. */
json *js_bounds(const struct vmw_layout *layout, bool redact)
{
	json *object = json_object_new_object();
	enum vmw_value_id missing;
	u64 nominal, start, end;
	struct vmw_bounds bounds;
	int err;

	err = vmw_layout_bounds(layout, &bounds, &missing);
	if (err)
		js_add(object, "missing", js_text(vmw_value_infos[missing].name));
	if ((err && err != -ENODATA) || !vmw_layout_get(layout, VMW_VALUE_START, &nominal) ||
	    !vmw_layout_get(layout, VMW_VALUE_EFFECTIVE, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_END, &end))
		return object;
	js_add(object, "nominal", pair_json(redact, nominal, end));
	js_add(object, "effective", pair_json(redact, start, end));
	return object;
}

json *js_layout(const struct vmw_layout *layout, bool redact)
{
	json *object = json_object_new_object();
	json *values = json_object_new_object();
	json *sources = json_object_new_array();
	json *kasan;
	int id;

	js_add(object, "kernel", js_bytes(layout->kernel, strlen(layout->kernel)));
	js_add(object, "bounds", js_bounds(layout, redact));
	for (id = 0; id < VMW_NR_VALUES; id++)
		js_add(values, vmw_value_infos[id].name, value_json(layout, redact, id));
	js_add(object, "values", values);
	js_add(object, "regions", regions_json(layout, redact));
	for (id = 0; id < VMW_NR_SOURCES; id++)
		js_append(sources, source_json(id, &layout->sources[id]));
	js_add(object, "sources", sources);
	js_add(object, "formulas_of", js_text(layout->era));
	if (layout->kasan.scale_shift) {
		kasan = json_object_new_object();
		js_add(kasan, "scale_shift", js_number(layout->kasan.scale_shift));
		js_add(kasan, "offset",
		       address_json(redact, VMW_SECRET_VALUE, layout->kasan.offset));
		js_add(object, "kasan", kasan);
	}
	return object;
}

int vmw_export_layout_json(const struct vmw_layout *layout, bool redact, FILE *file)
{
	json *object = json_object_new_object();

	js_add(object, "schema", js_text(LAYOUT_SCHEMA));
	js_add(object, "version", js_text(VMW_VERSION));
	js_add(object, "redacted", json_object_new_boolean(redact));
	js_add(object, "layout", js_layout(layout, redact));
	return js_write(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}
