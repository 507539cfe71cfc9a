/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why struct pages are out of bounds or a request was refused, and what to do: short
 * statements with this machine's own numbers, each with where it is from.
 */
#ifndef VMEMMAPWATCH_REPORT_WHY_H
#define VMEMMAPWATCH_REPORT_WHY_H

#include "layout/kernel_facts.h"
#include "report/report.h"

struct vmw_statement {
	char text[448];
	const char *source; /* file and version, commit, or thread */
};

#define VMW_MAX_STATEMENTS 12

/*
 * What is to be said of @range, which is out of bounds, into @out, at most @max;
 * @kernel is NULL where it was not asked. Returns how many: none of a range that is
 * in bounds. Physical ranges are bytes, their ends inclusive.
 */
int vmw_why(const struct vmw_report *report, const struct vmw_kernel_facts *kernel,
	    const struct vmw_range *range, struct vmw_statement *out, size_t max);

/*
 * What is to be said of @verdict where the struct pages are known, and the physical
 * range is not: in the log of a kernel whose memstart_addr it does not tell.
 */
int vmw_why_pages(const struct vmw_report *report, const struct vmw_kernel_facts *kernel,
		  u32 verdict, struct vmw_statement *out, size_t max);

/*
 * What helps @driver until its kernel has the fix, in few words: its own way, or else
 * what helps any driver.
 */
const char *vmw_advice(const char *driver);

/*
 * The same of the physical range @first to @last (inclusive), that the kernel refused
 * as beyond @limit; @limit and @bounds are NULL where they are not known.
 */
int vmw_why_denied(const struct vmw_bounds *bounds, const struct vmw_kernel_facts *kernel,
		   u64 first, u64 last, const struct vmw_limit *limit,
		   struct vmw_statement *out, size_t max);

/* The same of a request that was refused. */
int vmw_why_refused(const struct vmw_report *report, const struct vmw_kernel_facts *kernel,
		    const struct vmw_request *request, struct vmw_statement *out, size_t max);

/*
 * The first range of @verdict that @report has, whose numbers stand for all of
 * them: an offender's, or else a use's. False where there is none.
 */
bool vmw_why_example(const struct vmw_report *report, u32 verdict, struct vmw_range *ret);

/* The first request that was refused, or NULL. */
const struct vmw_request *vmw_why_refused_example(const struct vmw_report *report);

#endif
