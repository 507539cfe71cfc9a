// SPDX-License-Identifier: GPL-2.0-only
/* --trace: settle the layout, attach, run COMMAND or wait, drain, report. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/output_file.h"
#include "base/privileges.h"
#include "cli/commands.h"
#include "cli/draw.h"
#include "klog/found.h"
#include "output/export.h"
#include "output/json/json_lines.h"
#include "output/kmsg.h"
#include "probe/require.h"
#include "report/report.h"
#include "watch/command.h"
#include "watch/wait_driver.h"
#include "watch/watch.h"
#include "watch/watch_found.h"
#include "watch/watch_sites.h"

/* How long a COMMAND has after SIGTERM, and then after SIGKILL. */
#define GRACE_US 1000000ULL

/* How often the counts of callers are read for a stream. */
#define COUNTS_US 1000000ULL

/* How often it is looked whether probes fire: as often as the service does. */
#define LOOK_US 15000000ULL

/* How long requests may keep a trace from ending when all else is done. */
#define SETTLE_NS (60 * 1000000000ULL)

struct trace {
	const struct vmw_options *options;
	struct vmw_watch watch;
	struct vmw_report *report; /* of the watch */
	struct vmw_output output;
	struct vmw_output html;
	struct vmw_drawing drawing;
	struct vmw_kmsg kmsg;
	sd_event *loop;
	sd_event_source *counts_timer; /* runs while counts of callers move */
	sd_event_source *settle_timer; /* all is done but for what was left for later */
	u64 settle_end_ns;	       /* not beyond that, whatever comes */
	struct vmw_drivers drivers;
	u64 begin_ns;
	sigset_t mask;	  /* as it was before we blocked any */
	sigset_t ends;	  /* signals that end us */
	int stops;	  /* how often we were told to end */
	int stream_error; /* negative errno of the first line that failed */
};

static void watch_counts(struct trace *t);
static void settle_again(struct trace *t);
static int stop(struct trace *t);

/* One came while we wrote. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* Is there a stream to write a line to? A reader that does not read may block us. */
static bool begin_line(struct trace *t)
{
	if (t->options->format != VMW_FORMAT_LINES || t->stream_error)
		return false;
	sigprocmask(SIG_UNBLOCK, &t->ends, NULL);
	return true;
}

/* A signal ends the wait, and then the trace. */
static void end_line(struct trace *t, int err)
{
	sigprocmask(SIG_BLOCK, &t->ends, NULL);
	t->stream_error = err;
	if (interrupted && t->loop)
		stop(t);
	interrupted = 0;
}

static void on_offender(const struct vmw_offender *offender, void *context)
{
	struct trace *t = context;

	if (t->options->kmsg)
		vmw_kmsg_offender(&t->kmsg, t->report, offender, t->watch.aggregate.asks_only);
	if (begin_line(t))
		end_line(t, vmw_export_line_offender(t->report, offender, t->output.file));
}

static void on_record(const struct vmw_header *record, void *context)
{
	struct trace *t = context;

	vmw_aggregate_record(&t->watch.aggregate, record);
	if (record->request && t->settle_timer)
		settle_again(t);
	if (record->type == VMW_RECORD_OBSERVATION && begin_line(t))
		end_line(t, vmw_export_line_observation(t->report,
							(const struct vmw_observation *)record,
							t->output.file));
	if (t->options->format == VMW_FORMAT_LINES && vmw_is_caller(record->probe))
		watch_counts(t);
}

static bool has_pending(const struct trace *t)
{
	const struct vmw_request *request;

	for (request = t->watch.aggregate.requests; request; request = request->next) {
		if (request->outcome == VMW_PENDING)
			return true;
	}
	return false;
}

static int on_settled(sd_event_source *source, uint64_t usec, void *context)
{
	struct trace *t = context;

	(void)source;
	(void)usec;
	if (!has_pending(t))
		return sd_event_exit(t->loop, 0);
	if (vmw_now_ns() < t->settle_end_ns) {
		settle_again(t);
		return 0;
	}
	vmw_notice("a request is still pending, and is not waited for any longer");
	return sd_event_exit(t->loop, 0);
}

