/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened before anybody watched: struct pages that are out of bounds by
 * the sections of memory that are present, and by the kernel's log since boot.
 */
#ifndef VMEMMAPWATCH_KLOG_FOUND_H
#define VMEMMAPWATCH_KLOG_FOUND_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/event.h>
#include <vmemmapwatch/verdict.h>

#include "aggregate/driver.h"
#include "layout/layout.h"

#define VMW_FOUND_NAME_LEN 64 /* as cut by struct vmw_resource */
#define VMW_MAX_FOUND	   4096

/*
 * One range whose struct pages are, or were, out of bounds. No pointers: it is
 * copied to another process.
 *
 * Times are CLOCK_BOOTTIME: those of the log's lines, less what its clock is ahead
 * now (log_ahead_ns). CLOCK_BOOTTIME is slewed and the log's clock is not, so this
 * is good to a millisecond for what is recent, and less so the longer ago it was.
 * The log's clock stops in suspend (sched_clock_suspend(), kernel/time/sched_clock.c
 * 6.1.192): lines from before a suspend appear later than they were, by its length.
 * The sequence numbers of records are exact.
 */
struct vmw_found {
	u64 pfn;
	u64 nr_pages;
	struct vmw_judgement judgement;
	bool live;		/* present now; where sections were not read: !removal */
	bool zone_device;	/* pages of a device, not RAM */
	bool zone_device_known; /* false: gone, or neither flags nor claims tell */
	bool oops;		/* a task died of it */
	bool removal;		/* the last dump in the log is of its way out */
	u32 warns;		/* of the kernel, in the log */
	u64 first_ns;		/* of its dumps; 0: known by its sections alone */
	u64 last_ns;
	u64 first_seq; /* their records, where first_ns is not 0 */
	u64 last_seq;
	char name[VMW_FOUND_NAME_LEN]; /* innermost claim in /proc/iomem, or "" */
	/* Of the last dump on the way in, or any where the log has no other; or "". */
	char driver[VMW_DRIVER_LEN]; /* as vmw_driver_of() names who asked */
	char module[VMW_DRIVER_LEN]; /* innermost module of its call trace */
	char comm[VMW_COMM_LEN];     /* any bytes */
};

struct vmw_founds {
	struct vmw_found *found; /* live ones first, by pfn; then by the log */
	size_t nr;
	u64 dropped; /* ranges beyond VMW_MAX_FOUND */
	bool sections_read;
	bool claims_read; /* /proc/iomem: without it no names and rough borders */
	bool log_read;
	char sections_why[200]; /* why not, one line, or "" */
	char claims_why[200];
	char log_why[200];
	u64 log_first_ns; /* time of the first line that is left of it */
	u64 log_first_seq;
	u64 log_next_seq;     /* of the first record that was not there yet */
	s64 log_ahead_ns;     /* of CLOCK_BOOTTIME */
	bool log_ahead_known; /* false: times are the log's own */
	bool log_cut;	      /* the log has lost its beginning */
	u64 log_lost;	      /* records overwritten while we read */
	u32 warns;	      /* dumps in the log, with and without a range */
	u32 oopses;
	u32 rangeless;	 /* of them, those that tell of no range */
	u32 later;	 /* dumps that were left to probes, beside all these */
	u32 later_warns; /* of them */
};

/*
 * Look. *@ret says what could not be read; the only error is -ENOMEM. Call
 * vmw_founds_free() in any case. Uses vmw_btf(): a caller that had called
 * vmw_btf_drop() calls it once more. Needs what reading the layout needs, and
 * CAP_SYSLOG where kernel.dmesg_restrict is set.
 */
int vmw_found_scan(struct vmw_founds *ret, const struct vmw_layout *layout,
		   const struct vmw_bounds *bounds);

/*
 * The same, but dumps of @until_ns (CLOCK_BOOTTIME) or later do not count: probes
 * were attached by then and have seen what they tell of. Called after attaching,
 * nothing falls between the log and the probes; ranges that are live may then be
 * known from both.
 */
int vmw_found_scan_until(struct vmw_founds *ret, const struct vmw_layout *layout,
			 const struct vmw_bounds *bounds, u64 until_ns);

/*
 * How many WARNs of the kernel's hotplug code its log has from @since_ns
 * (CLOCK_MONOTONIC) on; 0 also where it cannot be read.
 */
u64 vmw_found_warns(u64 since_ns);
void vmw_founds_free(struct vmw_founds *founds);

#endif
