// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "output/metrics/metrics_write.h"
#include "report/report.h"

#define PREFIX "vmemmapwatch_"

/*
 * OpenMetrics calls the family of x_total x. That, and # EOF, is all that keeps
 * the one format from being the other.
 */
void vmw_metrics_family(struct vmw_metrics *m, enum vmw_metric_type type, const char *name,
			const char *help)
{
	int length = strlen(name);

	if (m->openmetrics && type == VMW_COUNTER)
		length -= strlen("_total");
	fprintf(m->file, "# HELP " PREFIX "%.*s %s\n", length, name, help);
	fprintf(m->file, "# TYPE " PREFIX "%.*s %s\n", length, name,
		type == VMW_COUNTER ? "counter" : "gauge");
	m->family = name;
}

static void begin(struct vmw_metrics *m)
{
	if (!m->nr_labels)
		fprintf(m->file, PREFIX "%s", m->family);
}

/* The formats escape three: a backslash, a quote, and the newline, which is none here. */
void vmw_metrics_label(struct vmw_metrics *m, const char *key, const char *value)
{
	char text[1024];
	const char *c;

	begin(m);
	vmw_format_bytes(value, strlen(value), text, sizeof(text));
	fprintf(m->file, "%c%s=\"", m->nr_labels++ ? ',' : '{', key);
	for (c = text; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', m->file);
		fputc(*c, m->file);
	}
	fputc('"', m->file);
}

static void end_labels(struct vmw_metrics *m)
{
	begin(m);
	fputs(m->nr_labels ? "} " : " ", m->file);
	m->nr_labels = 0;
}

void vmw_metrics_number(struct vmw_metrics *m, u64 value)
{
	end_labels(m);
	fprintf(m->file, "%llu\n", value);
}

void vmw_metrics_seconds(struct vmw_metrics *m, s64 ns)
{
	u64 size = ns < 0 ? -(u64)ns : (u64)ns;

	end_labels(m);
	fprintf(m->file, "%s%llu.%09llu\n", ns < 0 ? "-" : "", size / 1000000000,
		size % 1000000000);
}

int vmw_metrics_end(struct vmw_metrics *m)
{
	if (m->openmetrics)
		fputs("# EOF\n", m->file);
	if (fflush(m->file) || ferror(m->file))
		return errno ? -errno : -EIO;
	return 0;
}

static struct vmw_tally_driver *driver_of(struct vmw_tally *tally,
					  const char bytes[VMW_DRIVER_LEN])
{
	char name[4 * VMW_DRIVER_LEN + 1];
	struct vmw_tally_driver *driver;
	int i;

	vmw_format_bytes(bytes, VMW_DRIVER_LEN, name, sizeof(name));
	for (i = 0; i < tally->nr_drivers && i < VMW_TALLY_DRIVERS; i++) {
		if (!strcmp(tally->drivers[i].name, name))
			return &tally->drivers[i];
	}
	driver = &tally->drivers[i];
	if (i == tally->nr_drivers) {
		tally->nr_drivers++;
		snprintf(driver->name, sizeof(driver->name), "%s",
			 i < VMW_TALLY_DRIVERS ? name : VMW_TALLY_OTHERS);
	}
	return driver;
}

static void find_rows(struct vmw_tally *tally)
{
	int id, row;

	for (id = 0; id < vmw_nr_probes; id++) {
		for (row = 0; row < id; row++) {
			if (vmw_probe_infos[row].point == vmw_probe_infos[id].point &&
			    !strcmp(vmw_probe_infos[row].symbol, vmw_probe_infos[id].symbol))
				break;
		}
		tally->row[id] = row;
	}
	tally->row[VMW_PROBE_SITE] = VMW_PROBE_SITE;
}

static void add_offender(struct vmw_tally *tally, const struct vmw_offender *offender)
{
	struct vmw_tally_driver *driver = driver_of(tally, offender->driver);
	u32 verdict = offender->range.verdict;
	int id;

	driver->total[VMW_TALLY_REQUEST][verdict]++;
	driver->live[VMW_TALLY_REQUEST][verdict] += offender->live;
	driver->warns[verdict] += offender->warns;
	for (id = 0; id < vmw_nr_probes; id++) {
		driver->hits[tally->row[id]][verdict] += offender->hits[id];
		/* Those of the requests are counted as they come. */
		if (vmw_is_caller(id))
			tally->observed[tally->row[id]][verdict] += offender->hits[id];
	}
	if (offender->found && offender->live)
		tally->found_live++;
	else if (offender->found)
		tally->found_gone++;
}

static void add_used(struct vmw_tally *tally, const struct vmw_report *report,
		     const struct vmw_used *used)
{
	struct vmw_tally_driver *driver;
	int row = tally->row[used->probe];

	if (!used->counts.count)
		return;
	if (!vmw_report_is_use(used)) {
		tally->lookups[row][used->verdict] += used->counts.count;
		return;
	}
	driver = driver_of(tally, used->driver);
	driver->total[VMW_TALLY_USE][used->verdict]++;
	driver->live[VMW_TALLY_USE][used->verdict] += vmw_report_use_is_live(report, used);
	driver->hits[row][used->verdict] += used->counts.count;
	tally->observed[row][used->verdict] += used->counts.count;
}

static void add_request(struct vmw_tally *tally, const struct vmw_request *request)
{
	if (request->outcome == VMW_REFUSED)
		driver_of(tally, request->driver)->refused[vmw_request_verdict(request)]++;
}

/* Those that are listed no more. */
static void add_refusals(struct vmw_tally *tally, const struct vmw_refusals *row)
{
	struct vmw_tally_driver *driver = driver_of(tally, row->driver);
	int verdict;

	for (verdict = 0; verdict <= VMW_NOWHERE; verdict++)
		driver->refused[verdict] += row->nr[verdict];
}

static void add_observed(struct vmw_tally *tally, const struct vmw_aggregate *agg)
{
	int id, verdict;

	for (id = 0; id < VMW_NR_MAIN_PROBES; id++) {
		for (verdict = 0; verdict < VMW_NR_VERDICTS; verdict++)
			tally->observed[tally->row[id]][verdict] += agg->observed[id][verdict];
	}
}

struct vmw_tally *vmw_tally(const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	struct vmw_tally *tally = calloc(1, sizeof(*tally));
	const struct vmw_offender *offender;
	const struct vmw_request *request;
	const struct vmw_used *used;
	int i;

	if (!tally)
		return NULL;
	find_rows(tally);
	add_observed(tally, agg);
	for (offender = agg->offenders; offender; offender = offender->next)
		add_offender(tally, offender);
	for (used = agg->uses; used; used = used->next)
		add_used(tally, report, used);
	for (request = agg->requests; request; request = request->next)
		add_request(tally, request);
	for (i = 0; i < VMW_MAX_REFUSALS && *agg->refusals[i].driver; i++)
		add_refusals(tally, &agg->refusals[i]);
	return tally;
}
