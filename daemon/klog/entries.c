// SPDX-License-Identifier: GPL-2.0-only
/*
 * systemd's Journal Export Format and Journal JSON Format, and the text of its
 * logs-show.c (systemd 252). Fields come in any order, so that a message is passed on when its entry has ended.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "klog/entries.h"
#include "klog/names.h"

#define MAX_DEPTH 8

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Collectors keep many lines in one message. */
static void send_message(struct vmw_records *r)
{
	char *line, *end;

	if (!r->has_message)
		return;
	for (line = r->message; line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		r->fn(r->data, line, r->number, r->time_ns, r->foreign);
	}
}

static void end_entry(struct vmw_records *r)
{
	send_message(r);
	r->has_message = r->foreign = r->kernel = r->announced = r->open = false;
	r->time_ns = r->binary = 0;
}

static void blank_nuls(char *text, size_t length)
{
	for (; length; text++, length--)
		*text = *text ? *text : ' ';
}

static void set_message(struct vmw_records *r, const char *text, size_t length, u64 number)
{
	/* A message without an end of the entry before it. */
	if (r->has_message)
		end_entry(r);
	if (length > VMW_MAX_MESSAGE)
		length = VMW_MAX_MESSAGE;
	memcpy(r->message, text, length);
	blank_nuls(r->message, length);
	r->message[length] = '\0';
	r->has_message = r->open = true;
	r->number = number;
}

/* Microseconds of CLOCK_MONOTONIC, as text. */
static void set_time(struct vmw_records *r, const char *text)
{
	u64 us = strtoull(text, NULL, 10);

	if (us < ~0ULL / 1000)
		r->time_ns = us * 1000;
}

static bool is_key(const char *text)
{
	size_t n = 0;

	while (isupper((unsigned char)text[n]) || isdigit((unsigned char)text[n]) ||
	       text[n] == '_')
		n++;
	return n && text[n] == '=';
}

/* Fields that only a journal has; others count within an entry. */
static bool is_journal(const char *text)
{
	static const char *const keys[] = { "__CURSOR=",   "__REALTIME_TIMESTAMP=",
					    "__MONOTONIC", "_SOURCE_MONOTONIC_TIMESTAMP=",
					    "_TRANSPORT=", "_BOOT_ID=",
					    "MESSAGE=",	   "SYSLOG_IDENTIFIER=",
					    "__SEQNUM" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (begins(text, keys[i]))
			return true;
	}
	return false;
}

static void set_transport(struct vmw_records *r, const char *text)
{
	r->kernel = !strcmp(text, "kernel") || !strcmp(text, "kernel\r");
	r->foreign = !r->kernel;
}

static void take_field(struct vmw_records *r, const char *text, u64 number)
{
	r->open = true;
	/* In the export form an entry begins with it. */
	if (begins(text, "__CURSOR=") && r->has_message)
		end_entry(r);
	if (begins(text, "MESSAGE="))
		set_message(r, text + 8, strlen(text + 8), number);
	else if (begins(text, "_TRANSPORT="))
		set_transport(r, text + 11);
	else if (begins(text, "_SOURCE_MONOTONIC_TIMESTAMP="))
		set_time(r, text + 28);
	else if (begins(text, "__MONOTONIC_TIMESTAMP=") && !r->time_ns)
		set_time(r, text + 22);
}

/* The line behind "MESSAGE": eight bytes of length, and the text, which may go on. */
static void take_binary(struct vmw_records *r, const char *line, size_t length, u64 number)
{
	u64 size = 0;
	int i;

	if (r->announced) {
		r->announced = false;
		if (length < 8)
			return;
		for (i = 7; i >= 0; i--)
			size = size << 8 | (unsigned char)line[i];
		line += 8;
		length -= 8;
		r->binary = size;
		set_message(r, line, length, number);
		r->binary = size > length ? size - length - 1 : 0;
		return;
	}
	/* A message of several lines is as many lines. */
	send_message(r);
	r->has_message = false;
	size = r->binary;
	set_message(r, line, length, number);
	r->binary = size > length ? size - length - 1 : 0;
}

/* The text of a JSON value: a string, or what has no text, as an array of bytes. */
static size_t json_text(struct json_object *value, char *text, size_t size)
{
	size_t i, n;

	if (json_object_is_type(value, json_type_string)) {
		n = json_object_get_string_len(value);
		n = n < size ? n : size - 1;
		memcpy(text, json_object_get_string(value), n);
	} else if (json_object_is_type(value, json_type_array)) {
		n = json_object_array_length(value);
		n = n < size ? n : size - 1;
		for (i = 0; i < n; i++)
			text[i] = json_object_get_int(json_object_array_get_idx(value, i));
	} else {
		return 0;
	}
	blank_nuls(text, n);
	while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	text[n] = '\0';
	return n;
}

/* A member that is no message: what it mentions is not read. */
static void look_into(struct vmw_records *r, const char *value, u64 number)
{
	enum vmw_mention mention;
	char text[64];

	value = vmw_next_mention(value, value + strlen(value), &mention);
	if (!value)
		return;
	snprintf(text, sizeof(text), "%s", value);
	r->fn(r->data, text, number, 0, true);
}

