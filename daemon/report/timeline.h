/* SPDX-License-Identifier: GPL-2.0-only */
/* A request as one ordered story: from the module's load to what came of it. */
#ifndef VMEMMAPWATCH_REPORT_TIMELINE_H
#define VMEMMAPWATCH_REPORT_TIMELINE_H

#include "report/report.h"

#define VMW_MAX_STEPS 48
#define VMW_STEP_LEN  512

struct vmw_step {
	u64 time_ns;	  /* CLOCK_BOOTTIME, of the first where there are more */
	const char *what; /* a word: "module", "region", a probe's symbol, "warn", "result" */
	u64 count;
	char text[VMW_STEP_LEN]; /* printable; redacted where the report is */
};

/*
 * The story of @request, by what the report has kept of it, in order of time.
 * Returns how many steps were written.
 */
size_t vmw_timeline(const struct vmw_report *report, const struct vmw_request *request,
		    struct vmw_step steps[VMW_MAX_STEPS]);

/*
 * Why the kernel refused @request, as far as it can be told, in one line: its limit,
 * a range that is not aligned, or that is taken already, or that none is free; else ""
 * and the errno is all.
 */
void vmw_refusal_reason(const struct vmw_report *report, const struct vmw_request *request,
			char *text, size_t size);

#endif
