// SPDX-License-Identifier: GPL-2.0-only
/* Statements of daemon/why, as text and as JSON: once for each verdict. */
#include <string.h>

#include "output/json/json_parts.h"
#include "output/why_text.h"
#include "report/why.h"

#define COLUMNS 80

/* @text in lines of at most COLUMNS, each @indent deep, the first behind @first. */
void vmw_print_wrapped(const char *first, int indent, const char *text, FILE *file)
{
	int column = fprintf(file, "%*s%s", indent - (int)strlen(first), "", first);

	while (*text) {
		int length = strcspn(text, " ");

		if (column > indent && column + 1 + length > COLUMNS) {
			fprintf(file, "\n%*s", indent, "");
			column = indent;
		}
		column += fprintf(file, "%s%.*s", column > indent ? " " : "", length, text);
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', file);
}

void vmw_print_statements(const char *heading, const struct vmw_statement *statements, int n,
			  FILE *file)
{
	char source[320];
	int i;

	if (n <= 0)
		return;
	fprintf(file, "WHY %s, and what to do\n", heading);
	for (i = 0; i < n; i++) {
		vmw_print_wrapped("- ", 4, statements[i].text, file);
		snprintf(source, sizeof(source), "[%s]", statements[i].source);
		vmw_print_wrapped("", 4, source, file);
	}
	fputc('\n', file);
}

void vmw_print_why_range(const struct vmw_report *report, const struct vmw_range *range,
			 FILE *file)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];

	vmw_print_statements(
		vmw_verdict_names[range->verdict], statements,
		vmw_why(report, report->facts, range, statements, VMW_MAX_STATEMENTS), file);
}

void vmw_print_why(const struct vmw_report *report, FILE *file)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	const struct vmw_request *refused = vmw_why_refused_example(report);
	struct vmw_range range;
	u32 verdict;

	for (verdict = VMW_BELOW; verdict < VMW_NR_VERDICTS; verdict++) {
		if (vmw_why_example(report, verdict, &range))
			vmw_print_why_range(report, &range, file);
	}
	if (refused)
		vmw_print_statements("refused", statements,
				     vmw_why_refused(report, report->facts, refused, statements,
						     VMW_MAX_STATEMENTS),
				     file);
}

json *js_statements(const struct vmw_statement *statements, int n)
{
	json *array = json_object_new_array();
	int i;

	for (i = 0; i < n; i++) {
		json *object = json_object_new_object();

		js_add(object, "statement", js_text(statements[i].text));
		js_add(object, "source", js_text(statements[i].source));
		js_append(array, object);
	}
	return array;
}

json *js_why_range(const struct vmw_report *report, const struct vmw_range *range)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];

	return js_statements(statements, vmw_why(report, report->facts, range, statements,
						 VMW_MAX_STATEMENTS));
}

json *js_why(const struct vmw_report *report)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	const struct vmw_request *refused = vmw_why_refused_example(report);
	json *object = json_object_new_object();
	struct vmw_range range;
	u32 verdict;
	int n;

	for (verdict = VMW_BELOW; verdict < VMW_NR_VERDICTS; verdict++) {
		if (!vmw_why_example(report, verdict, &range))
			continue;
		js_add(object, vmw_verdict_names[verdict], js_why_range(report, &range));
	}
	n = refused ? vmw_why_refused(report, report->facts, refused, statements,
				      VMW_MAX_STATEMENTS) :
		      0;
	if (n)
		js_add(object, "refused", js_statements(statements, n));
	return object;
}
