// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <string.h>

#include "klog/fronts.h"
#include "klog/klog.h"
#include "klog/names.h"
#include "klog/seam.h"

#define MAX_FRONT 160

char *vmw_skip_line_number(char *line)
{
	char *p = line + strspn(line, " ");
	size_t digits = strspn(p, "0123456789");

	return digits && digits < 10 && p[digits] == '\t' ? p + digits + 1 : line;
}

/*
 * One element of a shape at *@at, which goes on behind it: a number is 0, blanks are
 * one, a letter that stands alone (a level) is A, and grep has - for : around its hits.
 */
static char next_element(const char **at, char before)
{
	const char *p = *at;
	char c = *p;

	if (isdigit((unsigned char)c)) {
		*at = p + strspn(p, "0123456789");
		return '0';
	}
	if (c == ' ' || c == '\t') {
		*at = p + strspn(p, " \t");
		return ' ';
	}
	*at = p + 1;
	if (isupper((unsigned char)c) && !isalnum((unsigned char)before) &&
	    !isalnum((unsigned char)p[1]))
		return 'A';
	return c == '-' ? ':' : c;
}

/* "app[12]: ", of user space; and prose, that has nothing of a front. */
static bool is_front(const char *text, size_t length)
{
	const char *last = text + length;
	enum vmw_mention mention;
	size_t i;

	/* Another line, to which this one was joined. */
	if (vmw_begins_line(text) || memmem(text, length, "+0x", 3) ||
	    vmw_next_mention(text, last, &mention))
		return false;

	while (last > text && (last[-1] == ' ' || last[-1] == '\t'))
		last--;
	if (last == text)
		return false;
	if (last - text > 3 && last[-1] == ':' && last[-2] == ']' &&
	    isdigit((unsigned char)last[-3]) && memchr(text, '[', length) &&
	    isalpha((unsigned char)((char *)memrchr(text, '[', length))[-1]))
		return false;
	if (strchr(":|>#])}", last[-1]))
		return true;
	for (i = 0; i < length; i++) {
		if (isdigit((unsigned char)text[i]))
			return isdigit((unsigned char)last[-1]);
	}
	return false;
}

static void learn(struct vmw_fronts *fronts, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	char before = ' ';
	size_t n = 0;

	while (at < end && n + 1 < sizeof(fronts->shape)) {
		before = next_element(&at, before);
		fronts->shape[n++] = before;
	}
	/* Frames have a blank more, and a text may have none. */
	while (n && fronts->shape[n - 1] == ' ')
		n--;
	fronts->shape[n] = '\0';
}

/* A line of a dump or of another trace, or a boot's first one: they tell a front. */
static bool is_line(const char *at)
{
	if (!strncmp(at, "CPU: ", 5))
		return strstr(at, " PID: ") && strstr(at, " Comm: ");
	return strncmp(at, "WARNING: ", 9) || vmw_klog_is_head(at);
}

/* Where such a line begins in @text, not at its beginning; NULL: nowhere. */
static char *find_head(char *text)
{
	static const char *const heads[] = {
		"WARNING: ",
		"Unable to handle kernel ",
		"------------[ cut here ]",
		"Call trace:",
		"Hotplug memory [0x",
		"pc : ",
		"watchdog: BUG: ",
		"rcu: INFO: ",
		"CPU: ",
		"Booting Linux on physical CPU 0x",
	};
	char *found = NULL, *at;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		at = strstr(text, heads[i]);
		if (at && at - text < MAX_FRONT && (!found || at < found) && is_line(at))
			found = at;
	}
	return found == text ? NULL : found;
}

static char *skip_shape(const struct vmw_fronts *fronts, char *text)
{
	const char *at = text, *shape = fronts->shape;
	char before = ' ';

	for (; *shape; shape++) {
		if (!*at)
			return NULL;
		before = next_element(&at, before);
		if (before != *shape)
			return NULL;
	}
	return text + (at - text);
}

char *vmw_fronts_skip(struct vmw_fronts *fronts, char *text)
{
	char *behind = *fronts->shape ? skip_shape(fronts, text) : NULL, *head;

	if (behind)
		return behind + strspn(behind, " \t");
	if (vmw_klog_is_head(text)) {
		*fronts->shape = '\0';
		return text;
	}
	head = find_head(text);
	if (!head || !is_front(text, head - text))
		return text;
	learn(fronts, text, head - text);
	return head;
}
