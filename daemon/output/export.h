/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole documents: a report, a layout, explanations. */
#ifndef VMEMMAPWATCH_OUTPUT_EXPORT_H
#define VMEMMAPWATCH_OUTPUT_EXPORT_H

#include <stdio.h>

#include "report/report.h"

/* Write all of @report to @file. Returns 0 or a negative errno. */
int vmw_export_text(const struct vmw_report *report, FILE *file);
int vmw_export_json(const struct vmw_report *report, FILE *file);

/*
 * Prometheus' text format; and OpenMetrics, which names the families of counters
 * otherwise. No addresses: kernel ones are not for everybody who may read metrics.
 */
int vmw_export_metrics(const struct vmw_report *report, FILE *file);
int vmw_export_openmetrics(const struct vmw_report *report, FILE *file);

/* The layout alone, redacted or not. Returns 0 or a negative errno. */
int vmw_export_layout_text(const struct vmw_layout *layout, bool redact, FILE *file);
int vmw_export_layout_json(const struct vmw_layout *layout, bool redact, FILE *file);

/* The layout as a part of another text. */
void vmw_print_layout(const struct vmw_layout *layout, bool redact, FILE *file);

/*
 * Explanations of what was asked, by @layout and @bounds. @iomem is NULL where
 * there is none for that kernel, and @iomem_why then one line that says why.
 */
struct vmw_explained {
	const struct vmw_explanation *explanations;
	size_t nr;
	const struct vmw_layout *layout;
	const struct vmw_bounds *bounds;
	const struct vmw_iomem *iomem;
	const char *iomem_why;
};

/* Parts of that text: the struct pages of @e, and by which values they are judged. */
void vmw_print_explained(const struct vmw_explained *x, const struct vmw_explanation *e,
			 FILE *file);
void vmw_print_bounds(const struct vmw_layout *layout, FILE *file);

int vmw_export_explained_text(const struct vmw_explained *explained, FILE *file);
int vmw_export_explained_json(const struct vmw_explained *explained, FILE *file);

#endif
