// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kmsg.h"

#define INTERVAL_NS 1000000000ULL

struct vmw_kmsg_said {
	struct vmw_kmsg_said *next;
	char driver[VMW_DRIVER_LEN];
	u32 verdict;
	u64 time_ns;
};

int vmw_kmsg_open(struct vmw_kmsg *kmsg)
{
	memset(kmsg, 0, sizeof(*kmsg));
	kmsg->fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	return kmsg->fd < 0 ? -errno : 0;
}

void vmw_kmsg_close(struct vmw_kmsg *kmsg)
{
	while (kmsg->said) {
		struct vmw_kmsg_said *said = kmsg->said;

		kmsg->said = said->next;
		free(said);
	}
	if (kmsg->fd >= 0)
		close(kmsg->fd);
	kmsg->fd = -1;
}

static u64 distance(u64 a, u64 b)
{
	return a > b ? a - b : b - a;
}

static bool said_lately(struct vmw_kmsg *kmsg, const struct vmw_offender *offender)
{
	struct vmw_kmsg_said *said;

	for (said = kmsg->said; said; said = said->next) {
		if (said->verdict == offender->range.verdict &&
		    !strcmp(said->driver, offender->driver))
			break;
	}
	if (said && distance(offender->since_ns, said->time_ns) < INTERVAL_NS)
		return true;
	if (!said) {
		said = calloc(1, sizeof(*said));
		if (!said)
			return false;
		memcpy(said->driver, offender->driver, sizeof(said->driver));
		said->verdict = offender->range.verdict;
		said->next = kmsg->said;
		kmsg->said = said;
	}
	said->time_ns = offender->since_ns;
	return false;
}

static const char *what_it_does(const struct vmw_offender *offender, bool asks_only)
{
	u32 kind = offender->request ? offender->request->kind : VMW_REQUEST_NONE;

	if (kind == VMW_REQUEST_MEMUNMAP || kind == VMW_REQUEST_REMOVE)
		return "gives back";
	return asks_only ? "asks for" : "gets";
}

void vmw_kmsg_offender(struct vmw_kmsg *kmsg, const struct vmw_report *report,
		       const struct vmw_offender *offender, bool asks_only)
{
	const struct vmw_range *range = &offender->range;
	unsigned int shift = report->bounds->page_shift;
	char line[512];
	int n;

	if (said_lately(kmsg, offender)) {
		kmsg->suppressed++;
		return;
	}
	n = snprintf(line, sizeof(line),
		     "<2>vmemmapwatch: %s %s phys 0x%" PRIx64 "-0x%" PRIx64
		     ", struct pages 0x%016" PRIx64 "-0x%016" PRIx64
		     " %s (0x%" PRIx64 " bytes from %s), vmemmap is 0x%016" PRIx64
		     "-0x%016" PRIx64 "\n",
		     offender->driver, what_it_does(offender, asks_only),
		     range->pfn << shift, ((range->pfn + range->nr_pages) << shift) - 1,
		     range->pages_start, range->pages_end,
		     vmw_verdict_names[range->verdict], range->distance,
		     vmw_bound_name(report->bounds, range->bound), report->bounds->start,
		     report->bounds->end);
	if (write(kmsg->fd, line, n) == n)
		kmsg->written++;
	else
		kmsg->failed++;
}
