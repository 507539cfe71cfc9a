// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "probe/choice.h"

static void set_default(bool *chosen, bool value)
{
	int id;

	for (id = VMW_NR_MAIN_PROBES; id < VMW_NR_PROBES; id++) {
		if (vmw_probe_infos[id].heat == VMW_HEAT_REQUEST)
			chosen[id] = value;
	}
}

/* Returns how many rows @pattern fits. */
static int set_matching(bool *chosen, const char *pattern, bool value)
{
	int id, n = 0;

	for (id = VMW_NR_MAIN_PROBES; id < VMW_NR_PROBES; id++) {
		if (fnmatch(pattern, vmw_probe_infos[id].symbol, 0))
			continue;
		chosen[id] = value;
		n++;
	}
	return n;
}

static int take_word(bool *chosen, const char *word)
{
	bool value = *word != '-';

	word += !value;
	if (!strcmp(word, "default"))
		set_default(chosen, value);
	else if (!set_matching(chosen, strcmp(word, "all") ? word : "*", value))
		return -EINVAL;
	return 0;
}

int vmw_choose(bool chosen[VMW_MAX_PROBES], const char *text, char *why, size_t size)
{
	char word[64];
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++)
		chosen[id] = !vmw_is_caller(id);
	if (*text == '-')
		set_default(chosen, true);
	for (;;) {
		size_t length = strcspn(text, ",");

		if (length && length < sizeof(word)) {
			memcpy(word, text, length);
			word[length] = '\0';
		}
		if (!length || length >= sizeof(word) || take_word(chosen, word)) {
			snprintf(why, size,
				 "%.*s: expected default, all, or names of --probes, as folio_* or -dump_page",
				 (int)length, text);
			return -EINVAL;
		}
		if (!text[length])
			return 0;
		text += length + 1;
	}
}
