// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <time.h>

#include "probe/site_probes.h"
#include "report/report.h"

u64 vmw_report_unexplained(const struct vmw_report *report)
{
	const struct vmw_warn *warn;
	u64 n = report->warns_unseen;

	for (warn = report->aggregate->warns; warn; warn = warn->next)
		n += !warn->foreign && !warn->offender && !warn->header.request;
	return n;
}

const char vmw_loss_of_warns[] = "requests that the kernel warned of and no probe saw";
const char vmw_loss_of_silences[] = "times that attached probes did not fire";

u64 vmw_report_silences(const struct vmw_report *report)
{
	u64 n = 0;
	int way;

	for (way = 0; way < VMW_NR_WAYS; way++)
		n += report->sight[way].times;
	return n;
}

const char *vmw_firing_word(const struct vmw_report *report, enum vmw_attach_way way)
{
	if (report->sight[way].silent_ns)
		return "silent";
	return report->sight[way].fired_ns ? "fires" : "unchecked";
}

bool vmw_report_lost(const struct vmw_report *report)
{
	int place;

	for (place = 0; place < VMW_NR_LOSSES; place++) {
		if (report->losses.count[place])
			return true;
	}
	if (vmw_report_silences(report) || vmw_report_unexplained(report))
		return true;
	return report->losses_error || report->read_error || report->losses.missed ||
	       report->aggregate->out_of_memory || report->aggregate->nr_dropped;
}

const struct vmw_probe_status *vmw_report_probe(const struct vmw_report *report, int id)
{
	static const struct vmw_probe_status nothing = { .left_out = true };

	return report->probes ? vmw_probes_status(report->probes, id) : &nothing;
}

void vmw_report_memory_type(const struct vmw_report *report, u32 type, char *name, size_t size)
{
	if (report->probes)
		vmw_probes_memory_type(report->probes, type, name, size);
	else
		snprintf(name, size, "type %u", type);
}

bool vmw_report_is_use(const struct vmw_used *used)
{
	return used->counts.count && !used->lookup;
}

unsigned int vmw_report_uses(const struct vmw_report *report)
{
	return vmw_report_uses_live(report, false);
}

unsigned int vmw_report_uses_live(const struct vmw_report *report, bool live)
{
	const struct vmw_used *used;
	unsigned int n = 0;

	for (used = report->aggregate->uses; used; used = used->next)
		n += vmw_report_is_use(used) && (!live || vmw_report_use_is_live(report, used));
	return n;
}

bool vmw_report_counts(const struct vmw_offender *offender)
{
	return offender->live || !offender->found || offender->count;
}

bool vmw_report_is_busy(const struct vmw_report *report)
{
	const struct vmw_aggregate *agg = report->aggregate;

	return report->service || agg->nr_requests || agg->nr_warns || agg->offenders ||
	       vmw_report_uses(report);
}

const char *vmw_check_words(const struct vmw_layout *layout, bool notices)
{
	if (!notices)
		return "this kernel prints no WARN";
	return vmw_layout_is_before(layout, 5, 12) ?
		       "this kernel prints a WARN only when they are removed" :
		       "this kernel prints a WARN";
}

u64 vmw_report_asked(const struct vmw_report *report, const struct vmw_request *request)
{
	const struct vmw_aggregate *agg = report->aggregate;
	size_t i;

	if (request->kind != VMW_REQUEST_REGION)
		return 0;
	for (i = 0; i < agg->nr_observations; i++) {
		if (agg->observations[i].header.request == request->id)
			return agg->observations[i].asked;
	}
	return 0;
}

struct vmw_range vmw_report_used_range(const struct vmw_report *report,
				       const struct vmw_used *used)
{
	const struct vmw_bounds *b = report->bounds;
	u64 end = used->counts.highest + b->page_struct_size;
	struct vmw_judgement j =
		vmw_judge_pages(b, used->counts.lowest, end - used->counts.lowest);
	struct vmw_range range =
		vmw_judged_range(vmw_pfn_of(b, used->counts.lowest),
				 (end - used->counts.lowest) / b->page_struct_size, &j);

	/* All of it is where the kernel has counted it. */
	range.verdict = used->verdict;
	return range;
}

/*
 * Before 5.12 memory with a linear mapping is refused where that does not reach, with
 * an errno alone: inside_linear_region(), arch/arm64/mm/mmu.c 5.10.223.
 */
