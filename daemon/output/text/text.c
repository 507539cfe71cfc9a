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

static void print_warns(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_warn *warn = report->aggregate->warns;

	if (!warn)
		return;
	vmw_card(w, VMW_TONE_NONE, 0,
		 "WARNs of the kernel in its memory hotplug code, or inside of a request");
	for (; warn; warn = warn->next)
		vmw_describe_warn(w, report, warn);
	vmw_card_end(w);
}

static void print_summary(struct vmw_writer *w, const struct vmw_report *report,
			  unsigned int offenders)
{
	const struct vmw_aggregate *agg = report->aggregate;

	vmw_paragraph(w, "%zu requests, %u offenders, %zu WARNs in %.3f s on %s, Linux %s.",
		      agg->nr_requests, offenders, agg->nr_warns,
		      (report->end_ns - report->start_ns) / 1e9, report->host, report->kernel);
	if (report->service)
		vmw_describe_watch(w, report);
	if (report->code == VMW_EXIT_CLEAN && offenders)
		vmw_paragraph(w, "No struct page is out of bounds now: all offenders are gone.");
	else if (report->code == VMW_EXIT_CLEAN)
		vmw_paragraph(w, "No struct page out of bounds was seen.");
	else if (report->code == VMW_EXIT_LOST)
		vmw_paragraph(
			w,
			"No struct page out of bounds was seen, but something was lost: no promise.");
}

int vmw_export_text(const struct vmw_report *report, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, report->redact);
	unsigned int n = print_offenders(w, report);

	print_requests(w, report, true);
	vmw_describe_why(w, report);
	print_requests(w, report, false);
	print_warns(w, report);
	vmw_describe_layout(w, report->layout);
	vmw_card(w, VMW_TONE_NONE, 0, "PROBES");
	vmw_describe_probes(w, report);
	vmw_card_end(w);
	vmw_describe_command(w, &report->command);
	vmw_describe_losses(w, report);
	print_summary(w, report, n);
	return vmw_writer_finish(w);
}

int vmw_export_layout_text(const struct vmw_layout *layout, bool redact, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, redact);

	vmw_describe_layout(w, layout);
	return vmw_writer_finish(w);
}
