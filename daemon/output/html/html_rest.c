// SPDX-License-Identifier: GPL-2.0-only
/* Why and what to do; and what the watch has lost, or could not see. */
#include "output/describe.h"
#include "output/html/html_parts.h"
#include "output/html/html_writer.h"
#include "report/why.h"

static bool has_why(const struct vmw_report *report)
{
	struct vmw_range range;
	u32 verdict;

	for (verdict = VMW_BELOW; verdict < VMW_NR_VERDICTS; verdict++) {
		if (vmw_why_example(report, verdict, &range))
			return true;
	}
	return vmw_why_refused_example(report);
}

void vmw_html_why(const struct vmw_report *report, FILE *file)
{
	struct vmw_html_writer html;

	if (!has_why(report))
		return;
	fputs("<section>\n<h2 id=\"why\">Why, and what to do</h2>\n", file);
	vmw_describe_why(vmw_html_begin(&html, file, report->redact, "p"), report);
	fputs("</section>\n", file);
}

void vmw_html_not_seen(const struct vmw_report *report, FILE *file)
{
	const struct vmw_warn *warn = report->aggregate->warns;
	struct vmw_html_writer html;
	struct vmw_writer *w = vmw_html_begin(&html, file, report->redact, "li");

	fputs("<section>\n<h2 id=\"losses\">What was lost, or not seen</h2>\n<ul>\n", file);
	vmw_describe_losses(w, report);
	vmw_describe_watch(w, report);
	vmw_describe_command(w, &report->command);
	fputs("</ul>\n<details><summary>Probes, and how each was attached</summary>\n<pre>",
	      file);
	w = vmw_html_begin(&html, file, report->redact, NULL);
	vmw_describe_probes(w, report);
	fputs("</pre></details>\n", file);
	if (warn)
		fputs("<details><summary>WARNs of the kernel</summary>\n<pre>", file);
	for (; warn; warn = warn->next)
		vmw_describe_warn(w, report, warn);
	fputs(report->aggregate->warns ? "</pre></details>\n</section>\n" : "</section>\n", file);
}
