// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "kernel/taints.h"
#include "report/redact.h"
#include "report/timeline.h"

/*
 * struct pages are added by subsections of 2 MiB, whatever the page size
 * (SUBSECTION_SHIFT, include/linux/mmzone.h 5.10.223 to 7.2.13).
 */
#define SUBSECTION (2ULL << 20)

struct story {
	const struct vmw_report *report;
	const struct vmw_request *request;
	struct vmw_step *steps;
	size_t nr;
};

static struct vmw_step *add(struct story *s, u64 time_ns, const char *what)
{
	struct vmw_step *step;

	if (s->nr == VMW_MAX_STEPS)
		return NULL;
	step = &s->steps[s->nr++];
	memset(step, 0, sizeof(*step));
	step->time_ns = time_ns;
	step->what = what;
	step->count = 1;
	return step;
}

static void add_module(struct story *s)
{
	const struct vmw_module_seen *seen = vmw_aggregate_module(
		s->report->aggregate, s->request->driver, s->request->first.time_ns);
	char name[4 * VMW_MODULE_LEN + 1], version[4 * VMW_VERSION_LEN + 1], taints[16];
	struct vmw_step *step;

	if (!seen || !seen->loaded_ns)
		return;
	step = add(s, seen->loaded_ns, "module");
	if (!step)
		return;
	vmw_format_bytes(seen->name, sizeof(seen->name), name, sizeof(name));
	vmw_format_bytes(seen->version, sizeof(seen->version), version, sizeof(version));
	vmw_format_taints(seen->taints, taints, sizeof(taints));
	snprintf(step->text, sizeof(step->text), "%s is loaded%s%s%s%s", name,
		 *version ? ", version " : "", version, *taints ? ", taints " : "", taints);
	if (!seen->started_ns || seen->started_ns < s->request->first.time_ns)
		return;
	step = add(s, seen->started_ns, "module");
	if (step && seen->died)
		snprintf(step->text, sizeof(step->text), "the task that loaded %s is dead", name);
	else if (step)
		snprintf(step->text, sizeof(step->text), "init of %s returned %d", name,
			 seen->result);
}

static bool is_region(const struct vmw_observation *o)
{
	return o->header.probe == VMW_PROBE_REGION_GIVEN ||
	       o->header.probe == VMW_PROBE_DEVM_REGION_GIVEN;
}

static bool holds(const struct vmw_observation *o, const struct vmw_request *request)
{
	return request->nr_ranges && o->nr_pages && request->ranges[0].pfn - o->pfn < o->nr_pages;
}

static void add_no_region(struct story *s)
{
	u64 asked = vmw_report_asked(s->report, s->request);
	struct vmw_step *step = add(s, s->request->first.time_ns, "region");

	if (step && asked)
		snprintf(step->text, sizeof(step->text),
			 "asks for 0x%llx free bytes, is given none", asked);
	else if (step)
		snprintf(step->text, sizeof(step->text), "asks for free bytes, is given none");
}

/* The last range that this was cut from, whoever asked: drivers keep them. */
static void add_region(struct story *s)
{
	const struct vmw_aggregate *agg = s->report->aggregate;
	const struct vmw_observation *o, *found = NULL;
	unsigned int shift = s->report->bounds->page_shift;
	char given[VMW_PLACES_LEN];
	struct vmw_step *step;
	size_t i;

	for (i = 0; i < agg->nr_observations; i++) {
		o = &agg->observations[i];
		if (is_region(o) && holds(o, s->request) &&
		    o->header.time_ns <= s->request->first.time_ns)
			found = o;
	}
	if (!found)
		return;
	vmw_format_places(s->report->redact, found->pfn << shift,
			  ((found->pfn + found->nr_pages) << shift) - 1, 1, given);
	step = add(s, found->header.time_ns, "region");
	if (step)
		snprintf(step->text, sizeof(step->text),
			 "asks for 0x%llx free bytes, is given physical %s", found->asked, given);
}

static struct vmw_step *find_step(struct story *s, const char *what)
{
	size_t i;

	for (i = 0; i < s->nr; i++) {
		if (s->steps[i].what == what)
			return &s->steps[i];
	}
	return NULL;
}

/* WARNs and results are told with more than the probe knows. */
static bool is_step(const struct vmw_observation *o)
{
	u16 probe = o->header.probe;

	if (probe == VMW_PROBE_WARN || probe == VMW_PROBE_ERROR_REPORT_END)
		return false;
	return probe == VMW_PROBE_MHP_ALLOWED || vmw_probe_infos[probe].point != VMW_POINT_RETURN;
}

/* Is it of all of a range? Then the request says where that is. */
static bool is_whole_range(const struct vmw_request *request, const struct vmw_observation *o)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (request->ranges[i].pfn == o->pfn && request->ranges[i].nr_pages == o->nr_pages)
			return true;
	}
	return false;
}

static void describe(struct story *s, struct vmw_step *step, const struct vmw_observation *o)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];
	char pages[VMW_PLACES_LEN], address[VMW_ADDRESS_LEN], pfn[VMW_ADDRESS_LEN];
	bool redact = s->report->redact;
	size_t n;

	n = snprintf(step->text, sizeof(step->text), "%s", info->meaning);
	if (o->header.probe == VMW_PROBE_MHP_ALLOWED)
		n = snprintf(step->text, sizeof(step->text), "the kernel %s this range",
			     o->result ? "allows" : "refuses");
	if (o->header.probe == VMW_PROBE_FAULT) {
		vmw_format_address(redact, VMW_SECRET_PLACE, o->address, 16, address);
		snprintf(step->text + n, sizeof(step->text) - n, ": %s", address);
	}
	if (!o->nr_pages || n >= sizeof(step->text) || is_whole_range(s->request, o))
		return;
	vmw_format_address(redact, VMW_SECRET_PLACE, o->pfn, 1, pfn);
	vmw_format_places(redact, o->pages_start, o->pages_end, 16, pages);
	snprintf(step->text + n, sizeof(step->text) - n, ": pfn %s+0x%llx, struct pages %s %s",
		 pfn, o->nr_pages, pages,
		 vmw_verdict_names[o->verdict < VMW_NR_VERDICTS ? o->verdict : 0]);
}

