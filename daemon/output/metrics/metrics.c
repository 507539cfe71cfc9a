// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as metrics. A counter that can be told is there from the start, at 0:
 * what appears with its first event has no increase to alert on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "output/export.h"
#include "output/metrics/metrics_write.h"
#include "report/report.h"

static const char *const of_names[VMW_NR_TALLIES] = {
	[VMW_TALLY_REQUEST] = "request",
	[VMW_TALLY_USE] = "use",
};

static void put_build(struct vmw_metrics *m, const struct vmw_report *report)
{
	vmw_metrics_family(m, VMW_GAUGE, "build_info",
			   "Always 1; the version of vmemmapwatch and the kernel's release.");
	vmw_metrics_label(m, "version", vmw_version);
	vmw_metrics_label(m, "kernel", report->kernel);
	vmw_metrics_number(m, 1);
}

static void put_times(struct vmw_metrics *m, const struct vmw_report *report)
{
	/* Out of a state it may be any number: the sums wrap. */
	u64 offset = report->clock_offset_ns;

	vmw_metrics_family(m, VMW_GAUGE, "watch_start_time_seconds",
			   "When all probes were attached, seconds since the epoch.");
	vmw_metrics_seconds(m, (s64)(report->start_ns + offset));
	vmw_metrics_family(
		m, VMW_GAUGE, "watched_since_time_seconds",
		"Since when probes were attached without a gap, seconds since the epoch.");
	vmw_metrics_seconds(m, (s64)(report->watched_ns + offset));
	vmw_metrics_family(m, VMW_GAUGE, "report_time_seconds",
			   "As of when these metrics are, seconds since the epoch.");
	vmw_metrics_seconds(m, (s64)(report->end_ns + offset));
}

/* Offenders, live or all of them: by driver, verdict, and what they did. */
static void put_offenders(struct vmw_metrics *m, const struct vmw_tally *tally, bool live)
{
	int i, of, verdict;

	for (i = 0; i < tally->nr_drivers; i++) {
		const struct vmw_tally_driver *driver = &tally->drivers[i];

		for (of = 0; of < VMW_NR_TALLIES; of++) {
			for (verdict = 0; verdict < VMW_NR_VERDICTS; verdict++) {
				if (!driver->total[of][verdict])
					continue;
				vmw_metrics_label(m, "driver", driver->name);
				vmw_metrics_label(m, "verdict", vmw_verdict_names[verdict]);
				vmw_metrics_label(m, "of", of_names[of]);
				vmw_metrics_number(m, live ? driver->live[of][verdict] :
							     driver->total[of][verdict]);
			}
		}
	}
}

/* Zeros are left out: a driver is in some of these families, not in all. */
static void put_by_verdict(struct vmw_metrics *m, const struct vmw_tally_driver *driver,
			   const vmw_by_verdict counts)
{
	int verdict;

	for (verdict = 0; verdict <= VMW_NOWHERE; verdict++) {
		if (!counts[verdict])
			continue;
		vmw_metrics_label(m, "driver", driver->name);
		vmw_metrics_label(m, "verdict",
				  verdict == VMW_NOWHERE ? "nowhere" :
							   vmw_verdict_names[verdict]);
		vmw_metrics_number(m, counts[verdict]);
	}
}

static void put_drivers(struct vmw_metrics *m, const struct vmw_tally *tally)
{
	int i;

	vmw_metrics_family(
		m, VMW_GAUGE, "offenders_live",
		"Ranges with struct pages out of bounds that are there now (of requests), and probed functions that work with such (of uses).");
	put_offenders(m, tally, true);
	vmw_metrics_family(m, VMW_COUNTER, "offenders_total",
			   "All offenders that were seen, those that are gone too.");
	put_offenders(m, tally, false);
	vmw_metrics_family(
		m, VMW_COUNTER, "requests_refused_total",
		"Requests that the kernel refused (not offenders); nowhere: no range was free.");
	for (i = 0; i < tally->nr_drivers; i++)
		put_by_verdict(m, &tally->drivers[i], tally->drivers[i].refused);
	vmw_metrics_family(m, VMW_COUNTER, "kernel_warns_total",
			   "WARNs of the kernel in its memory hotplug code, for offenders.");
	for (i = 0; i < tally->nr_drivers; i++)
		put_by_verdict(m, &tally->drivers[i], tally->drivers[i].warns);
}

