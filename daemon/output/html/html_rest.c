// SPDX-License-Identifier: GPL-2.0-only
/* Why and what to do; and what the watch has lost, or could not see. */
#include "output/describe.h"
#include "output/html/html_parts.h"
#include "output/html/html_writer.h"
#include "report/why.h"

static void put_statements(const char *title, const struct vmw_statement *statements, int n,
			   FILE *file)
{
	int i;

	if (n <= 0)
		return;
	fprintf(file, "<article class=\"card\">\n<h3>%s</h3>\n<ul>\n", title);
	for (i = 0; i < n; i++) {
		fputs("<li>", file);
		vmw_html_text(statements[i].text, file);
		fputs("<br/><span class=\"dim\">", file);
		vmw_html_text(statements[i].source, file);
		fputs("</span></li>\n", file);
	}
	fputs("</ul>\n</article>\n", file);
}

void vmw_html_why(const struct vmw_report *report, FILE *file)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	const struct vmw_request *refused = vmw_why_refused_example(report);
	struct vmw_range range;
	bool headed = false;
	char title[64];
	u32 verdict;
	int n;

	for (verdict = VMW_BELOW; verdict < VMW_NR_VERDICTS; verdict++) {
		if (!vmw_why_example(report, verdict, &range))
			continue;
		n = vmw_why(report, report->facts, &range, statements, VMW_MAX_STATEMENTS);
		fputs(headed ? "" : "<section>\n<h2 id=\"why\">Why, and what to do</h2>\n", file);
		headed = true;
		snprintf(title, sizeof(title), "Struct pages %s", vmw_verdict_names[verdict]);
		put_statements(title, statements, n, file);
	}
	n = refused ? vmw_why_refused(report, report->facts, refused, statements,
				      VMW_MAX_STATEMENTS) :
		      0;
	if (n > 0 && !headed)
		fputs("<section>\n<h2 id=\"why\">Why, and what to do</h2>\n", file);
	put_statements("Refused", statements, n, file);
	if (headed || n > 0)
		fputs("</section>\n", file);
}

void vmw_html_not_seen(const struct vmw_report *report, FILE *file)
{
	const struct vmw_warn *warn = report->aggregate->warns;
	struct vmw_html_writer html;
	struct vmw_writer *w = vmw_html_begin(&html, file, report->redact, "li");

	fputs("<section>\n<h2 id=\"losses\">What was lost, or not seen</h2>\n<ul>\n", file);
	vmw_describe_losses(w, report);
	if (report->service)
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
