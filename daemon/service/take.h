/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_SERVICE_TAKE_H
#define VMEMMAPWATCH_SERVICE_TAKE_H

#include "service.h"

/* Use the kernel files among @fds from now on; they are ours then. */
void vmw_service_lend(struct vmw_service *s, struct vmw_fds *fds);

/*
 * Names come from the rows of --probe that the watch's probes have, from now on. What
 * was counted for another function under the same number is forgotten.
 */
void vmw_service_use_rows(struct vmw_service *s);

#endif
