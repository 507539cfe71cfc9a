/* SPDX-License-Identifier: GPL-2.0-only */
/* What a log had, as text and as JSON. */
#ifndef VMEMMAPWATCH_OUTPUT_DECODED_H
#define VMEMMAPWATCH_OUTPUT_DECODED_H

#include <stdio.h>

#include "klog/decode.h"
#include "report/report.h"
#include "report/why.h"

/* 0, or a negative errno. */
int vmw_export_decoded_text(const struct vmw_decoded *decoded, FILE *file);
int vmw_export_decoded_json(const struct vmw_decoded *decoded, FILE *file);

/*
 * Where nothing may come of what the log has, as it is in a form that is not known: why
 * that is no all-clear, and the line in *@ret_line. NULL: all was read.
 */
const char *vmw_decoded_unread(const struct vmw_decoded *decoded, u64 *ret_line);

/*
 * 1 with an offender or a dump of ours that is not judged, 4 where a layout contradicts
 * itself, 5 where vmw_decoded_unread() tells of something.
 */
enum vmw_exit vmw_decoded_code(const struct vmw_decoded *decoded);

/* As much of a report as parts of a text or a document look at. */
struct vmw_report vmw_decoded_report(const struct vmw_decoded_boot *boot);

/*
 * Statements for each verdict that @boot has, which is the bit of *@verdicts that is
 * taken away; for all offenders of it, by the first. Returns how many statements, and
 * the verdict in *@ret_verdict; 0 where no verdict is left.
 */
int vmw_decoded_why(const struct vmw_decoded_boot *boot, u32 *verdicts, u32 *ret_verdict,
		    struct vmw_statement *out, size_t max);
u32 vmw_decoded_verdicts(const struct vmw_decoded_boot *boot);

/* The same of the first refusal. */
int vmw_decoded_why_refused(const struct vmw_decoded_boot *boot, struct vmw_statement *out,
			    size_t max);

#endif
