/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Building JSON with json-c, so that what cannot be allocated is no "null" in
 * the document but an error of writing it.
 */
#ifndef VMEMMAPWATCH_EXPORT_JSON_BUILD_H
#define VMEMMAPWATCH_EXPORT_JSON_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <json-c/json.h>

#include <vmemmapwatch/types.h>

typedef struct json_object json;

/* Both take @value over. A NULL of either spoils what is written next. */
void js_add(json *object, const char *key, json *value);
void js_append(json *array, json *value);

/* "0x..." as a string: addresses, pfns and ids do not fit a double. */
json *js_hex(u64 value);
json *js_number(u64 value);
json *js_text(const char *text);

/* Text that others chose: at most @length of any bytes, made printable. */
json *js_bytes(const char *bytes, size_t length);

/*
 * Write @object, which is freed, as one line or with @flags of json-c's, and
 * flush. -ENOMEM if anything was spoilt since the last call.
 */
int js_write(json *object, int flags, FILE *file);

/*
 * A document that is written in pieces, so that only one piece of it is in memory:
 * an object of members, each a value or an array of elements. An error ends the
 * writing, and js_end() tells of it.
 */
struct js_stream {
	FILE *file;
	bool pretty; /* on lines of their own, indented; else one line */
	bool in_array;
	bool filled; /* a member or an element stands before the next one */
	int error;   /* negative errno of the first failure */
};

void js_begin(struct js_stream *stream, FILE *file, bool pretty);

/* Both take @value over, write it and free it. */
void js_member(struct js_stream *stream, const char *key, json *value);
void js_element(struct js_stream *stream, json *value);

/* Each member of @object, which is taken over; a null. */
void js_members(struct js_stream *stream, json *object);
void js_null(struct js_stream *stream, const char *key);

/* The member @key is an array of the js_element()s up to js_array_end(). */
void js_array(struct js_stream *stream, const char *key);
void js_array_end(struct js_stream *stream);

/* Close the document and flush it. 0 or the first negative errno. */
int js_end(struct js_stream *stream);

#endif
