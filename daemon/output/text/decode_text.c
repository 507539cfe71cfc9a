// SPDX-License-Identifier: GPL-2.0-only
/* A decoded log for people. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "output/decode_out.h"
#include "output/text/text_parts.h"
#include "output/why_text.h"

/* What the log holds is of any bytes. */
static void print_name(const char *name, const char *end, FILE *file)
{
	char text[4 * VMW_KLOG_MESSAGE_LEN + 1];

	vmw_format_bytes(name, VMW_KLOG_MESSAGE_LEN, text, sizeof(text));
	fprintf(file, "%s%s", text, end);
}

static void print_lines(u64 first, u64 last, FILE *file)
{
	if (first == last)
		fprintf(file, "line %" PRIu64, first);
	else
		fprintf(file, "lines %" PRIu64 " to %" PRIu64, first, last);
}

static void print_number(u64 n, const char *what, FILE *file)
{
	fprintf(file, "%" PRIu64 " %s%s", n, what,
		n == 1			      ? "" :
		what[strlen(what) - 1] == 's' ? "es" :
						"s");
}

static void print_seen(const struct vmw_decoded_offender *o, FILE *file)
{
	fprintf(file, "  in the log    ");
	print_number(o->warns, "WARN", file);
	if (o->oopses) {
		fprintf(file, ", ");
		print_number(o->oopses, "oops", file);
	}
	fprintf(file, ", ");
	print_lines(o->first_line, o->last_line, file);
	if (o->first_ns)
		fprintf(file, " (%.6f s to %.6f s)", o->first_ns / 1e9, o->last_ns / 1e9);
	fprintf(file, "%s\n", o->removal ? "; the last is of its way out" : "");
	if (!o->fault_line)
		return;
	fprintf(file, "  oops          line %" PRIu64 ": at ", o->fault_line);
	print_name(o->fault_place, "", file);
	fprintf(file, " on address 0x%016" PRIx64 "\n", o->fault_address);
}

static void print_stack(const struct vmw_decoded_offender *o, FILE *file)
{
	const char *label = "stack";
	u32 i;

	fprintf(file, "  %-13s ", label);
	print_name(o->place, "\n", file);
	for (i = 0; o->stack && i < o->stack->nr; i++) {
		fprintf(file, "  %-13s ", "");
		print_name(o->stack->name[i], "\n", file);
	}
}

static void print_offender(const struct vmw_decoded_boot *boot,
			   const struct vmw_decoded_offender *o, size_t number, FILE *file)
{
	struct vmw_report report = vmw_decoded_report(boot);
	char comm[4 * VMW_COMM_LEN + 1];

	fprintf(file, "OFFENDER %zu: ", number);
	print_name(*o->driver ? o->driver : "unknown", "\n", file);
	if (o->has_phys) {
		vmw_print_range(&report, &o->range, file);
	} else {
		fprintf(file,
			"  physical      not known, nor is the pfn: below, by these values\n");
		vmw_print_pages(&report, &o->range, file);
	}
	vmw_format_bytes(o->comm, VMW_COMM_LEN, comm, sizeof(comm));
	if (*o->comm)
		fprintf(file, "  task          %s[%u]\n", comm, o->pid);
	print_seen(o, file);
	print_stack(o, file);
	fputc('\n', file);
}

static void print_unjudged(const struct vmw_decoded_boot *boot, FILE *file)
{
	size_t i;

	for (i = 0; i < boot->nr_unjudged; i++) {
		const struct vmw_decoded_unjudged *u = &boot->unjudged[i];

		fprintf(file, "WITHOUT VERDICT: ");
		print_number(u->count, u->kind == VMW_KLOG_WARN ? "WARN" : "oops", file);
		fprintf(file, " of ");
		print_name(u->place, "", file);
		if (u->kind == VMW_KLOG_OOPS)
			fprintf(file, " on address 0x%016" PRIx64, u->address);
		fprintf(file, ", ");
		print_lines(u->first_line, u->last_line, file);
		if (*u->driver) {
			fprintf(file, ", for ");
			print_name(u->driver, "", file);
		}
		fputc('\n', file);
		vmw_print_wrapped("", 2, u->why, file);
		fputc('\n', file);
	}
}

static void print_refusals(const struct vmw_decoded_boot *boot, FILE *file)
{
	char size[16];
	size_t i;

	for (i = 0; i < boot->nr_refusals; i++) {
		const struct vmw_decoded_refusal *r = &boot->refusals[i];

		vmw_format_size(r->last - r->first + 1, size, sizeof(size));
		fprintf(file, "REFUSED by the kernel: physical 0x%" PRIx64 "-0x%" PRIx64 " (%s)",
			r->first, r->last, size);
		if (r->has_limit)
			fprintf(file, ", the kernel allows 0x%" PRIx64 "-0x%" PRIx64,
				r->limit_first, r->limit_last);
		fprintf(file, "; ");
		print_number(r->count, "time", file);
		fprintf(file, ", ");
		print_lines(r->first_line, r->last_line, file);
		fputc('\n', file);
	}
	if (boot->nr_refusals)
		fputc('\n', file);
}

static void print_others(const struct vmw_decoded_boot *boot, FILE *file)
{
	size_t i;

	for (i = 0; i < boot->nr_others; i++) {
		const struct vmw_decoded_other *o = &boot->others[i];

		fprintf(file, "NOT OURS: ");
		print_number(o->count, o->kind == VMW_KLOG_WARN ? "WARN" : "oops", file);
		fprintf(file, " of ");
		print_name(o->place, ", ", file);
		print_lines(o->first_line, o->last_line, file);
		if (*o->message) {
			fprintf(file, ", \"");
			print_name(o->message, "\"", file);
		}
		fputc('\n', file);
		vmw_print_wrapped("", 2, o->why, file);
	}
	if (boot->nr_others)
		fputc('\n', file);
}

