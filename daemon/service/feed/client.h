/* SPDX-License-Identifier: GPL-2.0-only */
/* One client of the feed: its place, and what is on its way to it. */
#ifndef VMEMMAPWATCH_SERVICE_FEED_CLIENT_H
#define VMEMMAPWATCH_SERVICE_FEED_CLIENT_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include "report/report.h"
#include "service/feed/limit.h"
#include "service/feed/lines.h"
#include "service/feed/snapshot.h"

#define VMW_CLIENT_BATCH 32 /* lines in one system call */

struct vmw_feed;

struct vmw_client {
	struct vmw_client *next;
	struct vmw_feed *feed;
	int fd;
	enum vmw_line_form form;
	sd_event_source *source;
	bool blocked;		   /* waits until its socket takes more */
	struct vmw_reader *reader; /* whose it is; NULL: there are no limits */
	/* First it is sent a snapshot: of this number, when it is made. */
	u64 waits_for;		       /* 0: it has come */
	struct vmw_snapshot *snapshot; /* NULL: it has been sent */
	u64 read;		       /* bytes of it */
	u64 at;			       /* its next line */
	u64 missed;		       /* not told yet */
	u64 missed_ever;
	struct vmw_line *out[VMW_CLIENT_BATCH];
	unsigned int nr_out;
	size_t sent;	 /* bytes of the first of them */
	u64 progress_ns; /* CLOCK_MONOTONIC: when it last took something */
};

/*
 * Send as much as goes, at most some 64 KiB. Returns 1 where it took all there is,
 * 0 where there is more, -EAGAIN where it takes no more now, or a negative errno.
 */
int vmw_client_send(struct vmw_client *client, const struct vmw_lines *lines,
		    struct vmw_report *report);

/*
 * Write what each client gets first, all that is known, to @fd, an empty file.
 * @report says when that was, from then on. Negative errno.
 */
int vmw_write_snapshot(struct vmw_report *report, enum vmw_line_form form, const char *status,
		       int fd);

/* How a line is made of its subject. */
typedef int (*vmw_render_fn)(const struct vmw_report *report, const void *subject, FILE *file);

/* One line by @render, as @telling has it. NULL for lack of memory. */
struct vmw_line *vmw_render_line(struct vmw_report *report, enum vmw_line_form form,
				 vmw_render_fn render, const void *subject);

void vmw_client_free(struct vmw_client *client);

#endif
