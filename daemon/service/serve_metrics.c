// SPDX-License-Identifier: GPL-2.0-only
/* --metrics: a client of the service that answers HTTP; each page is of now. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "base/clock.h"
#include "base/log.h"
#include "output/export.h"
#include "service/feed/fetch.h"
#include "service/http/http.h"
#include "service/serve_metrics.h"
#include "watch/watch.h"

/* Requests in a row share a report: the service limits how often a user may ask. */
#define SHARED_NS 200000000ULL

static struct vmw_state *state; /* the last report; NULL */
static u64 fetched_ns;

static int fetch(const char *feed, char *why, size_t size)
{
	u64 now = vmw_now_ns();
	int err;

	if (state && now - fetched_ns < SHARED_NS)
		return 0;
	vmw_state_free(state);
	state = NULL;
	err = vmw_fetch_report(&state, feed, why, size);
	fetched_ns = now;
	return err;
}

struct serving {
	const char *feed;
	bool redact;
};

static int write_page(FILE *file, const struct serving *serving,
		      int (*write)(const struct vmw_report *report, FILE *file))
{
	char why[256];
	int err = fetch(serving->feed, why, sizeof(why));

	if (err) {
		fprintf(file, "%s\n", why);
		return err;
	}
	state->report.redact = serving->redact;
	state->report.code = vmw_watch_judge(&state->report, true);
	return write(&state->report, file);
}

static int write_metrics(FILE *file, void *context)
{
	return write_page(file, context, vmw_export_metrics);
}

static int write_openmetrics(FILE *file, void *context)
{
	return write_page(file, context, vmw_export_openmetrics);
}

static int write_report(FILE *file, void *context)
{
	return write_page(file, context, vmw_export_json);
}

/* Nothing is "ok". */
static int write_sight(const struct vmw_report *report, FILE *file)
{
	char silent[VMW_SILENT_LEN];

	if (!vmw_sight_silent(report->sight, silent))
		return 0;
	fprintf(file, "blind: no probe by %s fires\n", silent);
	return -ENODATA;
}

static int write_health(FILE *file, void *context)
{
	return write_page(file, context, write_sight);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	(void)info;
	(void)context;
	return sd_event_exit(sd_event_source_get_event(source), 0);
}

/* systemd's socket, or our own. */
static int listening(const struct vmw_metrics_config *config, char *why, size_t size)
{
	int n = sd_listen_fds(1);

	if (n > 1) {
		snprintf(why, size, "systemd gives us %d sockets: expected one", n);
		return -EINVAL;
	}
	return n == 1 ? SD_LISTEN_FDS_START : vmw_address_listen(&config->listen, why, size);
}

static int serve(const struct vmw_metrics_config *config, sd_event *loop, int fd, char *why,
		 size_t size)
{
	static const struct vmw_http_pages pages = {
		.metrics = write_metrics,
		.openmetrics = write_openmetrics,
		.report = write_report,
		.health = write_health,
	};
	/* Every user of this machine reaches a TCP socket, and others reach some. */
	struct serving serving = {
		.feed = config->feed,
		.redact = config->redact || !vmw_http_is_private(fd),
	};
	struct vmw_http *http;
	int err;

	err = vmw_http_new(&http, loop, fd, &pages, &serving, why, size);
	if (err)
		return err;
	sd_notify(0, "READY=1");
	err = sd_event_loop(loop);
	vmw_http_free(http);
	vmw_state_free(state);
	return err < 0 ? err : 0;
}

enum vmw_exit vmw_serve_metrics(const struct vmw_metrics_config *config)
{
	sd_event *loop = NULL;
	sigset_t signals;
	char why[256] = "";
	int fd, err;

	fd = listening(config, why, sizeof(why));
	if (fd < 0) {
		vmw_error("--listen: %s", why);
		return VMW_EXIT_USAGE;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	err = sd_event_new(&loop);
	if (err >= 0)
		err = sd_event_set_watchdog(loop, true);
	if (err >= 0)
		err = sd_event_add_signal(loop, NULL, SIGTERM, on_signal, NULL);
	if (err >= 0)
		err = sd_event_add_signal(loop, NULL, SIGINT, on_signal, NULL);
	if (err >= 0)
		err = serve(config, loop, fd, why, sizeof(why));
	else
		close(fd);
	sd_event_unref(loop);
	if (err >= 0)
		return VMW_EXIT_CLEAN;
	vmw_error("serving metrics: %s", *why ? why : strerror(-err));
	return VMW_EXIT_UNTRACEABLE;
}
