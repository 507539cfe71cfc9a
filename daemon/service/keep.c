// SPDX-License-Identifier: GPL-2.0-only
/*
 * --keep: a client of the feed that keeps what is to outlive this boot, and the
 * metrics that a collector reads from a file. The daemon touches nothing of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "base/clock.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "base/output_file.h"
#include "output/export.h"
#include "service/feed/fetch.h"
#include "service/keep.h"
#include "service/old_reports.h"
#include "watch/watch.h"

#define SECOND_US 1000000ULL
/* At once, but for many that come at once: the whole report is written each time. */
#define URGENT_US 100000ULL

struct keep {
	const struct vmw_keep_config *config;
	sd_event *loop;
	sd_event_source *due; /* what changed is written then */
	struct vmw_lines_in in;
	u64 written_ns;
	bool urgent;  /* there is a new offender */
	bool changed; /* more than how the service is */
	bool pruned;  /* reports of older boots, once */
	enum vmw_exit code;
	/* Said once for each reason. */
	int report_error;
	int metrics_error;
};

static int write_report(const void *report, FILE *file)
{
	return vmw_export_json(report, file);
}

static int write_metrics(const void *report, FILE *file)
{
	return vmw_export_metrics(report, file);
}

/* Writes @path again, and says what hinders it once for each reason. */
static void write_file(const char *path, const void *report,
		       int (*write)(const void *report, FILE *file), int *before)
{
	struct vmw_output output;
	int err = vmw_output_open_file(&output, path, 0666);

	if (!err)
		err = write(report, output.file);
	if (!err)
		err = vmw_output_commit(&output);
	vmw_output_close(&output);
	if (err && err != *before)
		vmw_error("%s: cannot be written: %s: trying again", path,
			  vmw_output_error(&output, err));
	else if (!err && *before)
		vmw_notice("%s: written again", path);
	*before = err;
}

static void keep_report(struct keep *k, struct vmw_state *state)
{
	char path[512];

	vmw_report_path(&k->config->kept, state->boot_id, path, sizeof(path));
	state->report.redact = k->config->redact;
	write_file(path, &state->report, write_report, &k->report_error);
	state->report.redact = false;
	if (!k->pruned)
		vmw_old_reports_prune(&k->config->kept, state->boot_id);
	k->pruned = true;
}

static void write_all(struct keep *k)
{
	struct vmw_state *state;
	char why[256];

	if (vmw_fetch_report(&state, k->config->feed, why, sizeof(why))) {
		vmw_debug("%s", why);
		return;
	}
	state->report.code = vmw_watch_judge(&state->report, true);
	if (k->changed)
		keep_report(k, state);
	if (k->config->textfile)
		write_file(k->config->textfile, &state->report, write_metrics, &k->metrics_error);
	/* What could not be written is tried again when the service says how it is. */
	k->changed = k->report_error;
	k->urgent = false;
	k->written_ns = vmw_now_ns();
	sd_notifyf(0, "STATUS=%s%s", k->report_error ? "report of this boot not written; " : "",
		   k->metrics_error ? "metrics not written" : "");
	vmw_state_free(state);
}

static int on_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct keep *k = context;

	(void)source;
	(void)usec;
	k->due = sd_event_source_unref(k->due);
	write_all(k);
	return 0;
}

static void on_line(char *line, size_t length, void *context)
{
	struct keep *k = context;

	(void)length;
	if (vmw_line_is(line, "offender"))
		k->urgent = true;
	if (!vmw_line_is(line, "health"))
		k->changed = true;
}

/* At once for a new offender, else a second after the last time. */
static void plan(struct keep *k)
{
	u64 since_us = (vmw_now_ns() - k->written_ns) / 1000;
	u64 pause = k->urgent ? URGENT_US : SECOND_US;
	u64 wait = since_us >= pause ? 0 : pause - since_us;

	if (k->due)
		sd_event_source_set_time_relative(k->due, wait);
	else
		sd_event_add_time_relative(k->loop, &k->due, CLOCK_MONOTONIC, wait, 0, on_due, k);
}

static int on_feed(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct keep *k = context;
	int n;

	(void)events;
	do {
		n = vmw_lines_in_read(&k->in, fd, on_line, k);
	} while (n > 0);
	if (n == -EAGAIN) {
		plan(k);
		return 0;
	}
	/* Its last report is here already; systemd starts us again with it. */
	vmw_notice("%s: %s", k->config->feed, n ? strerror(-n) : "the service ended");
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	k->code = VMW_EXIT_UNTRACEABLE;
	return sd_event_exit(k->loop, 0);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	struct keep *k = context;

	(void)source;
	(void)info;
	k->code = VMW_EXIT_CLEAN;
	return sd_event_exit(k->loop, 0);
}

static int prepare(struct keep *k, int feed)
{
	sigset_t signals;
	int err;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fcntl(feed, F_SETFL, O_NONBLOCK);
	err = sd_event_new(&k->loop);
	if (err >= 0)
		err = sd_event_set_watchdog(k->loop, true);
	if (err >= 0)
		err = sd_event_add_signal(k->loop, NULL, SIGTERM, on_signal, k);
	if (err >= 0)
		err = sd_event_add_signal(k->loop, NULL, SIGINT, on_signal, k);
	if (err >= 0)
		err = sd_event_add_io(k->loop, NULL, feed, EPOLLIN, on_feed, k);
	return err < 0 ? err : 0;
}

enum vmw_exit vmw_keep(const struct vmw_keep_config *config)
{
	struct keep k = { .config = config };
	char why[256];
	int feed, err;

	feed = vmw_fetch_feed(config->feed, why, sizeof(why));
	if (feed < 0) {
		vmw_error("%s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	err = prepare(&k, feed);
	if (err) {
		vmw_error("cannot make an event loop: %s", strerror(-err));
		close(feed);
		return VMW_EXIT_UNTRACEABLE;
	}
	sd_notify(0, "READY=1");
	vmw_notice("saving what %s sends: reports in %s, metrics in %s; SIGTERM ends it",
		   config->feed, config->kept.directory,
		   config->textfile ? config->textfile : "no file (textfile=no)");
	err = sd_event_loop(k.loop);
	if (k.due)
		write_all(&k);
	sd_event_source_disable_unref(k.due);
	sd_event_unref(k.loop);
	vmw_lines_in_free(&k.in);
	close(feed);
	return err < 0 ? VMW_EXIT_UNTRACEABLE : k.code;
}
