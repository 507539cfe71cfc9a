// SPDX-License-Identifier: GPL-2.0-only
/* What was seen, a card for each. */
#include "output/describe.h"
#include "output/html/html_parts.h"
#include "output/html/html_writer.h"

/* More than anybody reads; the others are counted, and in the text report. */
#define MAX_CARDS 200

struct cards {
	struct vmw_writer *w;
	const struct vmw_report *report;
	unsigned int shown, hidden;
};

/* Is there room for one more? */
static bool take(struct cards *c)
{
	if (c->shown < MAX_CARDS) {
		c->shown++;
		return true;
	}
	c->hidden++;
	return false;
}

static void put_hidden(struct cards *c)
{
	if (c->hidden)
		fprintf(c->w->file, "<p>And %u more, which --report and --json have.</p>\n",
			c->hidden);
	c->shown = c->hidden = 0;
}

static void put_offenders(struct cards *c)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;
	unsigned int n = 0;

	vmw_for_each_offender (offender, c->report->aggregate) {
		n++;
		if (take(c))
			vmw_describe_offender(c->w, c->report, offender, n);
	}
	for (used = c->report->aggregate->uses; used; used = used->next) {
		if (!vmw_report_is_use(used))
			continue;
		n++;
		if (take(c))
			vmw_describe_use(c->w, c->report, used, n);
	}
	if (!n)
		fputs("<p>No struct page out of bounds was seen.</p>\n", c->w->file);
	put_hidden(c);
}

static void put_requests(struct cards *c, bool refused)
{
	const struct vmw_request *request;

	for (request = c->report->aggregate->requests; request; request = request->next) {
		if (vmw_request_is_listed(request, refused) && take(c))
			vmw_describe_request(c->w, c->report, request);
	}
}

void vmw_html_seen(const struct vmw_report *report, FILE *file)
{
	struct vmw_html_writer html;
	struct cards cards = {
		.w = vmw_html_begin(&html, file, report->redact, "p"),
		.report = report,
	};

	fputs("<section>\n<h2 id=\"offenders\">Offenders</h2>\n", file);
	put_offenders(&cards);
	fputs("</section>\n", file);
	fputs("<section>\n<h2 id=\"others\">Other requests</h2>\n", file);
	put_requests(&cards, true);
	put_requests(&cards, false);
	if (!cards.shown)
		fputs("<p>None was seen: no refused one, and none that is in bounds.</p>\n",
		      file);
	put_hidden(&cards);
	fputs("</section>\n", file);
}
