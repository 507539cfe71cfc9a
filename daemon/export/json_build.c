// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "json_build.h"
#include "report.h"

/*
 * json-c answers NULL for lack of memory, which would read as a null in the
 * document. One such answer spoils the whole document: js_write() sees it.
 */
static bool failed;

void js_add(json *object, const char *key, json *value)
{
	if (object && value && !json_object_object_add(object, key, value))
		return;
	failed = true;
	json_object_put(value);
}

void js_append(json *array, json *value)
{
	if (array && value && !json_object_array_add(array, value))
		return;
	failed = true;
	json_object_put(value);
}

json *js_hex(u64 value)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_object_new_string(text);
}

json *js_number(u64 value)
{
	return json_object_new_uint64(value);
}

json *js_text(const char *text)
{
	return json_object_new_string(text);
}

json *js_bytes(const char *bytes, size_t length)
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

int js_write(json *object, int flags, FILE *file)
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
