// SPDX-License-Identifier: GPL-2.0-only
/* Sites that were probed: how often each was run, and how often out of bounds. */
#include "output/describe.h"
#include "probe/site_probes.h"

/* Runs with a struct page out of bounds; with @lookups those that are no offence. */
static u64 outside(const struct vmw_report *report, u32 number, bool lookups)
{
	const struct vmw_used *used;
	u64 n = 0;

	for (used = report->aggregate->uses; used; used = used->next) {
		if (used->site == number && used->lookup == lookups)
			n += used->counts.count;
	}
	return n;
}

static void describe_site(struct vmw_writer *w, const struct vmw_report *report, u32 number)
{
	const struct vmw_site_set *set = report->aggregate->sites;
	const struct vmw_site_probe *site = &set->sites[number - 1];
	u64 uses = outside(report, number, false), lookups = outside(report, number, true);

	vmw_begin(w, NULL);
	vmw_put_text(w, "module", NULL, vmw_site_object(set, number)->module);
	vmw_put_text(w, "function", NULL, site->function);
	vmw_put_number(w, "offset", NULL, site->offset);
	vmw_put_bool(w, "attached", site->attached);
	vmw_put_text(w, "problem", NULL, site->problem);
	vmw_put_number(w, "calls", NULL, site->calls);
	vmw_put_number(w, "out_of_bounds", NULL, uses);
	vmw_put_number(w, "lookups", NULL, lookups);
	vmw_end(w);
	if (uses)
		vmw_paragraph(w, "  pfn_to_page in %s: %llu calls, %llu out of bounds",
			      site->name, site->calls, uses);
	else if (lookups)
		vmw_paragraph(
			w, "  pfn_to_page in %s: %llu calls, %llu of pfns without a struct page",
			site->name, site->calls, lookups);
	else if (site->calls && w->verbose)
		vmw_paragraph(w, "  pfn_to_page in %s: %llu calls, none out of bounds",
			      site->name, site->calls);
	if (*site->problem)
		vmw_paragraph(w, "  pfn_to_page in %s: not attached: %s", site->name,
			      site->problem);
}

static void say_objects(struct vmw_writer *w, const struct vmw_site_set *set)
{
	u32 i, n, attached, run;

	for (i = 0; i < set->nr_objects; i++) {
		const struct vmw_site_object *object = &set->objects[i];

		attached = run = 0;
		for (n = 0; n < set->nr; n++) {
			attached += set->sites[n].object == i && set->sites[n].attached;
			run += set->sites[n].object == i && set->sites[n].calls;
		}
		vmw_paragraph(w, "  %s: %u of %u probed, %u run%s%s",
			      *object->module ? object->module : "vmlinux", attached,
			      object->found, run, *object->wrong ? ": LOST, " : "",
			      object->wrong);
	}
}

void vmw_describe_site_probes(struct vmw_writer *w, const struct vmw_report *report)
{
	const struct vmw_site_set *set = report->aggregate->sites;
	u32 number;

	if (set && set->nr_objects)
		vmw_card(w, VMW_TONE_NONE, 0, "SITES where pfn_to_page() is inlined");
	vmw_begin_list(w, "sites");
	for (number = 1; set && number <= set->nr; number++)
		describe_site(w, report, number);
	vmw_end_list(w);
	if (!set || !set->nr_objects)
		return;
	if (vmw_for_people(w))
		say_objects(w, set);
	vmw_card_end(w);
}
