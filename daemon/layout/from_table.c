// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines "NAME: value", as people paste them into mail: a comment may follow the
 * value, prose may stand between them, "NAME := 0xffff_8000_0000_0000" will do.
 * Of a reply the quoted lines count only where no others do.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout/from.h"

/* Names that mean one of ours. */
static const struct {
	const char *name;
	enum vmw_value_id id;
} aliases[] = {
	{ "memstart_addr", VMW_VALUE_PHYS_OFFSET },
	{ "memstart_addr (signed 64-bit)", VMW_VALUE_PHYS_OFFSET },
	{ "CONFIG_ARM64_VA_BITS", VMW_VALUE_VA_BITS },
	{ "vabits_actual", VMW_VALUE_VA_BITS_ACTUAL },
};

static enum vmw_value_id find_id(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(aliases); i++) {
		if (!strcmp(name, aliases[i].name))
			return aliases[i].id;
	}
	return vmw_value_by_name(name);
}

/* A number of C with _ between digits; what follows is a comment. */
static int parse_value(const char *text, u64 *ret)
{
	char digits[32], *end;
	size_t n = 0;

	for (; (isalnum((unsigned char)*text) || *text == '_' || (*text == '-' && !n)); text++) {
		if (*text == '_')
			continue;
		if (n + 1 == sizeof(digits))
			return -EBADMSG;
		digits[n++] = *text;
	}
	digits[n] = '\0';
	errno = 0;
	*ret = strtoull(digits, &end, strncasecmp(digits, "0x", 2) ? 10 : 16);
	return errno || end == digits || *end ? -EBADMSG : 0;
}

/* The name in front of @colon, trimmed; false where there is none. */
static bool take_name(const char *line, const char *colon, char *name, size_t size)
{
	size_t length;

	line += strspn(line, " \t>*-");
	length = colon > line ? (size_t)(colon - line) : 0;
	while (length && isspace((unsigned char)line[length - 1]))
		length--;
	if (!length || length >= size)
		return false;
	memcpy(name, line, length);
	name[length] = '\0';
	return true;
}

struct table {
	struct vmw_layout *layout;
	bool quoted; /* take the lines that begin with > */
	unsigned int found;
	char *why;
	size_t size;
};

static int take_line(struct table *table, const char *line, unsigned int number, bool is_cut)
{
	const char *colon = line + strcspn(line, ":=");
	struct vmw_reading reading = {
		.source = VMW_SOURCE_FILE,
		.origin = VMW_STATED,
	};
	unsigned int major, minor;
	enum vmw_value_id id;
	char name[64];

	if (!*colon || (*line == '>') != table->quoted ||
	    !take_name(line, colon, name, sizeof(name)))
		return 0;
	/* Either of them, or ":=", or "==". */
	colon += strspn(colon, ":=");
	colon += strspn(colon, " \t");
	if (!strcmp(name, "kernel")) {
		colon += strncmp(colon, "Linux ", 6) ? 0 : 6;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(colon, " \t\r"), colon);
		/* It is a front of lines, too, and a word of prose: a release, and once. */
		if (!*table->layout->kernel && sscanf(name, "%u.%u", &major, &minor) == 2)
			vmw_layout_set_release(table->layout, name);
		return 0;
	}
	id = find_id(name);
	/* A name of ours, with a word behind the colon, is prose about it. */
	if (id == VMW_NR_VALUES || isalpha((unsigned char)*colon))
		return 0;
	if (is_cut || parse_value(colon, &reading.value)) {
		snprintf(table->why, table->size,
			 "line %u: %s: expected a number, as 0x... or decimal", number, name);
		return -EBADMSG;
	}
	if (!vmw_layout_is_sane(id, reading.value)) {
		snprintf(table->why, table->size, "line %u: %s: arm64 has no such value",
			 number, name);
		return -EBADMSG;
	}
	snprintf(reading.where, sizeof(reading.where), "line %u, %s", number, name);
	vmw_layout_add(table->layout, id, &reading);
	table->found++;
	return 0;
}

static int take_lines(struct table *table, const char *text)
{
	unsigned int number = 1;
	char line[256];
	int err = 0;

	for (; !err && *text; number++) {
		size_t length = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s",
			 (int)(length < sizeof(line) ? length : sizeof(line) - 1), text);
		err = take_line(table, line, number, length >= sizeof(line));
		text += length + (text[length] == '\n');
	}
	return err;
}

int vmw_from_line(struct vmw_layout *layout, const char *line, unsigned int number)
{
	char why[128];
	struct table table = { .layout = layout, .why = why, .size = sizeof(why) };
	int err = take_line(&table, line, number, false);

	return err ? err : (int)table.found;
}

/* What people save instead of the JSON: vmw_describe_layout(), for people. */
static bool is_our_text(const char *text)
{
	static const char title[] = "LAYOUT of ";

	return !strncmp(text, title, sizeof(title) - 1) || strstr(text, "\nLAYOUT of ");
}

int vmw_from_table(struct vmw_layout *layout, const char *text, char *why, size_t size)
{
	struct table table = { .layout = layout, .why = why, .size = size };
	int err;

	layout->file = VMW_FILE_TABLE;
	err = take_lines(&table, text);

	if (!err && !table.found) {
		table.quoted = true;
		err = take_lines(&table, text);
	}
	if (err || table.found)
		return err;
	if (is_our_text(text))
		snprintf(why, size,
			 "expected JSON, not the text of --layout or of a report: save it with --layout --json");
	else
		snprintf(why, size,
			 "expected JSON of --layout, a vmcoreinfo text, or lines \"VMEMMAP_START: 0x...\"");
	return -ENODATA;
}
