// SPDX-License-Identifier: GPL-2.0-only
/* Why struct pages lie where they do, and what to do: once for each verdict. */
#include <string.h>

#include "output/describe.h"

void vmw_describe_statements(struct vmw_writer *w, const char *name, const char *heading,
			     const struct vmw_statement *statements, int n)
{
	int i;

	if (n <= 0)
		return;
	vmw_card(w, VMW_TONE_NONE, 0, "%s", heading);
	vmw_begin_list(w, name);
	for (i = 0; i < n; i++) {
		vmw_begin(w, NULL);
		vmw_put_text(w, "statement", NULL, statements[i].text);
		vmw_put_text(w, "source", NULL, statements[i].source);
		vmw_end(w);
		vmw_item(w, statements[i].text, statements[i].source);
	}
	vmw_end_list(w);
	vmw_card_end(w);
}

void vmw_describe_why_range(struct vmw_writer *w, const char *name,
			    const struct vmw_report *report, const struct vmw_range *range)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	char heading[80];
	int n = vmw_why(report, report->facts, range, statements, VMW_MAX_STATEMENTS);

	snprintf(heading, sizeof(heading), "WHY %s, and what to do",
		 vmw_verdict_names[range->verdict]);
	vmw_describe_statements(w, name, heading, statements, n);
}

void vmw_describe_why(struct vmw_writer *w, const struct vmw_report *report)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	const struct vmw_request *refused = vmw_why_refused_example(report);
	struct vmw_range range;
	u32 verdict;

	vmw_begin(w, "why");
	for (verdict = VMW_BELOW; verdict < VMW_NR_VERDICTS; verdict++) {
		if (vmw_why_example(report, verdict, &range))
			vmw_describe_why_range(w, vmw_verdict_names[verdict], report, &range);
	}
	if (refused)
		vmw_describe_statements(w, "refused", "WHY refused, and what to do", statements,
					vmw_why_refused(report, report->facts, refused,
							statements, VMW_MAX_STATEMENTS));
	vmw_end(w);
}
