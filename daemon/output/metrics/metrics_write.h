/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics as text, a family at a time and a sample at a time. */
#ifndef VMEMMAPWATCH_EXPORT_METRICS_WRITE_H
#define VMEMMAPWATCH_EXPORT_METRICS_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include <vmemmapwatch/types.h>

struct vmw_metrics {
	FILE *file;
	bool openmetrics;
	const char *family;	/* without our prefix */
	unsigned int nr_labels; /* of the sample under way */
};

enum vmw_metric_type {
	VMW_GAUGE,
	VMW_COUNTER, /* its name ends in _total */
};

/* Samples that follow are of this one. */
void vmw_metrics_family(struct vmw_metrics *m, enum vmw_metric_type type, const char *name,
			const char *help);

/* One more label of the next sample. @value: any bytes, escaped here. */
void vmw_metrics_label(struct vmw_metrics *m, const char *key, const char *value);

/* The sample itself: a number, or nanoseconds told as seconds. */
void vmw_metrics_number(struct vmw_metrics *m, u64 value);
void vmw_metrics_seconds(struct vmw_metrics *m, s64 ns);

/* The end, flushed. 0 or a negative errno. */
int vmw_metrics_end(struct vmw_metrics *m);

#endif
