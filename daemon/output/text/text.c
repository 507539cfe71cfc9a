// SPDX-License-Identifier: GPL-2.0-only
/* The report for people: what is out of bounds first. */
#include <stdio.h>

#include "output/describe.h"
#include "output/export.h"
#include "output/text/text_writer.h"

static unsigned int print_offenders(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;
	unsigned int n = 0;

	vmw_for_each_offender (offender, report->aggregate)
		vmw_describe_offender(w, report, offender, ++n);
	for (used = report->aggregate->uses; used; used = used->next) {
		if (vmw_report_is_use(used))
			vmw_describe_use(w, report, used, ++n);
	}
	return n;
}

/* "In bounds" is an answer, too. */
static void print_requests(struct vmw_writer *w, const struct vmw_report *report, bool refused)
{
	const struct vmw_request *request;

	for (request = report->aggregate->requests; request; request = request->next) {
		if (vmw_request_is_listed(request, refused))
			vmw_describe_request(w, report, request);
	}
}

/* Those of an offender are counted there. */
static void print_warns(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_warn *warn;
	bool headed = false;

	for (warn = report->aggregate->warns; warn; warn = warn->next) {
		if (warn->offender && !w->verbose)
			continue;
		if (!headed)
			vmw_card(w, VMW_TONE_NONE, 0, "WARNs in memory hotplug or a request");
		headed = true;
		vmw_describe_warn(w, report, warn);
	}
	if (headed)
		vmw_card_end(w);
}

/* Is there a reason to look at all sources of the bounds? */
static bool is_doubtful(const struct vmw_layout *layout)
{
	size_t i;
	int id;

	for (id = 0; id < VMW_NR_VALUES; id++) {
		if (vmw_layout_matters(id) && vmw_layout_disagrees(layout, id))
			return true;
	}
	for (i = 0; i < VMW_NR_BOUNDS_VALUES; i++) {
		if (vmw_layout_is_formula(&layout->values[vmw_bounds_values[i]]))
			return true;
	}
	return false;
}

static void print_layout(struct vmw_writer *w, const struct vmw_report *report, bool offenders)
{
	if (w->verbose || is_doubtful(report->layout))
		vmw_describe_layout(w, report->layout);
	else if (offenders)
		vmw_say_bounds(w, report->layout);
	if (!w->verbose && !vmw_report_lost(report))
		return;
	vmw_card(w, VMW_TONE_NONE, 0, "PROBES");
	vmw_describe_probes(w, report);
	vmw_card_end(w);
}

static void print_summary(struct vmw_writer *w, const struct vmw_report *report,
			  unsigned int nr_offenders)
{
	char requests[40], offenders[40], warns[40];

	vmw_format_count(report->aggregate->nr_requests, "request", requests, sizeof(requests));
	vmw_format_count(nr_offenders, "offender", offenders, sizeof(offenders));
	vmw_format_count(report->aggregate->nr_warns, "WARN", warns, sizeof(warns));
	if (vmw_report_is_busy(report))
		vmw_paragraph(w, "%s, %s, %s in %.3f s on %s, Linux %s.", requests, offenders,
			      warns, (report->end_ns - report->start_ns) / 1e9, report->host,
			      report->kernel);
	vmw_describe_watch(w, report);
}

int vmw_export_text(const struct vmw_report *report, bool verbose, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, report->redact);
	unsigned int n;

	w->verbose = verbose;
	vmw_describe_verdict(w, report);
	n = print_offenders(w, report);
	print_requests(w, report, true);
	vmw_describe_why(w, report);
	print_requests(w, report, false);
	vmw_describe_site_probes(w, report);
	print_warns(w, report);
	print_layout(w, report, n);
	vmw_describe_command(w, &report->command);
	vmw_describe_losses(w, report);
	print_summary(w, report, n);
	return vmw_text_end(&text);
}

int vmw_export_layout_text(const struct vmw_layout *layout, bool redact, FILE *file)
{
	struct vmw_text_writer text;

	vmw_describe_layout(vmw_text_begin(&text, file, redact), layout);
	return vmw_text_end(&text);
}
