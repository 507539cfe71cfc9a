// SPDX-License-Identifier: GPL-2.0-only
/* What a log had: daemon/share/schema/decode.schema.json. */
#include <string.h>

#include "base/build.h"
#include "output/decoded.h"
#include "output/describe.h"
#include "output/json/json_writer.h"
#include "output/text/text_writer.h"

#define DECODE_SCHEMA "vmemmapwatch.decode/1"

/* Room for a number and its word, and for the numbers of lines. */
#define COUNT_LEN 64

static const char *lines(char text[COUNT_LEN], u64 first, u64 last)
{
	if (first == last)
		snprintf(text, COUNT_LEN, "line %llu", first);
	else
		snprintf(text, COUNT_LEN, "lines %llu to %llu", first, last);
	return text;
}

static const char *kind_name(enum vmw_klog_kind kind)
{
	return kind == VMW_KLOG_WARN ? "WARN" : "oops";
}

static const char *driver_name(const char *driver)
{
	return *driver ? driver : "unknown";
}

static void put_numbers(struct vmw_writer *w, const char *name, u64 first, u64 last)
{
	vmw_begin(w, name);
	vmw_put_number(w, "first", NULL, first);
	vmw_put_number(w, "last", NULL, last);
	vmw_end(w);
}

static void describe_fault(struct vmw_writer *w, const struct vmw_decoded_offender *o)
{
	if (!o->fault_line)
		return;
	vmw_begin(w, "fault");
	vmw_put_hex(w, "address", o->fault_address);
	vmw_put_text(w, "symbol", NULL, o->fault_place);
	vmw_put_number(w, "line", NULL, o->fault_line);
	vmw_end(w);
	vmw_line(w, "oops", "line %llu, in %s", o->fault_line, o->fault_place);
	vmw_line(w, "", "on address 0x%016llx", o->fault_address);
}

static void describe_stack(struct vmw_writer *w, const struct vmw_decoded_offender *o)
{
	u32 i;

	vmw_begin_list(w, "stack");
	vmw_put_text(w, NULL, NULL, o->place);
	vmw_line(w, "stack", "%s", o->place);
	for (i = 0; o->stack && i < o->stack->nr; i++) {
		vmw_put_text(w, NULL, NULL, o->stack->name[i]);
		vmw_line(w, "", "%s", o->stack->name[i]);
	}
	vmw_end_list(w);
}

static void describe_seen(struct vmw_writer *w, const struct vmw_decoded_offender *o)
{
	char warns[COUNT_LEN], oopses[COUNT_LEN], where[COUNT_LEN], when[64] = "";

	vmw_put_number(w, "warns", NULL, o->warns);
	vmw_put_number(w, "oopses", NULL, o->oopses);
	vmw_put_bool(w, "removal", o->removal);
	put_numbers(w, "lines", o->first_line, o->last_line);
	if (o->first_ns) {
		put_numbers(w, "kernel_ns", o->first_ns, o->last_ns);
		snprintf(when, sizeof(when), " (%.6f s to %.6f s)", o->first_ns / 1e9,
			 o->last_ns / 1e9);
	}
	vmw_line(w, "in the log", "%s%s%s, %s%s%s",
		 vmw_format_count(o->warns, "WARN", warns, COUNT_LEN), o->oopses ? ", " : "",
		 o->oopses ? vmw_format_count(o->oopses, "oops", oopses, COUNT_LEN) : "",
		 lines(where, o->first_line, o->last_line), when,
		 o->removal ? "; the last is of its removal" : "");
}

/* A range by dumps of each section is whole; one by an oops may be more. */
static void describe_extent(struct vmw_writer *w, const struct vmw_decoded_offender *o)
{
	vmw_put_bool(w, "at_least", o->at_least);
	if (o->at_least)
		vmw_line(w, "extent",
			 "at least the section of the fault; the request may be larger");
	if (!*o->range_by)
		return;
	vmw_put_text(w, "range_by", NULL, o->range_by);
	vmw_line(w, "extent", "the whole request: first pfn and end in %s", o->range_by);
}

