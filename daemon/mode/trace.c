// SPDX-License-Identifier: GPL-2.0-only
/*
 * --trace: settle the layout, attach, run COMMAND or wait, drain, report.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-event.h>

#include "../export/kmsg.h"
#include "../export/output.h"
#include "../export/report.h"
#include "../layout/iomem.h"
#include "../log.h"
#include "../probe/require.h"
#include "command.h"
#include "mode.h"
#include "settle.h"

/* How long a COMMAND has after SIGTERM, and then after SIGKILL. */
#define GRACE_US 1000000ULL

/* How often the counts of callers are read for a stream. */
#define COUNTS_US 1000000ULL

struct trace {
	const struct vmw_options *options;
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_probes *probes;
	struct vmw_aggregate aggregate;
	struct vmw_report report;
	struct vmw_output output;
	struct vmw_kmsg kmsg;
	sd_event *loop;
	sd_event_source *counts_timer;	/* runs while counts of callers move */
	sigset_t mask;		/* as it was before we blocked any */
	int stops;		/* how often we were told to end */
	int stream_error;	/* negative errno of the first line that failed */
	char host[256];
	struct utsname uname;
	char boot_id[64];
};

static u64 now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (u64)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void read_boot_id(char *text, size_t size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || !fgets(text, size, file))
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (file)
		fclose(file);
}

static void prepare_report(struct trace *t)
{
	struct vmw_report *report = &t->report;

	if (gethostname(t->host, sizeof(t->host) - 1))
		snprintf(t->host, sizeof(t->host), "unknown");
	uname(&t->uname);
	read_boot_id(t->boot_id, sizeof(t->boot_id));
	report->host = t->host;
	report->kernel = t->uname.release;
	report->boot_id = t->boot_id;
	report->clock_offset_ns = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_MONOTONIC);
	report->layout = &t->layout;
	report->bounds = &t->bounds;
	report->aggregate = &t->aggregate;
}

/* A verdict by a formula alone would be a guess about this kernel. */
static enum vmw_exit settle_layout(struct trace *t)
{
	static const enum vmw_value_id live[] = {
		VMW_VALUE_START, VMW_VALUE_EFFECTIVE, VMW_VALUE_END, VMW_VALUE_VMEMMAP,
	};
	enum vmw_exit code;
	size_t i;

	code = vmw_settle_read(t->options, &t->layout);
	if (!code)
		code = vmw_settle_bounds(t->options, &t->layout, &t->bounds);
	for (i = 0; !code && i < sizeof(live) / sizeof(*live); i++) {
		if (t->options->trust == VMW_SOURCE_FORMULA)
			break;
		if (!vmw_layout_is_formula(&t->layout.values[live[i]]))
			continue;
		vmw_error("only a formula knows %s on this kernel: --layout tells what each source said",
			  vmw_value_infos[live[i]].name);
		code = VMW_EXIT_UNTRACEABLE;
	}
	return code;
}

static void on_offender(const struct vmw_offender *offender, void *context)
{
	struct trace *t = context;

	if (t->options->kmsg)
		vmw_kmsg_offender(&t->kmsg, &t->report, offender,
				  t->aggregate.asks_only);
	if (t->options->format == VMW_FORMAT_LINES && !t->stream_error)
		t->stream_error = vmw_export_offender_line(&t->report, offender,
							   t->output.file);
}

static void watch_counts(struct trace *t);

static void on_record(const struct vmw_header *record, void *context)
{
	struct trace *t = context;

	vmw_aggregate_record(&t->aggregate, record);
	if (t->options->format == VMW_FORMAT_LINES && !t->stream_error &&
	    record->type == VMW_RECORD_OBSERVATION)
		t->stream_error = vmw_export_observation_line(&t->report,
			(const struct vmw_observation *)record, t->output.file);
	if (t->options->format == VMW_FORMAT_LINES && vmw_is_caller(record->probe))
		watch_counts(t);
}