/* It is as long as that from now on, but not for ever: drivers may go on asking. */
static void settle_again(struct trace *t)
{
	u64 now = vmw_now_ns(), left = t->settle_end_ns > now ? t->settle_end_ns - now : 0;

	if (left > t->options->settle_ns)
		left = t->options->settle_ns;
	t->settle_timer = sd_event_source_unref(t->settle_timer);
	sd_event_add_time_relative(t->loop, &t->settle_timer, CLOCK_MONOTONIC, left / 1000, 0,
				   on_settled, t);
}

/* Drivers leave work for later: that COMMAND or an init has ended is not the end of it. */
static int settle(struct trace *t)
{
	if (!t->options->settle_ns)
		return sd_event_exit(t->loop, 0);
	t->settle_end_ns = vmw_now_ns() + t->options->settle_ns + SETTLE_NS;
	settle_again(t);
	return 0;
}

static void on_module(const struct vmw_module *module, void *context)
{
	struct trace *t = context;

	vmw_watch_sites_on_module(&t->watch, module);
	if (!t->loop || !vmw_drivers_on(&t->drivers, module))
		return;
	vmw_notice("all requested drivers are loaded");
	settle(t);
}

static double seconds_since(u64 begin_ns)
{
	return (vmw_now_ns() - begin_ns) / 1e9;
}

static enum vmw_exit attach(struct trace *t)
{
	struct vmw_probes_setup setup;
	enum vmw_exit code;

	vmw_watch_setup(&t->watch, &setup);
	code = vmw_watch_attach(&t->watch, &setup, on_record, t);
	if (code)
		return code;
	/* When everything is attached: what comes from now on is seen by that. */
	vmw_found_into(&t->watch);
	t->watch.aggregate.on_offender = on_offender;
	t->watch.aggregate.on_module = on_module;
	t->watch.aggregate.context = t;
	vmw_watch_say_attached(&t->watch);
	vmw_progress("watching after %.1f s%s", seconds_since(t->begin_ns),
		     t->options->command ? "" : "; Ctrl-C ends");
	return VMW_EXIT_CLEAN;
}

static int on_counts_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct trace *t = context;
	const struct vmw_used *used;
	bool moved = false;

	(void)source;
	(void)usec;
	t->counts_timer = sd_event_source_unref(t->counts_timer);
	vmw_watch_read_uses(&t->watch);
	for (used = t->watch.aggregate.uses; used; used = used->next) {
		if (used->counts.count == used->counted_before || !vmw_report_is_use(used))
			continue;
		moved = true;
		if (begin_line(t))
			end_line(t, vmw_export_line_use(t->report, used, t->output.file));
	}
	if (moved)
		watch_counts(t);
	return 0;
}

/* Nothing wakes us while no caller is hit: a sample starts the clock. */
static void watch_counts(struct trace *t)
{
	if (!t->counts_timer && t->loop)
		sd_event_add_time_relative(t->loop, &t->counts_timer, CLOCK_MONOTONIC,
					   COUNTS_US, 0, on_counts_due, t);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct trace *t = context;

	(void)source;
	(void)fd;
	(void)events;
	vmw_watch_read(&t->watch);
	return 0;
}

static int on_command_end(sd_event_source *source, const siginfo_t *info, void *context)
{
	struct trace *t = context;

	(void)source;
	vmw_command_ended(&t->report->command, info);
	return t->stops ? sd_event_exit(t->loop, 0) : settle(t);
}

static int on_time_over(sd_event_source *source, uint64_t usec, void *context);

/*
 * Told to end. A COMMAND is asked to, then made to, and not waited for when
 * it is stuck in the kernel for good, as insmod can be after an oops.
 */