static void put_found(struct vmw_metrics *m, const struct vmw_report *report,
		      const struct vmw_tally *tally)
{
	bool looked = report->looked.at_all;

	vmw_metrics_family(m, VMW_GAUGE, "found_at_start_known",
			   "1: what happened before the start was looked for.");
	vmw_metrics_number(m, looked);
	vmw_metrics_family(m, VMW_GAUGE, "found_at_start",
			   "Offenders of before the start, which no probe saw.");
	if (!looked)
		return;
	vmw_metrics_label(m, "state", "live");
	vmw_metrics_number(m, tally->found_live);
	vmw_metrics_label(m, "state", "gone");
	vmw_metrics_number(m, tally->found_gone);
}

static void label_probe(struct vmw_metrics *m, int row)
{
	vmw_metrics_label(m, "probe", vmw_probe_infos[row].symbol);
	vmw_metrics_label(m, "point", vmw_point_names[vmw_probe_infos[row].point]);
}

/*
 * A zero of each verdict for the probes that judge a request; for callers none, of
 * whose calls in bounds nobody tells.
 */
static bool has_zeros(const struct vmw_report *report, int row)
{
	if (vmw_is_caller(row) || !vmw_report_probe(report, row)->how)
		return false;
	return vmw_probe_infos[row].class == VMW_CLASS_CERTAIN || row == VMW_PROBE_MHP_ALLOWED;
}

static void put_observed(struct vmw_metrics *m, const struct vmw_report *report,
			 const struct vmw_tally *tally, int row)
{
	int verdict;

	for (verdict = 0; verdict < VMW_NR_VERDICTS; verdict++) {
		u64 count = tally->observed[row][verdict];

		if (!count && !has_zeros(report, row))
			continue;
		label_probe(m, row);
		vmw_metrics_label(m, "verdict", vmw_verdict_names[verdict]);
		vmw_metrics_number(m, count);
	}
}

static void put_hits(struct vmw_metrics *m, const struct vmw_tally *tally)
{
	int i, row, verdict;

	for (i = 0; i < tally->nr_drivers; i++) {
		for (row = 0; row < vmw_nr_probes; row++) {
			const u64 *hits = tally->drivers[i].hits[row];

			for (verdict = 0; verdict < VMW_NR_VERDICTS; verdict++) {
				if (!hits[verdict])
					continue;
				vmw_metrics_label(m, "driver", tally->drivers[i].name);
				vmw_metrics_label(m, "verdict", vmw_verdict_names[verdict]);
				label_probe(m, row);
				vmw_metrics_number(m, hits[verdict]);
			}
		}
	}
}

static void put_lookups(struct vmw_metrics *m, const struct vmw_tally *tally)
{
	int row, verdict;

	for (row = 0; row < vmw_nr_probes; row++) {
		for (verdict = 0; verdict < VMW_NR_VERDICTS; verdict++) {
			if (!tally->lookups[row][verdict])
				continue;
			label_probe(m, row);
			vmw_metrics_label(m, "verdict", vmw_verdict_names[verdict]);
			vmw_metrics_number(m, tally->lookups[row][verdict]);
		}
	}
}

