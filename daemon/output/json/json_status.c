// SPDX-License-Identifier: GPL-2.0-only
/* How well the watching itself goes: probes, losses, costs, COMMAND. */
#include <string.h>

#include "output/json/json_parts.h"

static json *probe_json(const struct vmw_report *report, int id)
{
	const struct vmw_probe_status *status = vmw_report_probe(report, id);
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	json *probe = json_object_new_object();
	u64 runs;

	js_add(probe, "symbol", js_text(info->symbol));
	js_add(probe, "point", js_text(vmw_point_names[info->point]));
	js_add(probe, "class", js_text(vmw_class_names[info->class]));
	js_add(probe, "meaning", js_text(info->meaning));
	js_add(probe, "status", js_text(vmw_probe_state(status)));
	if (*status->problem)
		js_add(probe, "reason", js_text(status->problem));
	if (status->note)
		js_add(probe, "note", js_text(status->note));
	if (report->probes && vmw_probes_runs(report->probes, id, &runs))
		js_add(probe, "runs", js_number(runs));
	if (vmw_is_caller(id)) {
		js_add(probe, "kind", js_text(vmw_kind_names[info->kind]));
		js_add(probe, "heat", js_text(vmw_heat_names[info->heat]));
	}
	return probe;
}

json *js_probes(const struct vmw_report *report)
{
	json *array = json_object_new_array();
	int id;

	for (id = 0; id < vmw_nr_probes; id++)
		js_append(array, probe_json(report, id));
	return array;
}

/* How many are attached of those that were wanted, and why the others are not. */
json *js_probe_counts(const struct vmw_report *report)
{
	json *object = json_object_new_object();
	json *problems = json_object_new_array();
	unsigned int attached = 0, wanted = 0;
	int id;

	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *status = vmw_report_probe(report, id);
		json *problem;

		attached += !!status->how;
		wanted += !status->left_out;
		/* No kernel has all functions of the table of callers. */
		if (status->how || !*status->problem || vmw_is_caller(id))
			continue;
		problem = json_object_new_object();
		js_add(problem, "symbol", js_text(vmw_probe_infos[id].symbol));
		js_add(problem, "point", js_text(vmw_point_names[vmw_probe_infos[id].point]));
		js_add(problem, "status", js_text(vmw_probe_state(status)));
		js_add(problem, "reason", js_text(status->problem));
		js_append(problems, problem);
	}
	js_add(object, "attached", js_number(attached));
	js_add(object, "wanted", js_number(wanted));
	js_add(object, "problems", problems);
	return object;
}

static void add_loss(json *array, const char *place, json *count)
{
	json *loss = json_object_new_object();

	js_add(loss, "place", js_text(place));
	js_add(loss, "count", count);
	js_append(array, loss);
}

json *js_losses(const struct vmw_report *report)
{
	const struct vmw_losses_read *losses = &report->losses;
	json *array = json_object_new_array();
	int place;

	for (place = 0; place < VMW_NR_LOSSES; place++)
		add_loss(array, vmw_loss_names[place],
			 report->losses_error ? js_text("unknown") :
						js_number(losses->count[place]));
	add_loss(array, "runs that the kernel skipped",
		 losses->missed_known || losses->missed ? js_number(losses->missed) :
							  js_text("unknown"));
	add_loss(array, "requests, WARNs and stacks beyond the limit",
		 js_number(report->aggregate->nr_dropped));
	add_loss(array, vmw_loss_of_silences, js_number(vmw_report_silences(report)));
	add_loss(array, vmw_loss_of_warns, js_number(vmw_report_unexplained(report)));
	add_loss(array, "records that could not be read", js_number(!!report->read_error));
	add_loss(array, "parts of this report, for lack of memory",
		 js_number(report->aggregate->out_of_memory));
	return array;
}

static json *firing_json(const struct vmw_report *report, int way)
{
	const struct vmw_sight *sight = &report->sight[way];
	json *object = json_object_new_object();

	js_add(object, "how", js_text(vmw_way_names[way]));
	js_add(object, "state", js_text(vmw_firing_word(report, way)));
	js_add(object, "silences", js_number(sight->times));
	js_add(object, "silent_ns", js_number(vmw_sight_lost_ns(sight, report->end_ns)));
	if (sight->times) {
		js_add_time(object, report, "first", sight->first_ns);
		js_add_time(object, report, "last", sight->last_ns);
	}
	return object;
}

