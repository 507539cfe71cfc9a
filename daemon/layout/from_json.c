// SPDX-License-Identifier: GPL-2.0-only
/*
 * A layout, or a report that has one, as this program saved it. Readings come
 * back as they were; what was derived or by formula is computed anew.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "layout/from.h"

struct reader {
	struct vmw_layout *layout;
	char *why;
	size_t size;
	unsigned int found;
};

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

/* "0x..." as a string, or a number. */
static int number_of(struct json_object *object, const char *key, u64 *ret)
{
	struct json_object *value;
	const char *text;
	char *end;

	if (!json_object_object_get_ex(object, key, &value))
		return -ENOENT;
	if (json_object_is_type(value, json_type_int)) {
		/* Each of json-c's ways clamps what the other one holds. */
		*ret = json_object_get_int64(value) < 0 ? (u64)json_object_get_int64(value) :
							  json_object_get_uint64(value);
		return 0;
	}
	if (!json_object_is_type(value, json_type_string))
		return -EBADMSG;
	text = json_object_get_string(value);
	errno = 0;
	*ret = strtoull(text, &end, 16);
	return errno || strncmp(text, "0x", 2) || end == text + 2 || *end ? -EBADMSG : 0;
}

static int add(struct reader *reader, enum vmw_value_id id, struct vmw_reading *reading)
{
	if (!vmw_layout_is_sane(id, reading->value)) {
		snprintf(reader->why, reader->size, "\"%s\": arm64 has no such value",
			 vmw_value_infos[id].name);
		return -EBADMSG;
	}
	vmw_layout_add(reader->layout, id, reading);
	reader->found++;
	return 0;
}

static int bad_value(const struct reader *reader, enum vmw_value_id id)
{
	snprintf(reader->why, reader->size, "\"%s\": expected \"value\": \"0x...\" or a number",
		 vmw_value_infos[id].name);
	return -EBADMSG;
}

static int take_reading(struct reader *reader, enum vmw_value_id id, struct json_object *object)
{
	struct vmw_reading reading = { 0 };
	const char *source = text_of(object, "source"), *origin = text_of(object, "origin");
	const char *where = text_of(object, "where"), *variable = text_of(object, "variable");

	if (number_of(object, "value", &reading.value))
		return bad_value(reader, id);
	reading.source = source ? vmw_source_by_name(source) : VMW_NR_SOURCES;
	if (reading.source == VMW_NR_SOURCES || !origin) {
		snprintf(reader->why, reader->size,
			 "\"%s\": a reading has no known \"source\", or no \"origin\"",
			 vmw_value_infos[id].name);
		return -EBADMSG;
	}
	if (!strcmp(origin, vmw_origin_names[VMW_STATED]))
		reading.origin = VMW_STATED;
	else if (strcmp(origin, vmw_origin_names[VMW_LIVE]))
		return 0; /* computed: it will be again */
	vmw_from_copy(reading.where, sizeof(reading.where), where ? where : "");
	vmw_from_copy(reading.variable, sizeof(reading.variable), variable ? variable : "");
	return add(reader, id, &reading);
}

static int take_value(struct reader *reader, enum vmw_value_id id, struct json_object *object)
{
	struct vmw_reading stated = {
		.source = VMW_SOURCE_FILE,
		.origin = VMW_STATED,
		.where = "value",
	};
	struct json_object *readings;
	size_t i;
	int err = 0;

	if (!json_object_object_get_ex(object, "readings", &readings)) {
		err = number_of(object, "value", &stated.value);
		if (err == -ENOENT)
			return 0;
		return err ? bad_value(reader, id) : add(reader, id, &stated);
	}
	if (!json_object_is_type(readings, json_type_array)) {
		snprintf(reader->why, reader->size, "\"%s\": expected \"readings\": [...]",
			 vmw_value_infos[id].name);
		return -EBADMSG;
	}
	for (i = 0; !err && i < json_object_array_length(readings); i++)
		err = take_reading(reader, id, json_object_array_get_idx(readings, i));
	return err;
}

