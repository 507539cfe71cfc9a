// SPDX-License-Identifier: GPL-2.0-only
/* What --preflight foresees. */
#include <stdio.h>

#include "output/describe_explain.h"
#include "output/describe_preflight.h"
#include "output/describe_support.h"
#include "output/json/json_writer.h"
#include "output/text/text_writer.h"

#define PREFLIGHT_SCHEMA "vmemmapwatch.preflight/1"

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

/* report/why.c asks for no more of a report than this. */
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
	const struct vmw_explanation *e = &f->explanation;

	return vmw_judged_range(e->pfn, e->nr_pages, &e->judgement);
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

static void describe_planned(struct vmw_writer *w, const struct vmw_preflight *p,
			     const struct vmw_planned *planned)
{
	char size[16];

	vmw_put_text(w, "what", NULL, planned->what);
	vmw_put_hex(w, "size", planned->size);
	if (*planned->from) {
		vmw_put_text(w, "size_from", NULL, planned->from);
		vmw_put_bool(w, "lower_bound", planned->lower_bound);
	}
	vmw_format_size(planned->size, size, sizeof(size));
	vmw_line(w, "asks for", "%s (0x%llx bytes), type %s%s%s%s", size, planned->size,
		 vmw_device_memory_names[p->type], *planned->from ? ", by its " : "",
		 planned->from,
		 *planned->from && planned->lower_bound ?
			 ": a lower bound, without resizable BARs it has more" :
			 "");
}

static void describe_place(struct vmw_writer *w, const struct vmw_preflight *p,
			   const struct vmw_foreseen *f)
{
	struct vmw_explained x = explained_of(p);

	vmw_put_text(w, "placed", NULL,
		     !f->placed		     ? "nowhere" :
		     f->planned->has_address ? "by the device" :
					       "by the kernel's search");
	if (!f->placed)
		return;
	if (f->planned->has_address)
		vmw_line(w, "placed", "by the device: the kernel does not choose");
	else
		vmw_line(w, "placed",
			 "by the kernel's search, downward from 0x%llx, around %u claims",
			 p->kernel.phys_end, f->place.skipped);
	vmw_describe_explained(w, &x, &f->explanation);
}

static void describe_expected(struct vmw_writer *w, const struct vmw_preflight *p,
			      const struct vmw_expected *expected)
{
	char text[256];

	vmw_put_text(w, "outcome", NULL, vmw_expected_names[expected->kind]);
	vmw_expected_words(p, expected, text, sizeof(text));
	vmw_put_text(w, "consequence", "the kernel", text);
	vmw_put_number(w, "warns", NULL, expected->warns);
	vmw_put_bool(w, "oops", expected->oops);
	if (expected->panic)
		vmw_put_text(w, "panic", NULL, vmw_panic_names[expected->panic]);
	if (expected->collides)
		vmw_describe_regions(w, "collides", expected->collides);
}

static void describe_shares(struct vmw_writer *w, const struct vmw_shares *shares)
{
	struct vmw_way ways[VMW_MAX_WAYS];
	size_t i, n = vmw_shares_ways(shares, ways);

	if (!shares->known) {
		vmw_put_text(w, "shares", NULL, "unknown");
		vmw_line(w, "of all boots", "share unknown: %s", shares->why);
		return;
	}
	vmw_begin_list(w, "shares");
	for (i = 0; i < n; i++) {
		const char *expected = vmw_expected_names[ways[i].expected];
		double share = (double)ways[i].seeds / VMW_NR_SEEDS;

		vmw_begin(w, NULL);
		vmw_put_text(w, "outcome", NULL, expected);
		vmw_put_text(w, "verdict", NULL, verdict_name(ways[i].verdict));
		vmw_put_number(w, "seeds", NULL, ways[i].seeds);
		vmw_put_fraction(w, "share", share);
		vmw_end(w);
		vmw_line(w, i ? "" : "of all boots", "%.3f %% %s, %s (%u of %d seeds)",
			 100 * share, expected, verdict_name(ways[i].verdict), ways[i].seeds,
			 VMW_NR_SEEDS);
	}
	vmw_end_list(w);
}

static void describe_foreseen(struct vmw_writer *w, const struct vmw_preflight *p, size_t i)
{
	const struct vmw_foreseen *f = &p->foreseen[i];
	struct vmw_report report = report_of(p);
	struct vmw_range range = range_of(f);

	vmw_card(w, VMW_TONE_NONE, 0, "REQUEST %zu: %s", i + 1, f->planned->what);
	describe_planned(w, p, f->planned);
	describe_place(w, p, f);
	describe_expected(w, p, &f->expected);
	describe_shares(w, &f->shares);
	if (has_why(f) && !vmw_for_people(w))
		vmw_describe_why_range(w, "why", &report, &range);
	vmw_card_end(w);
}

/* For people once for each verdict, behind all requests. */
static void say_why(struct vmw_writer *w, const struct vmw_preflight *p)
{
	struct vmw_report report = report_of(p);
	u32 said = 0;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		struct vmw_range range = range_of(&p->foreseen[i]);

		if (!has_why(&p->foreseen[i]) || said >> range.verdict & 1)
			continue;
		said |= 1U << range.verdict;
		vmw_describe_why_range(w, NULL, &report, &range);
	}
}

