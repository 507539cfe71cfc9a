// SPDX-License-Identifier: GPL-2.0-only
/*
 * Times that are not printk's own: of dmesg (print_record() of util-linux 2.38.1,
 * sys-utils/dmesg.c, and what its dmesg -F prints), and of whoever captured a serial
 * console. No byte is looked at behind the first that does not fit, so that a NUL or
 * the end of the line ends them all.
 */
#include <ctype.h>
#include <string.h>

#include "klog/strip.h"

#define MAX_WORDS_OF_TIME 40 /* "Mon Apr 10 03:39:59 2023 <    0.000001>" */

/* Behind @n digits, or NULL. */
static const char *digits(const char *p, int n)
{
	for (; n; n--, p++) {
		if (!vmw_is_digit(*p))
			return NULL;
	}
	return p;
}

static const char *skip_digits(const char *p)
{
	while (vmw_is_digit(*p))
		p++;
	return p;
}

/* "+0200", "+02:00" or "Z"; it may be missing. */
static const char *skip_zone(const char *p)
{
	const char *hours;

	if (*p == 'Z')
		return p + 1;
	hours = *p == '+' || *p == '-' ? digits(p + 1, 2) : NULL;
	if (!hours)
		return p;
	p = digits(hours + (*hours == ':'), 2);
	return p ? p : hours;
}

/* "03:39:59", with a fraction and a zone, where it has them. */
static const char *behind_clock(const char *p)
{
	p = digits(p, 2);
	p = p && *p == ':' ? digits(p + 1, 2) : NULL;
	p = p && *p == ':' ? digits(p + 1, 2) : NULL;
	if (!p)
		return NULL;
	if ((*p == '.' || *p == ',') && vmw_is_digit(p[1]))
		p = skip_digits(p + 1);
	return skip_zone(p);
}

/* "2023-04-10T", or with a blank. */
static const char *behind_date(const char *p)
{
	const char *at = digits(p, 4);
	char between;

	if (!at || (*at != '-' && *at != '/'))
		return NULL;
	between = *at;
	at = digits(at + 1, 2);
	at = at && *at == between ? digits(at + 1, 2) : NULL;
	return at && (*at == ' ' || *at == 'T' || *at == '_') ? at + 1 : NULL;
}

static const char *behind_date_and_clock(const char *p)
{
	const char *date = behind_date(p);

	return behind_clock(date ? date : p);
}

/* "Apr 10 03:39:59", as ts of moreutils has it, only in front of a kernel's own time. */
static const char *behind_month(const char *p)
{
	const char *at = p;

	if (!isupper((unsigned char)*p) || !islower((unsigned char)p[1]) ||
	    !islower((unsigned char)p[2]) || p[3] != ' ')
		return NULL;
	at = skip_digits(p + 4 + (p[4] == ' '));
	at = at > p + 4 && *at == ' ' ? behind_clock(at + 1) : NULL;
	return at && *at == ' ' && at[1] == '[' ? at : NULL;
}

const char *vmw_behind_stamp(const char *p)
{
	const char *at = vmw_is_digit(*p) ? behind_date_and_clock(p) : behind_month(p);

	if (!at || (*at != ' ' && *at != '\t'))
		return NULL;
	return at + 1;
}

/*
 * "<    0.000001>" of dmesg -d, " <    0.000001 >" of journalctl -o short-delta, which
 * has blanks for the first; it may be missing.
 */
static const char *skip_delta(const char *p)
{
	const char *at = p;

	while (*at == ' ')
		at++;
	if (*at == ']')
		return at;
	if (*at++ != '<')
		return p;
	while (*at == ' ')
		at++;
	at = skip_digits(at + (*at == '-'));
	at = *at == '.' ? skip_digits(at + 1) : at;
	at += *at == ' ' || *at == '*';
	return *at == '>' ? at + 1 : p;
}

/*
 * "Mon Apr 10 03:39:59 2023" of dmesg -T, whose words are of any language, and
 * "Apr10 03:39" of dmesg -e: by the clock that they end with.
 */
static const char *behind_words(const char *p)
{
	size_t length = strcspn(p, "]<\n");
	const char *end = p + (length < MAX_WORDS_OF_TIME ? length : 0), *at = end;

	while (at > p && at[-1] == ' ')
		end = --at;
	if (at - p > 16 && vmw_is_digit(at[-1]) && vmw_is_digit(at[-4]) && at[-5] == ' ')
		at -= 5;
	if (at - p < 10 || !vmw_is_digit(at[-1]) || !vmw_is_digit(at[-2]) || at[-3] != ':' ||
	    !vmw_is_digit(at[-4]) || !vmw_is_digit(at[-5]))
		return NULL;
	return end;
}

/* "+0.000001" of dmesg -e. */
static const char *behind_step(const char *p)
{
	p = *p == '+' || *p == '-' ? skip_digits(p + 1) : p;
	return *p == '.' ? digits(p + 1, 6) : NULL;
}

const char *vmw_behind_bracket(const char *p)
{
	while (*p == ' ')
		p++;
	if (vmw_is_digit(*p))
		p = behind_date_and_clock(p);
	else if (*p == '+' || *p == '-')
		p = behind_step(p);
	else if (isupper((unsigned char)*p) || (unsigned char)*p >= 0x80)
		p = behind_words(p);
	else if (*p != '<')
		return NULL;
	return p ? vmw_behind_delta(p) : NULL;
}

const char *vmw_behind_delta(const char *p)
{
	p = skip_delta(p);
	return *p == ']' ? p : NULL;
}