static void put_observations(struct vmw_metrics *m, const struct vmw_report *report,
			     const struct vmw_tally *tally)
{
	int row;

	vmw_metrics_family(
		m, VMW_COUNTER, "observations_total",
		"Ranges that probes saw, by verdict: of requests all, of other functions those with struct pages out of bounds.");
	for (row = 0; row < vmw_nr_probes; row++) {
		if (tally->row[row] == row)
			put_observed(m, report, tally, row);
	}
	vmw_metrics_family(m, VMW_COUNTER, "driver_observations_total",
			   "Calls with struct pages out of bounds, by the driver that made them.");
	put_hits(m, tally);
	vmw_metrics_family(
		m, VMW_COUNTER, "lookups_total",
		"Look-ups of pfns whose struct pages would be out of bounds: normal for MMIO, and no offence.");
	put_lookups(m, tally);
}

/*
 * What became of @row: of several prototypes, the one that this kernel has; else one
 * that says why not.
 */
static const struct vmw_probe_status *status_of_row(const struct vmw_report *report,
						    const struct vmw_tally *tally, int row)
{
	const struct vmw_probe_status *ret = NULL;
	int id;

	for (id = row; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *status = vmw_report_probe(report, id);

		if (tally->row[id] != row)
			continue;
		if (status->how)
			return status;
		if (!ret || *status->problem)
			ret = status;
	}
	return ret;
}

static void put_probes(struct vmw_metrics *m, const struct vmw_report *report,
		       const struct vmw_tally *tally)
{
	u64 nr[2] = { 0 };
	int row;

	vmw_metrics_family(
		m, VMW_GAUGE, "probe_attached",
		"1: attached, and how; 0: not, because left out by choice, unavailable (this kernel cannot have it) or missing (it should be there).");
	for (row = 0; row < vmw_nr_probes; row++) {
		const struct vmw_probe_status *status;

		if (tally->row[row] != row)
			continue;
		status = status_of_row(report, tally, row);
		label_probe(m, row);
		vmw_metrics_label(m, "class", vmw_class_names[vmw_probe_infos[row].class]);
		vmw_metrics_label(m, "kind", vmw_kind_names[vmw_probe_infos[row].kind]);
		vmw_metrics_label(m, "how", vmw_probe_state(status));
		vmw_metrics_number(m, !!status->how);
		nr[!!status->how]++;
	}
	vmw_metrics_family(m, VMW_GAUGE, "probes",
			   "How many probes are attached, and how many not.");
	vmw_metrics_label(m, "state", "attached");
	vmw_metrics_number(m, nr[true]);
	vmw_metrics_label(m, "state", "not attached");
	vmw_metrics_number(m, nr[false]);
}

struct loss {
	const char *place;
	bool known;
	u64 count;
};

#define MAX_PLACES (VMW_NR_LOSSES + 6)

/* In the words of the other outputs. */
static int collect_losses(const struct vmw_report *report, struct loss *losses)
{
	const struct vmw_losses_read *read = &report->losses;
	int n;

	for (n = 0; n < VMW_NR_LOSSES; n++)
		losses[n] = (struct loss){ vmw_loss_names[n], !report->losses_error,
					   read->count[n] };
	losses[n++] = (struct loss){ "runs that the kernel skipped",
				     read->missed_known || read->missed, read->missed };
	losses[n++] = (struct loss){ "requests, WARNs and stacks beyond the limit", true,
				     report->aggregate->nr_dropped };
	losses[n++] = (struct loss){ vmw_loss_of_silences, true, vmw_report_silences(report) };
	losses[n++] = (struct loss){ vmw_loss_of_warns, true, vmw_report_unexplained(report) };
	losses[n++] =
		(struct loss){ "records that could not be read", true, !!report->read_error };
	losses[n++] = (struct loss){ "parts of this report, for lack of memory", true,
				     report->aggregate->out_of_memory };
	return n;
}

