// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"

void vmw_format_bytes(const char *bytes, size_t length, char *text, size_t size)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < length && bytes[i] && n + 5 <= size; i++) {
		unsigned char c = bytes[i];

		if (isascii(c) && isprint(c))
			text[n++] = c;
		else
			n += snprintf(text + n, size - n, "\\x%02x", c);
	}
	text[n] = '\0';
}

void vmw_format_errno(int error, char *text, size_t size)
{
	/* Out of a state it may be any number, and the lowest has no opposite. */
	const char *name = error == INT_MIN ? NULL : strerrorname_np(-error);

	if (name)
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "errno %d", -error);
}

void vmw_format_distance(u64 bytes, char *text, size_t size)
{
	char people[24];

	if (bytes < 1024) {
		snprintf(text, size, "0x%llx bytes", bytes);
		return;
	}
	vmw_format_size(bytes, people, sizeof(people));
	snprintf(text, size, "0x%llx bytes (%s)", bytes, people);
}

const char *vmw_format_count(u64 n, const char *noun, char *text, size_t size)
{
	bool hisses = noun[strlen(noun) - 1] == 's';

	snprintf(text, size, "%llu %s%s", n, noun, n == 1 ? "" : hisses ? "es" : "s");
	return text;
}

void vmw_format_size(u64 bytes, char *text, size_t size)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int unit = 0;
	u64 rest = 0;

	if (!bytes) {
		snprintf(text, size, "16 EiB");
		return;
	}
	while (bytes >= 1024) {
		rest = (bytes & 1023) | !!rest;
		bytes >>= 10;
		unit++;
	}
	if (rest)
		snprintf(text, size, "%llu.%llu %s", bytes, rest * 10 / 1024, units[unit]);
	else
		snprintf(text, size, "%llu %s", bytes, units[unit]);
}

unsigned int vmw_wrap(FILE *file, int columns, int at, int indent, const char *text)
{
	unsigned int lines = 1;
	bool empty = true;

	while (*text) {
		int blanks = strspn(text, " "), word = strcspn(text + blanks, " ");

		if (at + blanks + word > columns && !empty) {
			at = fprintf(file, "\n%*s", indent, "") - 1;
			lines++;
			text += blanks;
			blanks = 0;
		}
		at += fprintf(file, "%.*s", blanks + word, text);
		text += blanks + word;
		empty = false;
	}
	fputc('\n', file);
	return lines;
}

void vmw_tidy_bool(bool *value)
{
	unsigned char byte;

	memcpy(&byte, value, 1);
	*value = byte != 0;
}

void vmw_tidy_text(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}
