// SPDX-License-Identifier: GPL-2.0-only
/* --support: what this kernel can and cannot do, and what would help. */
#include <stdio.h>
#include <string.h>

#include "output/describe_support.h"
#include "output/json/json_writer.h"
#include "output/text/text_writer.h"

#define SUPPORT_SCHEMA "vmemmapwatch.support/1"

/* What is notrace attaches with an uncommon configuration only: not counted on. */
static bool is_notrace(const struct vmw_probe_status *status)
{
	return status->note && !strncmp(status->note, "notrace", 7);
}

static bool attaches(const struct vmw_probe_status *status)
{
	return status->how && !is_notrace(status);
}

static unsigned int attachable(const struct vmw_support *s, bool callers)
{
	unsigned int n = 0;
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++)
		n += attaches(&s->probes[id]) && vmw_is_caller(id) == callers;
	return n;
}

static bool has_certain(const struct vmw_support *s)
{
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (attaches(&s->probes[id]) && vmw_probe_infos[id].class == VMW_CLASS_CERTAIN)
			return true;
	}
	return false;
}

/* What does not fire, and what to do about it. */
static const char *blind_line(const struct vmw_support *s, char *text, size_t size)
{
	int way;

	for (way = 0; way < VMW_NR_WAYS; way++) {
		if (s->silent & 1U << way)
			break;
	}
	snprintf(text, size, "probes by %s attach and do not fire: %s", vmw_way_names[way],
		 vmw_way_remedies[way]);
	return text;
}

static enum vmw_exit code_of_answer(enum vmw_possible possible)
{
	switch (possible) {
	case VMW_IMPOSSIBLE:
		return VMW_EXIT_CLEAN;
	case VMW_POSSIBLE:
		return VMW_EXIT_OFFENDER;
	case VMW_POSSIBLE_UNKNOWN:
	case VMW_NR_POSSIBLE:
		break;
	}
	return VMW_EXIT_LOST;
}

enum vmw_exit vmw_support_code(const struct vmw_support *s, char *why, size_t size)
{
	const char *line = "";
	char blind[160];
	enum vmw_exit code = VMW_EXIT_UNTRACEABLE;

	if (s->disagree) {
		line = "the sources of the bounds disagree: see --layout, and name one to believe with --trust";
		code = VMW_EXIT_BOUNDS;
	} else if (!s->has_bounds)
		line = "the bounds of vmemmap are not known";
	else if (s->formula_only)
		line = "only a formula knows the bounds of vmemmap";
	else if (!s->can_trace)
		line = s->trace_why;
	else if (!s->listed)
		line = "this kernel does not say which probes it allows";
	else if (!has_certain(s))
		line = "no probe of class certain can be attached";
	else if (s->silent)
		line = blind_line(s, blind, sizeof(blind));
	else
		code = code_of_answer(s->possible);
	snprintf(why, size, "%s", line);
	return code;
}

/* A note is "what: why: what would help", or has no help in it. */
static void missing_source(const struct vmw_source *source, const char *name, vmw_missing_fn fn,
			   void *context)
{
	char what[64];

	snprintf(what, sizeof(what), "source %s", name);
	fn(what, source->note, context);
}

void vmw_support_missing(const struct vmw_support *s, vmw_missing_fn fn, void *context)
{
	char what[96];
	int id;

	for (id = 0; id < VMW_NR_SOURCES; id++) {
		if (*s->layout->sources[id].note)
			missing_source(&s->layout->sources[id], vmw_source_names[id], fn,
				       context);
	}
	if (s->kernel.fix == VMW_FIX_UNKNOWN)
		fn("whether it has the fix", s->kernel.fix_why, context);
	if (!s->kernel.device_private_known)
		fn("whether there is device-private memory", s->kernel.device_private_why,
		   context);
	if (!s->kernel.parange_bits)
		fn("PARange of the CPU", s->kernel.parange_why, context);
	if (!s->kernel.kaslr_known)
		fn("KASLR", s->kernel.kaslr_why, context);
	if (!s->can_trace)
		fn("tracing", s->trace_why, context);
	if (s->silent_error)
		fn("whether probes fire", strerror(-s->silent_error), context);
	for (id = 0; s->listed && id < VMW_NR_PROBES; id++) {
		/* No kernel has all functions of the table of callers. */
		const struct vmw_probe_status *status = &s->probes[id];
		const char *help = is_notrace(status) ? status->note : status->problem;

		if (attaches(status) || !*help || vmw_is_caller(id))
			continue;
		snprintf(what, sizeof(what), "probe %s (%s)", vmw_probe_infos[id].symbol,
			 vmw_point_names[vmw_probe_infos[id].point]);
		fn(what, help, context);
	}
}

