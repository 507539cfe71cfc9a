// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/json/json_build.h"
#include "report/report.h"

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

void js_begin(struct js_stream *stream, FILE *file, bool pretty)
{
	*stream = (struct js_stream){ .file = file, .pretty = pretty };
	failed = false;
	if (fputc('{', file) == EOF)
		stream->error = -errno;
}

static void put(struct js_stream *stream, const char *text)
{
	if (!stream->error && fputs(text, stream->file) == EOF)
		stream->error = errno ? -errno : -EIO;
}

/* To the start of a line at the depth that we are at. */
static void put_line(struct js_stream *stream)
{
	if (stream->pretty)
		put(stream, stream->in_array ? "\n    " : "\n  ");
}

/* json-c's lines, further to the right; line ends within strings are escaped. */
static void put_value(struct js_stream *stream, json *value)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE |
		    (stream->pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
				      JSON_C_TO_STRING_PLAIN);
	const char *text = json_object_to_json_string_ext(value, flags);
	const char *end;

	if (!text && !stream->error)
		stream->error = -ENOMEM;
	for (; text && !stream->error && *text; text = end) {
		end = strchrnul(text, '\n');
		if (fwrite(text, 1, end - text, stream->file) != (size_t)(end - text))
			stream->error = errno ? -errno : -EIO;
		if (*end) {
			put_line(stream);
			end++;
		}
	}
}

/* What stands in front of a member or an element. */
static void put_front(struct js_stream *stream, const char *key)
{
	if (stream->filled)
		put(stream, ",");
	put_line(stream);
	stream->filled = true;
	if (!key)
		return;
	/* Keys are ours: words without a character to be escaped. */
	put(stream, "\"");
	put(stream, key);
	put(stream, stream->pretty ? "\": " : "\":");
}

void js_element(struct js_stream *stream, json *value)
{
	js_member(stream, NULL, value);
}

void js_member(struct js_stream *stream, const char *key, json *value)
{
	if ((failed || !value) && !stream->error)
		stream->error = -ENOMEM;
	failed = false;
	put_front(stream, key);
	if (!stream->error)
		put_value(stream, value);
	json_object_put(value);
}

void js_members(struct js_stream *stream, json *object)
{
	if ((failed || !object) && !stream->error)
		stream->error = -ENOMEM;
	if (object) {
		json_object_object_foreach(object, key, value)
			js_member(stream, key, json_object_get(value));
	}
	json_object_put(object);
}

void js_null(struct js_stream *stream, const char *key)
{
	put_front(stream, key);
	put(stream, "null");
}

void js_array(struct js_stream *stream, const char *key)
{
	put_front(stream, key);
	put(stream, "[");
	stream->in_array = true;
	stream->filled = false;
}

void js_array_end(struct js_stream *stream)
{
	stream->in_array = false;
	if (stream->filled)
		put_line(stream);
	put(stream, "]");
	stream->filled = true;
}

int js_end(struct js_stream *stream)
{
	put(stream, stream->pretty ? "\n}\n" : "}\n");
	if (fflush(stream->file) && !stream->error)
		stream->error = errno ? -errno : -EIO;
	return stream->error;
}