static int stop(struct trace *t)
{
	const struct vmw_command *command = &t->report->command;

	if (command->state != VMW_COMMAND_RUNNING || t->stops == 2)
		return sd_event_exit(t->loop, 0);
	kill(command->pid, t->stops++ ? SIGKILL : SIGTERM);
	return sd_event_add_time_relative(t->loop, NULL, CLOCK_MONOTONIC, GRACE_US, 0,
					  on_time_over, t);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *context)
{
	(void)source;
	(void)info;
	return stop(context);
}

static int on_time_over(sd_event_source *source, uint64_t usec, void *context)
{
	(void)source;
	(void)usec;
	return stop(context);
}

static int on_look_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct trace *t = context;

	(void)usec;
	vmw_watch_look(&t->watch);
	sd_event_source_set_time_relative(source, LOOK_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Before that, they end us where we wait for the reader of a FIFO. */
static void hold_signals(struct trace *t)
{
	/* No SA_RESTART: a write that waits ends with EINTR. */
	const struct sigaction action = { .sa_handler = on_interrupt };
	struct sigaction hup;
	sigset_t signals;

	sigemptyset(&t->ends);
	sigaddset(&t->ends, SIGINT);
	sigaddset(&t->ends, SIGTERM);
	/* nohup says that a lost terminal is nothing to us. */
	if (!sigaction(SIGHUP, NULL, &hup) && hup.sa_handler != SIG_IGN)
		sigaddset(&t->ends, SIGHUP);
	signals = t->ends;
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &t->mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (sigismember(&t->ends, SIGHUP))
		sigaction(SIGHUP, &action, NULL);
	/* A reader that went away is an error of writing, not our death. */
	signal(SIGPIPE, SIG_IGN);
}

static void on_clock(void *context)
{
	struct trace *t = context;

	t->report->end_ns = vmw_now_ns();
	if (begin_line(t))
		end_line(t, vmw_export_line_clock(t->report, t->output.file));
}

static int prepare_loop(struct trace *t)
{
	int err;

	err = sd_event_new(&t->loop);
	if (err >= 0)
		err = sd_event_add_signal(t->loop, NULL, SIGINT, on_signal, t);
	if (err >= 0)
		err = sd_event_add_signal(t->loop, NULL, SIGTERM, on_signal, t);
	if (err >= 0 && sigismember(&t->ends, SIGHUP))
		err = sd_event_add_signal(t->loop, NULL, SIGHUP, on_signal, t);
	if (err >= 0)
		err = vmw_watch_clock(&t->watch, t->loop, on_clock, t);
	if (err < 0)
		return err;
	err = sd_event_add_io(t->loop, NULL, vmw_probes_fd(t->watch.probes), EPOLLIN, on_input,
			      t);
	if (err >= 0)
		err = sd_event_add_time_relative(t->loop, NULL, CLOCK_MONOTONIC, LOOK_US, 0,
						 on_look_due, t);
	if (err < 0 || !t->options->for_ns)
		return err;
	return sd_event_add_time_relative(t->loop, NULL, CLOCK_MONOTONIC,
					  t->options->for_ns / 1000, 0, on_time_over, t);
}

static enum vmw_exit cannot_execute(const struct trace *t, int err)
{
	vmw_error("%s: cannot be executed: %s", t->options->command[0], strerror(-err));
	return VMW_EXIT_USAGE;
}

static enum vmw_exit start_command(struct trace *t)
{
	bool to_stderr = t->options->format != VMW_FORMAT_TEXT && !t->options->output;
	int err;

	if (!t->options->command)
		return VMW_EXIT_CLEAN;
	err = vmw_command_start(&t->report->command, t->options->command, to_stderr, &t->mask);
	if (err)
		return cannot_execute(t, err);
	err = sd_event_add_child(t->loop, NULL, t->report->command.pid, WEXITED, on_command_end,
				 t);
	if (err >= 0)
		return VMW_EXIT_CLEAN;
	vmw_error("cannot wait for %s: %s", t->options->command[0], strerror(-err));
	kill(t->report->command.pid, SIGTERM);
	return VMW_EXIT_UNTRACEABLE;
}

/* What was there already. */
static void stream_found(struct trace *t)
{
	const struct vmw_offender *offender;

	vmw_for_each_offender (offender, &t->watch.aggregate) {
		if (begin_line(t))
			end_line(t,
				 vmw_export_line_offender(t->report, offender, t->output.file));
	}
}

static enum vmw_exit watch(struct trace *t)
{
	enum vmw_exit code;
	int err;

	err = prepare_loop(t);
	if (err < 0) {
		vmw_error("cannot make an event loop: %s", strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	if (begin_line(t))
		end_line(t, vmw_export_line_trace_hello(t->report, t->output.file));
	stream_found(t);
	/* A signal came while we wrote it: COMMAND need not begin. */
	if (sd_event_get_exit_code(t->loop, NULL) >= 0)
		return VMW_EXIT_CLEAN;
	vmw_drivers_begin(&t->drivers, &t->options->drivers);
	/* So that our line is there before the kernel warns or dies, which is milliseconds. */
	if (t->options->kmsg)
		vmw_hurry(true);
	code = start_command(t);
	if (code)
		return code;
	err = sd_event_loop(t->loop);
	if (t->options->kmsg)
		vmw_hurry(false);
	if (err < 0) {
		vmw_error("event loop: %s", strerror(-err));
		t->report->read_error = err;
	}
	return VMW_EXIT_CLEAN;
}

/* A COMMAND whose request was seen may fail since the kernel refused that: it was tested. */
static void note_untested(struct trace *t)
{
	char missing[VMW_MAX_DRIVERS * (VMW_MODULE_LEN + 2)];
	char *text = t->report->untested;
	size_t size = sizeof(t->report->untested);

	vmw_drivers_missing(&t->drivers, missing, sizeof(missing));
	if (*missing)
		snprintf(text, size, "not loaded during the trace: %.150s", missing);
	else if (!t->watch.aggregate.nr_requests)
		vmw_command_failure(&t->report->command, t->stops, text, size);
	if (!*text)
		vmw_watch_sites_untested(&t->watch, text, size);
	/* Where the report is elsewhere. */
	if (*text && (t->options->output || t->options->format != VMW_FORMAT_TEXT))
		vmw_notice("not tested: %s", text);
}

static void conclude(struct trace *t)
{
	struct vmw_report *report = t->report;
	u64 logged = vmw_found_warns(report->start_ns), seen;

	/* Behind the log: a WARN that is in there has been sent. */
	vmw_watch_read_all(&t->watch);
	seen = vmw_aggregate_own_warns(&t->watch.aggregate);
	report->warns_unseen = logged > seen ? logged - seen : 0;
	vmw_drivers_describe(&t->watch);
	note_untested(t);
	vmw_aggregate_finish(&t->watch.aggregate);
	vmw_watch_read_uses(&t->watch);
	vmw_aggregate_name_callers(&t->watch.aggregate);
	vmw_watch_update(&t->watch);
	report->kmsg_written = t->kmsg.written;
	report->kmsg_suppressed = t->kmsg.suppressed;
	report->kmsg_failed = t->kmsg.failed;
	report->code = vmw_watch_judge(report, false);
}

static int export(const struct trace *t, FILE *file)
{
	int err;

	if (t->options->format == VMW_FORMAT_JSON)
		return vmw_export_json(t->report, file);
	if (t->options->format == VMW_FORMAT_LINES)
		return vmw_export_json_line(t->report, file);
	err = vmw_export_text(t->report, t->options->verbose, file);
	return err || !t->options->map ? err : vmw_draw_map(&t->drawing, file);
}

/* A report that cannot be written where it should is still not lost. */
static enum vmw_exit deliver(struct trace *t)
{
	int err = t->stream_error;

	if (!err)
		err = export(t, t->output.file);
	if (!err)
		err = vmw_output_commit(&t->output);
	if (!err || vmw_output_was_left(&t->output, err))
		return t->report->code;
	vmw_error("%s: cannot be written: %s; the report follows here", t->output.path,
		  vmw_output_error(&t->output, err));
	export(t, stderr);
	return t->report->code == VMW_EXIT_OFFENDER ? VMW_EXIT_OFFENDER : VMW_EXIT_USAGE;
}

/*
 * The report first: it is what nobody can have again. From here on a signal ends a
 * write that waits for a reader, and nothing else.
 */
static enum vmw_exit deliver_all(struct trace *t)
{
	enum vmw_exit code, drawn;

	if (t->options->map || t->options->html)
		vmw_draw_begin(&t->drawing, t->options, &t->watch.layout, &t->watch.bounds,
			       t->report);
	sigprocmask(SIG_UNBLOCK, &t->ends, NULL);
	code = deliver(t);
	drawn = vmw_draw_html(&t->drawing, t->options, &t->html);
	vmw_draw_end(&t->drawing);
	return drawn && code != VMW_EXIT_OFFENDER ? drawn : code;
}

static enum vmw_exit open_outputs(struct trace *t)
{
	int err;

	err = vmw_output_open(&t->output, t->options->output);
	if (err) {
		vmw_error("%s: cannot be written: %s", t->output.path,
			  vmw_output_error(&t->output, err));
		return VMW_EXIT_USAGE;
	}
	if (vmw_draw_open(t->options, &t->html))
		return VMW_EXIT_USAGE;
	err = t->options->kmsg ? vmw_kmsg_open(&t->kmsg) : 0;
	if (!err)
		return VMW_EXIT_CLEAN;
	vmw_error("--kmsg: /dev/kmsg: %s", strerror(-err));
	return VMW_EXIT_USAGE;
}

/* Before anything is attached, which takes seconds. */
static enum vmw_exit check_command(const struct trace *t)
{
	int err = t->options->command ? vmw_command_check(t->options->command[0]) : 0;

	return err ? cannot_execute(t, err) : VMW_EXIT_CLEAN;
}

static enum vmw_exit run(struct trace *t)
{
	enum vmw_exit code;
	char why[256];

	if (check_command(t))
		return VMW_EXIT_USAGE;
	if (vmw_require_tracing(why, sizeof(why))) {
		vmw_error("cannot trace: %s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	vmw_watch_prepare(&t->watch);
	code = open_outputs(t);
	hold_signals(t);
	if (!code)
		code = vmw_watch_settle(&t->watch);
	if (!code)
		code = attach(t);
	if (!code)
		code = watch(t);
	if (code)
		return code;
	conclude(t);
	return deliver_all(t);
}

static void detach(struct trace *t)
{
	u64 begin_ns = vmw_now_ns();
	bool attached = t->watch.probes;

	if (attached)
		vmw_progress("detaching");
	vmw_watch_free(&t->watch);
	if (attached)
		vmw_progress("detached after %.1f s", seconds_since(begin_ns));
}

enum vmw_exit vmw_mode_trace(const struct vmw_options *options)
{
	struct trace *t = calloc(1, sizeof(*t));
	enum vmw_exit code;

	if (!t) {
		vmw_error("%s", strerror(ENOMEM));
		return VMW_EXIT_UNTRACEABLE;
	}
	t->options = options;
	t->begin_ns = vmw_now_ns();
	t->watch.config = &options->watch;
	t->report = &t->watch.report;
	t->kmsg.fd = -1;
	code = vmw_drivers_check(&options->drivers) ? VMW_EXIT_USAGE : run(t);
	vmw_output_close(&t->output);
	vmw_output_close(&t->html);
	vmw_kmsg_close(&t->kmsg);
	sd_event_source_unref(t->counts_timer);
	sd_event_source_unref(t->settle_timer);
	detach(t);
	sd_event_unref(t->loop);
	free(t);
	return code;
}
