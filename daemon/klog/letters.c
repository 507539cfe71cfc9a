// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <vmemmapwatch/types.h>

#include "klog/letters.h"

/* In UTF-8; by what stands in its place, "" for nothing. */
static const struct {
	const char *from, *to;
} letters[] = {
	{ "\xc2\xa0", " " },	 /* no-break space */
	{ "\xe1\x9a\x80", " " }, /* Ogham space */
	{ "\xe3\x80\x80", " " }, /* ideographic space */
	{ "\xe2\x81\x9f", " " }, /* mathematical space */
	{ "\xe2\x80\xaf", " " }, /* narrow no-break space */
	{ "\xe2\x80\x8b", "" },	 /* zero width: space, non-joiner, joiner, marks */
	{ "\xe2\x80\x8c", "" },	 { "\xe2\x80\x8d", "" },  { "\xe2\x80\x8e", "" },
	{ "\xe2\x80\x8f", "" },	 { "\xe2\x81\xa0", "" }, /* word joiner */
	{ "\xef\xbb\xbf", "" },				 /* byte order mark */
	{ "\xc2\xad", "" },				 /* soft hyphen */
	{ "\xe2\x80\x90", "-" },			 /* hyphens and dashes */
	{ "\xe2\x80\x91", "-" }, { "\xe2\x80\x93", "-" },
};

static const struct {
	const char *name, *to;
} entities[] = {
	{ "gt;", ">" },	   { "lt;", "<" },     { "amp;", "&" },	   { "quot;", "\"" },
	{ "apos;", "'" },  { "nbsp;", " " },   { "plus;", "+" },   { "lowbar;", "_" },
	{ "colon;", ":" }, { "lbrack;", "[" }, { "rbrack;", "]" }, { "sol;", "/" },
	{ "lsqb;", "[" },  { "rsqb;", "]" },   { "num;", "#" },	   { "Tab;", "\t" },
};

static const char *const tags[] = {
	"pre",	      "br", "p",  "div", "span", "code", "tt", "font",
	"blockquote", "td", "tr", "a",	 "samp", "b",	 "i",
};

/* Blanks from U+2000 to U+200A. */
static bool is_wide_blank(const unsigned char *p)
{
	return p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0x80 && p[2] <= 0x8a;
}

/* What stands at *@from; moves it behind that, and returns what is to be written. */
static const char *take_letter(const char **from)
{
	const unsigned char *p = (const unsigned char *)*from;
	size_t i;

	if (is_wide_blank(p)) {
		*from += 3;
		return " ";
	}
	for (i = 0; i < ARRAY_SIZE(letters); i++) {
		size_t length = strlen(letters[i].from);

		if (!strncmp(*from, letters[i].from, length)) {
			*from += length;
			return letters[i].to;
		}
	}
	/* A no-break space of Latin-1: UTF-8 has no such byte behind an ASCII letter. */
	if (*p == 0xa0) {
		(*from)++;
		return " ";
	}
	return NULL;
}

/* "&#43;", "&#x2b;": a letter of ASCII, or a blank. */
static bool take_number(const char **from, char *ret)
{
	const char *p = *from + 2;
	bool hex = *p == 'x' || *p == 'X';
	unsigned long code;
	char *end;

	p += hex;
	if (hex ? !isxdigit((unsigned char)*p) : !isdigit((unsigned char)*p))
		return false;
	code = strtoul(p, &end, hex ? 16 : 10);
	if (*end != ';')
		return false;
	if (code >= 0x80 && code != 0xa0 && code != 0x202f)
		return false;
	*ret = code >= 0x80 || code < ' ' ? ' ' : (char)code;
	*from = end + 1;
	return true;
}

static bool take_entity(const char **from, char *ret)
{
	size_t i;

	if ((*from)[1] == '#')
		return take_number(from, ret);
	for (i = 0; i < ARRAY_SIZE(entities); i++) {
		size_t length = strlen(entities[i].name);

		if (!strncmp(*from + 1, entities[i].name, length)) {
			*from += 1 + length;
			*ret = *entities[i].to;
			return true;
		}
	}
	return false;
}

/* "<br>", "</span>", "<a href=...>", "<!-- ... -->"; no "<4>" and no "<TASK>". */
static bool skip_tag(const char **from)
{
	const char *p = *from + 1, *end;
	size_t i, length;

	p += *p == '/';
	length = 0;
	while (islower((unsigned char)p[length]))
		length++;
	end = strchr(p, '>');
	if (!length || !end || !strchr(" />", p[length]))
		return false;
	for (i = 0; i < ARRAY_SIZE(tags); i++) {
		if (strlen(tags[i]) == length && !memcmp(tags[i], p, length)) {
			*from = end + 1;
			return true;
		}
	}
	return false;
}

static const char *find_odd(const char *p)
{
	for (; *p; p++) {
		if (*p & 0x80 || *p == '&' ||
		    (*p == '<' && (islower((unsigned char)p[1]) || p[1] == '/')))
			return p;
	}
	return NULL;
}

void vmw_plain_letters(char *line)
{
	const char *from = find_odd(line), *text;
	char *to = line + (from ? from - line : 0), letter;

	while (from && *from) {
		if (*from & 0x80 && (text = take_letter(&from))) {
			if (*text)
				*to++ = *text;
		} else if (*from == '&' && take_entity(&from, &letter)) {
			*to++ = letter;
		} else if (*from != '<' || !skip_tag(&from)) {
			*to++ = *from++;
		}
	}
	if (from)
		*to = '\0';
}