static void put_losses(struct vmw_metrics *m, const struct vmw_report *report)
{
	struct loss losses[MAX_PLACES];
	int i, n = collect_losses(report, losses);

	vmw_metrics_family(
		m, VMW_COUNTER, "losses_total",
		"What should have been recorded and was not, by the place where it was lost.");
	for (i = 0; i < n; i++) {
		if (!losses[i].known)
			continue;
		vmw_metrics_label(m, "place", losses[i].place);
		vmw_metrics_number(m, losses[i].count);
	}
	vmw_metrics_family(
		m, VMW_GAUGE, "losses_known",
		"0: what is lost at that place cannot be told on this kernel, or not now.");
	for (i = 0; i < n; i++) {
		vmw_metrics_label(m, "place", losses[i].place);
		vmw_metrics_number(m, losses[i].known);
	}
}

static void put_firing(struct vmw_metrics *m, const struct vmw_report *report)
{
	int way;

	vmw_metrics_family(
		m, VMW_GAUGE, "probes_fire",
		"1: a call of our own was seen by a probe that is attached in this way; 0: it was not, so these probes are blind.");
	for (way = 0; way < VMW_NR_WAYS; way++) {
		if (!report->sight[way].silent_ns && !report->sight[way].fired_ns)
			continue;
		vmw_metrics_label(m, "how", vmw_way_names[way]);
		vmw_metrics_number(m, !report->sight[way].silent_ns);
	}
	vmw_metrics_family(m, VMW_COUNTER, "blind_seconds_total",
			   "How long attached probes did not fire.");
	for (way = 0; way < VMW_NR_WAYS; way++) {
		vmw_metrics_label(m, "how", vmw_way_names[way]);
		vmw_metrics_seconds(m,
				    (s64)vmw_sight_lost_ns(&report->sight[way], report->end_ns));
	}
}

static void put_bounds(struct vmw_metrics *m, const struct vmw_layout *layout)
{
	int id;

	vmw_metrics_family(
		m, VMW_GAUGE, "bounds_agreement",
		"Always 1; how far the sources of a value that verdicts rest on agree.");
	for (id = 0; id < VMW_NR_VALUES; id++) {
		if (!vmw_layout_matters(id))
			continue;
		vmw_metrics_label(m, "value", vmw_value_infos[id].name);
		vmw_metrics_label(m, "state", vmw_layout_agreement(layout, id));
		vmw_metrics_number(m, 1);
	}
	vmw_metrics_family(m, VMW_GAUGE, "bounds_witnesses",
			   "How many independent live sources know the value.");
	for (id = 0; id < VMW_NR_VALUES; id++) {
		if (!vmw_layout_matters(id))
			continue;
		vmw_metrics_label(m, "value", vmw_value_infos[id].name);
		vmw_metrics_number(m, vmw_layout_witnesses(&layout->values[id]));
	}
}

/* Of all prototypes of a row, attached at most once. */
static void put_runs(struct vmw_metrics *m, const struct vmw_report *report,
		     const struct vmw_tally *tally, bool times)
{
	u64 sum[VMW_MAX_PROBES] = { 0 }, value;
	int id, row;

	for (id = 0; report->probes && id < vmw_nr_probes; id++) {
		if (times ? vmw_probes_run_time(report->probes, id, &value) :
			    vmw_probes_runs(report->probes, id, &value))
			sum[tally->row[id]] += value;
	}
	for (row = 0; row < vmw_nr_probes; row++) {
		if (!sum[row])
			continue;
		label_probe(m, row);
		if (times)
			vmw_metrics_seconds(m, (s64)sum[row]);
		else
			vmw_metrics_number(m, sum[row]);
	}
}

