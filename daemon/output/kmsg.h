/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_OUTPUT_KMSG_H
#define VMEMMAPWATCH_OUTPUT_KMSG_H

#include "aggregate/aggregate.h"
#include "report/report.h"

struct vmw_kmsg {
	int fd;
	struct vmw_notice_limit *told;
	u64 written;
	u64 suppressed; /* within a second of the last one of its kind */
	u64 failed;
};

/* Open /dev/kmsg for writing. Returns 0 or a negative errno. */
int vmw_kmsg_open(struct vmw_kmsg *kmsg);
void vmw_kmsg_close(struct vmw_kmsg *kmsg);

/*
 * One line about a new offender, at level 2 (KERN_CRIT), which a console
 * prints with "quiet" too. At most one a second for each driver and verdict:
 * the kernel drops what user space writes beyond ten lines in five seconds
 * without a word (devkmsg_write(), kernel/printk/printk.c 6.1.192).
 */
void vmw_kmsg_offender(struct vmw_kmsg *kmsg, const struct vmw_report *report,
		       const struct vmw_offender *offender, bool asks_only);

/* What the lines of the kernel log and the entries of the journal share. */

/* When something was last told of one driver and verdict. */
struct vmw_notice_limit;

/*
 * Was one of the same driver and verdict told within the last second before
 * @offender (re)appeared? If not, it is noted as told now. The list @told
 * begins as NULL.
 */
bool vmw_notice_is_recent(struct vmw_notice_limit **told, const struct vmw_offender *offender);
void vmw_notice_limit_free(struct vmw_notice_limit **told);

/* "gets", "asks for", "gives back": what the driver does with the memory. */
const char *vmw_notice_verb(const struct vmw_offender *offender, bool asks_only);

#endif
