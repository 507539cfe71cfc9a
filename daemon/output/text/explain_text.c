// SPDX-License-Identifier: GPL-2.0-only
/* Explanations for people. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "output/export.h"
#include "report/report.h"

static void print_regions(const struct vmw_explained *x, const struct vmw_explanation *e,
			  FILE *file)
{
	const struct vmw_region *region = vmw_layout_region(x->layout, e->what.first);
	char names[VMW_REGIONS_LEN];

	if (region && region == vmw_layout_region(x->layout, e->what.last)) {
		fprintf(file, "  region        %s 0x%016" PRIx64 "-0x%016" PRIx64 "\n",
			vmw_region_names[region->kind], region->start, region->last);
		return;
	}
	vmw_format_regions(vmw_layout_regions_of(x->layout, e->what.first, e->what.last + 1),
			   names, sizeof(names));
	fprintf(file, "  regions       %s\n", names);
}

static void print_verdict(const struct vmw_explained *x, const struct vmw_explanation *e,
			  FILE *file)
{
	const struct vmw_judgement *j = &e->judgement;
	char names[VMW_REGIONS_LEN];

	fprintf(file, "  verdict       %s", vmw_verdict_names[j->verdict]);
	if (j->verdict == VMW_IN_BOUNDS) {
		fprintf(file,
			", 0x%" PRIx64 " bytes above %s, 0x%" PRIx64 " bytes below VMEMMAP_END\n",
			e->above_start, vmw_bound_name(x->bounds, VMW_BOUND_START), e->below_end);
		return;
	}
	fprintf(file, ", 0x%" PRIx64 " bytes %s %s\n", j->distance,
		j->bound == VMW_BOUND_START ? "below" : "above",
		vmw_bound_name(x->bounds, j->bound));
	vmw_format_regions(vmw_layout_regions_of(x->layout, j->start, j->end), names,
			   sizeof(names));
	fprintf(file, "  lies in       %s; the kernel's own check %s\n", names,
		vmw_check_words(x->layout, e->kernel_warns));
}

void vmw_print_explained(const struct vmw_explained *x, const struct vmw_explanation *e,
			 FILE *file)
{
	u64 first, last;

	vmw_explain_phys(e, x->bounds, &first, &last);
	if (e->nr_pages == 1)
		fprintf(file, "  pfn           0x%" PRIx64 "\n", e->pfn);
	else
		fprintf(file, "  pfn           0x%" PRIx64 "-0x%" PRIx64 " (%" PRIu64 " pages)\n",
			e->pfn, e->pfn + e->nr_pages, e->nr_pages);
	fprintf(file, "  physical      0x%" PRIx64 "-0x%" PRIx64 "\n", first, last);
	if (e->nr_pages == 1)
		fprintf(file, "  struct page   0x%016" PRIx64, e->judgement.start);
	else
		fprintf(file, "  struct pages  0x%016" PRIx64 "-0x%016" PRIx64,
			e->judgement.start, e->judgement.end);
	if (e->offset)
		fprintf(file, " (0x%" PRIx64 " bytes into it)", e->offset);
	fputc('\n', file);
	print_verdict(x, e, file);
}

static void print_memory(const struct vmw_explained *x, const struct vmw_explanation *e,
			 FILE *file)
{
	static const char *const words[] = {
		[VMW_RAM_NO] = "no",
		[VMW_RAM_PARTLY] = "partly",
		[VMW_RAM_YES] = "yes",
	};
	const char *label = "/proc/iomem";
	u64 first, last;
	size_t i;

	if (!x->iomem) {
		fprintf(file, "  System RAM    unknown: %s\n", x->iomem_why);
		return;
	}
	vmw_explain_phys(e, x->bounds, &first, &last);
	fprintf(file, "  System RAM    %s\n", words[vmw_iomem_ram(x->iomem, first, last)]);
	for (i = 0; i < x->iomem->nr; i++) {
		const struct vmw_resource *r = &x->iomem->resources[i];

		if (r->last < first || r->start > last)
			continue;
		fprintf(file, "  %-13s %*s0x%" PRIx64 "-0x%" PRIx64 " : %s\n", label,
			2 * (int)r->depth, "", r->start, r->last, r->name);
		label = "";
	}
	if (*label)
		fprintf(file, "  %-13s nothing claims it\n", label);
}

static void print(const struct vmw_explained *x, const struct vmw_explanation *e, FILE *file)
{
	fprintf(file, "%s\n", e->what.text);
	if (e->what.kind == VMW_WHAT_ADDRESS)
		print_regions(x, e, file);
	if (e->is_linear)
		fprintf(file, "  maps          physical 0x%" PRIx64 "\n", e->linear_phys);
	if (e->has_pages)
		vmw_print_explained(x, e, file);
	else if (!e->is_linear)
		fprintf(file, "  struct page   of no pfn: physical memory ends at 2^52\n");
	if (e->what.kind != VMW_WHAT_ADDRESS)
		print_memory(x, e, file);
	fputc('\n', file);
}

static void print_bound(const struct vmw_layout *layout, enum vmw_value_id id, FILE *file)
{
	const struct vmw_value *value = &layout->values[id];

	fprintf(file, "  %-25s 0x%016" PRIx64 "  %s\n", vmw_value_infos[id].name,
		value->readings[0].value, vmw_layout_agreement(layout, id));
}

void vmw_print_bounds(const struct vmw_layout *layout, FILE *file)
{
	fprintf(file, "by these values (--layout tells where each was read)\n");
	print_bound(layout, VMW_VALUE_VMEMMAP, file);
	print_bound(layout, VMW_VALUE_START, file);
	print_bound(layout, VMW_VALUE_EFFECTIVE, file);
	print_bound(layout, VMW_VALUE_END, file);
}

int vmw_export_explained_text(const struct vmw_explained *x, FILE *file)
{
	size_t i;

	errno = 0;
	for (i = 0; i < x->nr; i++)
		print(x, &x->explanations[i], file);
	vmw_print_bounds(x->layout, file);
	return fflush(file) || ferror(file) ? (errno ? -errno : -EIO) : 0;
}
