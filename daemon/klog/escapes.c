// SPDX-License-Identifier: GPL-2.0-only
/* What is for terminals alone: dmesg --color=always, script(1), serial consoles. */
#include <string.h>

#include "klog/strip.h"

#define ESC '\033'
#define BEL '\a'

/* Behind the bytes from @first to @last. */
static const char *skip_range(const char *p, char first, char last)
{
	while (*p >= first && *p <= last)
		p++;
	return p;
}

/* "ESC ] 0;title BEL", or with "ESC \" at its end. */
static const char *skip_title(const char *p)
{
	while (*p && *p != BEL && *p != ESC)
		p++;
	if (*p == BEL)
		return p + 1;
	return *p && p[1] == '\\' ? p + 2 : p;
}

/* Behind a sequence of ECMA-48, whose ESC is in front of @p. */
static const char *skip_sequence(const char *p)
{
	if (*p == '[') {
		p = skip_range(p + 1, 0x30, 0x3f);
		p = skip_range(p, 0x20, 0x2f);
	} else if (*p == ']') {
		return skip_title(p + 1);
	} else {
		p = skip_range(p, 0x20, 0x2f);
	}
	return *p >= 0x30 && *p <= 0x7e ? p + 1 : p;
}

void vmw_drop_escapes(char *line)
{
	char *to = strchr(line, ESC);
	const char *from = to;

	if (!to)
		return;
	while (*from) {
		if (*from == ESC)
			from = skip_sequence(from + 1);
		else
			*to++ = *from++;
	}
	*to = '\0';
}
