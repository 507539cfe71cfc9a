// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Where in our source an entry is written tells nobody anything. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "output/journal.h"
#include "report/redact.h"

#define MAX_FIELDS 32

#define PRIORITY_CRIT	 2
#define PRIORITY_WARNING 4

struct entry {
	struct iovec fields[MAX_FIELDS];
	int nr;
	int error; /* negative errno of the first field that failed */
};

static void __attribute__((format(printf, 2, 3)))
add(struct entry *entry, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	if (entry->nr == MAX_FIELDS) {
		entry->error = -E2BIG;
		return;
	}
	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0) {
		entry->error = -ENOMEM;
		return;
	}
	entry->fields[entry->nr].iov_base = text;
	entry->fields[entry->nr++].iov_len = n;
}

static int send_entry(struct vmw_journal *journal, struct entry *entry)
{
	int err = entry->error;

	if (!err)
		err = sd_journal_sendv(entry->fields, entry->nr);
	while (entry->nr)
		free(entry->fields[--entry->nr].iov_base);
	if (err < 0) {
		journal->failed++;
		return err;
	}
	journal->written++;
	return 0;
}

/* Where it lies; the catalog counts on these fields, so they stay where it is redacted. */
static void add_places(struct entry *entry, const struct vmw_report *report,
		       const struct vmw_range *range, const char *pages)
{
	char pfn[VMW_ADDRESS_LEN], phys[VMW_PLACES_LEN], distance[VMW_ADDRESS_LEN];
	unsigned int shift = report->bounds->page_shift;

	vmw_format_address(report->redact, VMW_SECRET_PLACE, range->pfn, 1, pfn);
	vmw_format_places(report->redact, range->pfn << shift,
			  ((range->pfn + range->nr_pages) << shift) - 1, 1, phys);
	vmw_format_address(report->redact, VMW_SECRET_PLACE, range->distance, 1, distance);
	add(entry, "VMEMMAPWATCH_PFN=%s", pfn);
	add(entry, "VMEMMAPWATCH_PHYS=%s", phys);
	add(entry, "VMEMMAPWATCH_STRUCT_PAGES=%s", pages);
	add(entry, "VMEMMAPWATCH_DISTANCE=%s", distance);
}

static void add_range(struct entry *entry, const struct vmw_report *report,
		      const struct vmw_range *range, const char *pages)
{
	add(entry, "VMEMMAPWATCH_VERDICT=%s", vmw_verdict_names[range->verdict]);
	add(entry, "VMEMMAPWATCH_NR_PAGES=%llu", range->nr_pages);
	add(entry, "VMEMMAPWATCH_BOUND=%s", vmw_bound_name(report->bounds, range->bound));
	add_places(entry, report, range, pages);
	add(entry, "VMEMMAPWATCH_KERNEL_WARNS=%s",
	    vmw_kernel_warns(report->bounds, range->pages_start, range->pages_end) ? "yes" :
										     "no");
}

static void add_request(struct entry *entry, const struct vmw_report *report,
			const struct vmw_request *request)
{
	char comm[4 * VMW_COMM_LEN + 1], when[40];

	if (!request)
		return;
	vmw_format_bytes(request->first.comm, VMW_COMM_LEN, comm, sizeof(comm));
	vmw_format_time(report, request->first.time_ns, when, sizeof(when));
	add(entry, "VMEMMAPWATCH_REQUEST=%s", vmw_request_kind_names[request->kind]);
	add(entry, "VMEMMAPWATCH_OUTCOME=%s", vmw_outcome_names[request->outcome]);
	add(entry, "VMEMMAPWATCH_TASK=%s", comm);
	add(entry, "VMEMMAPWATCH_TASK_PID=%u", request->first.pid);
	add(entry, "VMEMMAPWATCH_TASK_CPU=%u", request->first.cpu);
	add(entry, "VMEMMAPWATCH_TIME=%s", when);
}

int vmw_journal_offender(struct vmw_journal *journal, const struct vmw_report *report,
			 const struct vmw_offender *offender, bool asks_only)
{
	const struct vmw_range *range = &offender->range;
	char driver[4 * VMW_DRIVER_LEN + 1], pages[VMW_PLACES_LEN], far[32] = "";
	struct entry entry = { .nr = 0 };
	bool back = offender->since_ns != offender->first_ns;

	if (back && vmw_notice_is_recent(&journal->told, offender)) {
		journal->suppressed++;
		return 0;
	}
	vmw_format_bytes(offender->driver, VMW_DRIVER_LEN, driver, sizeof(driver));
	vmw_format_places(report->redact, range->pages_start, range->pages_end, 16, pages);
	if (!report->redact)
		snprintf(far, sizeof(far), "0x%llx bytes from ", range->distance);
	add(&entry,
	    "MESSAGE=%s %s physical memory whose struct pages%s%s lie outside of vmemmap: %s, %s%s%s",
	    driver, vmw_notice_verb(offender, asks_only), report->redact ? "" : " ",
	    report->redact ? "" : pages, vmw_verdict_names[range->verdict], far,
	    vmw_bound_name(report->bounds, range->bound), back ? " (again)" : "");
	add(&entry, "MESSAGE_ID=" VMW_JOURNAL_OFFENDER);
	add(&entry, "PRIORITY=%d", PRIORITY_CRIT);
	add(&entry, "VMEMMAPWATCH_DRIVER=%s", driver);
	add(&entry, "VMEMMAPWATCH_ORIGIN=%s", offender->found ? "found at start" : "observed");
	add(&entry, "VMEMMAPWATCH_LIVE=%s", offender->live ? "yes" : "no");
	add_range(&entry, report, range, pages);
	add_request(&entry, report, offender->request);
	return send_entry(journal, &entry);
}

int vmw_journal_incomplete(struct vmw_journal *journal, const char *reason)
{
	struct entry entry = { .nr = 0 };

	add(&entry, "MESSAGE=the watch is incomplete: %s", reason);
	add(&entry, "MESSAGE_ID=" VMW_JOURNAL_INCOMPLETE);
	add(&entry, "PRIORITY=%d", PRIORITY_WARNING);
	add(&entry, "VMEMMAPWATCH_REASON=%s", reason);
	return send_entry(journal, &entry);
}

void vmw_journal_free(struct vmw_journal *journal)
{
	vmw_notice_limit_free(&journal->told);
}