static void describe_offender(struct vmw_writer *w, const struct vmw_decoded_boot *boot, size_t i)
{
	const struct vmw_decoded_offender *o = &boot->offenders[i];
	struct vmw_report report = vmw_decoded_report(boot);

	vmw_card(w, VMW_TONE_BAD, i + 1, "%s", driver_name(o->driver));
	vmw_put_text(w, "driver", NULL, driver_name(o->driver));
	if (*o->module)
		vmw_put_text(w, "module", NULL, o->module);
	describe_extent(w, o);
	if (o->has_phys) {
		vmw_describe_range(w, &report, &o->range);
	} else {
		vmw_line(w, "physical", "unknown: the log does not state memstart_addr");
		vmw_describe_judged(w, &report, &o->range);
	}
	vmw_begin(w, "task");
	vmw_put_bytes(w, "comm", NULL, o->comm, VMW_COMM_LEN);
	vmw_put_number(w, "pid", NULL, o->pid);
	vmw_end(w);
	if (*o->comm)
		vmw_line(w, "task", "%.*s[%u]", VMW_COMM_LEN, o->comm, o->pid);
	describe_seen(w, o);
	describe_fault(w, o);
	describe_stack(w, o);
	vmw_card_end(w);
}

static void describe_unjudged(struct vmw_writer *w, const struct vmw_decoded_unjudged *u)
{
	char number[COUNT_LEN], where[COUNT_LEN], address[40] = "";

	vmw_put_text(w, "kind", NULL, kind_name(u->kind));
	vmw_put_text(w, "symbol", NULL, u->place);
	vmw_put_text(w, "driver", NULL, driver_name(u->driver));
	if (u->kind == VMW_KLOG_OOPS) {
		vmw_put_hex(w, "address", u->address);
		snprintf(address, sizeof(address), " on address 0x%016llx", u->address);
	}
	vmw_put_text(w, "why", NULL, u->why);
	vmw_put_number(w, "count", NULL, u->count);
	put_numbers(w, "lines", u->first_line, u->last_line);
	vmw_card(w, VMW_TONE_NONE, 0, "WITHOUT VERDICT: %s in %s",
		 vmw_format_count(u->count, kind_name(u->kind), number, COUNT_LEN), u->place);
	vmw_line(w, "driver", "%s", driver_name(u->driver));
	vmw_line(w, "in the log", "%s%s", lines(where, u->first_line, u->last_line), address);
	vmw_paragraph(w, "  %s", u->why);
	vmw_card_end(w);
}

static void describe_refusal(struct vmw_writer *w, const struct vmw_decoded_refusal *r)
{
	char size[16], limit[96] = "", number[COUNT_LEN], where[COUNT_LEN], text[400];

	vmw_put_pair(w, "phys", "start", r->first, "last", r->last);
	if (r->has_limit) {
		vmw_put_pair(w, "limit", "start", r->limit_first, "last", r->limit_last);
		snprintf(limit, sizeof(limit), ", the kernel allows 0x%llx-0x%llx",
			 r->limit_first, r->limit_last);
	}
	vmw_put_number(w, "count", NULL, r->count);
	put_numbers(w, "lines", r->first_line, r->last_line);
	vmw_format_size(r->last - r->first + 1, size, sizeof(size));
	snprintf(text, sizeof(text),
		 "REFUSED by the kernel: physical 0x%llx-0x%llx (%s)%s; %s, %s", r->first,
		 r->last, size, limit, vmw_format_count(r->count, "time", number, COUNT_LEN),
		 lines(where, r->first_line, r->last_line));
	vmw_paragraph(w, "  %s", text);
}

