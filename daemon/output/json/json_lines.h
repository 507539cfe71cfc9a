/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines of JSON of --trace and of the feed. */
#ifndef VMEMMAPWATCH_OUTPUT_JSON_JSON_LINES_H
#define VMEMMAPWATCH_OUTPUT_JSON_JSON_LINES_H

#include <stdio.h>

#include "report/report.h"

/* The JSON report as the last line of a stream, under "type": "report". */
int vmw_export_json_line(const struct vmw_report *report, FILE *file);

/*
 * One line each, flushed, "type" first; 0 or a negative errno. --trace and the
 * service write the same ones: daemon/share/schema/feed.schema.json has them all.
 *
 * trace_hello is --trace's own first line: with the layout and the probes in it.
 */
int vmw_export_line_trace_hello(const struct vmw_report *report, FILE *file);
int vmw_export_line_hello(const struct vmw_report *report, FILE *file);
int vmw_export_line_layout(const struct vmw_report *report, FILE *file);

/* An offender as it is now: replaces the earlier line of the same "key". */
int vmw_export_line_offender(const struct vmw_report *report,
			     const struct vmw_offender *offender, FILE *file);
int vmw_export_line_use(const struct vmw_report *report, const struct vmw_used *used, FILE *file);
int vmw_export_line_refused(const struct vmw_report *report, const struct vmw_request *request,
			    FILE *file);

/* What a use of a key that was told before has counted by now. */
int vmw_export_line_counts(const struct vmw_report *report, const struct vmw_used *used,
			   FILE *file);

/* One call of a caller. */
int vmw_export_line_sample(const struct vmw_report *report,
			   const struct vmw_observation *observation, FILE *file);

/* "observation", or "sample" where it is of a caller. */
int vmw_export_line_observation(const struct vmw_report *report,
				const struct vmw_observation *observation, FILE *file);
int vmw_export_line_warn(const struct vmw_report *report, const struct vmw_warn *warn,
			 FILE *file);
int vmw_export_line_losses(const struct vmw_report *report, FILE *file);

/* The clock was set: clock_offset_ns is another one. */
int vmw_export_line_clock(const struct vmw_report *report, FILE *file);

/* @status: what the daemon tells systemd of itself. */
int vmw_export_line_health(const struct vmw_report *report, const char *status, FILE *file);

/* To a client that was too slow for @lines lines. */
int vmw_export_line_missed(const struct vmw_report *report, u64 lines, FILE *file);

/* What is sent on connect ends here. */
int vmw_export_line_snapshot(const struct vmw_report *report, FILE *file);
int vmw_export_line_bye(const struct vmw_report *report, const char *reason, FILE *file);

#endif