/* An object of two members, and a line of both. */
static void describe_item(struct vmw_writer *w, const char *name, const char *what,
			  const char *more_name, const char *more)
{
	char line[512];

	vmw_begin(w, NULL);
	vmw_put_text(w, name, NULL, what);
	vmw_put_text(w, more_name, NULL, more);
	vmw_end(w);
	snprintf(line, sizeof(line), "%s: %s", what, more);
	vmw_item(w, line, NULL);
}

static void describe_risk(const char *risk, const char *follows, void *context)
{
	describe_item(context, "risk", risk, "follows", follows);
}

static void count_risk(const char *risk, const char *follows, void *context)
{
	(void)risk;
	(void)follows;
	(*(size_t *)context)++;
}

static void describe_risks(struct vmw_writer *w, const struct vmw_support *s)
{
	size_t n = 0;

	vmw_each_risk(&s->risks, count_risk, &n);
	if (n)
		vmw_card(w, VMW_TONE_NONE, 0, "RISKS OF TRACING HERE");
	vmw_begin_list(w, "risks");
	vmw_each_risk(&s->risks, describe_risk, w);
	vmw_end_list(w);
	if (n)
		vmw_card_end(w);
}

static void describe_missing(const char *missing, const char *help, void *context)
{
	describe_item(context, "missing", missing, "help", help);
}

/* Addresses of the kernel are evidence for it: both of them at once. */
static const char *kaslr_why(const struct vmw_kernel_facts *k, bool redact)
{
	return redact && k->kaslr_known && strstr(k->kaslr_why, "0x") ?
		       "by where _text is, and where it was linked for" :
		       k->kaslr_why;
}

/* One question, its answer, and by what it is known. */
static void put_answer(struct vmw_writer *w, const char *name, const char *label,
		       const char *answer, const char *why)
{
	vmw_begin(w, name);
	vmw_put_text(w, "answer", NULL, answer);
	vmw_put_text(w, "why", NULL, why);
	vmw_end(w);
	if (label)
		vmw_line(w, label, "%s: %s", answer, why);
}

static const char *yes_or_no(bool known, bool value)
{
	return !known ? "unknown" : value ? "yes" : "no";
}

static void put_sysctl(struct vmw_writer *w, const char *name, long value)
{
	if (value >= 0) {
		vmw_put_number(w, name, name, value);
		return;
	}
	vmw_put_text(w, name, NULL, "unknown");
	vmw_line(w, name, "not available");
}

void vmw_describe_kernel(struct vmw_writer *w, const struct vmw_kernel_facts *k,
			 const char *release)
{
	char end[VMW_ADDRESS_LEN] = "unknown", bits[32];

	vmw_card(w, VMW_TONE_NONE, 0, "KERNEL %s", release);
	vmw_begin(w, "facts");
	put_answer(w, "has_fix", "has the fix", vmw_fix_names[k->fix], k->fix_why);
	put_answer(w, "device_private", "device memory",
		   yes_or_no(k->device_private_known, k->device_private), k->device_private_why);
	if (k->phys_end)
		vmw_format_address(w->redact, VMW_SECRET_PLACE, k->phys_end, 1, end);
	put_answer(w, "requests_end", "requests end", end, k->phys_end_why);
	snprintf(bits, sizeof(bits), "%u", k->parange_bits);
	put_answer(w, "parange_bits", NULL, k->parange_bits ? bits : "unknown", k->parange_why);
	vmw_line(w, "PARange", "%s%s: %s", k->parange_bits ? bits : "unknown",
		 k->parange_bits ? " bits" : "", k->parange_why);
	put_answer(w, "kaslr", "KASLR", yes_or_no(k->kaslr_known, k->kaslr),
		   kaslr_why(k, w->redact));
	put_sysctl(w, "panic_on_warn", k->panic_on_warn);
	put_sysctl(w, "panic_on_oops", k->panic_on_oops);
	put_sysctl(w, "warn_limit", k->warn_limit);
	vmw_end(w);
	vmw_card_end(w);
}

static void describe_agreements(struct vmw_writer *w, const struct vmw_layout *layout)
{
	unsigned int r;
	size_t i;

	vmw_begin(w, "bounds");
	for (i = 0; i < VMW_NR_BOUNDS_VALUES; i++) {
		enum vmw_value_id id = vmw_bounds_values[i];
		const struct vmw_value *value = &layout->values[id];

		vmw_begin(w, vmw_value_infos[id].name);
		vmw_put_text(w, "agreement", NULL, vmw_layout_agreement(layout, id));
		vmw_begin_list(w, "sources");
		for (r = 0; r < value->nr; r++)
			vmw_put_text(w, NULL, NULL, vmw_source_names[value->readings[r].source]);
		vmw_end_list(w);
		vmw_end(w);
	}
	vmw_end(w);
	vmw_say_bounds(w, layout);
}

