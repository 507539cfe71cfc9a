/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_EXPORT_WHY_H
#define VMEMMAPWATCH_EXPORT_WHY_H

#include "output/json/json_build.h"
#include "report/report.h"
#include "report/why.h"

/* A WHY paragraph for each verdict that there is, and for refusals. */
void vmw_print_why(const struct vmw_report *report, FILE *file);

/* What is to be said of one range; @report needs bounds and cure alone. */
void vmw_print_why_range(const struct vmw_report *report, const struct vmw_range *range,
			 FILE *file);
json *js_why_range(const struct vmw_report *report, const struct vmw_range *range);

/* The same: arrays of {statement, source} by verdict, and "refused". */
json *js_why(const struct vmw_report *report);

/* The two for @n statements that were made elsewhere; nothing where there are none. */
void vmw_print_statements(const char *heading, const struct vmw_statement *statements, int n,
			  FILE *file);
json *js_statements(const struct vmw_statement *statements, int n);

/*
 * @text in lines of at most 80 columns, @indent deep; @first, no longer than that,
 * stands in front of the first line's text.
 */
void vmw_print_wrapped(const char *first, int indent, const char *text, FILE *file);

#endif
