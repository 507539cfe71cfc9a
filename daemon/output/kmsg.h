/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_EXPORT_KMSG_H
#define VMEMMAPWATCH_EXPORT_KMSG_H

#include "output/notice.h"
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

#endif
