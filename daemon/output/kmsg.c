// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "output/kmsg.h"

int vmw_kmsg_open(struct vmw_kmsg *kmsg)
{
	memset(kmsg, 0, sizeof(*kmsg));
	kmsg->fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	return kmsg->fd < 0 ? -errno : 0;
}

void vmw_kmsg_close(struct vmw_kmsg *kmsg)
{
	vmw_notice_limit_free(&kmsg->told);
	if (kmsg->fd >= 0)
		close(kmsg->fd);
	kmsg->fd = -1;
}

/* Where all of it lies; redacted only how much it is. */
static void format_range(const struct vmw_report *report, const struct vmw_range *range,
			 char *text, size_t size)
{
	unsigned int shift = report->bounds->page_shift;
	const char *verdict = vmw_verdict_names[range->verdict];

	if (report->redact)
		snprintf(text, size, "%llu pages, struct pages %s", range->nr_pages, verdict);
	else
		snprintf(text, size,
			 "phys 0x%llx-0x%llx, struct pages 0x%016llx-0x%016llx %s (0x%llx bytes from %s), vmemmap is 0x%016llx-0x%016llx",
			 range->pfn << shift, ((range->pfn + range->nr_pages) << shift) - 1,
			 range->pages_start, range->pages_end, verdict, range->distance,
			 vmw_bound_name(report->bounds, range->bound), report->bounds->start,
			 report->bounds->end);
}

void vmw_kmsg_offender(struct vmw_kmsg *kmsg, const struct vmw_report *report,
		       const struct vmw_offender *offender, bool asks_only)
{
	char line[512], where[400];
	int n;

	if (vmw_notice_is_recent(&kmsg->told, offender)) {
		kmsg->suppressed++;
		return;
	}
	format_range(report, &offender->range, where, sizeof(where));
	n = snprintf(line, sizeof(line), "<2>vmemmapwatch: %s %s %s\n", offender->driver,
		     vmw_notice_verb(offender, asks_only), where);
	if (write(kmsg->fd, line, n) == n)
		kmsg->written++;
	else
		kmsg->failed++;
}

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
