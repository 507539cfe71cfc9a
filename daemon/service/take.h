/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_SERVICE_TAKE_H
#define VMEMMAPWATCH_SERVICE_TAKE_H

#include "service.h"

/* Use the kernel files among @fds from now on; they are ours then. */
void vmw_service_lend(struct vmw_service *s, struct vmw_fds *fds);

#endif
