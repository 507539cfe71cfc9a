// SPDX-License-Identifier: GPL-2.0-only
/* --support: what this kernel can and cannot do, and what would help. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "output/json/json_parts.h"
#include "output/support.h"
#include "output/why_text.h"

#define SUPPORT_SCHEMA "vmemmapwatch.support/1"

static const enum vmw_value_id bounds_values[] = {
	VMW_VALUE_VMEMMAP,
	VMW_VALUE_START,
	VMW_VALUE_EFFECTIVE,
	VMW_VALUE_END,
};

#define NR_BOUNDS_VALUES (sizeof(bounds_values) / sizeof(*bounds_values))

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

enum vmw_exit vmw_support_code(const struct vmw_support *s, char *why, size_t size)
{
	const char *line = "";
	char blind[160];
	enum vmw_exit code = VMW_EXIT_UNTRACEABLE;

	if (s->disagree) {
		line = "the sources of the bounds disagree: --layout tells which say what, and --trust whom to believe";
		code = VMW_EXIT_BOUNDS;
	} else if (!s->has_bounds)
		line = "the bounds of vmemmap are not known";
	else if (s->formula_only)
		line = "only a formula knows the bounds of vmemmap";
	else if (!s->can_trace)
		line = s->trace_why;
	else if (!s->listed)
		line = "this kernel does not tell which probes it allows";
	else if (!has_certain(s))
		line = "no probe that tells of struct pages for certain can be attached";
	else if (s->silent)
		line = blind_line(s, blind, sizeof(blind));
	else
		code = VMW_EXIT_CLEAN;
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

static void print_risk(const char *risk, const char *follows, void *context)
{
	char line[512];

	snprintf(line, sizeof(line), "%s: %s", risk, follows);
	vmw_print_wrapped("- ", 4, line, context);
}

static void count_risk(const char *risk, const char *follows, void *context)
{
	(void)risk;
	(void)follows;
	(*(size_t *)context)++;
}

static void print_risks(const struct vmw_support *s, FILE *file)
{
	size_t n = 0;

	vmw_each_risk(&s->risks, count_risk, &n);
	if (!n)
		return;
	fprintf(file, "\nRISKS OF TRACING HERE\n");
	vmw_each_risk(&s->risks, print_risk, file);
}

static void print_missing(const char *missing, const char *help, void *context)
{
	char line[400];

	snprintf(line, sizeof(line), "%s: %s", missing, help);
	vmw_print_wrapped("- ", 4, line, context);
}

/* Addresses of the kernel are evidence for it: both of them at once. */
static const char *kaslr_why(const struct vmw_kernel_facts *k, bool redact)
{
	return redact && k->kaslr_known && strstr(k->kaslr_why, "0x") ?
		       "by where _text is, and where it was linked for" :
		       k->kaslr_why;
}

void vmw_print_kernel(const struct vmw_kernel_facts *k, const char *release, bool redact,
		      FILE *file)
{
	char end[VMW_ADDRESS_LEN];

	vmw_format_address(redact, VMW_SECRET_PLACE, k->phys_end, 1, end);
	fprintf(file, "\nKERNEL %s\n", release);
	fprintf(file, "  has the fix     %s: %s\n", vmw_fix_names[k->fix], k->fix_why);
	fprintf(file, "  device-private  %s: %s\n",
		!k->device_private_known ? "unknown" :
		k->device_private	 ? "yes" :
					   "no",
		k->device_private_why);
	if (k->phys_end)
		fprintf(file, "  requests end    %s: %s\n", end, k->phys_end_why);
	else
		fprintf(file, "  requests end    unknown: %s\n", k->phys_end_why);
	if (k->parange_bits)
		fprintf(file, "  PARange         %u bits: %s\n", k->parange_bits, k->parange_why);
	else
		fprintf(file, "  PARange         unknown: %s\n", k->parange_why);
	fprintf(file, "  KASLR           %s: %s\n",
		!k->kaslr_known ? "unknown" :
		k->kaslr	? "yes" :
				  "no",
		kaslr_why(k, redact));
	fprintf(file,
		"  sysctls         panic_on_warn %d, panic_on_oops %d, warn_limit %ld (-1: not there)\n",
		k->panic_on_warn, k->panic_on_oops, k->warn_limit);
}

static void print_probes(const struct vmw_support *s, FILE *file)
{
	int id;

	fprintf(file,
		"\nPROBES %u of requests, %u callers of pfn_to_page() (--probes lists all)\n",
		attachable(s, false), attachable(s, true));
	for (id = 0; s->listed && id < VMW_NR_PROBES; id++) {
		if (vmw_is_caller(id))
			continue;
		fprintf(file, "  %-28s %-8s %s%s%s\n", vmw_probe_infos[id].symbol,
			vmw_point_names[vmw_probe_infos[id].point],
			vmw_probe_state(&s->probes[id]), s->probes[id].note ? "; " : "",
			s->probes[id].note ? s->probes[id].note : "");
	}
}