static void describe_probe(struct vmw_writer *w, int id, const struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];

	vmw_begin(w, NULL);
	vmw_put_text(w, "symbol", NULL, info->symbol);
	vmw_put_text(w, "point", NULL, vmw_point_names[info->point]);
	vmw_put_text(w, "class", NULL, vmw_class_names[info->class]);
	vmw_put_text(w, "status", NULL, vmw_probe_state(status));
	if (!status->how && *status->problem)
		vmw_put_text(w, "reason", NULL, status->problem);
	if (status->note)
		vmw_put_text(w, "note", NULL, status->note);
	vmw_end(w);
	if (!vmw_is_caller(id) && w->verbose)
		vmw_paragraph(w, "  %-28s %-8s %s%s%s", info->symbol,
			      vmw_point_names[info->point], vmw_probe_state(status),
			      status->note ? "; " : "", status->note ? status->note : "");
}

static void describe_probes(struct vmw_writer *w, const struct vmw_support *s)
{
	int id;

	vmw_card(w, VMW_TONE_NONE, 0, "PROBES that attach (--probes lists them)");
	vmw_line(w, "requests", "%u", attachable(s, false));
	vmw_line(w, "callers", "%u, of pfn_to_page()", attachable(s, true));
	vmw_begin_list(w, "probes");
	for (id = 0; s->listed && id < VMW_NR_PROBES; id++)
		describe_probe(w, id, &s->probes[id]);
	vmw_end_list(w);
	vmw_card_end(w);
}

/* Can it happen, has it the fix, and can it be watched; then why. */
static void say_verdict(struct vmw_writer *w, const struct vmw_support *s, const char *why)
{
	static const char *const answers[VMW_NR_POSSIBLE] = {
		[VMW_POSSIBLE_UNKNOWN] = "It is unknown whether this kernel can hit the bug.",
		[VMW_POSSIBLE] = "This kernel can hit the bug.",
		[VMW_IMPOSSIBLE] = "This kernel cannot hit the bug.",
	};
	enum vmw_tone tone = s->possible == VMW_POSSIBLE   ? VMW_TONE_BAD :
			     s->possible == VMW_IMPOSSIBLE ? VMW_TONE_GOOD :
							     VMW_TONE_NONE;

	vmw_headline(w, tone, "%s", answers[s->possible]);
	vmw_say_fix(w, &s->kernel, s->layout->kernel, "");
	if (*why)
		vmw_headline(w, VMW_TONE_BAD, "It cannot be watched: %s.", why);
	else if (s->possible == VMW_IMPOSSIBLE)
		vmw_headline(w, VMW_TONE_GOOD, "It can be watched. Next: nothing to do.");
	else
		vmw_headline(
			w, VMW_TONE_GOOD,
			"It can be watched. Next: `vmemmapwatch --preflight SIZE` predicts a request.");
	vmw_paragraph(w, "%s", "");
	vmw_paragraph(w, "%s", s->possible_why);
	vmw_paragraph(w, "%s", "");
}

static void describe_support(struct vmw_writer *w, const struct vmw_support *s)
{
	char why[256];

	vmw_describe_document(w, SUPPORT_SCHEMA, s->layout);
	put_answer(w, "possible", NULL, vmw_possible_names[s->possible], s->possible_why);
	vmw_support_code(s, why, sizeof(why));
	put_answer(w, "watchable", NULL, yes_or_no(true, !*why), why);
	say_verdict(w, s, why);
	vmw_describe_kernel(w, &s->kernel, s->layout->kernel);
	describe_agreements(w, s->layout);
	describe_probes(w, s);
	describe_risks(w, s);
	vmw_card(w, VMW_TONE_NONE, 0, "MISSING, and what would help");
	vmw_begin_list(w, "missing");
	vmw_support_missing(s, describe_missing, w);
	vmw_end_list(w);
	vmw_card_end(w);
	vmw_put_number(w, "code", NULL, s->code);
}

int vmw_export_support_text(const struct vmw_support *s, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, s->redact);

	w->verbose = s->verbose;
	describe_support(w, s);
	return vmw_text_end(&text);
}

int vmw_export_support_json(const struct vmw_support *s, FILE *file)
{
	struct vmw_json_writer json;

	describe_support(vmw_json_begin(&json, file, s->redact, true), s);
	return vmw_json_end(&json);
}