static bool linear_limit(const struct vmw_report *report, const struct vmw_request *request,
			 struct vmw_limit *ret)
{
	struct vmw_limit limit = {
		.end = vmw_layout_linear_last(report->layout),
		.derived = true,
	};
	u64 first, last;
	char type[32];

	if (request->error != -EINVAL || request->kind != VMW_REQUEST_MEMREMAP ||
	    !request->nr_ranges || !vmw_layout_is_before(report->layout, 5, 12) || !limit.end ||
	    !vmw_layout_get(report->layout, VMW_VALUE_PHYS_OFFSET, &limit.start))
		return false;
	vmw_report_memory_type(report, request->memory_type, type, sizeof(type));
	first = request->ranges[0].pfn << report->bounds->page_shift;
	last = first + (request->ranges[0].nr_pages << report->bounds->page_shift) - 1;
	if (!strcmp(type, "private") || (first >= limit.start && last <= limit.end))
		return false;
	*ret = limit;
	return true;
}

bool vmw_report_limit(const struct vmw_report *report, const struct vmw_request *request,
		      struct vmw_limit *ret)
{
	unsigned int shift = report->bounds->page_shift;
	u64 bits;
	size_t i;

	*ret = (struct vmw_limit){
		.start = request->limit_start,
		.end = request->limit_end,
	};
	if (request->limit_end)
		return true;
	if (!request->denied && linear_limit(report, request, ret))
		return true;
	if (!request->denied || !vmw_layout_get(report->layout, VMW_VALUE_MAX_PHYS, &bits) ||
	    bits <= shift || bits > 63)
		return false;
	ret->end = (1ULL << bits) - 1;
	ret->derived = true;
	for (i = 0; i < request->nr_ranges; i++) {
		const struct vmw_range *range = &request->ranges[i];

		if (range->pfn + range->nr_pages > 1ULL << (bits - shift))
			return true;
	}
	return false;
}

void vmw_format_time(const struct vmw_report *report, u64 time_ns, char *text, size_t size)
{
	/* A time out of a state may be any number: the sum wraps. */
	s64 ns = (s64)(time_ns + (u64)report->clock_offset_ns);
	time_t seconds = ns / 1000000000;
	int rest = ns % 1000000000;
	struct tm tm;
	size_t n;

	if (rest < 0) {
		rest += 1000000000;
		seconds--;
	}

	gmtime_r(&seconds, &tm);
	n = strftime(text, size, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, size - n, ".%06dZ", rest / 1000);
}

void vmw_format_regions(u32 kinds, char *text, size_t size)
{
	size_t n = 0;
	int kind;

	text[0] = '\0';
	for (kind = 0; kind < VMW_NR_REGIONS && n < size; kind++) {
		if (kinds >> kind & 1)
			n += snprintf(text + n, size - n, "%s%s", n ? ", " : "",
				      vmw_region_names[kind]);
	}
	if (!n)
		snprintf(text, size, "unknown");
}

/* A row's, or that of the site. */
static const char *symbol_of(const struct vmw_report *report, const struct vmw_used *used)
{
	const struct vmw_site_set *set = report->aggregate->sites;

	if (used->site && set && used->site <= set->nr)
		return set->sites[used->site - 1].name;
	return vmw_probe_infos[used->probe].symbol;
}

const char *vmw_used_name(const struct vmw_report *report, const struct vmw_used *used,
			  char text[VMW_USED_NAME_LEN])
{
	snprintf(text, VMW_USED_NAME_LEN, "%s%.*s%s", used->site ? "pfn_to_page in " : "",
		 VMW_SYMBOL_LEN, symbol_of(report, used), used->site ? "" : "()");
	return text;
}

void vmw_format_used_key(const struct vmw_report *report, const struct vmw_used *used,
			 char text[VMW_USED_KEY_LEN])
{
	/* Its section is a part of its pfn. */
	if (report->redact && !used->request) {
		snprintf(text, VMW_USED_KEY_LEN, "%.*s #%u %s", VMW_SYMBOL_LEN,
			 symbol_of(report, used), used->number, vmw_verdict_names[used->verdict]);
		return;
	}
	snprintf(text, VMW_USED_KEY_LEN, "%.*s %s 0x%llx %s", VMW_SYMBOL_LEN,
		 symbol_of(report, used), used->request ? "request" : "section",
		 used->request ? used->request->id : used->section,
		 vmw_verdict_names[used->verdict]);
}
