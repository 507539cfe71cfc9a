// SPDX-License-Identifier: GPL-2.0-only
/* How well the watching itself goes: probes, losses, costs, COMMAND. */
#include <string.h>

#include "output/describe.h"

static void describe_probe(struct vmw_writer *w, const struct vmw_report *report, int id)
{
	const struct vmw_probe_status *status = vmw_report_probe(report, id);
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	u64 runs;

	vmw_begin(w, NULL);
	vmw_put_text(w, "symbol", NULL, info->symbol);
	vmw_put_text(w, "point", NULL, vmw_point_names[info->point]);
	vmw_put_text(w, "class", NULL, vmw_class_names[info->class]);
	vmw_put_text(w, "meaning", NULL, info->meaning);
	vmw_put_text(w, "status", NULL, vmw_probe_state(status));
	if (*status->problem)
		vmw_put_text(w, "reason", NULL, status->problem);
	if (status->note)
		vmw_put_text(w, "note", NULL, status->note);
	if (report->probes && vmw_probes_runs(report->probes, id, &runs))
		vmw_put_number(w, "runs", NULL, runs);
	if (vmw_is_caller(id)) {
		vmw_put_text(w, "kind", NULL, vmw_kind_names[info->kind]);
		vmw_put_text(w, "heat", NULL, vmw_heat_names[info->heat]);
	}
	vmw_end(w);
	if (!status->how && (vmw_is_caller(id) || status->left_out))
		return;
	/* Nothing is a column behind a name that is longer than its own. */
	vmw_paragraph(w, "  %-26s %-*s %s%s%s%s%s", info->symbol,
		      strlen(info->symbol) > 26 ? 0 : 10, vmw_point_names[info->point],
		      vmw_probe_state(status), *status->problem ? ": " : "", status->problem,
		      status->note ? ", " : "", status->note ? status->note : "");
}

void vmw_describe_probes(struct vmw_writer *w, const struct vmw_report *report)
{
	int id;

	vmw_begin_list(w, "probes");
	for (id = 0; id < vmw_nr_probes; id++)
		describe_probe(w, report, id);
	vmw_end_list(w);
}

/* How many are attached of those that were wanted, and why the others are not. */
void vmw_describe_probe_counts(struct vmw_writer *w, const struct vmw_report *report)
{
	unsigned int attached = 0, wanted = 0;
	int id;

	vmw_begin(w, "probes");
	vmw_begin_list(w, "problems");
	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *status = vmw_report_probe(report, id);

		attached += !!status->how;
		wanted += !status->left_out;
		/* No kernel has all functions of the table of callers. */
		if (status->how || !*status->problem || vmw_is_caller(id))
			continue;
		vmw_begin(w, NULL);
		vmw_put_text(w, "symbol", NULL, vmw_probe_infos[id].symbol);
		vmw_put_text(w, "point", NULL, vmw_point_names[vmw_probe_infos[id].point]);
		vmw_put_text(w, "status", NULL, vmw_probe_state(status));
		vmw_put_text(w, "reason", NULL, status->problem);
		vmw_end(w);
	}
	vmw_end_list(w);
	vmw_put_number(w, "attached", NULL, attached);
	vmw_put_number(w, "wanted", NULL, wanted);
	vmw_end(w);
}

static void put_loss(struct vmw_writer *w, const char *place, bool known, u64 count)
{
	vmw_begin(w, NULL);
	vmw_put_text(w, "place", NULL, place);
	if (known)
		vmw_put_number(w, "count", NULL, count);
	else
		vmw_put_text(w, "count", NULL, "unknown");
	vmw_end(w);
}

/* When probes did not fire, and so saw nothing. */
static void say_silences(struct vmw_writer *w, const struct vmw_report *report)
{
	char first[40], last[40], times[40];
	int way;

	for (way = 0; way < VMW_NR_WAYS; way++) {
		const struct vmw_sight *sight = &report->sight[way];

		if (!sight->times)
			continue;
		vmw_format_time(report, sight->first_ns, first, sizeof(first));
		vmw_format_time(report, sight->last_ns, last, sizeof(last));
		vmw_paragraph(
			w,
			"LOST: what probes by %s would have seen in %.3f s: they did not fire, %s between %s and %s%s (%s)",
			vmw_way_names[way], vmw_sight_lost_ns(sight, report->end_ns) / 1e9,
			vmw_format_count(sight->times, "time", times, sizeof(times)), first,
			last, sight->silent_ns ? ", and do not now" : "", vmw_way_remedies[way]);
	}
}