json *js_firing(const struct vmw_report *report)
{
	json *array = json_object_new_array();
	int way;

	for (way = 0; way < VMW_NR_WAYS; way++)
		js_append(array, firing_json(report, way));
	return array;
}

/* Nothing seen and not looking are different answers. */
void js_add_watch(json *object, const struct vmw_report *report)
{
	const struct vmw_looked *looked = &report->looked;
	json *before = json_object_new_object();

	js_add_time(object, report, "watched_since", report->watched_ns);
	js_add(before, "looked", json_object_new_boolean(looked->at_all));
	js_add(before, "sections", json_object_new_boolean(looked->sections));
	js_add(before, "log", json_object_new_boolean(looked->log));
	if (looked->log) {
		js_add(before, "log_lost_its_beginning",
		       json_object_new_boolean(looked->log_cut));
		js_add_time(before, report, "log_from", looked->log_first_ns);
		js_add(before, "warns", js_number(looked->warns));
		js_add(before, "oopses", js_number(looked->oopses));
		js_add(before, "without_range", js_number(looked->rangeless));
	}
	if (*looked->why)
		js_add(before, "why", js_text(looked->why));
	js_add(object, "before", before);
}

json *js_kmsg(const struct vmw_report *report)
{
	json *kmsg = json_object_new_object();

	js_add(kmsg, "written", js_number(report->kmsg_written));
	js_add(kmsg, "suppressed", js_number(report->kmsg_suppressed));
	js_add(kmsg, "failed", js_number(report->kmsg_failed));
	return kmsg;
}

json *js_self(const struct vmw_report *report)
{
	const struct vmw_self *self = &report->self;
	json *object = json_object_new_object();
	json *bpf;

	js_add(object, "cpu_ns", js_number(self->cpu_ns));
	js_add(object, "rss_bytes", js_number(self->rss_bytes));
	js_add(object, "peak_bytes", js_number(self->peak_bytes));
	if (self->bpf_stats) {
		bpf = json_object_new_object();
		js_add(bpf, "run_ns", js_number(self->bpf_run_ns));
		js_add(bpf, "runs", js_number(self->bpf_runs));
		js_add(object, "bpf", bpf);
	}
	return object;
}

json *js_add_counts(json *object, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	u64 offenders = 0, live = 0, requests = 0, refused = 0, warns = 0;
	const struct vmw_offender *offender;
	const struct vmw_request *request;
	const struct vmw_warn *warn;

	vmw_for_each_offender (offender, agg) {
		offenders++;
		live += offender->live;
	}
	for (request = agg->requests; request; request = request->next) {
		requests++;
		refused += request->outcome == VMW_REFUSED;
	}
	for (warn = agg->warns; warn; warn = warn->next)
		warns++;
	js_add(object, "offenders", js_number(offenders));
	js_add(object, "live", js_number(live));
	js_add(object, "uses", js_number(vmw_report_uses(report)));
	js_add(object, "requests", js_number(requests));
	js_add(object, "refused", js_number(refused));
	js_add(object, "warns", js_number(warns));
	return object;
}

static const char *const command_states[] = {
	[VMW_COMMAND_RUNNING] = "running",
	[VMW_COMMAND_EXITED] = "exited",
	[VMW_COMMAND_KILLED] = "killed",
};

json *js_command(const struct vmw_command *command)
{
	json *object = json_object_new_object();
	json *argv = json_object_new_array();
	char **arg;

	for (arg = command->argv; *arg; arg++)
		js_append(argv, js_bytes(*arg, strlen(*arg)));
	js_add(object, "argv", argv);
	js_add(object, "pid", js_number(command->pid));
	if (command->state == VMW_COMMAND_EXITED)
		js_add(object, "exit_status", js_number(command->status));
	else if (command->state == VMW_COMMAND_KILLED)
		js_add(object, "signal", js_number(command->status));
	js_add(object, "state", js_text(command_states[command->state]));
	return object;
}
