// SPDX-License-Identifier: GPL-2.0-only
/* SIZE or SIZE@ADDRESS, as somebody typed it. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/preflight.h"

/* Decimal, or hex with 0x; digits alone, since strtoull() takes signs and blanks. */
static int parse_number(const char *text, const char **end, u64 *ret)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *rest;

	if (!isdigit((unsigned char)*text) || (hex && !isxdigit((unsigned char)text[2])))
		return -EINVAL;
	errno = 0;
	*ret = strtoull(text, &rest, hex ? 16 : 10);
	*end = rest;
	return errno ? -EINVAL : 0;
}

static int parse(struct vmw_planned *planned, const char *text)
{
	static const char units[] = "KMGT";
	const char *unit;
	unsigned int shift;

	if (parse_number(text, &text, &planned->size))
		return -EINVAL;
	unit = *text ? strchr(units, toupper((unsigned char)*text)) : NULL;
	if (unit) {
		shift = 10 * (unit - units + 1);
		if (planned->size >> (64 - shift))
			return -EINVAL;
		planned->size <<= shift;
		text++;
	}
	planned->has_address = *text == '@';
	if (planned->has_address && parse_number(text + 1, &text, &planned->address))
		return -EINVAL;
	return *text || !planned->size ||
			       planned->address + (planned->size - 1) < planned->address ?
		       -EINVAL :
		       0;
}

int vmw_planned_parse(struct vmw_planned *planned, const char *text, char *why, size_t size)
{
	memset(planned, 0, sizeof(*planned));
	snprintf(planned->what, sizeof(planned->what), "%s", text);
	if (strlen(text) < sizeof(planned->what) && !parse(planned, text))
		return 0;
	snprintf(why, size,
		 "%.80s: expected SIZE or SIZE@ADDRESS in bytes, decimal or with 0x, K, M, G or T behind SIZE",
		 text);
	return -EINVAL;
}