static void describe_other(struct vmw_writer *w, const struct vmw_decoded_other *o)
{
	char number[COUNT_LEN], where[COUNT_LEN], text[512];

	vmw_put_text(w, "kind", NULL, kind_name(o->kind));
	vmw_put_text(w, "symbol", NULL, o->place);
	vmw_put_text(w, "driver", NULL, driver_name(o->driver));
	if (*o->message)
		vmw_put_text(w, "message", NULL, o->message);
	vmw_put_text(w, "why", NULL, o->why);
	vmw_put_number(w, "count", NULL, o->count);
	put_numbers(w, "lines", o->first_line, o->last_line);
	snprintf(text, sizeof(text), "UNRELATED: %s in %s, %s%s%s%s",
		 vmw_format_count(o->count, kind_name(o->kind), number, COUNT_LEN), o->place,
		 lines(where, o->first_line, o->last_line), *o->message ? ", \"" : "",
		 o->message, *o->message ? "\"" : "");
	vmw_paragraph(w, "  %s", text);
	vmw_paragraph(w, "  %s", o->why);
}

static void describe_stray(struct vmw_writer *w, const struct vmw_decoded_boot *boot,
			   const struct vmw_decoded_stray *s)
{
	struct vmw_report report = vmw_decoded_report(boot);

	vmw_card(w, VMW_TONE_BAD, 0, "STRAY STRUCT PAGE, not asked for by a driver");
	vmw_put_text(w, "symbol", NULL, s->place);
	vmw_put_hex(w, "address", s->address);
	vmw_put_number(w, "line", NULL, s->line);
	vmw_put_text(w, "why", NULL, s->why);
	vmw_begin(w, "task");
	vmw_put_bytes(w, "comm", NULL, s->comm, VMW_COMM_LEN);
	vmw_put_number(w, "pid", NULL, s->pid);
	vmw_end(w);
	vmw_describe_judged(w, &report, &s->range);
	if (*s->comm)
		vmw_line(w, "task", "%.*s[%u]", VMW_COMM_LEN, s->comm, s->pid);
	vmw_line(w, "oops", "line %llu, in %s", s->line, s->place);
	vmw_line(w, "", "on address 0x%016llx", s->address);
	vmw_paragraph(w, "  %s", s->why);
	vmw_card_end(w);
}

static void describe_address(struct vmw_writer *w, const struct vmw_decoded_boot *boot,
			     const struct vmw_decoded_address *a)
{
	struct vmw_report report = vmw_decoded_report(boot);

	vmw_card(w, a->range.verdict == VMW_IN_BOUNDS ? VMW_TONE_NONE : VMW_TONE_BAD, 0,
		 "ADDRESS 0x%016llx, line %llu", a->address, a->line);
	vmw_put_hex(w, "address", a->address);
	vmw_put_number(w, "line", NULL, a->line);
	if (a->has_phys)
		vmw_describe_range(w, &report, &a->range);
	else
		vmw_describe_judged(w, &report, &a->range);
	vmw_card_end(w);
}