static void say_losses(struct vmw_writer *w, const struct vmw_report *report)
{
	u64 unexplained = vmw_report_unexplained(report);
	char warns[40];
	int place;

	say_silences(w, report);
	if (unexplained)
		vmw_paragraph(
			w, "LOST: the requester behind %s of the kernel: no probe saw a request",
			vmw_format_count(unexplained, "WARN", warns, sizeof(warns)));
	if (report->losses_error)
		vmw_paragraph(w, "LOST: the counts could not be read: %s",
			      strerror(-report->losses_error));
	for (place = 0; place < VMW_NR_LOSSES; place++) {
		if (report->losses.count[place])
			vmw_paragraph(w, "LOST: %llu, %s", report->losses.count[place],
				      vmw_loss_names[place]);
	}
	if (report->losses.missed)
		vmw_paragraph(w, "LOST: %llu, runs that the kernel skipped",
			      report->losses.missed);
	if (report->aggregate->nr_dropped)
		vmw_paragraph(w, "LOST: %zu, requests, WARNs and stacks beyond the limit",
			      report->aggregate->nr_dropped);
	if (report->read_error)
		vmw_paragraph(w, "LOST: records that could not be read: %s",
			      strerror(-report->read_error));
	if (report->aggregate->out_of_memory)
		vmw_paragraph(w, "LOST: some of this report, for lack of memory");
	if (!vmw_report_lost(report))
		vmw_paragraph(w, "Nothing was lost.%s",
			      report->losses.missed_known ?
				      "" :
				      " (This kernel cannot count skipped kprobes.)");
	if (report->kmsg_suppressed || report->kmsg_failed)
		vmw_paragraph(
			w,
			"kernel log lines: %llu written, %llu held back (at most one a second), %llu failed",
			report->kmsg_written, report->kmsg_suppressed, report->kmsg_failed);
}

void vmw_describe_losses(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_losses_read *losses = &report->losses;
	int place;

	vmw_begin_list(w, "losses");
	for (place = 0; place < VMW_NR_LOSSES; place++)
		put_loss(w, vmw_loss_names[place], !report->losses_error, losses->count[place]);
	put_loss(w, "runs that the kernel skipped", losses->missed_known || losses->missed,
		 losses->missed);
	put_loss(w, "requests, WARNs and stacks beyond the limit", true,
		 report->aggregate->nr_dropped);
	put_loss(w, vmw_loss_of_silences, true, vmw_report_silences(report));
	put_loss(w, vmw_loss_of_warns, true, vmw_report_unexplained(report));
	put_loss(w, "records that could not be read", true, !!report->read_error);
	put_loss(w, "parts of this report, for lack of memory", true,
		 report->aggregate->out_of_memory);
	vmw_end_list(w);
	if (vmw_for_people(w))
		say_losses(w, report);
}

void vmw_describe_firing(struct vmw_writer *w, const struct vmw_report *report)
{
	int way;

	vmw_begin_list(w, "firing");
	for (way = 0; way < VMW_NR_WAYS; way++) {
		const struct vmw_sight *sight = &report->sight[way];

		vmw_begin(w, NULL);
		vmw_put_text(w, "how", NULL, vmw_way_names[way]);
		vmw_put_text(w, "state", NULL, vmw_firing_word(report, way));
		vmw_put_number(w, "silences", NULL, sight->times);
		vmw_put_number(w, "silent_ns", NULL, vmw_sight_lost_ns(sight, report->end_ns));
		if (sight->times) {
			vmw_describe_time(w, report, "first", sight->first_ns);
			vmw_describe_time(w, report, "last", sight->last_ns);
		}
		vmw_end(w);
	}
	vmw_end_list(w);
}

static void say_before(struct vmw_writer *w, const struct vmw_looked *looked)
{
	char counts[96] = "", warns[32], oopses[32];

	if (!looked->at_all) {
		vmw_paragraph(w, "Before the watch: not checked.");
		return;
	}
	vmw_format_count(looked->warns, "WARN", warns, sizeof(warns));
	vmw_format_count(looked->oopses, "oops", oopses, sizeof(oopses));
	if (looked->log)
		snprintf(counts, sizeof(counts), ": %s and %s of vmemmap", warns, oopses);
	vmw_paragraph(w, "Before the watch: %s; %s%s.%s%s%s",
		      looked->sections ? "memory sections checked" :
					 "the memory sections could not be read",
		      !looked->log    ? "the kernel log could not be read" :
		      looked->log_cut ? "kernel log checked, whose beginning is lost" :
					"kernel log checked",
		      counts, *looked->why ? " (" : "", looked->why, *looked->why ? ")" : "");
}

static void say_since(struct vmw_writer *w, const struct vmw_report *report)
{
	char since[40], again[40], gap[80] = "";

	vmw_format_time(report, report->start_ns, since, sizeof(since));
	vmw_format_time(report, report->watched_ns, again, sizeof(again));
	if (report->watched_ns != report->start_ns)
		snprintf(gap, sizeof(gap), ", without a gap since %s", again);
	vmw_paragraph(w, "Watching since %s%s (%.3f s after boot).", since, gap,
		      report->watched_ns / 1e9);
}

