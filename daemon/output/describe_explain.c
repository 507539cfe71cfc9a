// SPDX-License-Identifier: GPL-2.0-only
/* What an address, a pfn or a physical range is. */

#include "output/describe_explain.h"
#include "output/json/json_writer.h"
#include "output/text/text_writer.h"

#define EXPLAIN_SCHEMA "vmemmapwatch.explain/1"

static void say_range(struct vmw_writer *w, const char *one, const char *many, u64 first,
		      u64 end, u64 nr, const char *behind)
{
	if (nr == 1)
		vmw_line(w, one, "0x%llx%s", first, behind);
	else
		vmw_line(w, many, "0x%llx-0x%llx%s", first, end, behind);
}

static void say_verdict(struct vmw_writer *w, const struct vmw_explained *x,
			const struct vmw_explanation *e)
{
	const struct vmw_judgement *j = &e->judgement;
	char distance[48], names[VMW_REGIONS_LEN];
	u32 regions;

	if (j->verdict == VMW_IN_BOUNDS) {
		vmw_line(w, "verdict",
			 "%s, 0x%llx bytes above %s, 0x%llx bytes below VMEMMAP_END",
			 vmw_verdict_names[j->verdict], e->above_start,
			 vmw_bound_name(x->bounds, VMW_BOUND_START), e->below_end);
		return;
	}
	vmw_format_distance(j->distance, distance, sizeof(distance));
	vmw_line(w, "verdict", "%s, %s %s %s", vmw_verdict_names[j->verdict], distance,
		 j->bound == VMW_BOUND_START ? "below" : "above",
		 vmw_bound_name(x->bounds, j->bound));
	regions = vmw_layout_regions_of(x->layout, j->start, j->end);
	if (!e->refused) {
		vmw_say_lies_in(w, x->layout, regions, e->kernel_warns);
		return;
	}
	vmw_format_regions(regions, names, sizeof(names));
	vmw_line(w, "would lie in", "%s",
		 regions == 1U << VMW_REGION_HOLE ? "unmapped addresses" : names);
}

static void say_pages(struct vmw_writer *w, const struct vmw_explained *x,
		      const struct vmw_explanation *e, u64 first, u64 last)
{
	const struct vmw_judgement *j = &e->judgement;
	char count[48] = "", offset[48] = "";

	if (e->nr_pages != 1)
		snprintf(count, sizeof(count), " (%llu pages)", e->nr_pages);
	if (e->offset)
		snprintf(offset, sizeof(offset), " (0x%llx bytes into it)", e->offset);
	say_range(w, "pfn", "pfn", e->pfn, e->pfn + e->nr_pages, e->nr_pages, count);
	vmw_line(w, "physical", "0x%llx-0x%llx", first, last);
	if (e->nr_pages == 1)
		vmw_line(w, "struct page", "0x%016llx%s", j->start, offset);
	else
		vmw_line(w, "struct pages", "0x%016llx-0x%016llx%s", j->start, j->end, offset);
	say_verdict(w, x, e);
}

void vmw_describe_explained(struct vmw_writer *w, const struct vmw_explained *x,
			    const struct vmw_explanation *e)
{
	const struct vmw_judgement *j = &e->judgement;
	u64 first, last;

	vmw_explain_phys(e, x->bounds, &first, &last);
	vmw_put_pair(w, "pfn", "start", e->pfn, "end", e->pfn + e->nr_pages);
	vmw_put_pair(w, "phys", "start", first, "last", last);
	vmw_put_pair(w, "struct_pages", "start", j->start, "end", j->end);
	vmw_put_number(w, "pages", NULL, e->nr_pages);
	vmw_put_number(w, "offset", NULL, e->offset);
	vmw_put_text(w, "verdict", NULL, vmw_verdict_names[j->verdict]);
	vmw_put_bool(w, "kernel_warns", e->kernel_warns);
	vmw_describe_regions(w, "struct_page_regions",
			     vmw_layout_regions_of(x->layout, j->start, j->end));
	if (j->verdict == VMW_IN_BOUNDS) {
		vmw_put_hex(w, "above_start", e->above_start);
		vmw_put_hex(w, "below_end", e->below_end);
	} else {
		vmw_put_text(w, "bound", NULL, vmw_bound_name(x->bounds, j->bound));
		vmw_put_hex(w, "distance", j->distance);
	}
	if (vmw_for_people(w))
		say_pages(w, x, e, first, last);
}

static void describe_claims(struct vmw_writer *w, const struct vmw_iomem *iomem, u64 first,
			    u64 last)
{
	const char *label = "/proc/iomem";
	size_t i;

	vmw_begin_list(w, "iomem");
	for (i = 0; i < iomem->nr; i++) {
		const struct vmw_resource *r = &iomem->resources[i];

		if (r->last < first || r->start > last)
			continue;
		vmw_begin(w, NULL);
		vmw_put_hex(w, "start", r->start);
		vmw_put_hex(w, "last", r->last);
		vmw_put_number(w, "depth", NULL, r->depth);
		vmw_put_text(w, "name", NULL, r->name);
		vmw_end(w);
		vmw_line(w, label, "%*s0x%llx-0x%llx : %s", 2 * (int)r->depth, "", r->start,
			 r->last, r->name);
		label = "";
	}
	vmw_end_list(w);
	if (*label)
		vmw_line(w, label, "nothing claims it");
}

