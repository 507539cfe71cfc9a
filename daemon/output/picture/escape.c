// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "output/picture/escape.h"

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void vmw_html_bytes(const char *text, size_t length, FILE *file)
{
	size_t i;

	for (i = 0; i < length && text[i]; i++) {
		const char *instead = reference(text[i]);
		unsigned char c = text[i];

		if (instead)
			fputs(instead, file);
		else if (c >= ' ' && c <= '~')
			fputc(c, file);
		else
			fprintf(file, "\\x%02x", c);
	}
}

void vmw_html_text(const char *text, FILE *file)
{
	vmw_html_bytes(text, strlen(text), file);
}