/* One member of an object that is an entry. */
static void take_member(struct vmw_records *r, const char *key, struct json_object *value,
			u64 number)
{
	char text[64];

	if (!strcmp(key, "MESSAGE") || !strcmp(key, "message") || !strcmp(key, "msg") ||
	    !strcmp(key, "log")) {
		if (r->has_message)
			end_entry(r);
		r->has_message = json_text(value, r->message, sizeof(r->message));
		r->open |= r->has_message;
		r->number = number;
	} else if (!strcmp(key, "_TRANSPORT") && json_text(value, text, sizeof(text))) {
		set_transport(r, text);
	} else if (!strcmp(key, "_SOURCE_MONOTONIC_TIMESTAMP") &&
		   json_text(value, text, sizeof(text))) {
		set_time(r, text);
	} else if (!strcmp(key, "__MONOTONIC_TIMESTAMP") && !r->time_ns &&
		   json_text(value, text, sizeof(text))) {
		set_time(r, text);
	} else if (json_object_is_type(value, json_type_string)) {
		look_into(r, json_object_get_string(value), number);
	}
}

static bool take_json(struct vmw_records *r, struct json_object *object, u64 number)
{
	struct json_object_iterator i, end;
	size_t n;

	if (json_object_is_type(object, json_type_array)) {
		for (n = 0; n < json_object_array_length(object); n++) {
			if (!take_json(r, json_object_array_get_idx(object, n), number))
				return n > 0;
		}
		return n > 0;
	}
	if (!json_object_is_type(object, json_type_object))
		return false;
	end_entry(r);
	i = json_object_iter_begin(object);
	end = json_object_iter_end(object);
	for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i))
		take_member(r, json_object_iter_peek_name(&i), json_object_iter_peek_value(&i),
			    number);
	if (!r->has_message)
		return false;
	end_entry(r);
	return true;
}

static struct json_object *parse(const char *text, size_t length)
{
	struct json_tokener *tokener = json_tokener_new_ex(MAX_DEPTH);
	struct json_object *object;

	if (!tokener || length > 1 << 20) {
		if (tokener)
			json_tokener_free(tokener);
		return NULL;
	}
	object = json_tokener_parse_ex(tokener, text, length);
	json_tokener_free(tokener);
	return object;
}

static bool has_message(const char *text, size_t length)
{
	static const char *const keys[] = { "\"MESSAGE\"", "\"message\"", "\"msg\"", "\"log\"" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (memmem(text, length, keys[i], strlen(keys[i])))
			return true;
	}
	return false;
}

/* A whole object or list on the line; behind "data: ", "- " or a record separator. */
static bool take_object(struct vmw_records *r, const char *line, size_t length, u64 number)
{
	const char *text = line;
	struct json_object *object;
	bool taken;

	while (text < line + length && strchr(" \t\x1e,", *text) && *text)
		text++;
	if (begins(text, "data: "))
		text += 6;
	else if (begins(text, "- {"))
		text += 2;
	if (*text != '{' && !begins(text, "[{"))
		return false;
	length -= text - line;
	if (!has_message(text, length))
		return false;
	object = parse(text, length);
	taken = object && take_json(r, object, number);
	json_object_put(object);
	return taken;
}

/* A line of json-pretty: "KEY" : VALUE, */
static bool take_pretty(struct vmw_records *r, const char *line, u64 number)
{
	const char *text = line + strspn(line, " \t"), *end;
	struct json_object *value;
	char key[40];

	if (*text != '"')
		return false;
	end = strchr(text + 1, '"');
	if (!end || !begins(end, "\" : ") || (size_t)(end - text) > sizeof(key))
		return false;
	memcpy(key, text + 1, end - text - 1);
	key[end - text - 1] = '\0';
	value = parse(end + 4, strlen(end + 4));
	if (!value)
		return false;
	if (!strcmp(key, "__CURSOR"))
		end_entry(r);
	r->open = true;
	take_member(r, key, value, number);
	json_object_put(value);
	return true;
}

/* The first line of an entry of the verbose form ends with its cursor. */
static bool is_verbose_head(const char *line)
{
	const char *cursor = strstr(line, " [s=");

	return cursor && strstr(cursor, ";i=") && line[strlen(line) - 1] == ']';
}

/* A line of json-pretty that has nothing but a brace. */
static bool is_brace(const char *text)
{
	return (*text == '{' || *text == '}' || *text == '[' || *text == ']') &&
	       (!text[1] || !strcmp(text + 1, ",") || !strcmp(text + 1, "\r"));
}

static bool may_be_json(const char *text)
{
	return strchr("\"{[-\x1e", *text) || begins(text, "data: ");
}

bool vmw_records_line(struct vmw_records *r, char *line, size_t length, u64 number)
{
	const char *text = line + strspn(line, " \t");

	if (r->announced || r->binary) {
		take_binary(r, line, length, number);
		return true;
	}
	if (!*text || !strcmp(text, "\r") || is_brace(text)) {
		if (r->open)
			end_entry(r);
		return *text && *text != '\r' && r->pretty;
	}
	if (r->open ? is_key(text) : is_journal(text)) {
		take_field(r, text, number);
		return true;
	}
	if (!strcmp(text, "MESSAGE") && r->open) {
		r->announced = true;
		return true;
	}
	if (may_be_json(text)) {
		if (take_object(r, line, length, number))
			return true;
		if (take_pretty(r, line, number)) {
			r->pretty = true;
			return true;
		}
	}
	if (is_verbose_head(line)) {
		end_entry(r);
		r->open = true;
		return true;
	}
	if (r->open)
		end_entry(r);
	return false;
}

void vmw_records_end(struct vmw_records *records)
{
	end_entry(records);
}

void vmw_records_fronts(void (*fn)(const char *front))
{
	fn("MESSAGE=");
	fn("MESSAGE");
	fn("data: {");
}