/* What is attached, and what is not: on stderr, before COMMAND starts. */
static void say_attached(const struct trace *t)
{
	char names[512] = "";
	size_t n = 0;
	int attached = 0, wanted = 0;
	int id;

	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *s = vmw_probes_status(t->probes, id);
		const struct vmw_probe_info *info = &vmw_probe_infos[id];

		wanted += !s->left_out;
		if (s->left_out || (!s->how && vmw_is_caller(id)))
			continue;
		if (!s->how) {
			vmw_notice("%s (%s) is unavailable: %s", info->symbol,
				   vmw_point_names[info->point], s->problem);
			continue;
		}
		attached++;
		if (info->point != VMW_POINT_RETURN && n < sizeof(names))
			n += snprintf(names + n, sizeof(names) - n, "%s%s (%s)",
				      n ? ", " : "", info->symbol, s->how);
	}
	vmw_notice("%d of %d probes attached: %s", attached, wanted, names);
}

/* Pfns of a memory section: what uses outside of any request are told by. */
static u32 section_shift(const struct vmw_layout *layout)
{
	u64 bits, shift;

	if (!vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift))
		shift = 12;
	if (!vmw_layout_get(layout, VMW_VALUE_SECTION_BITS, &bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_SECTION_BITS, bits))
		bits = 27;
	return bits - shift;
}

/* Which of --probe this kernel does not take, and why. False: none. */
static bool say_refused(const struct trace *t)
{
	int id;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		const char *problem = vmw_probes_status(t->probes, id)->problem;

		if (!*problem)
			continue;
		vmw_error("--probe=%s: %s", vmw_probe_infos[id].symbol, problem);
		return true;
	}
	return false;
}

static enum vmw_exit attach(struct trace *t)
{
	struct vmw_probes_setup setup = {
		.bounds = t->bounds, .warn_text = t->layout.warn_text,
		.chosen = t->options->chosen, .ring_size = t->options->ring_size,
		.section_shift = section_shift(&t->layout),
		.sample_rate = t->options->sample_rate,
	};
	int err;

