// SPDX-License-Identifier: GPL-2.0-only
/* A SIZE, and the search for it among claims that the same bytes are. */
#include "fuzz.h"

#include "explain/preflight.h"

#define MAX_CLAIMS 32

static void search_for(u64 wanted, const uint8_t *data, size_t size)
{
	struct vmw_resource taken[MAX_CLAIMS];
	struct vmw_search search = {
		.taken = taken,
		.last = (1ULL << 48) - 1,
		.section = 128 << 20,
		.step = size % VMW_STEP_SECTION + 1,
	};
	struct vmw_placed placed;
	u64 bytes;
	size_t i;

	for (; search.nr < MAX_CLAIMS && size >= 8; search.nr++, data += 8, size -= 8) {
		memcpy(&bytes, data, sizeof(bytes));
		taken[search.nr].start = bytes & ((1ULL << 48) - 1);
		taken[search.nr].last = taken[search.nr].start + (bytes >> 48 << 20);
	}
	if (vmw_place_find(&search, wanted, &placed))
		return;
	promise(placed.last <= search.last && placed.last - placed.first + 1 >= wanted);
	for (i = 0; i < search.nr; i++)
		promise(taken[i].last < placed.first || taken[i].start > placed.last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct vmw_planned planned;
	char why[256] = "";

	promise(text != NULL);
	if (!vmw_planned_parse(&planned, text, why, sizeof(why))) {
		promise(planned.size != 0);
		promise(planned.address + (planned.size - 1) >= planned.address);
		search_for(planned.size, data, size);
	} else {
		promise(*why);
	}
	free(text);
	return 0;
}
