// SPDX-License-Identifier: GPL-2.0-only
/* What --preflight foresees, for people and as JSON. */
#include <errno.h>
#include <string.h>

#include "output/export.h"
#include "output/json/json_parts.h"
#include "output/preflight_out.h"
#include "output/support.h"
#include "output/why_text.h"

#define PREFLIGHT_SCHEMA "vmemmapwatch.preflight/1"

typedef unsigned long long ull;

static const char *const step_names[] = {
	[VMW_STEP_UNKNOWN] = "unknown",
	[VMW_STEP_SIZE] = "size",
	[VMW_STEP_SECTION] = "section",
};

static struct vmw_explained explained_of(const struct vmw_preflight *p)
{
	return (struct vmw_explained){
		.layout = p->layout,
		.bounds = p->bounds,
		.iomem = p->iomem,
	};
}

/* daemon/why asks for no more of a report than this. */
static struct vmw_report report_of(const struct vmw_preflight *p)
{
	return (struct vmw_report){
		.layout = p->layout,
		.bounds = p->bounds,
		.facts = &p->kernel,
	};
}

static struct vmw_range range_of(const struct vmw_foreseen *f)
{
	const struct vmw_judgement *j = &f->explanation.judgement;

	return (struct vmw_range){
		.pfn = f->explanation.pfn,
		.nr_pages = f->explanation.nr_pages,
		.pages_start = j->start,
		.pages_end = j->end,
		.distance = j->distance,
		.verdict = j->verdict,
		.bound = j->bound,
	};
}

/* Out of bounds, and not refused: there is something to be said about why. */
static bool has_why(const struct vmw_foreseen *f)
{
	return f->placed && vmw_expected_is_bad(&f->expected) && !f->expected.refusal &&
	       f->explanation.judgement.verdict != VMW_IN_BOUNDS;
}

static const char *verdict_name(u32 verdict)
{
	return verdict < VMW_NR_VERDICTS ? vmw_verdict_names[verdict] : "nowhere";
}

static void print_asked(const struct vmw_preflight *p, const struct vmw_foreseen *f, size_t n,
			FILE *file)
{
	const struct vmw_planned *planned = f->planned;
	char size[16];

	vmw_format_size(planned->size, size, sizeof(size));
	fprintf(file, "REQUEST %zu: %s\n", n, planned->what);
	fprintf(file, "  asks for      %s (0x%llx bytes), type %s", size, (ull)planned->size,
		vmw_device_memory_names[p->type]);
	if (*planned->from)
		fprintf(file, ", by its %s%s", planned->from,
			planned->lower_bound ?
				": a lower bound, without resizable BARs it has more" :
				"");
	fputc('\n', file);
}

static void print_place(const struct vmw_preflight *p, const struct vmw_foreseen *f, FILE *file)
{
	struct vmw_explained x = explained_of(p);

	if (!f->placed)
		return;
	if (f->planned->has_address)
		fprintf(file, "  placed        by the device: the kernel does not choose\n");
	else
		fprintf(file,
			"  placed        by the kernel's search, downward from 0x%llx, around %u claims\n",
			(ull)p->kernel.phys_end, f->place.skipped);
	vmw_print_explained(&x, &f->explanation, file);
}

static void print_shares(const struct vmw_shares *shares, FILE *file)
{
	struct vmw_way ways[VMW_MAX_WAYS];
	const char *label = "of all boots";
	size_t i, n = vmw_shares_ways(shares, ways);

	if (!shares->known) {
		fprintf(file, "  %-13s share unknown: %s\n", label, shares->why);
		return;
	}
	for (i = 0; i < n; i++) {
		fprintf(file, "  %-13s %.3f %% %s, %s (%u of %d seeds)\n", label,
			100.0 * ways[i].seeds / VMW_NR_SEEDS,
			vmw_expected_names[ways[i].expected], verdict_name(ways[i].verdict),
			ways[i].seeds, VMW_NR_SEEDS);
		label = "";
	}
}

static void print_foreseen(const struct vmw_preflight *p, size_t i, FILE *file)
{
	const struct vmw_foreseen *f = &p->foreseen[i];
	char text[256];

	print_asked(p, f, i + 1, file);
	print_place(p, f, file);
	vmw_expected_words(p, &f->expected, text, sizeof(text));
	fprintf(file, "  the kernel    %s\n", text);
	print_shares(&f->shares, file);
	fputc('\n', file);
}

/* Once for each verdict. */
static void print_whys(const struct vmw_preflight *p, FILE *file)
{
	struct vmw_report report = report_of(p);
	u32 told = 0;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		struct vmw_range range = range_of(&p->foreseen[i]);

		if (!has_why(&p->foreseen[i]) || told >> range.verdict & 1)
			continue;
		told |= 1U << range.verdict;
		vmw_print_why_range(&report, &range, file);
	}
}