static void put_bpf(struct vmw_metrics *m, const struct vmw_report *report,
		    const struct vmw_tally *tally)
{
	vmw_metrics_family(m, VMW_GAUGE, "bpf_stats_enabled",
			   "kernel.bpf_stats_enabled: without it the kernel does not count runs.");
	vmw_metrics_number(m, report->self.bpf_stats);
	if (!report->self.bpf_stats)
		return;
	vmw_metrics_family(m, VMW_COUNTER, "bpf_runs_total", "Runs of all our BPF programs.");
	vmw_metrics_number(m, report->self.bpf_runs);
	vmw_metrics_family(m, VMW_COUNTER, "bpf_run_seconds_total",
			   "Time that all our BPF programs took.");
	vmw_metrics_seconds(m, (s64)report->self.bpf_run_ns);
	vmw_metrics_family(m, VMW_COUNTER, "probe_runs_total",
			   "Runs of one probe's BPF program.");
	put_runs(m, report, tally, false);
	vmw_metrics_family(m, VMW_COUNTER, "probe_run_seconds_total",
			   "Time that one probe's BPF program took.");
	put_runs(m, report, tally, true);
}

static void put_self(struct vmw_metrics *m, const struct vmw_report *report)
{
	vmw_metrics_family(m, VMW_COUNTER, "self_cpu_seconds_total",
			   "CPU time of the daemon, user and system.");
	vmw_metrics_seconds(m, (s64)report->self.cpu_ns);
	vmw_metrics_family(m, VMW_GAUGE, "self_resident_memory_bytes",
			   "Resident memory of the daemon.");
	vmw_metrics_number(m, report->self.rss_bytes);
	vmw_metrics_family(m, VMW_GAUGE, "self_resident_memory_peak_bytes",
			   "The most that it was.");
	vmw_metrics_number(m, report->self.peak_bytes);
}

static void put_readers(struct vmw_metrics *m, const struct vmw_report *report)
{
	vmw_metrics_family(m, VMW_GAUGE, "feed_clients", "Clients of the feed.");
	vmw_metrics_number(m, report->readers.clients);
	vmw_metrics_family(
		m, VMW_COUNTER, "readers_refused_total",
		"Connections refused to a user: too many at once (reader-connections), or too often (reader-rate).");
	vmw_metrics_label(m, "reason", "connections");
	vmw_metrics_number(m, report->readers.too_many);
	vmw_metrics_label(m, "reason", "rate");
	vmw_metrics_number(m, report->readers.too_often);
	vmw_metrics_family(m, VMW_COUNTER, "feed_clients_dropped_total",
			   "Clients of the feed that read too slowly, and were let go.");
	vmw_metrics_number(m, report->readers.too_slow);
}

static void put_kmsg(struct vmw_metrics *m, const struct vmw_report *report)
{
	vmw_metrics_family(
		m, VMW_COUNTER, "kmsg_lines_total",
		"Lines for the kernel log: written, suppressed by the rate limit, or failed.");
	vmw_metrics_label(m, "state", "written");
	vmw_metrics_number(m, report->kmsg_written);
	vmw_metrics_label(m, "state", "suppressed");
	vmw_metrics_number(m, report->kmsg_suppressed);
	vmw_metrics_label(m, "state", "failed");
	vmw_metrics_number(m, report->kmsg_failed);
}

static int export(const struct vmw_report *report, struct vmw_metrics *m)
{
	struct vmw_tally *tally = vmw_tally(report);

	if (!tally)
		return -ENOMEM;
	errno = 0;
	put_build(m, report);
	put_times(m, report);
	put_drivers(m, tally);
	put_found(m, report, tally);
	put_observations(m, report, tally);
	put_probes(m, report, tally);
	put_losses(m, report);
	put_firing(m, report);
	put_bounds(m, report->layout);
	put_bpf(m, report, tally);
	if (report->service)
		put_self(m, report);
	put_kmsg(m, report);
	put_readers(m, report);
	free(tally);
	return vmw_metrics_end(m);
}

int vmw_export_metrics(const struct vmw_report *report, FILE *file)
{
	struct vmw_metrics m = { .file = file };

	return export(report, &m);
}

int vmw_export_openmetrics(const struct vmw_report *report, FILE *file)
{
	struct vmw_metrics m = { .file = file, .openmetrics = true };

	return export(report, &m);
}
