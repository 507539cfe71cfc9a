/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parts of the text report, for those that show them elsewhere. What is about one
 * offender or request is a heading, lines "  LABEL         VALUE" (LABEL and two blanks
 * are VMW_LABEL columns; without a LABEL it is the one before) and an empty line; no
 * name has a line's end in it, and all is printable ASCII.
 */
#ifndef VMEMMAPWATCH_EXPORT_TEXT_PARTS_H
#define VMEMMAPWATCH_EXPORT_TEXT_PARTS_H

#include "report/report.h"

#define VMW_LABEL 16

/*
 * A range, a line each: physical, pfn, struct pages, verdict, where they lie. Of
 * @report, bounds, layout and redact are looked at.
 */
void vmw_print_range(const struct vmw_report *report, const struct vmw_range *range, FILE *file);

/* The same from the struct pages on: for a range whose pfns are not known. */
void vmw_print_pages(const struct vmw_report *report, const struct vmw_range *range, FILE *file);

/* @n is its number in the report. */
void vmw_print_offender(const struct vmw_report *report, const struct vmw_offender *offender,
			unsigned int n, FILE *file);
void vmw_print_used(const struct vmw_report *report, const struct vmw_used *used,
		    unsigned int n, FILE *file);
void vmw_print_refused(const struct vmw_report *report, const struct vmw_request *request,
		       FILE *file);
void vmw_print_in_bounds(const struct vmw_report *report, const struct vmw_request *request,
			 FILE *file);

/* Are all ranges of @request in bounds, and is there one? */
bool vmw_report_in_bounds(const struct vmw_request *request);

/* The rest: some lines each, or none. */
void vmw_print_warns(const struct vmw_report *report, FILE *file);
void vmw_print_probes(const struct vmw_report *report, FILE *file);
void vmw_print_command(const struct vmw_command *command, FILE *file);
void vmw_print_losses(const struct vmw_report *report, FILE *file);
void vmw_print_watch(const struct vmw_report *report, FILE *file);
void vmw_print_summary(const struct vmw_report *report, unsigned int offenders, FILE *file);

#endif
