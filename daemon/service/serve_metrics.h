/* SPDX-License-Identifier: GPL-2.0-only */
/* --metrics: a client of the service that answers HTTP. */
#ifndef VMEMMAPWATCH_SERVICE_SERVE_METRICS_H
#define VMEMMAPWATCH_SERVICE_SERVE_METRICS_H

#include <stdbool.h>

#include "base/address.h"
#include "base/exit.h"

struct vmw_metrics_config {
	const char *feed; /* the service's first socket */
	bool redact;
	struct vmw_address listen; /* unless systemd gives us a socket */
};

/* Until a signal ends it; an exit code, after one line for a failure. */
enum vmw_exit vmw_serve_metrics(const struct vmw_metrics_config *config);

#endif
