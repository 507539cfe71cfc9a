/* SPDX-License-Identifier: GPL-2.0-only */
/* The report, counted by driver, verdict and probe: what metrics have as labels. */
#ifndef VMEMMAPWATCH_EXPORT_METRICS_TALLY_H
#define VMEMMAPWATCH_EXPORT_METRICS_TALLY_H

#include "report/report.h"

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