int vmw_export_preflight_text(const struct vmw_preflight *p, FILE *file)
{
	size_t i;

	errno = 0;
	if (!p->nr)
		fprintf(file,
			"No GPU or accelerator that tells a size is on this machine's PCI buses.\n\n");
	for (i = 0; i < p->nr; i++)
		print_foreseen(p, i, file);
	print_whys(p, file);
	fprintf(file, "seeds of other boots: %s\n", p->seeds.why);
	vmw_print_bounds(p->layout, file);
	vmw_print_kernel(&p->kernel, p->layout->kernel, false, file);
	return fflush(file) || ferror(file) ? (errno ? -errno : -EIO) : 0;
}

static void add_shares(json *object, const struct vmw_shares *shares)
{
	struct vmw_way ways[VMW_MAX_WAYS];
	size_t i, n = vmw_shares_ways(shares, ways);
	json *array;

	if (!shares->known) {
		js_add(object, "shares", js_text("unknown"));
		return;
	}
	array = json_object_new_array();
	for (i = 0; i < n; i++) {
		json *way = json_object_new_object();

		js_add(way, "outcome", js_text(vmw_expected_names[ways[i].expected]));
		js_add(way, "verdict", js_text(verdict_name(ways[i].verdict)));
		js_add(way, "seeds", js_number(ways[i].seeds));
		js_add(way, "share",
		       json_object_new_double((double)ways[i].seeds / VMW_NR_SEEDS));
		js_append(array, way);
	}
	js_add(object, "shares", array);
}

static void add_expected(json *object, const struct vmw_preflight *p,
			 const struct vmw_expected *expected)
{
	char text[256];

	js_add(object, "outcome", js_text(vmw_expected_names[expected->kind]));
	vmw_expected_words(p, expected, text, sizeof(text));
	js_add(object, "consequence", js_text(text));
	js_add(object, "warns", js_number(expected->warns));
	js_add(object, "oops", json_object_new_boolean(expected->oops));
	if (expected->panic)
		js_add(object, "panic", js_text(vmw_panic_names[expected->panic]));
	if (expected->collides)
		js_add(object, "collides", js_regions(expected->collides));
}

static void add_planned(json *object, const struct vmw_planned *planned)
{
	js_add(object, "what", js_bytes(planned->what, strlen(planned->what)));
	js_add(object, "size", js_hex(planned->size));
	if (*planned->from) {
		js_add(object, "size_from", js_text(planned->from));
		js_add(object, "lower_bound", json_object_new_boolean(planned->lower_bound));
	}
}

static json *foreseen_json(const struct vmw_preflight *p, const struct vmw_foreseen *f)
{
	struct vmw_explained x = explained_of(p);
	struct vmw_report report = report_of(p);
	struct vmw_range range = range_of(f);
	json *object = json_object_new_object();

	add_planned(object, f->planned);
	js_add(object, "placed",
	       js_text(!f->placed	       ? "nowhere" :
		       f->planned->has_address ? "by the device" :
						 "by the kernel's search"));
	if (f->placed)
		js_add_explained(object, &x, &f->explanation);
	add_expected(object, p, &f->expected);
	add_shares(object, &f->shares);
	if (has_why(f))
		js_add(object, "why", js_why_range(&report, &range));
	return object;
}

static json *search_json(const struct vmw_preflight *p)
{
	json *object = json_object_new_object();

	js_add(object, "step", js_text(step_names[p->step]));
	js_add(object, "section", js_hex(p->section));
	return object;
}

static json *seeds_json(const struct vmw_seeds *seeds)
{
	json *object = json_object_new_object();

	js_add(object, "answer",
	       js_text(!seeds->known ? "unknown" :
		       seeds->slots  ? "randomised" :
				       "fixed"));
	js_add(object, "why", js_text(seeds->why));
	if (!seeds->known)
		return object;
	js_add(object, "base", js_hex(seeds->base));
	js_add(object, "align", js_hex(seeds->align));
	js_add(object, "slots", js_number(seeds->slots));
	return object;
}

int vmw_export_preflight_json(const struct vmw_preflight *p, FILE *file)
{
	json *object = js_document(PREFLIGHT_SCHEMA, p->layout);
	json *requests = json_object_new_array();
	size_t i;

	js_add(object, "type", js_text(vmw_device_memory_names[p->type]));
	js_add(object, "bounds", js_bounds(p->layout, false));
	js_add(object, "facts", js_kernel(&p->kernel, false));
	js_add(object, "warn_count",
	       p->warn_count_known ? js_number(p->warn_count) : js_text("unknown"));
	js_add(object, "search", search_json(p));
	js_add(object, "seeds", seeds_json(&p->seeds));
	for (i = 0; i < p->nr; i++)
		js_append(requests, foreseen_json(p, &p->foreseen[i]));
	js_add(object, "requests", requests);
	js_add(object, "code", js_number(vmw_preflight_code(p)));
	return js_write(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED, file);
}
