/* SPDX-License-Identifier: GPL-2.0-only */
/* --attach: what only root may do, in a process that ends. */
#ifndef VMEMMAPWATCH_SERVICE_PRIVILEGED_H
#define VMEMMAPWATCH_SERVICE_PRIVILEGED_H

#include "base/exit.h"
#include "watch/watch.h"

/*
 * Attach the probes that @config has for the service whose first socket is @feed, or
 * those alone that it lacks, and hand them over. An exit code, after one line for a
 * failure.
 */
enum vmw_exit vmw_attach_for_service(const struct vmw_watch_config *config, const char *feed);

#endif
