/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a scan: sections, their claims, the log, and what joins them. */
#ifndef VMEMMAPWATCH_FOUND_INTERNAL_H
#define VMEMMAPWATCH_FOUND_INTERNAL_H

#include "kernel/iomem.h"
#include "klog/found.h"
#include "klog/klog.h"

/* A scan under way. */
struct vmw_scan {
	struct vmw_founds *ret;
	const struct vmw_bounds *bounds;
	struct vmw_iomem iomem;	   /* empty where it was not read */
	u64 until_ns;		   /* dumps from then on do not count */
	unsigned int section_bits; /* 0: not known */
	unsigned int phys_bits;
	int taint_bit; /* of section_mem_map; negative: not known */
	int online_bit;
	struct vmw_found open; /* the range that sections still make longer */
	u64 open_flags;	       /* what they have in common */
	/* The dump before, if it was of a range that is gone now. */
	struct vmw_found *last;
	struct vmw_klog_event last_event;
	int err; /* -ENOMEM */
};

/*
 * A new range of @scan->ret, with its judgement; NULL where there is no room,
 * which is counted, or no memory.
 */
struct vmw_found *vmw_found_add(struct vmw_scan *scan, u64 pfn, u64 nr_pages);

/* Walk mem_section[]; each section goes to vmw_found_section(). */
void vmw_found_sections(struct vmw_scan *scan);

/*
 * The section @nr is present, its section_mem_map being @map; in order of their
 * numbers, and vmw_found_sections_end() behind the last.
 */
void vmw_found_section(struct vmw_scan *scan, u64 nr, u64 map);
void vmw_found_sections_end(struct vmw_scan *scan);

/* Cut @range by the claims in @scan->iomem, and add what comes out. */
void vmw_found_split(struct vmw_scan *scan, const struct vmw_found *range);

/* A time of the log as CLOCK_BOOTTIME; never 0, which stands for none. */
u64 vmw_found_time(const struct vmw_founds *founds, u64 log_ns);

/* Read the log from @path; each event goes to vmw_found_event(). */
void vmw_found_log(struct vmw_scan *scan, const char *path);

/* A vmw_klog_fn; @data is the scan. All live ranges are known by now. */
void vmw_found_event(void *data, const struct vmw_klog_event *event);

#endif
