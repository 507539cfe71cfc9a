// SPDX-License-Identifier: GPL-2.0-only
/* --daemon: from the start to the end, with a loop in between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/linkhash.h>
#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "base/privileges.h"
#include "output/json/json_lines.h"
#include "probe/require.h"
#include "service/serve_metrics.h"
#include "service/service.h"
#include "watch/watch_sites.h"

/* Where no watchdog says how often. */
#define TICK_US 15000000ULL

/* What is kept of each; with 10,000 offenders it is all to fit into 16 MiB. */
#define MAX_REQUESTS	 1000
#define MAX_OBSERVATIONS 1000
#define MAX_WARNS	 1000

void vmw_service_end(struct vmw_service *s, enum vmw_exit code)
{
	s->code = code;
	sd_event_exit(s->loop, code);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct vmw_service *s = context;
	bool more = vmw_watch_read(&s->watch);

	(void)fd;
	(void)events;
	vmw_service_records_taken(s);
	/* In a flood they take turns with all that is done about them. */
	sd_event_source_set_priority(source, more ? SD_EVENT_PRIORITY_NORMAL :
						    SD_EVENT_PRIORITY_IMPORTANT);
	return 0;
}

static void on_module(const struct vmw_module *module, void *context)
{
	struct vmw_service *s = context;

	vmw_watch_sites_on_module(&s->watch, module);
}

