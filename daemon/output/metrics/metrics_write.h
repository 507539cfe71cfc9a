/* SPDX-License-Identifier: GPL-2.0-only */
/* Metrics as text, a family at a time and a sample at a time. */
#ifndef VMEMMAPWATCH_OUTPUT_METRICS_METRICS_WRITE_H
#define VMEMMAPWATCH_OUTPUT_METRICS_METRICS_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include <vmemmapwatch/types.h>

#include "report/report.h"

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

/* The report, counted by driver, verdict and probe: what metrics have as labels. */

/* As many drivers have a name; those behind are one. More labels cost the reader. */
#define VMW_TALLY_DRIVERS 64
#define VMW_TALLY_OTHERS  "(others)"

enum vmw_tally_of {
	VMW_TALLY_REQUEST, /* struct pages made, removed or initialised */
	VMW_TALLY_USE,	   /* worked with */
	VMW_NR_TALLIES,
};

typedef u64 vmw_by_verdict[VMW_NOWHERE + 1];

struct vmw_tally_driver {
	char name[4 * VMW_DRIVER_LEN + 1]; /* printable: what differs in print alone is one */
	vmw_by_verdict live[VMW_NR_TALLIES];
	vmw_by_verdict total[VMW_NR_TALLIES];
	vmw_by_verdict refused;
	vmw_by_verdict warns;
	vmw_by_verdict hits[VMW_MAX_PROBES]; /* out of bounds */
};

struct vmw_tally {
	struct vmw_tally_driver drivers[VMW_TALLY_DRIVERS + 1];
	int nr_drivers;
	/*
	 * By row: the first id of the same symbol and point. A symbol with several
	 * prototypes has several, of which a kernel has one.
	 */
	int row[VMW_MAX_PROBES];
	vmw_by_verdict observed[VMW_MAX_PROBES];
	vmw_by_verdict lookups[VMW_MAX_PROBES];
	u64 found_live, found_gone;
};

/* NULL for lack of memory; to be freed by free(). */
struct vmw_tally *vmw_tally(const struct vmw_report *report);

#endif
