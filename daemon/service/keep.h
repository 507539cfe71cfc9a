/* SPDX-License-Identifier: GPL-2.0-only */
/* --keep: a client of the service that writes what it has seen into files. */
#ifndef VMEMMAPWATCH_SERVICE_KEEP_H
#define VMEMMAPWATCH_SERVICE_KEEP_H

#include <stdbool.h>

#include "base/exit.h"
#include "service/old_reports.h"

struct vmw_keep_config {
	const char *feed; /* the service's first socket */
	bool redact;
	struct vmw_old_reports_config kept;
	const char *textfile; /* NULL: none */
};

/* Until a signal or the service ends it; an exit code, after one line for a failure. */
enum vmw_exit vmw_keep(const struct vmw_keep_config *config);

#endif