int vmw_service_watch(struct vmw_service *s)
{
	struct vmw_watch *watch = &s->watch;
	int err;

	watch->aggregate.on_offender = vmw_service_on_offender;
	watch->aggregate.on_module = on_module;
	/* It runs for months: what is over makes room. */
	watch->aggregate.max_requests = MAX_REQUESTS;
	watch->aggregate.max_observations = MAX_OBSERVATIONS;
	watch->aggregate.max_warns = MAX_WARNS;
	watch->aggregate.context = s;
	err = vmw_probes_complete(watch->probes) ? 0 : -EBADMSG;
	if (!err)
		err = vmw_probes_watch(watch->probes, vmw_service_on_record, s);
	if (!err)
		err = vmw_probes_set_sample_rate(watch->probes, s->config.watch.sample_rate);
	if (!err)
		err = sd_event_add_io(s->loop, &s->input, vmw_probes_fd(watch->probes), EPOLLIN,
				      on_input, s);
	if (err < 0)
		return err;
	/* Records come before everything that is done about them. */
	sd_event_source_set_priority(s->input, SD_EVENT_PRIORITY_IMPORTANT);
	s->watching = true;
	vmw_records_open(&s->records);
	/* What came meanwhile has woken nobody. */
	vmw_watch_read_all(watch);
	vmw_service_news(s);
	vmw_service_status(s);
	return 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *context)
{
	struct vmw_service *s = context;
	uint64_t period = TICK_US, watchdog;

	(void)usec;
	if (sd_watchdog_enabled(0, &watchdog) > 0)
		period = watchdog / 2;
	vmw_service_tick(s);
	sd_event_source_set_time_relative(source, period);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_term(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	(void)source;
	(void)info;
	vmw_service_end(context, VMW_EXIT_CLEAN);
	return 0;
}

static enum vmw_exit listen_feeds(struct vmw_service *s)
{
	char why[256];
	unsigned int i;

	for (i = 0; i < s->config.nr_feed; i++) {
		struct vmw_feed_socket socket = s->config.feed[i];

		socket.redact |= s->config.redact;
		if (!vmw_feed_listen(s->feed, &socket, why, sizeof(why)))
			continue;
		vmw_error("--feed: %s", why);
		return VMW_EXIT_USAGE;
	}
	return VMW_EXIT_CLEAN;
}

static bool same_feeds(const struct vmw_service_config *a, const struct vmw_service_config *b)
{
	return a->nr_feed == b->nr_feed && a->redact == b->redact &&
	       !memcmp(a->feed, b->feed, a->nr_feed * sizeof(*a->feed));
}

/* What a running daemon cannot change is said, not passed over. */
static void say_unchanged(const struct vmw_service_config *old,
			  const struct vmw_service_config *new)
{
	if (old->watch.ring_size != new->watch.ring_size)
		vmw_notice("buffer: changes at the next stop and start");
	if (old->watch.attach_with != new->watch.attach_with)
		vmw_notice("attach-with: changes at the next stop and start");
	if (strcmp(old->feed[0].at.path, new->feed[0].at.path) ||
	    (old->redact || old->feed[0].redact) != (new->redact || new->feed[0].redact))
		vmw_notice(
			"feed: attach.sock, report.sock and the state change at the next stop and start");
	if (memcmp(&old->listen.at, &new->listen.at, sizeof(old->listen.at)))
		vmw_notice("listen: changes at the next stop and start");
}

/* By what is watched: a restart before may have kept what was there. */
static void compare_sites(const struct vmw_service *s)
{
	if (s->watching && !vmw_watch_sites_are(&s->watch.sites, s->config.watch.sites))
		vmw_notice("sites: changes at the next stop and start");
}

/* Those of before are back where new ones cannot be. */
static void change_feeds(struct vmw_service *s, const struct vmw_service_config *old)
{
	vmw_feed_stop_listening(s->feed);
	if (!listen_feeds(s))
		return;
	snprintf(s->trouble, sizeof(s->trouble), "%.150s", vmw_log_last());
	vmw_feed_stop_listening(s->feed);
	memcpy(s->config.feed, old->feed, sizeof(old->feed));
	s->config.nr_feed = old->nr_feed;
	s->config.redact = s->watch.report.redact = old->redact;
	listen_feeds(s);
	vmw_notice("keeping the previous feed sockets");
}

/* Nothing is missed: what is attached stays as it is, until --attach changes it. */
static int on_hup(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	struct vmw_service *s = context;
	struct vmw_service_config new, old;
	int err;

	(void)source;
	(void)info;
	if (s->config.reload(&new)) {
		snprintf(s->trouble, sizeof(s->trouble),
			 "configuration error: keeping the previous configuration");
		vmw_error("configuration error: keeping the previous configuration");
		vmw_service_status(s);
		return 0;
	}
	*s->trouble = '\0';
	say_unchanged(&s->config, &new);
	old = s->config;
	s->config = new;
	vmw_service_limit_readers(s);
	s->watch.report.redact = new.redact;
	vmw_log_set(new.quiet, new.verbose);
	if (!same_feeds(&old, &new))
		change_feeds(s, &old);
	if (s->watching)
		vmw_probes_set_sample_rate(s->watch.probes, new.watch.sample_rate);
	compare_sites(s);
	vmw_notice("configuration read again");
	if (!s->managed) {
		err = vmw_service_attach(s);
		if (err)
			vmw_error("cannot start a process that attaches: %s", strerror(-err));
	}
	vmw_service_status(s);
	return 0;
}

static void hold_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int prepare_loop(struct vmw_service *s)
{
	int err;

	err = sd_event_new(&s->loop);
	if (err >= 0)
		err = sd_event_set_watchdog(s->loop, true);
	if (err >= 0)
		err = sd_event_add_signal(s->loop, NULL, SIGTERM, on_term, s);
	if (err >= 0)
		err = sd_event_add_signal(s->loop, NULL, SIGINT, on_term, s);
	if (err >= 0)
		err = sd_event_add_signal(s->loop, NULL, SIGHUP, on_hup, s);
	if (err >= 0)
		err = sd_event_add_time_relative(s->loop, NULL, CLOCK_MONOTONIC, TICK_US, 0,
						 on_tick, s);
	if (err >= 0)
		err = vmw_watch_clock(&s->watch, s->loop, vmw_service_on_clock, s);
	if (err >= 0)
		err = vmw_feed_new(&s->feed, s->loop, &s->watch.report, s->status);
	if (err >= 0)
		err = vmw_service_prepare_readers(s);
	return err < 0 ? err : 0;
}

/* What is ours to have and not to need goes at once: the rest is --attach's. */
static void drop_privileges(struct vmw_service *s)
{
	struct vmw_needs needs;
	int err;

	/* Without systemd we attach ourselves, and again when the configuration changes. */
	if (!s->managed)
		return;
	vmw_needed_capabilities(&needs, false);
	err = vmw_keep_capabilities(needs.capabilities, needs.nr);
	if (err)
		vmw_notice("capabilities: %s", strerror(-err));
	snprintf(s->kept, sizeof(s->kept), "%s", needs.words);
}

/* A client each, and the fds of the probes. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Where sockets and state are. systemd makes it for the unit. */
static void make_directory(const struct vmw_service *s)
{
	char path[VMW_PATH_LEN], *slash;

	vmw_path_beside_feed(s->config.feed[0].at.path, "", path);
	slash = strrchr(path, '/');
	if (slash && slash != path)
		*slash = '\0';
	if (!s->managed && *path)
		mkdir(path, 0750);
}

static int on_http_end(sd_event_source *source, const siginfo_t *info, void *context)
{
	(void)source;
	(void)context;
	vmw_error("--listen: ended with status %d: metrics are no longer served",
		  info->si_status);
	return 0;
}

/* The sandbox has no network; a process of its own serves it where there is none. */
static enum vmw_exit start_http(struct vmw_service *s)
{
	const struct vmw_metrics_config metrics = {
		.feed = s->config.feed[0].at.path,
		.redact = s->config.redact,
		.listen = s->config.listen,
	};
	sigset_t none;
	pid_t pid;

	if (!s->config.listen.length)
		return VMW_EXIT_CLEAN;
	if (s->managed) {
		vmw_error("listen: the service has no network: systemctl enable --now vmemmapwatch-metrics.socket listens, at its ListenStream=");
		return VMW_EXIT_USAGE;
	}
	pid = fork();
	if (!pid) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(vmw_serve_metrics(&metrics));
	}
	if (pid < 0 || sd_event_add_child(s->loop, NULL, pid, WEXITED, on_http_end, s) < 0) {
		vmw_error("--listen: no process for it: %s", strerror(errno));
		return VMW_EXIT_UNTRACEABLE;
	}
	return VMW_EXIT_CLEAN;
}

