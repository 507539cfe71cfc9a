// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that a mail program has cut where they were too long for it. Where the rest
 * of a line belongs is known by what the kernel never leaves out of that line.
 */
#include <ctype.h>
#include <string.h>

#include "klog/seam.h"
#include "klog/strip.h"

#define MAX_PIECES 4

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static size_t count(const char *text, char c)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

/* A line of /proc, of a stack or of any prose has its own end: these lack something. */
static bool is_cut_warning(const char *text)
{
	const char *function = strstr(text, "+0x");

	if (!strstr(text, "CPU: ") && !strstr(text, ".c:"))
		return false;
	/* 7.2 has the task behind the function, up to 6.12 has it in front. */
	return !function || !strchr(function, '/') ||
	       (!strstr(text, "CPU: ") && !strstr(text, ", CPU#"));
}

static bool is_cut_fault(const char *text)
{
	const char *address = strstr(text, " address ");

	return !address || !isxdigit((unsigned char)address[9]);
}

/* "x28: 0000000000000000 x27:", or its "x9 " without the colon. */
static bool is_cut_registers(const char *text)
{
	const char *last = strrchr(text, ' '), *before;

	if (*text != 'x' || !isdigit((unsigned char)text[1]))
		return false;
	if (!last)
		return true;
	if (!strcmp(last, " :"))
		return true;
	before = last + 1;
	if (*before != 'x' || !isdigit((unsigned char)before[1]))
		return false;
	before += 1 + strspn(before + 1, "0123456789");
	return !*before || !strcmp(before, ":");
}

bool vmw_is_incomplete(const char *text)
{
	switch (*text) {
	case 'W':
		return begins(text, "WARNING: ") && is_cut_warning(text);
	case 'U':
		return begins(text, "Unable to handle kernel") && is_cut_fault(text);
	case 'C':
		return begins(text, "CPU: ") && strstr(text, "PID: ") && !strstr(text, " #");
	case 'x':
		return is_cut_registers(text);
	case 'p':
	case 'l':
		return (begins(text, "pc :") || begins(text, "lr :")) && !text[4];
	case 'H':
		if (begins(text, "Hotplugged memory exceeds"))
			return !strstr(text, "maximum=0x");
		return begins(text, "Hotplug memory [") && count(text, ']') < 2;
	case '[':
		return strstr(text, "] is outside") && !strstr(text, "region");
	case 'u':
	case 's':
		return (begins(text, "user pgtable:") || begins(text, "swapper pgtable:")) &&
		       !strstr(text, "-bit VAs");
	default:
		return false;
	}
}

/* "[test_hmm]" alone: the module of the frame above. */
static bool is_module(const char *text)
{
	size_t length = strlen(text);

	text += strspn(text, " ");
	return *text == '[' && (isalpha((unsigned char)text[1]) || text[1] == '_') &&
	       text[strlen(text) - 1] == ']' && length < 80;
}

static bool is_frame(const char *text)
{
	return strstr(text, "+0x") && !strchr(text, '[');
}

bool vmw_unwrap_fits(const struct vmw_unwrap *unwrap, const struct vmw_stripped *next)
{
	if (!unwrap->length || unwrap->pieces >= MAX_PIECES || next->stamped || !*next->text ||
	    unwrap->length + strlen(next->text) + 1 >= sizeof(unwrap->text))
		return false;
	if (is_module(next->text))
		return is_frame(unwrap->text);
	return vmw_is_incomplete(unwrap->text) && !vmw_is_incomplete(next->text) &&
	       !begins(next->text, "WARNING: ") && !vmw_begins_line(next->text);
}

void vmw_unwrap_add(struct vmw_unwrap *unwrap, const struct vmw_stripped *piece, u64 number)
{
	const char *text = piece->text;
	size_t length, room;

	if (!unwrap->length) {
		unwrap->number = number;
		unwrap->pieces = 0;
		unwrap->of = *piece;
		unwrap->of.text = unwrap->text;
	} else {
		text += strspn(text, " \t");
		if (vmw_seam_of(unwrap->text, text) != VMW_SEAM_WORD &&
		    unwrap->length + 1 < sizeof(unwrap->text))
			unwrap->text[unwrap->length++] = ' ';
	}
	room = sizeof(unwrap->text) - 1 - unwrap->length;
	length = strlen(text);
	if (length > room)
		length = room;
	memcpy(unwrap->text + unwrap->length, text, length);
	unwrap->length += length;
	unwrap->text[unwrap->length] = '\0';
	unwrap->pieces++;
}
