/* SPDX-License-Identifier: GPL-2.0-only */
/* The other side: clients of a running service. */
#ifndef VMEMMAPWATCH_SERVICE_FEED_FETCH_H
#define VMEMMAPWATCH_SERVICE_FEED_FETCH_H

#include "report/state.h"

/*
 * The report of the running service, whose first socket is @feed, as it is now, into *@ret, to be freed. A
 * negative errno with one line in @why (of @size bytes) that says what would help.
 */
int vmw_fetch_report(struct vmw_state **ret, const char *feed, char *why, size_t size);

/* Connect to @feed: an fd to read lines from, or as above. */
int vmw_fetch_feed(const char *feed, char *why, size_t size);

#endif
