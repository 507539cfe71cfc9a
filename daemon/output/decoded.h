/* SPDX-License-Identifier: GPL-2.0-only */
/* What a log had, as text and as JSON. */
#ifndef VMEMMAPWATCH_OUTPUT_DECODED_H
#define VMEMMAPWATCH_OUTPUT_DECODED_H

#include <stdio.h>

#include "klog/decode.h"
#include "output/writer.h"
#include "report/report.h"
#include "report/why.h"

/* 0, or a negative errno. */
int vmw_export_decoded_text(const struct vmw_decoded *decoded, FILE *file);
int vmw_export_decoded_json(const struct vmw_decoded *decoded, FILE *file);

/* What was not understood, and what to do. */
struct vmw_unread {
	u64 line;
	bool whole; /* "WHAT" is a sentence, else "line N WHAT" is */
	char what[240];
	char next[160];
};

/* The first of it; false where all was understood. */
bool vmw_decoded_unread(const struct vmw_decoded *decoded, struct vmw_unread *ret);

/* WARNs and oopses that were read, of any function. */
u64 vmw_decoded_dumps(const struct vmw_decoded *decoded);

/* For people: what was found, who, and what to do; nothing for programs. */
void vmw_say_decoded(struct vmw_writer *w, const struct vmw_decoded *decoded);

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