/* One step for all of one probe: a GPU has hundreds of sections. */
static void add_observations(struct story *s)
{
	const struct vmw_aggregate *agg = s->report->aggregate;
	struct vmw_step *step;
	size_t i;

	for (i = 0; i < agg->nr_observations; i++) {
		const struct vmw_observation *o = &agg->observations[i];
		const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];

		if (o->header.request != s->request->id || !is_step(o))
			continue;
		step = find_step(s, info->symbol);
		if (step) {
			step->count++;
			continue;
		}
		step = add(s, o->header.time_ns, info->symbol);
		if (step)
			describe(s, step, o);
	}
}

static void add_warns(struct story *s)
{
	const struct vmw_warn *warn;
	struct vmw_step *step;

	for (warn = s->report->aggregate->warns; warn; warn = warn->next) {
		const char *what = warn->foreign ? "foreign warn" : "warn";

		if (warn->header.request != s->request->id)
			continue;
		step = find_step(s, what);
		if (step) {
			step->count++;
			continue;
		}
		step = add(s, warn->header.time_ns, what);
		if (step)
			snprintf(step->text, sizeof(step->text), "the kernel WARNs at %s%s",
				 vmw_redact_symbol(s->report->redact, warn->symbol),
				 warn->foreign ? " (unrelated to vmemmap)" : "");
	}
}

static void add_result(struct story *s)
{
	const struct vmw_request *request = s->request;
	struct vmw_step *step;
	char name[32], why[160];

	if (request->outcome == VMW_PENDING)
		return;
	step = add(s, request->last_ns, "result");
	if (!step)
		return;
	snprintf(step->text, sizeof(step->text), "%s", vmw_outcome_names[request->outcome]);
	if (request->outcome == VMW_DIED && request->fault_ip)
		snprintf(step->text, sizeof(step->text), "died: the kernel oopsed at %s",
			 vmw_redact_symbol(s->report->redact, request->fault_symbol));
	if (!request->error)
		return;
	vmw_format_errno(request->error, name, sizeof(name));
	vmw_refusal_reason(s->report, request, why, sizeof(why));
	snprintf(step->text, sizeof(step->text), "%s with %s%s%s",
		 vmw_outcome_names[request->outcome], name, *why ? ": " : "", why);
}

static int compare(const void *a, const void *b)
{
	const struct vmw_step *x = a, *y = b;

	return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

size_t vmw_timeline(const struct vmw_report *report, const struct vmw_request *request,
		    struct vmw_step steps[VMW_MAX_STEPS])
{
	struct story story = { .report = report, .request = request, .steps = steps };

	add_module(&story);
	if (request->kind == VMW_REQUEST_REGION)
		add_no_region(&story);
	else
		add_region(&story);
	add_observations(&story);
	add_warns(&story);
	add_result(&story);
	qsort(steps, story.nr, sizeof(*steps), compare);
	return story.nr;
}

/* Another request that has some of these pfns, and came before. */
static const struct vmw_request *find_conflict(const struct vmw_report *report,
					       const struct vmw_request *request)
{
	const struct vmw_request *other;
	size_t i, n;

	for (other = report->aggregate->requests; other && other != request; other = other->next) {
		if (other->outcome != VMW_ACCEPTED)
			continue;
		for (i = 0; i < request->nr_ranges; i++) {
			const struct vmw_range *a = &request->ranges[i];

			for (n = 0; n < other->nr_ranges; n++) {
				const struct vmw_range *b = &other->ranges[n];

				if (a->pfn - b->pfn < b->nr_pages || b->pfn - a->pfn < a->nr_pages)
					return other;
			}
		}
	}
	return NULL;
}

static bool is_misaligned(const struct vmw_report *report, const struct vmw_range *range)
{
	u64 mask = (SUBSECTION >> report->bounds->page_shift) - 1;

	return (range->pfn & mask) || (range->nr_pages & mask);
}

void vmw_refusal_reason(const struct vmw_report *report, const struct vmw_request *request,
			char *text, size_t size)
{
	const struct vmw_request *conflict;
	char allowed[VMW_PLACES_LEN];
	struct vmw_limit limit;
	size_t i;

	text[0] = '\0';
	if (request->kind == VMW_REQUEST_REGION) {
		snprintf(text, size, "no such range of physical addresses is free");
		return;
	}
	if (vmw_report_limit(report, request, &limit)) {
		vmw_format_places(report->redact, limit.start, limit.end, 1, allowed);
		snprintf(text, size, "beyond what the kernel allows, %s", allowed);
		return;
	}
	if (request->denied) {
		snprintf(text, size, "beyond what the kernel allows");
		return;
	}
	for (i = 0; i < request->nr_ranges; i++) {
		if (!is_misaligned(report, &request->ranges[i]))
			continue;
		snprintf(text, size, "its range is not aligned to 2 MiB");
		return;
	}
	conflict = find_conflict(report, request);
	if (conflict)
		snprintf(text, size, "its range is taken: %.60s has it", conflict->driver);
}
