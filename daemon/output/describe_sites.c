// SPDX-License-Identifier: GPL-2.0-only
/* Conversions that are inlined into code: each with whether a probe can be there. */
#include "base/build.h"
#include "base/format.h"
#include "output/describe_sites.h"
#include "output/json/json_writer.h"
#include "output/text/text_writer.h"

#define SITES_SCHEMA "vmemmapwatch.sites/1"

bool vmw_is_hidden(const struct vmw_listed_object *object)
{
	return object->sites.hidden;
}

static const char *name_of(const struct vmw_site *site)
{
	return site->function ? site->function->name : "";
}

static u64 offset_of(const struct vmw_site *site)
{
	return site->function ? site->at - site->function->start : 0;
}

static void describe_site(struct vmw_writer *w, const struct vmw_listed_object *o,
			  const struct vmw_site *site, bool live)
{
	vmw_begin(w, NULL);
	if (live)
		vmw_put_text(w, "module", NULL, o->object.name);
	vmw_put_text(w, "function", NULL, name_of(site));
	vmw_put_number(w, "offset", NULL, offset_of(site));
	vmw_put_hex(w, "instruction", site->insn);
	vmw_put_text(w, "kind", NULL, vmw_code_kind_names[site->kind]);
	vmw_put_bool(w, "probeable", !site->why);
	vmw_put_text(w, "why", NULL, site->why ? site->why : "");
	vmw_end(w);
}

static void describe_object(struct vmw_writer *w, const struct vmw_listed_object *o)
{
	const struct vmw_sites *s = &o->sites;
	int kind;

	vmw_begin(w, NULL);
	vmw_put_text(w, "name", NULL, o->object.name);
	if (*o->needed_by)
		vmw_put_text(w, "needed_by", NULL, o->needed_by);
	vmw_put_text(w, "depends", NULL, o->object.depends);
	vmw_put_number(w, "loads", NULL, s->loads);
	vmw_put_number(w, "relocations", NULL, o->object.nr_loads);
	vmw_put_number(w, "hidden", NULL, s->hidden);
	if (s->model.start) {
		vmw_put_hex(w, "vmemmap_start", s->model.start);
		vmw_put_number(w, "page_struct_size", NULL, s->model.page_struct_size);
		vmw_put_number(w, "page_shift", NULL, s->model.page_shift);
	}
	vmw_begin(w, "count");
	for (kind = VMW_CODE_NOTHING + 1; kind < VMW_CODE_NR_KINDS; kind++)
		vmw_put_number(w, vmw_code_kind_names[kind], NULL, s->nr_kind[kind]);
	vmw_end(w);
	vmw_end(w);
}

int vmw_export_sites_json(const struct vmw_site_listing *listing, FILE *file)
{
	struct vmw_json_writer json;
	struct vmw_writer *w = vmw_json_begin(&json, file, false, true);
	size_t i, j;

	vmw_put_text(w, "schema", NULL, SITES_SCHEMA);
	vmw_put_text(w, "version", NULL, vmw_version);
	vmw_begin_list(w, "objects");
	for (i = 0; i < listing->nr; i++)
		describe_object(w, &listing->objects[i]);
	vmw_end_list(w);
	vmw_begin_list(w, "sites");
	for (i = 0; i < listing->nr; i++) {
		for (j = 0; j < listing->objects[i].sites.nr; j++)
			describe_site(w, &listing->objects[i],
				      &listing->objects[i].sites.sites[j], listing->live);
	}
	vmw_end_list(w);
	return vmw_json_end(&json);
}

static void say_totals(struct vmw_writer *w, const struct vmw_listed_object *o)
{
	const struct vmw_sites *s = &o->sites;
	char count[40];

	vmw_paragraph(w, "%s%s%s%s: %s by pfn_to_page()", o->object.name,
		      *o->needed_by ? " (needed by " : "", o->needed_by, *o->needed_by ? ")" : "",
		      vmw_format_count(s->nr_kind[VMW_CODE_PFN_TO_PAGE], "conversion", count,
				       sizeof(count)));
	if (!s->loads) {
		vmw_paragraph(w, "  Its code does not read memstart_addr.");
		return;
	}
	vmw_paragraph(w,
		      "  Its code reads memstart_addr in %s: also %zu page_to_pfn, %zu pa, "
		      "%zu va, %zu not classified.",
		      vmw_format_count(s->loads, "place", count, sizeof(count)),
		      s->nr_kind[VMW_CODE_PAGE_TO_PFN], s->nr_kind[VMW_CODE_PA],
		      s->nr_kind[VMW_CODE_VA], s->nr_kind[VMW_CODE_UNCLASSIFIED]);
	if (s->model.start)
		vmw_paragraph(w,
			      "  Compiled for VMEMMAP_START 0x%llx, sizeof(struct page) %u, pages "
			      "of %uK.",
			      s->model.start, s->model.page_struct_size,
			      1U << (s->model.page_shift - 10));
	if (o->object.is_file && !o->object.has_ftrace && s->nr)
		vmw_paragraph(w, "  It has no entries of ftrace: a kernel that has ftrace refuses "
				 "probes in it.");
	if (s->hidden)
		vmw_paragraph(w,
			      "  INCOMPLETE: active probes hide %s of this code. "
			      "Detach them, and list again.",
			      vmw_format_count(s->hidden, "instruction", count, sizeof(count)));
}

static void say_site(struct vmw_writer *w, const struct vmw_site *site)
{
	char place[160];

	snprintf(place, sizeof(place), "%s+0x%llx", name_of(site), offset_of(site));
	vmw_paragraph(w, "  %-48s %08x  %-12s %s", place, site->insn,
		      vmw_code_kind_names[site->kind], site->why ? "no" : "yes");
	if (site->why)
		vmw_paragraph(w, "    no probe: %s", site->why);
}

static void say_object(struct vmw_writer *w, const struct vmw_listed_object *o)
{
	size_t i;

	say_totals(w, o);
	if (o->sites.nr)
		vmw_paragraph(w, "  %-48s %-8s  %-12s %s", "function+offset", "code", "kind",
			      "probe");
	for (i = 0; i < o->sites.nr; i++)
		say_site(w, &o->sites.sites[i]);
}

int vmw_export_sites_text(const struct vmw_site_listing *listing, FILE *file)
{
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, false);
	size_t i;

	for (i = 0; i < listing->nr; i++)
		say_object(w, &listing->objects[i]);
	return vmw_text_end(&text);
}