static void print_why(const struct vmw_decoded_boot *boot, FILE *file)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	u32 verdicts = vmw_decoded_verdicts(boot), verdict;
	int n;

	while ((n = vmw_decoded_why(boot, &verdicts, &verdict, statements, VMW_MAX_STATEMENTS)))
		vmw_print_statements(vmw_verdict_names[verdict], statements, n, file);
	n = vmw_decoded_why_refused(boot, statements, VMW_MAX_STATEMENTS);
	vmw_print_statements("refused", statements, n, file);
}

static void print_value(const struct vmw_layout *layout, enum vmw_value_id id, FILE *file)
{
	const struct vmw_value *value = &layout->values[id];
	const struct vmw_reading *r = value->readings;

	if (!value->nr)
		return;
	fprintf(file,
		vmw_value_infos[id].base == 16 ? "  %-25s 0x%016" PRIx64 "  %s: " :
						 "  %-25s %-18" PRIu64 "  %s: ",
		vmw_value_infos[id].name, r->value, vmw_layout_agreement(layout, id));
	print_name(r->where, "\n", file);
}

/* What verdicts of this boot rest on, and where that is from. */
static void print_values(const struct vmw_decoded *decoded, const struct vmw_decoded_boot *boot,
			 FILE *file)
{
	static const enum vmw_value_id ids[] = {
		VMW_VALUE_VMEMMAP,     VMW_VALUE_START,	      VMW_VALUE_EFFECTIVE,
		VMW_VALUE_END,	       VMW_VALUE_PHYS_OFFSET, VMW_VALUE_PAGE_SHIFT,
		VMW_VALUE_STRUCT_PAGE, VMW_VALUE_VA_BITS,     VMW_VALUE_VA_BITS_ACTUAL,
	};
	size_t i;

	if (!boot->nr_offenders && !boot->nr_unjudged)
		return;
	if (decoded->from)
		fprintf(file, "by these values, of %s\n", decoded->from);
	else
		fprintf(file, "by these values, that the log tells\n");
	for (i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		print_value(&boot->layout, ids[i], file);
	if (*boot->vmemmap_why)
		vmw_print_wrapped("", 2, boot->vmemmap_why, file);
	fputc('\n', file);
}

static void print_boot(const struct vmw_decoded *decoded, const struct vmw_decoded_boot *boot,
		       FILE *file)
{
	size_t i;

	fprintf(file, "BOOT in ");
	print_lines(boot->first_line, boot->last_line, file);
	fprintf(file, *boot->layout.kernel ? ", Linux %s: " : "%s: ", boot->layout.kernel);
	print_number(boot->nr_offenders, "offender", file);
	fprintf(file, "; ");
	print_number(boot->warns, "WARN", file);
	fprintf(file, ", ");
	print_number(boot->oopses, "oops", file);
	fprintf(file, "\n");
	if (*boot->note)
		vmw_print_wrapped("! ", 4, boot->note, file);
	if (boot->dropped)
		fprintf(file, "! %" PRIu64 " dumps more were not listed\n", boot->dropped);
	fputc('\n', file);
	for (i = 0; i < boot->nr_offenders; i++)
		print_offender(boot, &boot->offenders[i], i + 1, file);
	print_unjudged(boot, file);
	print_refusals(boot, file);
	print_others(boot, file);
	print_why(boot, file);
	print_values(decoded, boot, file);
}

/* What there is to tell where no offender is. */
static void print_nothing(const struct vmw_decoded *decoded, FILE *file)
{
	u64 line;
	const char *why = vmw_decoded_unread(decoded, &line);

	if (why)
		fprintf(file, ", no all-clear\n! line %" PRIu64 " %s\n", line, why);
	else
		fprintf(file, ", no struct page out of bounds and no oops on one\n");
}

static void print_summary(const struct vmw_decoded *decoded, FILE *file)
{
	size_t i, offenders = 0, unjudged = 0;

	for (i = 0; i < decoded->nr_boots; i++) {
		offenders += decoded->boots[i]->nr_offenders;
		unjudged += decoded->boots[i]->nr_unjudged;
	}
	print_name(decoded->name, "", file);
	fprintf(file, ": ");
	print_number(decoded->lines, "line", file);
	if (offenders) {
		fprintf(file, ", ");
		print_number(offenders, "offender", file);
	}
	if (unjudged) {
		fprintf(file, ", ");
		print_number(unjudged, "place", file);
		fprintf(file, " without a verdict");
	}
	if (offenders || unjudged)
		fputc('\n', file);
	else
		print_nothing(decoded, file);
	if (decoded->other_warns || decoded->other_oopses) {
		fprintf(file, "it also has ");
		print_number(decoded->other_warns, "WARN", file);
		fprintf(file, " and ");
		print_number(decoded->other_oopses, "oops", file);
		fprintf(file, " of other matters: not ours\n");
	}
	if (decoded->boots_dropped)
		fprintf(file, "! %" PRIu64 " boots more have findings that are not listed\n",
			decoded->boots_dropped);
	fputc('\n', file);
}

int vmw_export_decoded_text(const struct vmw_decoded *decoded, FILE *file)
{
	size_t i;

	errno = 0;
	print_summary(decoded, file);
	for (i = 0; i < decoded->nr_boots; i++)
		print_boot(decoded, decoded->boots[i], file);
	return fflush(file) || ferror(file) ? (errno ? -errno : -EIO) : 0;
}