static int take_values(struct reader *reader, struct json_object *values)
{
	enum vmw_value_id id;
	int err = 0;

	json_object_object_foreach(values, name, object)
	{
		id = vmw_value_by_name(name);
		if (id == VMW_NR_VALUES)
			continue;
		err = take_value(reader, id, object);
		if (err)
			break;
	}
	return err;
}

static void take_kernel(struct vmw_layout *layout, struct json_object *object)
{
	const char *kernel = text_of(object, "kernel");
	struct json_object *kasan;
	u64 scale, offset;

	if (kernel)
		vmw_layout_set_release(layout, kernel);
	if (json_object_object_get_ex(object, "kasan", &kasan) &&
	    !number_of(kasan, "scale_shift", &scale) && scale < 8 &&
	    !number_of(kasan, "offset", &offset))
		layout->kasan = (struct vmw_kasan){ scale, offset };
}

/* What the sources of that kernel said of themselves. */
static void take_sources(struct vmw_layout *layout, struct json_object *object)
{
	static const char failed[] = "not here", unused[] = "not asked";
	struct json_object *sources, *source;
	size_t i;

	if (!json_object_object_get_ex(object, "sources", &sources) ||
	    !json_object_is_type(sources, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(sources); i++) {
		const char *name, *status, *note;
		enum vmw_source_id id;

		source = json_object_array_get_idx(sources, i);
		name = text_of(source, "name");
		status = text_of(source, "status");
		note = text_of(source, "note");
		id = name ? vmw_source_by_name(name) : VMW_NR_SOURCES;
		if (id == VMW_NR_SOURCES || id == VMW_SOURCE_FORMULA || !status)
			continue;
		layout->sources[id].state = !strcmp(status, failed) ? VMW_SOURCE_FAILED :
					    !strcmp(status, unused) ? VMW_SOURCE_UNUSED :
								      VMW_SOURCE_READ;
		vmw_from_copy(layout->sources[id].note, sizeof(layout->sources[id].note),
			      note ? note : "");
	}
}

static int take(struct reader *reader, struct json_object *document)
{
	struct json_object *layout, *values;
	int err;

	if (!json_object_object_get_ex(document, "layout", &layout) ||
	    !json_object_object_get_ex(layout, "values", &values) ||
	    !json_object_is_type(values, json_type_object)) {
		snprintf(reader->why, reader->size,
			 "expected a layout or report of vmemmapwatch: {\"layout\": {\"values\": {...}}}");
		return -EBADMSG;
	}
	take_kernel(reader->layout, layout);
	take_sources(reader->layout, layout);
	err = take_values(reader, values);
	if (!err && !reader->found) {
		snprintf(reader->why, reader->size, "its layout has no known value");
		err = -EBADMSG;
	}
	return err;
}

/*
 * The last document of @text: a stream has one in each line, and the report is
 * the last of them. NULL, and why, where one of them is no JSON.
 */
static struct json_object *parse_last(struct json_tokener *tokener, const char *text,
				      size_t length, char *why, size_t size)
{
	struct json_object *document = NULL, *next;
	enum json_tokener_error error;
	size_t at = 0;

	while (at < length) {
		json_tokener_reset(tokener);
		next = json_tokener_parse_ex(tokener, text + at, length - at);
		error = json_tokener_get_error(tokener);
		at += json_tokener_get_parse_end(tokener);
		if (error != json_tokener_success) {
			snprintf(why, size, "not JSON, at byte %zu: %s", at,
				 error == json_tokener_continue ? "it ends too early" :
								  json_tokener_error_desc(error));
			json_object_put(document);
			return NULL;
		}
		json_object_put(document);
		document = next;
		at += strspn(text + at, " \t\r\n");
	}
	return document;
}

int vmw_from_json(struct vmw_layout *layout, const char *text, char *why, size_t size)
{
	struct reader reader = { .layout = layout, .why = why, .size = size };
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *document;
	int err = -EBADMSG;

	if (!tokener) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	layout->file = VMW_FILE_JSON;
	snprintf(why, size, "expected a layout or report of vmemmapwatch, as JSON");
	document = parse_last(tokener, text, strlen(text), why, size);
	if (document)
		err = take(&reader, document);
	json_object_put(document);
	json_tokener_free(tokener);
	return err;
}
