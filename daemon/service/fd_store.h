/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The service manager keeps file descriptors for us over a restart or a crash
 * (FileDescriptorStoreMax= in the unit). Without one nothing is kept.
 */
#ifndef VMEMMAPWATCH_HANDOVER_STORE_H
#define VMEMMAPWATCH_HANDOVER_STORE_H

#include "service/handover.h"

/*
 * What it kept, and gives us at our start, into @ret. Once: the environment that
 * tells of it is gone then. Negative errno.
 */
int vmw_store_take(struct vmw_fds *ret);

/*
 * Keep a copy of @fd as @name, or of all of @fds, without watching them: it would
 * let go of a map at once, whose poll() answers with an error. Negative errno.
 */
int vmw_store_keep(const char *name, int fd);
int vmw_store_keep_all(const struct vmw_fds *fds);

/* Let go of what is kept as @name. */
int vmw_store_drop(const char *name);

/* Wait until that has been done, five seconds at most. */
void vmw_store_sync(void);

#endif
