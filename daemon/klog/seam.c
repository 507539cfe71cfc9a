// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <vmemmapwatch/types.h>

#include "klog/klog.h"
#include "klog/letters.h"
#include "klog/names.h"
#include "klog/seam.h"
#include "klog/strip.h"

#define MAX_WORD  120
#define MIN_WIDTH 40
#define MAX_WIDTH 300

static const char hex[] = "0123456789abcdef";

/* Words of the lines that heads of dumps are, and of refusals. */
static const char *const known_words[] = {
	"WARNING:", "Unable",	"handle",  "kernel",   "paging",      "request",
	"NULL",	    "pointer",	"virtual", "address",  "dereference", "Modules",
	"linked",   "Hardware", "pages,",  "pgtable:", "exceeds",     "maximum",
	"range",    "Hotplug",	"memory",  "Tainted:", "addressable", "Hotplugged",
	"address,", "Comm:",	"PID:",	   "modprobe", "tainted",     "outside",
	"linear",   "mapping",	"region",  "-bit",
};

static bool is_known_word(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known_words); i++) {
		if (!strcmp(known_words[i], word))
			return true;
	}
	return false;
}

/* "FUNCTION+0x40/0x1c4", whole; its name is copied. */
static bool is_place(const char *word, char name[MAX_WORD])
{
	const char *plus = strchr(word, '+');
	size_t n;

	if (!plus || plus == word || strncmp(plus, "+0x", 3))
		return false;
	snprintf(name, MAX_WORD, "%.*s", (int)(plus - word), word);
	n = strspn(plus + 3, hex);
	plus += 3 + n;
	return n && !strncmp(plus, "/0x", 3) && strspn(plus + 3, hex);
}

/* "DIRECTORY/FILE.c:LINE". */
static bool is_file_line(const char *word)
{
	const char *line = word + strlen(word), *dot;

	while (line > word && vmw_is_digit(line[-1]))
		line--;
	if (!*line || line == word || line[-1] != ':')
		return false;
	dot = memrchr(word, '.', line - word);
	return dot && isalpha((unsigned char)dot[1]);
}

/* "x28:", or the "x9" in front of " :". */
static bool is_register(const char *word)
{
	size_t digits = *word == 'x' ? strspn(word + 1, "0123456789") : 0;

	return digits && (word[1 + digits] == ':' || !word[1 + digits]);
}

/* Sixteen digits, of an address or a register. */
static bool is_number(const char *word)
{
	return strspn(word, hex) == 16 && !word[16];
}

static enum vmw_seam judge_place(const char *a, const char *b, const char *joined)
{
	char name[MAX_WORD], tail[MAX_WORD];

	if (is_place(a, name))
		return *b == '[' ? VMW_SEAM_BLANK : VMW_SEAM_UNKNOWN;
	if (!strncmp(b, "+0x", 3))
		return VMW_SEAM_WORD;
	if (!is_place(joined, name))
		return VMW_SEAM_UNKNOWN;
	if (strchr(a, '+') || vmw_is_hotplug_function(name))
		return is_file_line(a) ? VMW_SEAM_BLANK : VMW_SEAM_WORD;
	if (is_file_line(a) || !strcmp(a, "at") ||
	    (is_place(b, tail) && vmw_is_hotplug_function(tail)))
		return VMW_SEAM_BLANK;
	return VMW_SEAM_UNKNOWN;
}

static enum vmw_seam judge(const char *a, const char *b)
{
	char joined[2 * MAX_WORD];
	enum vmw_seam seam;

	snprintf(joined, sizeof(joined), "%s%s", a, b);
	seam = judge_place(a, b, joined);
	if (seam)
		return seam;
	if (is_known_word(joined) && !is_known_word(a))
		return VMW_SEAM_WORD;
	if (is_number(joined) && !is_number(a) && strspn(b, hex))
		return VMW_SEAM_WORD;
	if (is_file_line(joined) && strchr(joined, '/'))
		return VMW_SEAM_WORD;
	if (*a == '[' && !strchr(a, ']') && strchr(b, ']') && !strchr(b, '['))
		return VMW_SEAM_WORD;
	if (is_register(joined) && strchr(joined, ':') && !strchr(a, ':') && *b != ':')
		return VMW_SEAM_WORD;
	if (!strncmp(a, "pgdp=", 5) && is_number(joined + 5))
		return VMW_SEAM_WORD;
	if (is_known_word(a) || is_file_line(a) || is_number(a) || is_register(a))
		return VMW_SEAM_BLANK;
	return VMW_SEAM_UNKNOWN;
}

