// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "klog/fronts.h"
#include "klog/klog.h"
#include "klog/order.h"

#define MAX_SAMPLE 400
#define MANY	   300 /* lines that are later than the one before */

/* Where in a dump a line stands; 0: it may be anywhere. */
static int rank_of(const char *text)
{
	static const struct {
		const char *text;
		int rank;
	} ranks[] = {
		{ "------------[ cut here", 1 },
		{ "WARNING: ", 2 },
		{ "Unable to handle kernel", 2 },
		{ "Mem abort info:", 3 },
		{ "Internal error: ", 4 },
		{ "CPU: ", 5 },
		{ "pc : ", 6 },
		{ "lr : ", 7 },
		{ "sp : ", 8 },
		{ "Call trace:", 10 },
		{ "---[ end ", 12 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranks); i++) {
		if (!strncmp(text, ranks[i].text, strlen(ranks[i].text)))
			return ranks[i].rank;
	}
	if (*text == 'x' && isdigit((unsigned char)text[1]) && strchr(text, ':'))
		return 9;
	return strstr(text, "+0x") && strcspn(text, " ") > 6 ? 11 : 0;
}

/* The time that a field of a record has, in any form; or 0. */
static u64 field_time(const char *line)
{
	const char *at = strstr(line, "__MONOTONIC_TIMESTAMP");

	if (!at)
		return 0;
	at += 21;
	at += strspn(at, "\": =");
	return strtoull(at, NULL, 10) * 1000;
}

/* "03:39:59", of any logger, as seconds; or 0. */
static u64 clock_time(const char *line)
{
	const char *p;
	unsigned int h, m, s;

	for (p = line; (p = strchr(p, ':')) && p - line < 60; p++) {
		if (p - line >= 2 && isdigit((unsigned char)p[-1]) && p[3] == ':' &&
		    sscanf(p - 2, "%2u:%2u:%2u", &h, &m, &s) == 3 && h < 24 && m < 60 && s < 61)
			return (h * 3600 + m * 60 + s) + 1;
	}
	return 0;
}

struct votes {
	u64 before[3];
	int rank;
	unsigned int up[3], down[3], rank_up, rank_down;
};

static void vote(struct votes *v, int which, u64 time)
{
	if (time && v->before[which]) {
		v->up[which] += time > v->before[which];
		v->down[which] += time < v->before[which];
	}
	v->before[which] = time ? time : v->before[which];
}

static void vote_line(struct votes *v, char *line)
{
	struct vmw_stripped s;
	int rank;

	vote(v, 1, field_time(line));
	vote(v, 2, clock_time(line));
	line = vmw_skip_line_number(line);
	line += !strncmp(line, "MESSAGE=", 8) ? 8 : 0;
	vmw_strip(line, &s);
	vote(v, 0, s.time_ns);
	rank = rank_of(s.text);
	if (rank && v->rank) {
		v->rank_up += rank > v->rank;
		v->rank_down += rank < v->rank;
	}
	v->rank = rank ? rank : v->rank;
}

bool vmw_is_newest_first(const char *buffer, size_t length)
{
	const char *end = buffer + length;
	struct votes v = { .rank = 0 };
	char line[MAX_SAMPLE];
	int i;

	/* So many are enough to know that it is as usual. */
	while (buffer < end && v.up[0] < MANY) {
		const char *newline = memchr(buffer, '\n', end - buffer);
		size_t n = (newline ? newline : end) - buffer, most = sizeof(line) - 1;

		memcpy(line, buffer, n < most ? n : most);
		line[n < most ? n : most] = '\0';
		vote_line(&v, line);
		buffer += n + 1;
	}
	/* The kernel's own time before others; a boot begins it anew. */
	for (i = 0; i < 3; i++) {
		if (v.up[i] + v.down[i] > 2)
			return v.down[i] > 4 * v.up[i];
	}
	return v.rank_down > v.rank_up;
}

struct vmw_held {
	struct vmw_held *before;
	struct vmw_stripped line;
	u64 number;
	char text[];
};

int vmw_hold_add(struct vmw_hold *hold, const struct vmw_stripped *line, u64 number)
{
	size_t length = strlen(line->text) + 1;
	struct vmw_held *held;

	if (hold->full || hold->bytes + length + sizeof(*held) > VMW_MAX_HELD) {
		hold->full = true;
		return 0;
	}
	held = malloc(sizeof(*held) + length);
	if (!held)
		return -ENOMEM;
	hold->bytes += length + sizeof(*held);
	held->before = hold->last;
	held->line = *line;
	held->number = number;
	memcpy(held->text, line->text, length);
	held->line.text = held->text;
	hold->last = held;
	return 0;
}

void vmw_hold_release(struct vmw_hold *hold, vmw_hold_fn *fn, void *data)
{
	struct vmw_held *held;

	while ((held = hold->last)) {
		hold->last = held->before;
		fn(data, &held->line, held->number);
		free(held);
	}
}

static void drop(void *data, const struct vmw_stripped *line, u64 number)
{
	(void)data;
	(void)line;
	(void)number;
}

void vmw_hold_free(struct vmw_hold *hold)
{
	vmw_hold_release(hold, drop, NULL);
}

/* Never 0, which is no line. */
static u64 hash(const char *text, u64 seed)
{
	return vmw_hash(VMW_HASH_START ^ seed, text, strlen(text)) | 1;
}

bool vmw_is_double(struct vmw_doubles *d, const struct vmw_stripped *line)
{
	u64 text = hash(line->text, 0), timed;
	bool same = text == d->text &&
		    (line->time_ns == d->text_ns || !line->time_ns || !d->text_ns);
	unsigned int i;

	d->text = text;
	d->text_ns = line->time_ns;
	if (!line->time_ns || same)
		return same;
	timed = hash(line->text, line->time_ns);
	for (i = 0; i < VMW_DOUBLES; i++) {
		if (d->times[i] == timed)
			return true;
	}
	d->times[d->next++ % VMW_DOUBLES] = timed;
	return false;
}