/* What is no request that a dump is about. */
static void describe_pages(struct vmw_writer *w, const struct vmw_decoded_boot *boot)
{
	size_t i;

	vmw_begin_list(w, "stray_pages");
	for (i = 0; i < boot->nr_strays; i++) {
		vmw_begin(w, NULL);
		describe_stray(w, boot, &boot->strays[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
	vmw_begin_list(w, "addresses");
	for (i = 0; i < boot->nr_addresses; i++) {
		vmw_begin(w, NULL);
		describe_address(w, boot, &boot->addresses[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
}

static void describe_lists(struct vmw_writer *w, const struct vmw_decoded_boot *boot)
{
	size_t i;

	vmw_begin_list(w, "offenders");
	for (i = 0; i < boot->nr_offenders; i++) {
		vmw_begin(w, NULL);
		describe_offender(w, boot, i);
		vmw_end(w);
	}
	vmw_end_list(w);
	vmw_begin_list(w, "without_verdict");
	for (i = 0; i < boot->nr_unjudged; i++) {
		vmw_begin(w, NULL);
		describe_unjudged(w, &boot->unjudged[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
	describe_pages(w, boot);
	vmw_begin_list(w, "refused");
	for (i = 0; i < boot->nr_refusals; i++) {
		vmw_begin(w, NULL);
		describe_refusal(w, &boot->refusals[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
	if (i)
		vmw_paragraph(w, "%s", "");
	vmw_begin_list(w, "unrelated");
	for (i = 0; i < boot->nr_others; i++) {
		vmw_begin(w, NULL);
		describe_other(w, &boot->others[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
	if (i)
		vmw_paragraph(w, "%s", "");
}

static void describe_why(struct vmw_writer *w, const struct vmw_decoded_boot *boot)
{
	struct vmw_statement statements[VMW_MAX_STATEMENTS];
	u32 verdicts = vmw_decoded_verdicts(boot), verdict;
	char heading[80];
	int n;

	vmw_begin(w, "why");
	while ((n = vmw_decoded_why(boot, &verdicts, &verdict, statements, VMW_MAX_STATEMENTS))) {
		snprintf(heading, sizeof(heading), "WHY %s, and what to do",
			 vmw_verdict_names[verdict]);
		vmw_describe_statements(w, vmw_verdict_names[verdict], heading, statements, n);
	}
	vmw_describe_statements(w, "refused", "WHY refused, and what to do", statements,
				vmw_decoded_why_refused(boot, statements, VMW_MAX_STATEMENTS));
	vmw_end(w);
}

static void say_value(struct vmw_writer *w, const struct vmw_layout *layout, enum vmw_value_id id)
{
	const struct vmw_value *value = &layout->values[id];
	const struct vmw_reading *r = value->readings;
	char text[VMW_ADDRESS_LEN];

	if (!value->nr)
		return;
	vmw_format_value(false, id, r->value, text);
	vmw_paragraph(w, "  %-25s %-18s", vmw_value_infos[id].name, text);
	vmw_paragraph(w, "      %s: %s", vmw_layout_agreement(layout, id), r->where);
}

/* What verdicts of this boot rest on, and where that is from. */
static void say_values(struct vmw_writer *w, const struct vmw_decoded *decoded,
		       const struct vmw_decoded_boot *boot)
{
	static const enum vmw_value_id ids[] = {
		VMW_VALUE_VMEMMAP,     VMW_VALUE_START,	      VMW_VALUE_EFFECTIVE,
		VMW_VALUE_END,	       VMW_VALUE_PHYS_OFFSET, VMW_VALUE_PAGE_SHIFT,
		VMW_VALUE_STRUCT_PAGE, VMW_VALUE_VA_BITS,     VMW_VALUE_VA_BITS_ACTUAL,
	};
	size_t i;

	if (!vmw_decoded_findings(boot))
		return;
	vmw_card(w, VMW_TONE_NONE, 0, "LAYOUT, %s%s",
		 decoded->from && !boot->contradicts ? "of " : "as the log states it",
		 decoded->from && !boot->contradicts ? decoded->from : "");
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		say_value(w, &boot->layout, ids[i]);
	if (*boot->vmemmap_why)
		vmw_paragraph(w, "  %s", boot->vmemmap_why);
	vmw_card_end(w);
}

static void say_boot(struct vmw_writer *w, const struct vmw_decoded_boot *boot)
{
	char where[COUNT_LEN], offenders[COUNT_LEN], warns[COUNT_LEN], oopses[COUNT_LEN];

	vmw_card(w, VMW_TONE_NONE, 0, "BOOT%s%s", *boot->layout.kernel ? " of Linux " : "",
		 boot->layout.kernel);
	vmw_line(w, "in the log", "%s: %s, %s, %s",
		 lines(where, boot->first_line, boot->last_line),
		 vmw_format_count(boot->nr_offenders, "offender", offenders, COUNT_LEN),
		 vmw_format_count(boot->warns, "WARN", warns, COUNT_LEN),
		 vmw_format_count(boot->oopses, "oops", oopses, COUNT_LEN));
	if (*boot->note)
		vmw_paragraph(w, "! %s", boot->note);
	if (boot->dropped)
		vmw_paragraph(w, "! %llu more dumps are not listed", boot->dropped);
	vmw_card_end(w);
}

static void describe_boot(struct vmw_writer *w, const struct vmw_decoded *decoded,
			  const struct vmw_decoded_boot *boot)
{
	say_boot(w, boot);
	put_numbers(w, "lines", boot->first_line, boot->last_line);
	vmw_put_text(w, "kernel", NULL, boot->layout.kernel);
	vmw_put_number(w, "warns", NULL, boot->warns);
	vmw_put_number(w, "oopses", NULL, boot->oopses);
	if (*boot->bounds_why)
		vmw_put_text(w, "bounds_unknown", NULL, boot->bounds_why);
	if (*boot->vmemmap_why)
		vmw_put_text(w, "pfns_unknown", NULL, boot->vmemmap_why);
	if (*boot->note)
		vmw_put_text(w, "note", NULL, boot->note);
	if (boot->dropped)
		vmw_put_number(w, "not_listed", NULL, boot->dropped);
	describe_lists(w, boot);
	describe_why(w, boot);
	if (vmw_for_people(w))
		say_values(w, decoded, boot);
	else
		vmw_describe_layout(w, &boot->layout);
}

static void describe_unparsed(struct vmw_writer *w, const struct vmw_decoded *decoded)
{
	struct vmw_unread unread;
	char why[420];

	if (!vmw_decoded_unread(decoded, &unread))
		return;
	snprintf(why, sizeof(why), "%s: %s", unread.what, unread.next);
	vmw_begin(w, "unparsed");
	vmw_put_number(w, "line", NULL, unread.line);
	vmw_put_text(w, "why", NULL, why);
	vmw_end(w);
}

static void describe_decoded(struct vmw_writer *w, const struct vmw_decoded *decoded)
{
	size_t i;

	vmw_put_text(w, "schema", NULL, DECODE_SCHEMA);
	vmw_put_text(w, "version", NULL, vmw_version);
	vmw_put_text(w, "log", NULL, decoded->name);
	if (decoded->from)
		vmw_put_text(w, "from", NULL, decoded->from);
	vmw_put_number(w, "lines", NULL, decoded->lines);
	vmw_put_number(w, "bytes", NULL, decoded->bytes);
	vmw_put_number(w, "code", NULL, vmw_decoded_code(decoded));
	describe_unparsed(w, decoded);
	vmw_begin(w, "unrelated_count");
	vmw_put_number(w, "warns", NULL, decoded->other_warns);
	vmw_put_number(w, "oopses", NULL, decoded->other_oopses);
	vmw_end(w);
	vmw_put_number(w, "boots_seen", NULL, decoded->boots_seen);
	vmw_put_number(w, "boots_not_listed", NULL, decoded->boots_dropped);
	vmw_put_number(w, "dumps", NULL, vmw_decoded_dumps(decoded));
	vmw_put_bool(w, "newest_first", decoded->newest_first);
	if (decoded->width)
		vmw_put_number(w, "cut_at", NULL, decoded->width);
	vmw_say_decoded(w, decoded);
	vmw_begin_list(w, "boots");
	for (i = 0; i < decoded->nr_boots; i++) {
		vmw_begin(w, NULL);
		describe_boot(w, decoded, decoded->boots[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
}

int vmw_export_decoded_text(const struct vmw_decoded *decoded, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, false);

	describe_decoded(w, decoded);
	return vmw_text_end(&text);
}

int vmw_export_decoded_json(const struct vmw_decoded *decoded, FILE *file)
{
	struct vmw_json_writer json;

	describe_decoded(vmw_json_begin(&json, file, false, true), decoded);
	return vmw_json_end(&json);
}