static int render_bye(const struct vmw_report *report, const void *subject, FILE *file)
{
	return vmw_export_line_bye(report, subject, file);
}

/* Nothing that came before the end is left untold. */
static void drain(struct vmw_service *s)
{
	sd_notify(0, "STOPPING=1\nSTATUS=ending");
	if (s->watching) {
		vmw_watch_read_all(&s->watch);
		vmw_service_send_all(s);
		s->dirty = true;
		vmw_service_save(s);
	} else if (!s->code) {
		vmw_notice("stopped before any probe was attached");
	}
	vmw_feed_send(s->feed, render_bye, "the service ends");
}

static enum vmw_exit start(struct vmw_service *s)
{
	enum vmw_exit code;
	char why[256];
	int err;

	if (vmw_require_arm64(why, sizeof(why))) {
		vmw_error("%s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	/*
	 * The other hash is seeded from /dev/urandom: early in the boot the kernel may
	 * spend a second on that (try_to_generate_entropy(), drivers/char/random.c
	 * 6.1.192), in which no record is read. All keys are our own here.
	 */
	json_global_set_string_hash(JSON_C_STR_HASH_PERLLIKE);
	hold_signals();
	raise_limit();
	drop_privileges(s);
	make_directory(s);
	err = prepare_loop(s);
	if (err) {
		vmw_error("cannot make an event loop: %s", strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	vmw_watch_prepare(&s->watch);
	vmw_path_beside_feed(s->config.feed[0].at.path, VMW_STATE_FILE, s->state_path);
	code = start_http(s);
	s->first_feed = s->config.feed[0];
	/* A second daemon ends here, before it touches what is the first one's. */
	if (!code)
		code = vmw_service_listen_attach(s);
	if (!code)
		code = listen_feeds(s);
	if (code)
		return code;
	vmw_service_resume(s);
	vmw_service_status(s);
	sd_notify(0, "READY=1");
	if (s->managed || s->watching)
		return VMW_EXIT_CLEAN;
	err = vmw_service_attach(s);
	if (err)
		vmw_error("cannot start a process that attaches: %s", strerror(-err));
	return err ? VMW_EXIT_UNTRACEABLE : VMW_EXIT_CLEAN;
}

static void stop(struct vmw_service *s)
{
	vmw_service_end_attach(s);
	vmw_service_end_readers(s);
	vmw_feed_free(s->feed);
	if (s->attach_fd >= 0 && !close(s->attach_fd))
		unlink(s->attach_path);
	if (s->report_fd >= 0 && !close(s->report_fd))
		unlink(s->report_path);
	vmw_kmsg_close(&s->kmsg);
	vmw_journal_free(&s->journal);
	sd_event_source_disable_unref(s->attach_source);
	sd_event_source_disable_unref(s->input);
	sd_event_source_disable_unref(s->news_timer);
	sd_event_source_disable_unref(s->news_rest);
	sd_event_source_disable_unref(s->news_pause);
	vmw_watch_free(&s->watch);
	vmw_fds_close(&s->shared);
	vmw_fds_close(&s->old);
	vmw_records_close(&s->records);
	sd_event_unref(s->loop);
	free(s);
}

enum vmw_exit vmw_service_run(const struct vmw_service_config *config)
{
	struct vmw_service *s = calloc(1, sizeof(*s));
	enum vmw_exit code;
	int err;

	if (!s) {
		vmw_error("%s", strerror(ENOMEM));
		return VMW_EXIT_UNTRACEABLE;
	}
	s->config = *config;
	s->watch.config = &s->config.watch;
	s->managed = getenv("NOTIFY_SOCKET") != NULL;
	s->records.fd = -1;
	s->kmsg.fd = s->attach_fd = s->report_fd = s->attacher = -1;
	code = start(s);
	if (!code) {
		err = sd_event_loop(s->loop);
		if (err < 0)
			vmw_error("event loop: %s", strerror(-err));
		code = err < 0 ? VMW_EXIT_UNTRACEABLE : s->code;
		drain(s);
	}
	stop(s);
	return code;
}
