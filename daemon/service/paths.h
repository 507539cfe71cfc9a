/* SPDX-License-Identifier: GPL-2.0-only */
/* What lies beside the first socket of the feed: other sockets, and the state. */
#ifndef VMEMMAPWATCH_SERVICE_PATHS_H
#define VMEMMAPWATCH_SERVICE_PATHS_H

#include "base/socket.h"

#define VMW_ATTACH_SOCKET "attach.sock" /* --attach hands over here */
#define VMW_REPORT_SOCKET "report.sock" /* gives whoever connects a report */
#define VMW_STATE_FILE	  "state"

/* With room for the longer name beside the longest path of a feed's socket. */
#define VMW_PATH_LEN (sizeof(((struct vmw_unix_socket *)0)->path) + 16)

/* The path of @name beside @feed. One that is too long for a socket is refused there. */
void vmw_path_beside_feed(const char *feed, const char *name, char path[VMW_PATH_LEN]);

#endif
