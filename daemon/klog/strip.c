// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fronts of lines. Every line of a log comes through here, most of them to be
 * thrown away: nothing is copied, and nothing is searched beyond where a front ends.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "klog/names.h"
#include "klog/strip.h"

/* "Mon 2023-04-10 03:39:59 CEST a.very.long.host.name kernel: " and more. */
#define MAX_FRONT    160
#define MAX_TIME     48 /* "[Mon Apr 10 03:39:59 2023 <    0.000001>]" */
#define MAX_WORDS    6
#define MAX_TIMES    3 /* of who captured it, of a logger, of the kernel */
#define MAX_INITIALS 4

static char *skip_blanks(char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* "AB", who is quoted, in front of ">". */
static size_t initials(const char *p)
{
	size_t n = 0;

	while (n < MAX_INITIALS && p[n] >= 'A' && p[n] <= 'Z')
		n++;
	return p[n] == '>' ? n : 0;
}

/* "> > text" and "AB> text", as replies have it; blanks, as pages of questions do. */
static char *skip_quotes(char *p, struct vmw_stripped *ret)
{
	p = skip_blanks(p);
	p += initials(p);
	while (*p == '>' || *p == '|') {
		ret->quoted = true;
		p = skip_blanks(p + 1);
		p += initials(p);
	}
	return p;
}

/* In bytes that mean nothing three may look like a priority: what follows is no text. */
static bool is_plain(const char *text)
{
	int n;

	for (n = 0; n < 8 && text[n]; n++) {
		if (text[n] != '\t' && !isprint((unsigned char)text[n]))
			return false;
	}
	return n > 0;
}

/* "<4>", as dmesg -r and the console's files have it. */
static char *skip_priority(char *p, struct vmw_stripped *ret)
{
	char *end;
	unsigned long priority;

	if (*p != '<' || !vmw_is_digit(p[1]))
		return p;
	priority = strtoul(p + 1, &end, 10);
	if (*end != '>' || end - p > 5)
		return p;
	ret->foreign = priority >> 3;
	ret->kernel = !ret->foreign && is_plain(end + 1);
	ret->stamped = true;
	return end + 1;
}

/* Behind one word and a blank; NULL where there is none. */
static char *skip_word(char *p)
{
	size_t length = strcspn(p, " ");

	return length && p[length] ? p + length + 1 : NULL;
}

/*
 * RFC 5424, behind the priority: "1 TIME HOST kernel PROCID MSGID -", or with structured
 * data in the place of the last, which may have blanks in it.
 */
static char *skip_rfc5424(char *p, struct vmw_stripped *ret)
{
	char *at = p;
	int word;

	if (!ret->stamped || strncmp(p, "1 ", 2))
		return p;
	for (word = 0; at && word < 3; word++)
		at = skip_word(at);
	if (!at || (!strncmp(at, "kernel ", 7) ? 0 : strncmp(at, "- ", 2)))
		return p;
	for (; at && word < 6; word++)
		at = skip_word(at);
	if (!at)
		return p;
	while (*at == '[' && !vmw_is_digit(at[1]) && at[1] != ' ') {
		at = strchr(at, ']');
		if (!at)
			return p;
		at++;
	}
	at += !strncmp(at, "- ", 2) ? 2 : *at == ' ' || (*at == '-' && !at[1]);
	at += !strncmp(at, "\xef\xbb\xbf", 3) ? 3 : 0;
	ret->kernel = true;
	return at;
}

/* "4,109,652618,-,caller=T78;" */
static char *skip_record(char *p, struct vmw_stripped *ret)
{
	char *at = p, *text, *caller;
	unsigned long long numbers[3];
	enum vmw_mention mention;
	size_t i;

	if (!vmw_is_digit(*p))
		return p;
	for (i = 0; i < 3; i++) {
		if (!vmw_is_digit(*at))
			return p;
		numbers[i] = strtoull(at, &at, 10);
		if (*at++ != ',')
			return p;
	}
	text = strchr(at, ';');
	/* Of lines that became one, the first is no front of the last. */
	if (!text || vmw_next_mention(at, text, &mention))
		return p;
	caller = strstr(at, "caller=");
	if (caller && caller < text) {
		caller += 7;
		for (i = 0;
		     i + 1 < sizeof(ret->caller) && caller + i < text && caller[i] != ','; i++)
			ret->caller[i] = caller[i];
		ret->caller[i] = '\0';
	}
	ret->foreign = numbers[0] >> 3;
	ret->kernel = !ret->foreign;
	ret->time_ns = numbers[2] * 1000;
	ret->stamped = true;
	return text + 1;
}

/* "[    T78]" or "[C1]" behind the time. */
static char *skip_caller(char *p, struct vmw_stripped *ret)
{
	char *at = p + (*p == ' ');
	size_t n = 0;

	if (*at++ != '[')
		return p;
	while (*at == ' ')
		at++;
	if ((*at != 'T' && *at != 'C') || !vmw_is_digit(at[1]))
		return p;
	do {
		if (n + 1 == sizeof(ret->caller))
			return p;
		ret->caller[n++] = *at++;
	} while (vmw_is_digit(*at));
	if (*at != ']') {
		ret->caller[0] = '\0';
		return p;
	}
	ret->caller[n] = '\0';
	return at + 1;
}

/* "12.345678" of printk; where the time ends, or NULL. */
static const char *take_printk(const char *p, struct vmw_stripped *ret)
{
	char *point, *end;
	u64 seconds, us;

	if (!vmw_is_digit(*p))
		return NULL;
	seconds = strtoull(p, &point, 10);
	if (*point != '.' || !vmw_is_digit(point[1]))
		return NULL;
	us = strtoull(point + 1, &end, 10);
	if (end - point != 7 || seconds > ~0ULL / 2000000000 || !vmw_behind_delta(end))
		return NULL;
	ret->time_ns = seconds * 1000000000 + us * 1000;
	return vmw_behind_delta(end);
}

/* "[   12.345678] " of printk, or whatever vmw_behind_bracket() knows. */
static char *skip_time(char *p, struct vmw_stripped *ret)
{
	const char *at = p + 1;
	bool is_clock;

	if (*p != '[')
		return p;
	while (*at == ' ')
		at++;
	/* A clock in brackets may be anybody's; printk's and dmesg's are not. */
	is_clock = vmw_is_digit(*at);
	at = take_printk(at, ret);
	is_clock &= !at;
	if (!at)
		at = vmw_behind_bracket(p + 1);
	if (!at)
		return p;
	ret->kernel |= !is_clock;
	p = skip_caller(p + (at + 1 - p), ret);
	ret->stamped = true;
	return p + (*p == ' ');
}

/* All times that stand one behind the other. */
static char *skip_times(char *p, struct vmw_stripped *ret)
{
	char *before;
	int n = 0;

	do {
		before = p;
		p = skip_time(p, ret);
	} while (p != before && ++n < MAX_TIMES);
	return p;
}

/* A time without brackets, that has no host behind it: see skip_logger(). */
static char *skip_stamp(char *p, struct vmw_stripped *ret)
{
	const char *behind = vmw_behind_stamp(p);

	if (!behind)
		return p;
	ret->stamped = true;
	/* dmesg writes the fraction behind a comma. */
	ret->kernel |= memchr(p, ',', behind - p) != NULL;
	return skip_caller(p + (behind - p), ret);
}

/* "kern  :warn  : ", of dmesg -x. */
static char *skip_level(char *p, struct vmw_stripped *ret)
{
	char *colon;

	if (*p != 'k' || strncmp(p, "kern", 4) || (p[4] != ' ' && p[4] != ':'))
		return p;
	colon = memchr(p, ':', strnlen(p, 10));
	colon = colon ? memchr(colon + 1, ':', strnlen(colon + 1, 10)) : NULL;
	if (!colon || colon[1] != ' ')
		return p;
	ret->stamped = ret->kernel = true;
	return colon + 2;
}

/*
 * Behind the word "kernel:", which follows a time and a host: the words of the longest
 * time ("Mon 2023-04-10 03:39:59 CEST") and a host. NULL where it does not.
 */
static const char *behind_kernel(const char *p, size_t length, int words)
{
	static const char kernel[] = "kernel: ";
	const char *end = p + length, *space;

	while (words--) {
		space = memchr(p, ' ', end - p);
		if (!space || end - space <= (ptrdiff_t)sizeof(kernel))
			return NULL;
		p = space + 1;
		if (*p == 'k' && !memcmp(p, kernel, sizeof(kernel) - 1))
			return p + sizeof(kernel) - 1;
	}
	return NULL;
}

/* "1700000050.000000 ", of journalctl -o short-unix. */
static bool is_unix_time(const char *p)
{
	size_t seconds = strspn(p, "0123456789");

	return seconds >= 9 && p[seconds] == '.' && strspn(p + seconds + 1, "0123456789") == 6;
}

/* Up to "HOST kernel: ", whatever time is in front of HOST. */
static char *skip_logger(char *p, struct vmw_stripped *ret)
{
	const char *found;
	enum vmw_mention mention;

	if (!isalnum((unsigned char)*p) && *p != '/' && *p != '.')
		return p;
	found = behind_kernel(p, strnlen(p, MAX_FRONT), ret->time_ns ? 1 : MAX_WORDS);
	/* Of two lines that became one, the first is no front of the second. */
	if (found && vmw_next_mention(p, found, &mention))
		return p;
	/* short-monotonic has only the host behind the kernel's time. */
	if (!found || (!ret->time_ns && !memchr(p, ':', found - p - 8) && !is_unix_time(p)))
		return p;
	ret->stamped = ret->kernel = true;
	return p + (found - p);
}

/*
 * Whatever a collector puts in front of a line, the kernel's own time stands behind it:
 * at that, or at @p where there is none.
 */
static char *find_time(char *p)
{
	const char *end = p + strnlen(p, MAX_FRONT), *at = p, *digits;
	struct vmw_stripped unused;
	enum vmw_mention mention;

	while ((at = memchr(at, '[', end - at))) {
		digits = at + 1 + strspn(at + 1, " ");
		/* Of two lines that became one, the first is no front of the second. */
		if (take_printk(digits, &unused))
			return memmem(p, at - p, "+0x", 3) || vmw_next_mention(p, at, &mention) ?
				       p :
				       p + (at - p);
		at++;
	}
	return p;
}

/* Behind the kernel's time and one blank; NULL where it is none, or has a caller. */
static const char *behind_time(const char *p, const char *end)
{
	const char *close = memchr(p, ']', end - p < MAX_TIME ? end - p : MAX_TIME);

	if (!close || end - close < 3 || close[1] != ' ' || close[2] == '[')
		return NULL;
	return close + 2;
}

/* No second time, no blanks in front of the text, no colour and no initials. */
static bool is_text(const char *p)
{
	return *p != '[' && *p != ' ' && *p != '\t' && *p != '\r' && *p != '\033' &&
	       !initials(p) && !(vmw_is_digit(*p) && vmw_behind_stamp(p));
}

const char *vmw_front(const char *line, size_t length)
{
	const char *p = line, *end = line + length, *found;
	int words = MAX_WORDS;

	if (length < 12)
		return NULL;
	if (*p == '<' && (p[2] == '>' || p[3] == '>'))
		p += p[2] == '>' ? 3 : 4;
	if (*p == '[') {
		p = behind_time(p, end);
		if (!p)
			return NULL;
		words = 1;
	} else if (vmw_is_digit(*p) && (p[1] == ',' || p[2] == ',')) {
		p = memchr(p, ';', length < 80 ? length : 80);
		return p && end - p > 4 && p[1] != ' ' ? p + 1 : NULL;
	} else if (!isalnum((unsigned char)*p) || !memcmp(p, "kern ", 5)) {
		return NULL;
	}
	found = behind_kernel(p, end - p < MAX_FRONT ? end - p : MAX_FRONT, words);
	if (!found && words > 1)
		found = vmw_behind_stamp(p);
	if (found)
		p = found;
	return end - p >= 4 && is_text(p) ? p : NULL;
}

void vmw_strip(char *line, struct vmw_stripped *ret)
{
	char *p = line;
	size_t length;

	ret->time_ns = 0;
	ret->caller[0] = '\0';
	ret->stamped = ret->kernel = ret->foreign = ret->quoted = false;
	vmw_drop_escapes(line);
	p = skip_quotes(p, ret);
	p = skip_record(p, ret);
	p = skip_priority(p, ret);
	p = skip_rfc5424(p, ret);
	p = skip_level(p, ret);
	p = skip_times(p, ret);
	p = skip_logger(p, ret);
	p = skip_stamp(p, ret);
	/* rsyslog leaves the kernel's own time behind it. */
	p = skip_times(p, ret);
	if (!ret->time_ns && !ret->foreign)
		p = skip_times(find_time(p), ret);
	p = skip_blanks(p);
	length = strlen(p);
	while (length && (p[length - 1] == '\r' || p[length - 1] == ' ' || p[length - 1] == '\t'))
		p[--length] = '\0';
	ret->text = p;
}

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
	const char *end = p;

	while (*end && *end != BEL && *end != ESC)
		end++;
	if (*end == BEL)
		return end + 1;
	/* Without an end it is none, and what stands there is text. */
	return *end && end[1] == '\\' ? end + 2 : p;
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