/* In the head of a WARN the function follows a file and its line, or "at". */
static bool is_cut_function(const char *text, const char *a, const char *b)
{
	char joined[2 * MAX_WORD], name[MAX_WORD];

	snprintf(joined, sizeof(joined), "%s%s", a, b);
	return strstr(text, "WARNING: ") && !strchr(a, '+') && !is_file_line(a) &&
	       strcmp(a, "at") && is_place(joined, name);
}

enum vmw_seam vmw_seam_of(const char *text, const char *next)
{
	size_t length = strlen(text), begin = length, end = strcspn(next, " \t\r,");
	char a[MAX_WORD], b[MAX_WORD];
	enum vmw_seam seam;

	if (!length || strchr(" \t", text[length - 1]) || strchr(" \t", *next))
		return VMW_SEAM_BLANK;
	while (begin && text[begin - 1] != ' ')
		begin--;
	end += next[end] == ',';
	if (length - begin >= sizeof(a) || end >= sizeof(b))
		return VMW_SEAM_UNKNOWN;
	snprintf(a, sizeof(a), "%s", text + begin);
	snprintf(b, sizeof(b), "%.*s", (int)end, next);
	seam = judge(a, b);
	return seam || !is_cut_function(text, a, b) ? seam : VMW_SEAM_WORD;
}

bool vmw_begins_line(const char *line)
{
	static const char *const heads[] = {
		"Call trace:",	  "---[ ",	  "CPU: ",	     "pc : ",
		"lr : ",	  "sp : ",	  "pstate: ",	     "Modules linked",
		"Hardware name",  "Code: ",	  "Tainted: [",	     "Mem abort",
		"Internal error", "user pgtable", "swapper pgtable", "Data abort",
	};
	size_t i;

	if (*line == ' ' || !*line || vmw_klog_is_head(line))
		return true;
	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		if (!strncmp(line, heads[i], strlen(heads[i])))
			return true;
	}
	/* "x2 : 0000": the tail of a cut one has no blank so early. */
	return is_register(line) && strlen(line) > 20;
}

/* A line of the buffer: as it is, and what of it is no front. */
struct sample {
	char raw[MAX_WIDTH + 2], text[MAX_WIDTH + 2];
	struct vmw_stripped of;
};

static size_t line_length(const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', end - line);
	size_t length = (newline ? newline : end) - line;

	return length && line[length - 1] == '\r' ? length - 1 : length;
}

static void take_sample(struct sample *s, const char *line, size_t length)
{
	memcpy(s->raw, line, length);
	s->raw[length] = '\0';
	memcpy(s->text, s->raw, length + 1);
	vmw_strip(s->text, &s->of);
}

static const char *next_line(const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', end - line);

	return newline ? newline + 1 : end;
}

static size_t longest(const char *line, const char *end)
{
	size_t width = 0, length;

	for (; line < end && width <= MAX_WIDTH; line = next_line(line, end)) {
		length = line_length(line, end);
		width = length > width ? length : width;
	}
	return width;
}

/* Of a line that has a time in brackets it is clear that it goes on with none before it. */
static bool may_go_on(const char *next, const char *end)
{
	return next < end && *next != '[' && *next != '<' && *next != '\n' && *next != '\r';
}

size_t vmw_width_of(const char *buffer, size_t length)
{
	const char *end = buffer + length, *next;
	size_t width = longest(buffer, end), here;
	unsigned int words = 0, blanks = 0, soft = 0, full = 0, pieces = 0, behind = 0, torn = 0;
	struct sample first, second;
	enum vmw_seam seam;

	if (width < MIN_WIDTH || width > MAX_WIDTH)
		return 0;
	for (; buffer < end; buffer = next) {
		next = next_line(buffer, end);
		if (!may_go_on(next, end))
			continue;
		here = line_length(buffer, end);
		/* Quoted-printable has an end of its own: see mail.c. */
		soft += buffer[here ? here - 1 : 0] == '=';
		full += here == width;
		take_sample(&first, buffer, here);
		take_sample(&second, next, line_length(next, end));
		if (second.of.stamped || vmw_begins_line(second.raw))
			continue;
		seam = vmw_seam_of(first.raw, second.raw);
		pieces++;
		behind += here == width && first.of.stamped;
		torn += seam != VMW_SEAM_BLANK;
		words += here == width && seam == VMW_SEAM_WORD;
		blanks += seam != VMW_SEAM_WORD && vmw_is_incomplete(first.of.text) &&
			  (here < width ||
			   (seam == VMW_SEAM_BLANK && first.raw[width - 1] != ' '));
	}
	/* Where each line has a time, those without one show it, too. */
	words += torn && pieces == behind;
	return words > blanks && 2 * soft <= full ? width : 0;
}
