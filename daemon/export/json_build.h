/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Building JSON with json-c, so that what cannot be allocated is no "null" in
 * the document but an error of writing it.
 */
#ifndef VMEMMAPWATCH_EXPORT_JSON_BUILD_H
#define VMEMMAPWATCH_EXPORT_JSON_BUILD_H

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

/* Of daemon/export/layout_json.c: what several documents hold. */
struct vmw_layout;
json *vmw_layout_json(const struct vmw_layout *layout);
json *vmw_bounds_json(const struct vmw_layout *layout);

/* The names of @kinds of regions, a bit each. */
json *vmw_regions_json(u32 kinds);

/*
 * Write @object, which is freed, as one line or with @flags of json-c's, and
 * flush. -ENOMEM if anything was spoilt since the last call.
 */
int js_write(json *object, int flags, FILE *file);

#endif