static void describe_memory(struct vmw_writer *w, const struct vmw_explained *x, u64 first,
			    u64 last)
{
	static const char *const words[] = {
		[VMW_RAM_NO] = "no",
		[VMW_RAM_PARTLY] = "partly",
		[VMW_RAM_YES] = "yes",
	};

	if (!x->iomem) {
		vmw_put_text(w, "system_ram", NULL, "unknown");
		vmw_put_text(w, "system_ram_unknown", NULL, x->iomem_why);
		vmw_line(w, "System RAM", "unknown: %s", x->iomem_why);
		return;
	}
	vmw_put_text(w, "system_ram", "System RAM", words[vmw_iomem_ram(x->iomem, first, last)]);
	describe_claims(w, x->iomem, first, last);
}

/* What has such addresses. */
static const char *const meanings[VMW_NR_REGIONS] = {
	[VMW_REGION_USER] = "memory of programs: each process has its own",
	[VMW_REGION_NON_CANONICAL] = "nothing: the CPU faults on such addresses",
	[VMW_REGION_LINEAR] = "physical memory, as the kernel sees all of it",
	[VMW_REGION_KASAN] = "what KASAN knows of other memory",
	[VMW_REGION_BPF_JIT] = "code that the kernel made of BPF programs",
	[VMW_REGION_MODULES] = "code and data of loaded modules",
	[VMW_REGION_IMAGE] = "the kernel's own code and data",
	[VMW_REGION_VMALLOC] = "vmalloc() and ioremap()",
	[VMW_REGION_FIXMAP] = "the fixmap, for early and special mappings",
	[VMW_REGION_PCI_IO] = "I/O ports of PCI devices",
	[VMW_REGION_VMEMMAP] = "struct pages",
	[VMW_REGION_HOLE] = "nothing: no memory is mapped there",
};

static void describe_symbol(struct vmw_writer *w, const struct vmw_explained *x,
			    const struct vmw_explanation *e)
{
	if (*e->symbol)
		vmw_put_text(w, "symbol", "symbol", e->symbol);
	else
		vmw_line(w, "symbol", "unknown: %s",
			 x->symbols_why ? x->symbols_why : "/proc/kallsyms has none for it");
}

static void describe_where(struct vmw_writer *w, const struct vmw_explained *x,
			   const struct vmw_explanation *e)
{
	u32 kinds = vmw_layout_regions_of(x->layout, e->what.first, e->what.last + 1);
	const struct vmw_region *region = vmw_layout_region(x->layout, e->what.first);
	char names[VMW_REGIONS_LEN];

	vmw_describe_regions(w, "regions", kinds);
	vmw_format_regions(kinds, names, sizeof(names));
	if (e->region == VMW_NR_REGIONS) {
		vmw_line(w, "regions", "%s", names);
		return;
	}
	vmw_line(w, "region", "%s 0x%016llx-0x%016llx", names, region->start, region->last);
	if (meanings[e->region])
		vmw_put_text(w, "holds", "holds", meanings[e->region]);
	if (vmw_explain_has_symbol(e))
		describe_symbol(w, x, e);
	if (!e->is_mapped)
		return;
	vmw_put_hex(w, "maps_phys", e->mapped_phys);
	vmw_line(w, "maps", "physical 0x%llx", e->mapped_phys);
	describe_memory(w, x, e->mapped_phys, e->mapped_phys + (e->what.last - e->what.first));
}

/* Why there are no struct pages of it. */
static void say_no_page(struct vmw_writer *w, const struct vmw_explanation *e)
{
	switch (e->region) {
	case VMW_REGION_USER:
		vmw_line(w, "struct page",
			 "no; but of an oops it may be one out of bounds: --decode its log");
		return;
	case VMW_REGION_NON_CANONICAL:
	case VMW_REGION_HOLE:
	case VMW_REGION_UNKNOWN:
	case VMW_NR_REGIONS:
		vmw_line(w, "struct page", "of no pfn: physical memory ends at 2^52");
		return;
	default:
		vmw_line(w, "struct page", "no");
	}
}

static void describe_one(struct vmw_writer *w, const struct vmw_explained *x,
			 const struct vmw_explanation *e)
{
	u64 first, last;

	vmw_card(w, VMW_TONE_NONE, 0, "%s", e->what.text);
	vmw_put_text(w, "what", NULL, e->what.text);
	vmw_put_text(w, "kind", NULL, vmw_what_names[e->what.kind]);
	vmw_put_hex(w, "first", e->what.first);
	vmw_put_hex(w, "last", e->what.last);
	if (e->what.kind == VMW_WHAT_ADDRESS)
		describe_where(w, x, e);
	vmw_put_bool(w, "is_struct_page", e->has_pages);
	if (e->has_pages)
		vmw_describe_explained(w, x, e);
	else
		say_no_page(w, e);
	if (e->what.kind != VMW_WHAT_ADDRESS) {
		vmw_explain_phys(e, x->bounds, &first, &last);
		describe_memory(w, x, first, last);
	}
	vmw_card_end(w);
}

static void describe_all(struct vmw_writer *w, const struct vmw_explained *x)
{
	size_t i;

	vmw_describe_document(w, EXPLAIN_SCHEMA, x->layout);
	vmw_describe_bounds(w, x->layout);
	vmw_begin_list(w, "explained");
	for (i = 0; i < x->nr; i++) {
		vmw_begin(w, NULL);
		describe_one(w, x, &x->explanations[i]);
		vmw_end(w);
	}
	vmw_end_list(w);
	vmw_say_bounds(w, x->layout);
}

int vmw_export_explained_text(const struct vmw_explained *x, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, false);

	describe_all(w, x);
	return vmw_text_end(&text);
}

int vmw_export_explained_json(const struct vmw_explained *x, FILE *file)
{
	struct vmw_json_writer json;

	describe_all(vmw_json_begin(&json, file, false, true), x);
	return vmw_json_end(&json);
}