/* A trace that could look everywhere need not say so. */
static void say_watch(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_looked *looked = &report->looked;

	if (report->service)
		say_since(w, report);
	if (report->service || w->verbose ||
	    (looked->at_all && (!looked->sections || !looked->log || *looked->why)))
		say_before(w, looked);
}

/* Nothing seen and not looking are different answers. */
void vmw_describe_watch(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_looked *looked = &report->looked;

	if (report->service)
		vmw_describe_time(w, report, "watched_since", report->watched_ns);
	vmw_begin(w, "before");
	vmw_put_bool(w, "looked", looked->at_all);
	vmw_put_bool(w, "sections", looked->sections);
	vmw_put_bool(w, "log", looked->log);
	if (looked->log) {
		vmw_put_bool(w, "log_lost_its_beginning", looked->log_cut);
		vmw_describe_time(w, report, "log_from", looked->log_first_ns);
		vmw_put_number(w, "warns", NULL, looked->warns);
		vmw_put_number(w, "oopses", NULL, looked->oopses);
		vmw_put_number(w, "without_range", NULL, looked->rangeless);
	}
	if (*looked->why)
		vmw_put_text(w, "why", NULL, looked->why);
	vmw_end(w);
	if (vmw_for_people(w))
		say_watch(w, report);
}

void vmw_describe_kmsg(struct vmw_writer *w, const struct vmw_report *report)
{
	vmw_begin(w, "kmsg");
	vmw_put_number(w, "written", NULL, report->kmsg_written);
	vmw_put_number(w, "suppressed", NULL, report->kmsg_suppressed);
	vmw_put_number(w, "failed", NULL, report->kmsg_failed);
	vmw_end(w);
}

void vmw_describe_self(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_self *self = &report->self;

	vmw_begin(w, "self");
	vmw_put_number(w, "cpu_ns", NULL, self->cpu_ns);
	vmw_put_number(w, "rss_bytes", NULL, self->rss_bytes);
	vmw_put_number(w, "peak_bytes", NULL, self->peak_bytes);
	if (self->bpf_stats) {
		vmw_begin(w, "bpf");
		vmw_put_number(w, "run_ns", NULL, self->bpf_run_ns);
		vmw_put_number(w, "runs", NULL, self->bpf_runs);
		vmw_end(w);
	}
	vmw_end(w);
}

void vmw_describe_counts(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	u64 offenders = 0, live = 0, refused = 0;
	const struct vmw_offender *offender;
	const struct vmw_request *request;

	vmw_for_each_offender (offender, agg) {
		offenders++;
		live += offender->live;
	}
	for (request = agg->requests; request; request = request->next)
		refused += request->outcome == VMW_REFUSED;
	vmw_put_number(w, "offenders", NULL, offenders);
	vmw_put_number(w, "live", NULL, live);
	vmw_put_number(w, "uses", NULL, vmw_report_uses(report));
	vmw_put_number(w, "requests", NULL, agg->nr_requests);
	vmw_put_number(w, "refused", NULL, refused);
	vmw_put_number(w, "warns", NULL, agg->nr_warns);
}

static void say_command(struct vmw_writer *w, const struct vmw_command *command)
{
	const char *name = command->argv[0];

	/* One that did what it was to do is not worth a line. */
	if (command->state == VMW_COMMAND_EXITED && !command->status && !w->verbose)
		return;
	switch (command->state) {
	case VMW_COMMAND_NONE:
		return;
	case VMW_COMMAND_RUNNING:
		vmw_paragraph(w, "COMMAND %s[%d] still runs: not waited for.", name,
			      command->pid);
		return;
	case VMW_COMMAND_EXITED:
		vmw_paragraph(w, "COMMAND %s exited with status %d.", name, command->status);
		return;
	case VMW_COMMAND_KILLED:
		vmw_paragraph(w, "COMMAND %s was killed by signal %d (%s).", name,
			      command->status, strsignal(command->status));
		return;
	}
}

void vmw_describe_command(struct vmw_writer *w, const struct vmw_command *command)
{
	static const char *const states[] = {
		[VMW_COMMAND_RUNNING] = "running",
		[VMW_COMMAND_EXITED] = "exited",
		[VMW_COMMAND_KILLED] = "killed",
	};
	char **arg;

	if (command->state == VMW_COMMAND_NONE) {
		vmw_put_null(w, "command");
		return;
	}
	vmw_begin(w, "command");
	vmw_begin_list(w, "argv");
	for (arg = command->argv; *arg; arg++)
		vmw_put_text(w, NULL, NULL, *arg);
	vmw_end_list(w);
	vmw_put_number(w, "pid", NULL, command->pid);
	if (command->state == VMW_COMMAND_EXITED)
		vmw_put_number(w, "exit_status", NULL, command->status);
	else if (command->state == VMW_COMMAND_KILLED)
		vmw_put_number(w, "signal", NULL, command->status);
	vmw_put_text(w, "state", NULL, states[command->state]);
	vmw_end(w);
	say_command(w, command);
}
