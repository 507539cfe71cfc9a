// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "output/notice.h"

#define INTERVAL_NS 1000000000ULL

struct vmw_notice_limit {
	struct vmw_notice_limit *next;
	char driver[VMW_DRIVER_LEN];
	u32 verdict;
	u64 time_ns;
};

static u64 distance(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

bool vmw_notice_is_recent(struct vmw_notice_limit **list, const struct vmw_offender *offender)
{
	struct vmw_notice_limit *told;

	for (told = *list; told; told = told->next) {
		if (told->verdict == offender->range.verdict &&
		    !strcmp(told->driver, offender->driver))
			break;
	}
	if (told && distance(offender->since_ns, told->time_ns) < INTERVAL_NS)
		return true;
	if (!told) {
		told = calloc(1, sizeof(*told));
		if (!told)
			return false;
		memcpy(told->driver, offender->driver, sizeof(told->driver));
		told->verdict = offender->range.verdict;
		told->next = *list;
		*list = told;
	}
	told->time_ns = offender->since_ns;
	return false;
}

void vmw_notice_limit_free(struct vmw_notice_limit **list)
{
	while (*list) {
		struct vmw_notice_limit *told = *list;

		*list = told->next;
		free(told);
	}
}

const char *vmw_notice_verb(const struct vmw_offender *offender, bool asks_only)
{
	u32 kind = offender->request ? offender->request->kind : VMW_REQUEST_NONE;

	if (kind == VMW_REQUEST_MEMUNMAP || kind == VMW_REQUEST_REMOVE)
		return "gives back";
	return asks_only ? "asks for" : "gets";
}
