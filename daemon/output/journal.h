/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries of the journal that a program can read, with a text in its catalog. */
#ifndef VMEMMAPWATCH_OUTPUT_JOURNAL_H
#define VMEMMAPWATCH_OUTPUT_JOURNAL_H

#include "output/kmsg.h"
#include "report/report.h"

/* Their MESSAGE_ID=, fixed for ever; systemd/vmemmapwatch.catalog explains them. */
#define VMW_JOURNAL_OFFENDER   "0841c69740ed4a7f8f5821cc0058755f"
#define VMW_JOURNAL_INCOMPLETE "95ff6e29dbd745969632e1c6d3ce6039"

/* Zeroed before the first use. */
struct vmw_journal {
	struct vmw_notice_limit *told; /* those that came back */
	u64 written;
	u64 suppressed; /* back again within a second of the last one of its kind */
	u64 failed;
};

/*
 * One entry about an offender: a new one always, one that is back again by the
 * rule of the kernel log. Returns 0, also where there is no journal, or a
 * negative errno.
 */
int vmw_journal_offender(struct vmw_journal *journal, const struct vmw_report *report,
			 const struct vmw_offender *offender, bool asks_only);

/* One entry that says why the watch is incomplete. @reason is one line. Returns as above. */
int vmw_journal_incomplete(struct vmw_journal *journal, const char *reason);

void vmw_journal_free(struct vmw_journal *journal);

#endif
