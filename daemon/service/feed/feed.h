/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The feed: Unix sockets that tell every client, in lines of JSON, what is known
 * and then what is new. No client can hold up the daemon or another client.
 */
#ifndef VMEMMAPWATCH_SERVICE_FEED_FEED_H
#define VMEMMAPWATCH_SERVICE_FEED_FEED_H

#include <systemd/sd-event.h>

#include "base/socket.h"
#include "report/report.h"
#include "service/feed/client.h"

struct vmw_feed;

/* A socket of the feed. */
struct vmw_feed_socket {
	struct vmw_unix_socket at;
	bool redact;
};

/*
 * A feed of @report, which changes under it, driven by @loop. @status is a text
 * that is kept up to date by the owner.
 */
int vmw_feed_new(struct vmw_feed **ret, sd_event *loop, struct vmw_report *report,
		 const char *status);

/* How long a client may take nothing that waits for it: 30 s, unless set. */
void vmw_feed_set_patience(struct vmw_feed *feed, u64 usec);

/* What each user may have of it from now on; @limits stays the owner's. */
void vmw_feed_set_limits(struct vmw_feed *feed, struct vmw_limits *limits);

/*
 * Listen at @socket, too; a socket there that nobody listens to is replaced.
 * Negative errno, with one line in @why (of @size bytes).
 */
int vmw_feed_listen(struct vmw_feed *feed, const struct vmw_feed_socket *socket, char *why,
		    size_t size);

/* No more clients from here on; those that there are stay. */
void vmw_feed_stop_listening(struct vmw_feed *feed);

/*
 * A line for all clients: @render writes it, of @subject, redacted by the report's
 * switch where that is asked for. Nothing is rendered without a client. Returns its
 * bytes, of the longer one where some clients get it redacted.
 */
size_t vmw_feed_send(struct vmw_feed *feed, vmw_render_fn render, const void *subject);

struct vmw_feed_counts {
	unsigned int clients;
	u64 lines;   /* told since the start */
	u64 missed;  /* by clients that were too slow, together */
	u64 dropped; /* clients that read nothing for too long, or too slowly */
};

/* What is being made for new clients is begun again (vmw_snapshots_restart()). NULL is fine. */
void vmw_feed_restart_snapshots(struct vmw_feed *feed);

void vmw_feed_count(const struct vmw_feed *feed, struct vmw_feed_counts *ret);

/* Send what can be sent now, and close. Sockets are removed. NULL is fine. */
void vmw_feed_free(struct vmw_feed *feed);

#endif
