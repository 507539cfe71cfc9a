// SPDX-License-Identifier: GPL-2.0-only
/* "Did you mean ...?" for words that are nearly names of options. */
#include <ctype.h>
#include <string.h>

#include "cli/cli_internal.h"

#define MAX_NAME 40

static size_t least(size_t a, size_t b, size_t c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* How many letters have to be changed, added or left out; case does not count. */
static size_t distance(const char *a, size_t length, const char *b)
{
	size_t row[MAX_NAME + 1], i, j, diagonal, above;
	size_t n = strlen(b);

	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; i <= length; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= n; j++) {
			above = row[j];
			row[j] = least(row[j] + 1, row[j - 1] + 1,
				       diagonal + (tolower((unsigned char)a[i - 1]) != b[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

const char *vmw_suggest(const char *word, size_t length,
			bool (*fits)(const struct vmw_option *option))
{
	/* A letter of each three may be wrong. */
	size_t best = length / 3 + 1, away;
	const char *name = NULL;
	int id;

	if (length < 2 || length > MAX_NAME)
		return NULL;
	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		const struct vmw_option *option = &vmw_options_table[id];

		if (strlen(option->name) > MAX_NAME || !fits(option))
			continue;
		away = distance(word, length, option->name);
		if (away < best) {
			best = away;
			name = option->name;
		}
	}
	return name;
}