static void describe_seeds(struct vmw_writer *w, const struct vmw_seeds *seeds)
{
	vmw_begin(w, "seeds");
	vmw_put_text(w, "answer", NULL,
		     !seeds->known ? "unknown" :
		     seeds->slots  ? "randomised" :
				     "fixed");
	vmw_put_text(w, "why", NULL, seeds->why);
	if (seeds->known) {
		vmw_put_hex(w, "base", seeds->base);
		vmw_put_hex(w, "align", seeds->align);
		vmw_put_number(w, "slots", NULL, seeds->slots);
	}
	vmw_end(w);
	vmw_paragraph(w, "Seeds of other boots: %s.", seeds->why);
	vmw_paragraph(w, "%s", "");
}

static void describe_basis(struct vmw_writer *w, const struct vmw_preflight *p)
{
	vmw_put_text(w, "type", NULL, vmw_device_memory_names[p->type]);
	describe_seeds(w, &p->seeds);
	vmw_describe_bounds(w, p->layout);
	vmw_say_bounds(w, p->layout);
	vmw_describe_kernel(w, &p->kernel, p->layout->kernel);
	if (p->warn_count_known)
		vmw_put_number(w, "warn_count", NULL, p->warn_count);
	else
		vmw_put_text(w, "warn_count", NULL, "unknown");
	vmw_begin(w, "search");
	vmw_put_text(w, "step", NULL, step_names[p->step]);
	vmw_put_hex(w, "section", p->section);
	vmw_end(w);
}

/* The first request that ends badly stands for all of them. */
static const struct vmw_foreseen *worst_of(const struct vmw_preflight *p)
{
	size_t i;

	for (i = 0; i < p->nr; i++) {
		if (vmw_expected_is_bad(&p->foreseen[i].expected))
			return &p->foreseen[i];
	}
	return NULL;
}

static void say_good(struct vmw_writer *w, const struct vmw_preflight *p)
{
	char requests[40];
	size_t i, refused = 0;

	for (i = 0; i < p->nr; i++)
		refused += p->foreseen[i].expected.refusal != VMW_REFUSAL_NONE;
	vmw_format_count(p->nr, "request", requests, sizeof(requests));
	if (!p->nr)
		vmw_headline(
			w, VMW_TONE_NONE,
			"Nothing was predicted: no GPU with a known size is on the PCI buses.");
	else if (!refused)
		vmw_headline(w, VMW_TONE_GOOD, "%s: all struct pages would be in bounds.",
			     requests);
	else
		vmw_headline(w, VMW_TONE_NONE,
			     "%s: the kernel would refuse %zu; none would be "
			     "out of bounds.",
			     requests, refused);
	vmw_say_fix(w, &p->kernel, p->layout->kernel, "");
	vmw_headline(w, VMW_TONE_NONE,
		     p->nr ? "Next: nothing to do on this boot." :
			     "Next: name a size, as in `--preflight 80G`.");
}

static void say_verdict(struct vmw_writer *w, const struct vmw_preflight *p)
{
	static const char *const does[VMW_NR_EXPECTED] = {
		[VMW_EXPECT_ACCEPTED] = "would take it",
		[VMW_EXPECT_WARN] = "would WARN and go on",
		[VMW_EXPECT_OOPS] = "would oops",
		[VMW_EXPECT_UNDEFINED] = "would overwrite other memory",
		[VMW_EXPECT_PANIC] = "would panic",
		[VMW_EXPECT_REFUSED] = "would refuse it",
	};
	const struct vmw_foreseen *f = worst_of(p);
	u32 verdict;

	if (!f) {
		say_good(w, p);
		return;
	}
	verdict = f->explanation.judgement.verdict;
	if (f->placed && verdict != VMW_IN_BOUNDS)
		vmw_headline(w, VMW_TONE_BAD, "A request for %s would get struct pages %s.",
			     f->planned->what, vmw_verdict_words[verdict]);
	else
		vmw_headline(w, VMW_TONE_BAD, "A request for %s would end badly.",
			     f->planned->what);
	vmw_say_fix(w, &p->kernel, p->layout->kernel, does[f->expected.kind]);
	vmw_say_next(w, &p->kernel, 1U << verdict, "the driver");
}

static void describe_preflight(struct vmw_writer *w, const struct vmw_preflight *p)
{
	size_t i;

	vmw_describe_document(w, PREFLIGHT_SCHEMA, p->layout);
	say_verdict(w, p);
	vmw_begin_list(w, "requests");
	for (i = 0; i < p->nr; i++) {
		vmw_begin(w, NULL);
		describe_foreseen(w, p, i);
		vmw_end(w);
	}
	vmw_end_list(w);
	if (vmw_for_people(w))
		say_why(w, p);
	describe_basis(w, p);
	vmw_put_number(w, "code", NULL, vmw_preflight_code(p));
}

int vmw_export_preflight_text(const struct vmw_preflight *p, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, false);

	describe_preflight(w, p);
	return vmw_text_end(&text);
}

int vmw_export_preflight_json(const struct vmw_preflight *p, FILE *file)
{
	struct vmw_json_writer json;

	describe_preflight(vmw_json_begin(&json, file, false, true), p);
	return vmw_json_end(&json);
}
