/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_SERVICE_TAKE_H
#define VMEMMAPWATCH_SERVICE_TAKE_H

#include "service/service.h"

/* Use the kernel files among @fds from now on; they are ours then. */
void vmw_service_use_files(struct vmw_service *s, struct vmw_fds *fds);

/*
 * Names come from the rows of --probe that the watch's probes have, from now on. What
 * was counted for another function under the same number is forgotten.
 */
void vmw_service_use_rows(struct vmw_service *s);

/*
 * The next connection at @listener, or -1. One that cannot be taken is asked for again
 * and again, as often as its limit lets it. @sparing: as vmw_socket_accept().
 */
int vmw_service_accept(struct vmw_service *s, int listener, bool sparing);

#endif