	t->aggregate.section_shift = setup.section_shift;
	t->aggregate.bounds = setup.bounds;
	err = vmw_probes_new(&t->probes, &setup, on_record, t);
	t->report.probes = t->probes;
	if (err == -ENOTSUP) {
		say_attached(t);
		vmw_error("none of the functions that make struct pages can be probed on this kernel");
		return VMW_EXIT_UNTRACEABLE;
	}
	if (err == -ENOENT && say_refused(t))
		return VMW_EXIT_USAGE;
	if (err) {
		vmw_error("cannot load the BPF programs: %s (--verbose says more)",
			  strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	t->aggregate.asks_only = !vmw_probes_status(t->probes, VMW_PROBE_MHP_ALLOWED)->how;
	t->aggregate.on_offender = on_offender;
	t->aggregate.context = t;
	t->report.start_ns = now_ns(CLOCK_MONOTONIC);
	say_attached(t);
	return VMW_EXIT_CLEAN;
}

static void on_use(const struct vmw_use_key *key, const struct vmw_use *use, void *context)
{
	struct trace *t = context;

	vmw_aggregate_use(&t->aggregate, key, use);
}

/* The innermost claim on @phys in /proc/iomem, which is a driver's if any is. */
static const char *name_by_iomem(u64 phys, void *context)
{
	const struct vmw_iomem *iomem = context;
	const char *name = NULL;
	size_t i;

	for (i = 0; i < iomem->nr; i++) {
		if (phys >= iomem->resources[i].start && phys <= iomem->resources[i].last)
			name = iomem->resources[i].name;
	}
	return name;
}

static void name_uses(struct trace *t)
{
	struct vmw_iomem iomem;

	if (!t->aggregate.uses || vmw_iomem_read(&iomem, VMW_IOMEM))
		return;
	vmw_aggregate_name_uses(&t->aggregate, t->bounds.page_shift, name_by_iomem, &iomem);
	vmw_iomem_free(&iomem);
}

/* The kernel's counts as they are now. */
static void read_uses(struct trace *t)
{
	int err;

	vmw_aggregate_uses_begin(&t->aggregate);
	err = vmw_probes_uses(t->probes, on_use, t);
	if (err) {
		vmw_error("reading the counts of callers: %s", strerror(-err));
		t->report.read_error = err;
	}
	name_uses(t);
}

static int on_counts_due(sd_event_source *source, uint64_t usec, void *context)
{
	struct trace *t = context;
	const struct vmw_used *used;
	bool moved = false;

	(void)source;
	(void)usec;
	t->counts_timer = sd_event_source_unref(t->counts_timer);
	read_uses(t);
	for (used = t->aggregate.uses; used; used = used->next) {
		if (used->counts.count == used->counted_before || !vmw_report_is_use(used))
			continue;
		moved = true;
		if (!t->stream_error)
			t->stream_error = vmw_export_use_line(&t->report, used, t->output.file);
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

/* Records that cannot be read are lost, which the report says. */
static void read_records(struct trace *t)
{
	int err = vmw_probes_consume(t->probes);

	if (!err)
		return;
	if (!t->report.read_error)
		vmw_error("reading records: %s", strerror(-err));
	t->report.read_error = err;
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct trace *t = context;

	(void)source;
	(void)fd;
	(void)events;
	read_records(t);
	return 0;
}

static int on_command_end(sd_event_source *source, const siginfo_t *info, void *context)
{
	struct trace *t = context;

	(void)source;
	vmw_command_ended(&t->report.command, info);
	return sd_event_exit(t->loop, 0);
}

static int on_time_over(sd_event_source *source, uint64_t usec, void *context);

/*
 * Told to end. A COMMAND is asked to, then made to, and not waited for when
 * it is stuck in the kernel for good, as insmod can be after an oops.
 */
static int stop(struct trace *t)
{
	const struct vmw_command *command = &t->report.command;

	if (command->state != VMW_COMMAND_RUNNING || t->stops == 2)
		return sd_event_exit(t->loop, 0);
	kill(command->pid, t->stops++ ? SIGKILL : SIGTERM);
	return sd_event_add_time_relative(t->loop, NULL, CLOCK_MONOTONIC, GRACE_US, 0,
					  on_time_over, t);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info,
		     void *context)
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

/* Before there is a temporary file that a signal would leave behind. */
static void hold_signals(struct trace *t)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &t->mask);
	/* A reader that went away is an error of writing, not our death. */
	signal(SIGPIPE, SIG_IGN);
}

static int prepare_loop(struct trace *t)
{
	int err;

	err = sd_event_new(&t->loop);
	if (err < 0)
		return err;
	err = sd_event_add_signal(t->loop, NULL, SIGINT, on_signal, t);
	if (err < 0)
		return err;
	err = sd_event_add_signal(t->loop, NULL, SIGTERM, on_signal, t);
	if (err < 0)
		return err;
	err = sd_event_add_io(t->loop, NULL, vmw_probes_fd(t->probes), EPOLLIN,
			      on_input, t);
	if (err < 0 || !t->options->for_ns)
		return err;
	return sd_event_add_time_relative(t->loop, NULL, CLOCK_MONOTONIC,
					  t->options->for_ns / 1000, 0, on_time_over, t);
}

static enum vmw_exit start_command(struct trace *t)
{
	bool to_stderr = t->options->format != VMW_FORMAT_TEXT && !t->options->output;
	int err;

	if (!t->options->command)
		return VMW_EXIT_CLEAN;
	err = vmw_command_start(&t->report.command, t->options->command, to_stderr,
				&t->mask);
	if (err) {
		vmw_error("%s: cannot be executed: %s", t->options->command[0],
			  strerror(-err));
		return VMW_EXIT_USAGE;
	}
	err = sd_event_add_child(t->loop, NULL, t->report.command.pid, WEXITED,
				 on_command_end, t);
	if (err >= 0)
		return VMW_EXIT_CLEAN;
	vmw_error("cannot wait for %s: %s", t->options->command[0], strerror(-err));
	kill(t->report.command.pid, SIGTERM);
	return VMW_EXIT_UNTRACEABLE;
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
	if (t->options->format == VMW_FORMAT_LINES)
		t->stream_error = vmw_export_hello_line(&t->report, t->output.file);
	code = start_command(t);
	if (code)
		return code;
	err = sd_event_loop(t->loop);
	if (err < 0) {
		vmw_error("event loop: %s", strerror(-err));
		t->report.read_error = err;
	}
	return VMW_EXIT_CLEAN;
}

static enum vmw_exit judge(const struct trace *t)
{
	if (t->aggregate.offenders || vmw_report_uses(&t->report))
		return VMW_EXIT_OFFENDER;
	return vmw_report_lost(&t->report) ? VMW_EXIT_LOST : VMW_EXIT_CLEAN;
}

static void conclude(struct trace *t)
{
	struct vmw_report *report = &t->report;

	read_records(t);
	vmw_aggregate_finish(&t->aggregate);
	read_uses(t);
	vmw_aggregate_name_callers(&t->aggregate);
	report->losses_error = vmw_probes_losses(t->probes, &report->losses);
	report->end_ns = now_ns(CLOCK_MONOTONIC);
	report->kmsg_written = t->kmsg.written;
	report->kmsg_suppressed = t->kmsg.suppressed;
	report->kmsg_failed = t->kmsg.failed;
	report->code = judge(t);
}

static int export(const struct trace *t, FILE *file)
{
	switch (t->options->format) {
	case VMW_FORMAT_JSON:
		return vmw_export_json(&t->report, file);
	case VMW_FORMAT_LINES:
		return vmw_export_json_line(&t->report, file);
	case VMW_FORMAT_TEXT:
		break;
	}
	return vmw_export_text(&t->report, file);
}

/* A report that cannot be written where it should is still not lost. */
static enum vmw_exit deliver(struct trace *t)
{
	int err = t->stream_error;

	if (!err)
		err = export(t, t->output.file);
	if (!err)
		err = vmw_output_commit(&t->output);
	if (!err)
		return t->report.code;
	vmw_error("%s: cannot be written: %s; the report follows here",
		  t->output.path, strerror(-err));
	export(t, stderr);
	return t->report.code == VMW_EXIT_OFFENDER ? VMW_EXIT_OFFENDER : VMW_EXIT_USAGE;
}

/*
 * The line in the kernel log is to be there before the kernel warns or dies,
 * which is a matter of milliseconds: we go before ordinary tasks. COMMAND does
 * not. We live without it where it is not permitted.
 */
static void hurry(void)
{
	const struct sched_param lowest = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest))
		vmw_debug("real-time scheduling: %s", strerror(errno));
}

