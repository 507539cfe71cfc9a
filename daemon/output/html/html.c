// SPDX-License-Identifier: GPL-2.0-only
/* The page: its head, what it says first, and the sections in their order. */
#include <errno.h>
#include <string.h>

#include "base/build.h"
#include "output/describe.h"
#include "output/html/html.h"
#include "output/html/html_parts.h"
#include "output/html/html_writer.h"
#include "output/picture/map.h"

/*
 * Nothing may be fetched or run, whatever a name in here tries: the policy says so to
 * the browser. The icon keeps it from asking a server for one.
 */
static void put_head(const struct vmw_picture *picture, FILE *file)
{
	const struct vmw_report *report = picture->report;

	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; img-src data:\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	      "<link rel=\"icon\" href=\"data:,\"/>\n<title>vmemmapwatch",
	      file);
	if (report) {
		fputs(": ", file);
		vmw_html_text(report->host, file);
	}
	fprintf(file, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", vmw_html_style);
}

static void put_pair(const char *label, const char *value, FILE *file)
{
	if (!*value)
		return;
	fprintf(file, "<dt>%s</dt><dd>", label);
	vmw_html_text(value, file);
	fputs("</dd>\n", file);
}

static void put_facts(const struct vmw_report *report, FILE *file)
{
	char from[40], to[40], text[256];

	vmw_format_time(report, report->start_ns, from, sizeof(from));
	vmw_format_time(report, report->end_ns, to, sizeof(to));
	snprintf(text, sizeof(text), "%s to %s (%.3f s)%s", from, to,
		 (report->end_ns - report->start_ns) / 1e9,
		 report->service ? ", by the service" : "");
	fputs("<dl>\n", file);
	put_pair("Host", report->host, file);
	put_pair("Kernel", report->kernel, file);
	put_pair("Boot", report->boot_id, file);
	put_pair("Watched", text, file);
	if (report->facts) {
		snprintf(text, sizeof(text), "%s: %s", vmw_fix_names[report->facts->fix],
			 report->facts->fix_why);
		put_pair("Has the fix", text, file);
	}
	fputs("</dl>\n", file);
}

static void put_verdict(const struct vmw_report *report, FILE *file)
{
	struct vmw_html_writer html;

	vmw_describe_verdict(vmw_html_begin(&html, file, report->redact, "p"), report);
}

static void put_title(const struct vmw_picture *picture, FILE *file)
{
	fputs("<header>\n<p class=\"eyebrow\">vmemmapwatch</p>\n<h1>", file);
	if (picture->report)
		fputs("Struct pages and vmemmap", file);
	else
		fputs("Where vmemmap is", file);
	if (*picture->layout->kernel) {
		fputs(picture->report ? "" : " on Linux ", file);
		if (!picture->report)
			vmw_html_text(picture->layout->kernel, file);
	}
	fputs("</h1>\n", file);
	if (picture->report) {
		put_verdict(picture->report, file);
		put_facts(picture->report, file);
	}
	if (picture->redact)
		fputs("<p class=\"dim\">Redacted: no address, pfn or distance is in here.</p>\n",
		      file);
	if (!picture->bounds)
		fputs("<p class=\"status bad\">The bounds of vmemmap are not known, or its sources "
		      "disagree: see the layout.</p>\n",
		      file);
	fputs("</header>\n<main>\n", file);
}

int vmw_html(const struct vmw_picture *picture, FILE *file)
{
	errno = 0;
	put_head(picture, file);
	put_title(picture, file);
	vmw_html_maps(picture, file);
	if (picture->report) {
		vmw_html_why(picture->report, file);
		vmw_html_seen(picture->report, file);
		vmw_html_not_seen(picture->report, file);
	}
	vmw_html_layout(picture, file);
	fprintf(file, "</main>\n<footer>vmemmapwatch %s</footer>\n</body>\n</html>\n",
		vmw_version);
	if (fflush(file) || ferror(file))
		return errno ? -errno : -EIO;
	return 0;
}