int vmw_export_support_text(const struct vmw_support *s, FILE *file)
{
	char why[256];
	size_t i;

	errno = 0;
	vmw_print_wrapped("", 0, s->possible_why, file);
	vmw_support_code(s, why, sizeof(why));
	fprintf(file, "It can%s be watched%s%s.\n", *why ? "not" : "", *why ? ": " : "", why);
	vmw_print_kernel(&s->kernel, s->layout->kernel, s->redact, file);
	fprintf(file, "\nBOUNDS\n");
	for (i = 0; i < NR_BOUNDS_VALUES; i++) {
		const struct vmw_value *value = &s->layout->values[bounds_values[i]];
		unsigned int r;

		fprintf(file, "  %-26s %s%s", vmw_value_infos[bounds_values[i]].name,
			vmw_layout_agreement(s->layout, bounds_values[i]), value->nr ? ":" : "");
		for (r = 0; r < value->nr; r++)
			fprintf(file, "%s %s", r ? "," : "",
				vmw_source_names[value->readings[r].source]);
		fputc('\n', file);
	}
	print_probes(s, file);
	print_risks(s, file);
	fprintf(file, "\nWHAT IS MISSING, AND WHAT WOULD HELP\n");
	vmw_support_missing(s, print_missing, file);
	return fflush(file) || ferror(file) ? -EIO : 0;
}

static json *answer(const char *value, const char *why)
{
	json *object = json_object_new_object();

	js_add(object, "answer", js_text(value));
	js_add(object, "why", js_text(why));
	return object;
}

static json *yes_or_no(bool known, bool value, const char *why)
{
	return answer(!known ? "unknown" : value ? "yes" : "no", why);
}

static void add_sysctl(json *object, const char *key, long value)
{
	js_add(object, key, value < 0 ? js_text("unknown") : js_number(value));
}

json *js_kernel(const struct vmw_kernel_facts *k, bool redact)
{
	json *object = json_object_new_object();
	char text[32];

	js_add(object, "has_fix", answer(vmw_fix_names[k->fix], k->fix_why));
	js_add(object, "device_private",
	       yes_or_no(k->device_private_known, k->device_private, k->device_private_why));
	vmw_format_address(redact, VMW_SECRET_PLACE, k->phys_end, 1, text);
	js_add(object, "requests_end", answer(k->phys_end ? text : "unknown", k->phys_end_why));
	snprintf(text, sizeof(text), "%u", k->parange_bits);
	js_add(object, "parange_bits",
	       answer(k->parange_bits ? text : "unknown", k->parange_why));
	js_add(object, "kaslr", yes_or_no(k->kaslr_known, k->kaslr, kaslr_why(k, redact)));
	add_sysctl(object, "panic_on_warn", k->panic_on_warn);
	add_sysctl(object, "panic_on_oops", k->panic_on_oops);
	add_sysctl(object, "warn_limit", k->warn_limit);
	return object;
}

static json *bounds_json(const struct vmw_layout *layout)
{
	json *object = json_object_new_object();
	unsigned int r;
	size_t i;

	for (i = 0; i < NR_BOUNDS_VALUES; i++) {
		const struct vmw_value *value = &layout->values[bounds_values[i]];
		json *entry = json_object_new_object();
		json *sources = json_object_new_array();

		for (r = 0; r < value->nr; r++)
			js_append(sources, js_text(vmw_source_names[value->readings[r].source]));
		js_add(entry, "agreement",
		       js_text(vmw_layout_agreement(layout, bounds_values[i])));
		js_add(entry, "sources", sources);
		js_add(object, vmw_value_infos[bounds_values[i]].name, entry);
	}
	return object;
}

static json *probes_json(const struct vmw_support *s)
{
	json *array = json_object_new_array();
	int id;

	for (id = 0; s->listed && id < VMW_NR_PROBES; id++) {
		const struct vmw_probe_status *status = &s->probes[id];
		json *probe = json_object_new_object();

		js_add(probe, "symbol", js_text(vmw_probe_infos[id].symbol));
		js_add(probe, "point", js_text(vmw_point_names[vmw_probe_infos[id].point]));
		js_add(probe, "class", js_text(vmw_class_names[vmw_probe_infos[id].class]));
		js_add(probe, "status", js_text(vmw_probe_state(status)));
		if (!status->how && *status->problem)
			js_add(probe, "reason", js_text(status->problem));
		if (status->note)
			js_add(probe, "note", js_text(status->note));
		js_append(array, probe);
	}
	return array;
}

static void append_missing(const char *missing, const char *help, void *context)
{
	json *object = json_object_new_object();

	js_add(object, "missing", js_text(missing));
	js_add(object, "help", js_text(help));
	js_append(context, object);
}

static void append_risk(const char *risk, const char *follows, void *context)
{
	json *object = json_object_new_object();

	js_add(object, "risk", js_text(risk));
	js_add(object, "follows", js_text(follows));
	js_append(context, object);
}

int vmw_export_support_json(const struct vmw_support *s, FILE *file)
{
	json *object = js_document(SUPPORT_SCHEMA, s->layout);
	json *missing = json_object_new_array();
	json *risks = json_object_new_array();
	char why[256];

	js_add(object, "possible", answer(vmw_possible_names[s->possible], s->possible_why));
	vmw_support_code(s, why, sizeof(why));
	js_add(object, "watchable", yes_or_no(true, !*why, why));
	js_add(object, "facts", js_kernel(&s->kernel, s->redact));
	js_add(object, "bounds", bounds_json(s->layout));
	js_add(object, "probes", probes_json(s));
	vmw_each_risk(&s->risks, append_risk, risks);
	js_add(object, "risks", risks);
	vmw_support_missing(s, append_missing, missing);
	js_add(object, "missing", missing);
	js_add(object, "code", js_number(s->code));
	return js_write(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}
