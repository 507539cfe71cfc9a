/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole documents: a report, a layout, explanations. */
#ifndef VMEMMAPWATCH_OUTPUT_EXPORT_H
#define VMEMMAPWATCH_OUTPUT_EXPORT_H

#include <stdio.h>

#include "report/report.h"

/*
 * Write all of @report to @file; for people without the layout and probes, unless @verbose
 * is set or there is a reason to doubt them. Returns 0 or a negative errno.
 */
int vmw_export_text(const struct vmw_report *report, bool verbose, FILE *file);
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

#endif
