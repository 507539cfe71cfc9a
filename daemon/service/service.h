/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The service: what --daemon does all day. service.c has the loop, resume.c what
 * an earlier daemon left, take.c what --attach hands over, news.c what is told,
 * readers.c what is answered.
 */
#ifndef VMEMMAPWATCH_SERVICE_SERVICE_H
#define VMEMMAPWATCH_SERVICE_SERVICE_H

#include <signal.h>

#include <systemd/sd-event.h>

#include "base/address.h"
#include "output/journal.h"
#include "output/kmsg.h"
#include "service/feed/feed.h"
#include "service/handover.h"
#include "service/paths.h"
#include "service/records.h"
#include "watch/watch.h"

#define VMW_MAX_FEEDS 8

/* Strings are the owner's: they last until reload() has given another one. */
struct vmw_service_config {
	struct vmw_watch_config watch;
	struct vmw_feed_socket feed[VMW_MAX_FEEDS]; /* clients use the first */
	unsigned int nr_feed;
	struct vmw_address listen; /* for a process that serves metrics */
	u64 reader_connections;	   /* of one user at once */
	u64 reader_rate;	   /* new ones of one user a second */
	bool kmsg;
	bool journal;
	bool redact;
	bool verbose;
	bool quiet; /* stronger */
	/* Read it again: 0, or -EINVAL after a line on stderr for each error. */
	int (*reload)(struct vmw_service_config *ret);
};

/* Until SIGTERM; an exit code, after one line for a failure. */
enum vmw_exit vmw_service_run(const struct vmw_service_config *config);

/* What has been told in the running window. */
struct vmw_pace {
	u64 window;
	unsigned int lines;
	unsigned int samples; /* of them */
	size_t bytes;
	size_t sample_bytes; /* of them */
};

struct vmw_service {
	struct vmw_service_config config; /* as of the last time that it was good */
	struct vmw_watch watch;
	bool watching; /* the probes are there */
	bool managed;  /* by systemd: --attach is run for us */
	sd_event *loop;
	sd_event_source *input; /* the ring buffer */
	struct vmw_feed *feed;
	struct vmw_kmsg kmsg;
	struct vmw_journal journal;
	char kept[160];	   /* capabilities that this kernel makes us keep */
	char trouble[160]; /* what is wrong and can be mended; or "" */
	char status[512];
	enum vmw_exit code;

	/* Handing over: one at a time. */
	int attach_fd; /* listens */
	int attacher;  /* speaks; -1 */
	sd_event_source *attach_source;
	int report_fd; /* listens */
	/* Where, as at the start: the configuration may name other places by now. */
	struct vmw_feed_socket first_feed;
	char attach_path[VMW_PATH_LEN], report_path[VMW_PATH_LEN];
	struct vmw_limits limits; /* of readers, of the feed and of reports */
	struct vmw_snapshots *reports;
	struct vmw_asker *askers; /* for a report that is not there yet */
	u64 changes;		  /* of what a report has */
	bool full;		  /* of file descriptors, and it was said */
	pid_t child;		  /* attaches, outside of systemd; 0: none does */
	sd_event_source *child_source;
	enum vmw_exit child_code;   /* what the last one ended with */
	bool attach_again;	    /* the configuration has changed meanwhile */
	struct vmw_records records; /* taken, and not in a saved state */
	struct vmw_fds shared;	    /* kernel files that --attach opened */
	struct vmw_fds old;	    /* an earlier daemon's, until ours are attached */

	/* Telling: a pass over what changed, at most once a second. */
	sd_event_source *news_timer;
	sd_event_source *news_rest;  /* the pass goes on, in turns with the rest */
	sd_event_source *news_pause; /* until there may be more lines */
	struct vmw_used *news_at;
	struct vmw_pace pace;
	bool moved;	 /* something has, since the last pass */
	u64 sent_losses; /* the sum that was told last */

	/* The state of this boot. */
	char state_path[VMW_PATH_LEN];
	bool dirty;
	bool urgent; /* there is a new offender */
	u64 saved_ns;
	int save_error;
};

/* Everything that an earlier daemon of this boot left: fds in the store, the state. */
void vmw_service_resume(struct vmw_service *s);

/* Let go of what vmw_service_resume() could not use: ours are attached. */
void vmw_service_drop_old(struct vmw_service *s);

/* Listen for --attach. 0 or an exit code after one line. */
enum vmw_exit vmw_service_listen_attach(struct vmw_service *s);

/*
 * Without systemd: attach from a process of our own, as soon as an earlier one is
 * done. Negative errno.
 */
int vmw_service_attach(struct vmw_service *s);

/* It does not outlive us: nothing is left attached. */
void vmw_service_end_attach(struct vmw_service *s);

/* Serve report.sock from now on, and limit what each user may have of us. Negative errno. */
int vmw_service_prepare_readers(struct vmw_service *s);
int vmw_service_on_report(sd_event_source *source, int listener, uint32_t events, void *context);

/* The configuration has changed. */
void vmw_service_limit_readers(struct vmw_service *s);

/* How many there are, for the report. */
void vmw_service_count_readers(struct vmw_service *s);
void vmw_service_end_readers(struct vmw_service *s);

/* The watch goes on with probes that are complete: records come from now on. */
int vmw_service_watch(struct vmw_service *s);

/* To be given to the aggregate and to the probes. */
void vmw_service_on_offender(const struct vmw_offender *offender, void *context);
void vmw_service_on_record(const struct vmw_header *record, void *context);

/* To be given to vmw_watch_clock(): what was told before is by another clock. */
void vmw_service_on_clock(void *context);

/* After some of them: the state is written where one is a new offender's. */
void vmw_service_records_taken(struct vmw_service *s);

/* Something has moved: it is told within a second. */
void vmw_service_news(struct vmw_service *s);

/* Read the kernel's counts and tell health, though nothing moved: on each tick. */
void vmw_service_tick(struct vmw_service *s);

/* All of what there is to tell, now. */
void vmw_service_send_all(struct vmw_service *s);

/* Write the state, if anything changed. */
void vmw_service_save(struct vmw_service *s);

/* What was lost, anywhere. */
u64 vmw_service_losses(const struct vmw_service *s);

/* The line for systemctl status, for the feed, and where it is kept for both. */
void vmw_service_status(struct vmw_service *s);

/* End the loop with @code. */
void vmw_service_end(struct vmw_service *s, enum vmw_exit code);

#endif