static enum vmw_exit open_outputs(struct trace *t)
{
	int err;

	err = vmw_output_open(&t->output, t->options->output);
	if (err) {
		vmw_error("%s: cannot be written: %s", t->output.path, strerror(-err));
		return VMW_EXIT_USAGE;
	}
	if (!t->options->kmsg)
		return VMW_EXIT_CLEAN;
	err = vmw_kmsg_open(&t->kmsg);
	if (err) {
		vmw_error("--kmsg: /dev/kmsg: %s", strerror(-err));
		return VMW_EXIT_USAGE;
	}
	hurry();
	return VMW_EXIT_CLEAN;
}

static enum vmw_exit run(struct trace *t)
{
	enum vmw_exit code;
	char why[256];

	if (vmw_require_tracing(why, sizeof(why))) {
		vmw_error("cannot trace: %s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	prepare_report(t);
	hold_signals(t);
	code = open_outputs(t);
	if (!code)
		code = settle_layout(t);
	if (!code)
		code = attach(t);
	if (!code)
		code = watch(t);
	if (code)
		return code;
	conclude(t);
	return deliver(t);
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
	t->kmsg.fd = -1;
	code = run(t);
	vmw_output_close(&t->output);
	vmw_kmsg_close(&t->kmsg);
	vmw_probes_free(t->probes);
	sd_event_source_unref(t->counts_timer);
	sd_event_unref(t->loop);
	vmw_aggregate_free(&t->aggregate);
	free(t);
	return code;
}
