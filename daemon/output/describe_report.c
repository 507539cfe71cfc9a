// SPDX-License-Identifier: GPL-2.0-only
/* The whole report, in the order of JSON; text has its own (text/text.c). */
#include <string.h>

#include "base/build.h"
#include "output/describe.h"

/* Uses and lookups; a lookup of what is no memory is normal, and no offence. */
static void describe_uses(struct vmw_writer *w, const struct vmw_report *report,
			  const char *name, bool uses)
{
	const struct vmw_used *used;

	vmw_begin_list(w, name);
	for (used = report->aggregate->uses; used; used = used->next) {
		if (!used->counts.count || vmw_report_is_use(used) != uses)
			continue;
		vmw_begin(w, NULL);
		vmw_describe_use(w, report, used, 0);
		vmw_end(w);
	}
	vmw_end_list(w);
}

static void describe_requests(struct vmw_writer *w, const struct vmw_report *report,
			      const char *name, bool refused)
{
	const struct vmw_request *request;

	vmw_begin_list(w, name);
	for (request = report->aggregate->requests; request; request = request->next) {
		if ((request->outcome == VMW_REFUSED) != refused)
			continue;
		vmw_begin(w, NULL);
		vmw_describe_request(w, report, request);
		vmw_end(w);
	}
	vmw_end_list(w);
}

static void describe_offenders(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_offender *offender;

	vmw_begin_list(w, "offenders");
	vmw_for_each_offender (offender, report->aggregate) {
		vmw_begin(w, NULL);
		vmw_describe_offender(w, report, offender, 0);
		vmw_end(w);
	}
	vmw_end_list(w);
}

static void describe_warns(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_warn *warn;

	vmw_begin_list(w, "warns");
	for (warn = report->aggregate->warns; warn; warn = warn->next) {
		vmw_begin(w, NULL);
		vmw_describe_warn(w, report, warn);
		vmw_end(w);
	}
	vmw_end_list(w);
}

static void describe_observations(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;
	size_t i;

	vmw_begin_list(w, "observations");
	for (i = 0; i < agg->nr_observations; i++) {
		vmw_begin(w, NULL);
		vmw_describe_observation(w, report, &agg->observations[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
	vmw_put_number(w, "observations_not_kept", NULL, agg->nr_not_kept);
}

void vmw_describe_hello(struct vmw_writer *w, const struct vmw_report *report, const char *schema)
{
	vmw_put_text(w, "schema", NULL, schema);
	vmw_put_text(w, "version", NULL, vmw_version);
	vmw_put_text(w, "host", NULL, report->host);
	vmw_put_text(w, "kernel", NULL, report->kernel);
	vmw_put_text(w, "boot_id", NULL, report->boot_id);
	vmw_describe_time(w, report, "start", report->start_ns);
	vmw_put_bool(w, "redacted", report->redact);
	vmw_describe_watch(w, report);
}

void vmw_describe_report(struct vmw_writer *w, const struct vmw_report *report)
{
	vmw_describe_hello(w, report, VMW_REPORT_SCHEMA);
	vmw_describe_layout(w, report->layout);
	vmw_describe_probes(w, report);
	vmw_describe_time(w, report, "end", report->end_ns);
	describe_offenders(w, report);
	describe_uses(w, report, "uses", true);
	describe_uses(w, report, "lookups", false);
	vmw_describe_site_probes(w, report);
	describe_requests(w, report, "requests", false);
	describe_requests(w, report, "refused", true);
	describe_warns(w, report);
	describe_observations(w, report);
	vmw_describe_why(w, report);
	vmw_describe_losses(w, report);
	vmw_describe_firing(w, report);
	vmw_describe_kmsg(w, report);
	if (report->service)
		vmw_describe_self(w, report);
	vmw_describe_command(w, &report->command);
	vmw_put_bool(w, "tested", !*report->untested);
	if (*report->untested)
		vmw_put_text(w, "untested", NULL, report->untested);
	vmw_put_bool(w, "service", report->service);
	vmw_put_number(w, "code", NULL, report->code);
}
