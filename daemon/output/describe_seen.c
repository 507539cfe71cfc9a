// SPDX-License-Identifier: GPL-2.0-only
/* What was seen: offenders, uses, requests, observations, WARNs. */
#include <stdlib.h>
#include <string.h>

#include "output/describe.h"

/* "amdgpu: memremap_pages, type private" */
static void say_driver(struct vmw_writer *w, const struct vmw_report *report,
		       const char *driver, const struct vmw_request *request)
{
	char call[80] = "", type[32];

	if (!vmw_for_people(w))
		return;
	if (request)
		snprintf(call, sizeof(call), ": %s", vmw_request_kind_names[request->kind]);
	if (request &&
	    (request->kind == VMW_REQUEST_MEMREMAP || request->kind == VMW_REQUEST_MEMUNMAP)) {
		vmw_report_memory_type(report, request->memory_type, type, sizeof(type));
		snprintf(call + strlen(call), sizeof(call) - strlen(call), ", type %s", type);
	}
	vmw_line(w, "driver", "%.*s%s", VMW_DRIVER_LEN, driver, call);
}

/* What tells it from all others, for as long as the kernel runs. */
static void put_key(struct vmw_writer *w, const struct vmw_offender *offender)
{
	const struct vmw_range *range = &offender->range;
	char driver[4 * VMW_DRIVER_LEN + 1];
	char text[sizeof(driver) + 64];

	vmw_format_bytes(offender->driver, VMW_DRIVER_LEN, driver, sizeof(driver));
	if (w->redact)
		snprintf(text, sizeof(text), "%s #%u %s", driver, offender->number,
			 vmw_verdict_names[range->verdict]);
	else
		snprintf(text, sizeof(text), "%s 0x%llx+0x%llx %s", driver, range->pfn,
			 range->nr_pages, vmw_verdict_names[range->verdict]);
	vmw_put_text(w, "key", NULL, text);
}

static void say_hits(struct vmw_writer *w, const struct vmw_offender *offender)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);
	int id;

	if (!memory)
		return;
	for (id = 0; id < vmw_nr_probes; id++) {
		if (offender->hits[id])
			fprintf(memory, "%s %llu, ", vmw_probe_infos[id].symbol,
				offender->hits[id]);
	}
	fprintf(memory, "%llu WARNs", offender->warns);
	if (!fclose(memory) && text)
		vmw_line(w, "seen by", "%s", text);
	free(text);
}

static void describe_hits(struct vmw_writer *w, const struct vmw_offender *offender)
{
	int id;

	vmw_begin(w, "seen_by");
	for (id = 0; id < vmw_nr_probes; id++) {
		if (offender->hits[id])
			vmw_put_number(w, vmw_probe_infos[id].symbol, NULL, offender->hits[id]);
	}
	vmw_end(w);
	vmw_put_number(w, "warns", NULL, offender->warns);
	if (vmw_for_people(w))
		say_hits(w, offender);
}

void vmw_describe_offender(struct vmw_writer *w, const struct vmw_report *report,
			   const struct vmw_offender *offender, unsigned int n)
{
	const struct vmw_request *request = offender->request;

	vmw_card(w, VMW_TONE_BAD, n, "struct pages %s%s",
		 vmw_verdict_words[offender->range.verdict],
		 offender->live ? "" : " (gone since)");
	put_key(w, offender);
	vmw_put_text(w, "state", NULL, offender->live ? "live" : "gone");
	vmw_put_bool(w, "live", offender->live);
	vmw_put_bytes(w, "driver", NULL, offender->driver, VMW_DRIVER_LEN);
	say_driver(w, report, offender->driver, request);
	vmw_describe_range(w, report, &offender->range);
	vmw_put_text(w, "origin", NULL, offender->found ? "found at start" : "observed");
	if (offender->found)
		vmw_line(w, "origin", "found at start: older than the watch");
	if (request) {
		vmw_put_hex(w, "request", request->id);
		vmw_put_text(w, "call", NULL, vmw_request_kind_names[request->kind]);
		vmw_put_text(w, "outcome", NULL, vmw_outcome_names[request->outcome]);
		vmw_describe_memory(w, report, request);
		vmw_say_outcome(w, report, request);
	}
	vmw_put_number(w, "count", NULL, offender->count);
	describe_hits(w, offender);
	if (request) {
		vmw_describe_task(w, report, &request->first);
		vmw_describe_requester(w, report, request);
	}
	vmw_describe_time(w, report, "first", offender->first_ns);
	vmw_describe_time(w, report, "last", offender->last_ns);
	vmw_describe_stack(w, request ? request->stack : offender->stack);
	if (request && vmw_for_people(w))
		vmw_describe_timeline(w, report, request);
	vmw_card_end(w);
}

static void describe_callers(struct vmw_writer *w, const struct vmw_used *used)
{
	char address[VMW_ADDRESS_LEN];
	unsigned int i;

	vmw_begin_list(w, "callers");
	for (i = 0; i < used->nr_callers; i++) {
		const struct vmw_place *place = used->callers[i];
		const char *name = address;

		vmw_format_address(w->redact, VMW_SECRET_ADDRESS, place->address, 1, address);
		if (*place->name)
			name = vmw_redact_symbol(w->redact, place->name);
		vmw_put_text(w, NULL, NULL, name);
		if (!used->site)
			vmw_line(w, i ? "" : "called by", "%s", name);
	}
	vmw_end_list(w);
}

static void say_seen(struct vmw_writer *w, const struct vmw_used *used)
{
	double first = used->counts.first_ns / 1e9, last = used->counts.last_ns / 1e9;
	char samples[40];

	vmw_format_count(used->samples, "sample", samples, sizeof(samples));
	if (used->counts.first_ns == used->counts.last_ns)
		vmw_line(w, "seen", "%.6f s after boot, %s", first, samples);
	else
		vmw_line(w, "seen", "%.6f s to %.6f s after boot, %s", first, last, samples);
}

void vmw_describe_use(struct vmw_writer *w, const struct vmw_report *report,
		      const struct vmw_used *used, unsigned int n)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[used->probe];
	struct vmw_range range = vmw_report_used_range(report, used);
	char key[VMW_USED_KEY_LEN], name[VMW_USED_NAME_LEN], pages[40];

	vmw_card(w, VMW_TONE_BAD, n, "%s %s struct pages %s", vmw_used_name(report, used, name),
		 used->site ? "makes" : "works with", vmw_verdict_words[used->verdict]);
	vmw_format_used_key(report, used, key);
	vmw_put_text(w, "key", NULL, key);
	vmw_put_text(w, "probe", NULL, info->symbol);
	if (used->site)
		vmw_put_text(w, "site", NULL, vmw_used_name(report, used, name));
	vmw_put_text(w, "class", NULL,
		     vmw_class_names[used->lookup ? VMW_CLASS_LOOKUP : info->class]);
	vmw_put_text(w, "meaning", "meaning", info->meaning);
	vmw_put_bytes(w, "driver", "driver", used->driver, VMW_DRIVER_LEN);
	if (used->request)
		vmw_put_hex(w, "request", used->request->id);
	else
		vmw_put_place(w, "section", used->section);
	vmw_put_number(w, "count", NULL, used->counts.count);
	vmw_put_number(w, "pages", NULL, used->counts.pages);
	vmw_line(w, "calls", "%llu, with %s out of bounds", used->counts.count,
		 vmw_format_count(used->counts.pages, "struct page", pages, sizeof(pages)));
	vmw_put_number(w, "samples", NULL, used->samples);
	vmw_describe_time(w, report, "first", used->counts.first_ns);
	vmw_describe_time(w, report, "last", used->counts.last_ns);
	say_seen(w, used);
	vmw_describe_range(w, report, &range);
	describe_callers(w, used);
	if (used->samples)
		vmw_describe_task(w, report, &used->sample);
	vmw_describe_stack(w, used->stack);
	if (!used->samples)
		vmw_line(w, "stack", "unknown: no sample of these calls arrived");
	vmw_card_end(w);
}

static bool is_in_bounds(const struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (request->ranges[i].verdict != VMW_IN_BOUNDS)
			return false;
	}
	return request->nr_ranges > 0;
}

bool vmw_request_is_listed(const struct vmw_request *request, bool refused)
{
	if ((request->outcome == VMW_REFUSED) != refused)
		return false;
	return refused || is_in_bounds(request);
}

void vmw_describe_request(struct vmw_writer *w, const struct vmw_report *report,
			  const struct vmw_request *request)
{
	bool refused = request->outcome == VMW_REFUSED;
	u64 asked = vmw_report_asked(report, request);
	size_t i;

	vmw_card(w, refused ? VMW_TONE_NONE : VMW_TONE_GOOD, 0, "%s",
		 refused ? "REFUSED by the kernel (not an offender)" : "IN BOUNDS");
	vmw_put_hex(w, "id", request->id);
	vmw_put_text(w, "call", NULL, vmw_request_kind_names[request->kind]);
	vmw_put_bytes(w, "driver", NULL, request->driver, VMW_DRIVER_LEN);
	say_driver(w, report, request->driver, request);
	vmw_describe_memory(w, report, request);
	if (asked) {
		vmw_put_number(w, "asked_bytes", NULL, asked);
		vmw_line(w, "asked", "0x%llx bytes of free physical addresses", asked);
	}
	vmw_begin_list(w, "ranges");
	for (i = 0; i < request->nr_ranges; i++) {
		vmw_begin(w, NULL);
		vmw_describe_range(w, report, &request->ranges[i]);
		vmw_put_bool(w, "allowed", request->ranges[i].allowed);
		vmw_end(w);
	}
	vmw_end_list(w);
	vmw_describe_outcome(w, report, request);
	vmw_describe_task(w, report, &request->first);
	vmw_describe_requester(w, report, request);
	vmw_describe_time(w, report, "first", request->first.time_ns);
	vmw_describe_time(w, report, "last", request->last_ns);
	if (!vmw_for_people(w))
		vmw_describe_stack(w, request->stack);
	vmw_describe_timeline(w, report, request);
	vmw_card_end(w);
}

/* A pointer, a number, or an error: of that the number is told, too. */
static void describe_result(struct vmw_writer *w, s64 result)
{
	/* What is no yes or no may be where something begins. */
	vmw_put_secret(w, "result", (u64)result > 1 ? VMW_SECRET_PLACE : VMW_SECRET_VALUE,
		       result);
	if (result < 0 && result >= -4095)
		vmw_describe_errno(w, (int)result);
}

void vmw_describe_observation(struct vmw_writer *w, const struct vmw_report *report,
			      const struct vmw_observation *o)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[o->header.probe];
	struct vmw_limit limit = { .start = o->limit_start, .end = o->limit_end };
	struct vmw_range range = vmw_range_of(o);
	char type[32];

	vmw_put_text(w, "probe", NULL, info->symbol);
	vmw_put_text(w, "point", NULL, vmw_point_names[info->point]);
	vmw_describe_time(w, report, "time", o->header.time_ns);
	vmw_describe_task(w, report, &o->header);
	if (o->header.request)
		vmw_put_hex(w, "request", o->header.request);
	if (o->nr_pages)
		vmw_describe_range(w, report, &range);
	if (o->ip)
		vmw_put_address(w, "ip", o->ip);
	/* They come by the thousand, and have no more. */
	if (vmw_is_caller(o->header.probe))
		return;
	if (o->nr_ranges) {
		vmw_report_memory_type(report, o->memory_type, type, sizeof(type));
		vmw_put_text(w, "memory_type", NULL, type);
		vmw_put_number(w, "range_index", NULL, o->range_index);
		vmw_put_number(w, "nr_ranges", NULL, o->nr_ranges);
		vmw_put_address(w, "owner", o->owner);
		vmw_put_bool(w, "altmap", o->pgmap_flags & 1);
		vmw_put_signed(w, "nid", o->nid);
	}
	if (info->point == VMW_POINT_RETURN)
		describe_result(w, o->result);
	if (o->limit_end)
		vmw_describe_limit(w, &limit);
	if (o->address)
		vmw_put_address(w, "address", o->address);
	if (o->asked)
		vmw_put_number(w, "asked_bytes", NULL, o->asked);
}

void vmw_describe_warn(struct vmw_writer *w, const struct vmw_report *report,
		       const struct vmw_warn *warn)
{
	char pages[VMW_PLACES_LEN] = "";

	vmw_put_symbol(w, "symbol", warn->symbol);
	vmw_put_address(w, "address", warn->address);
	vmw_put_text(w, "seen_by", NULL, vmw_probe_infos[warn->header.probe].symbol);
	vmw_put_bool(w, "ours", !warn->foreign);
	vmw_describe_time(w, report, "time", warn->header.time_ns);
	if (warn->header.request)
		vmw_put_hex(w, "request", warn->header.request);
	if (warn->offender)
		vmw_describe_pages(w, &warn->offender->range);
	if (!vmw_for_people(w)) {
		vmw_describe_task(w, report, &warn->header);
		return;
	}
	if (warn->offender)
		vmw_format_places(w->redact, warn->offender->range.pages_start,
				  warn->offender->range.pages_end, 16, pages);
	vmw_paragraph(w, "  %13.6f s  %.*s%s%s%s", warn->header.time_ns / 1e9, VMW_SYMBOL_LEN,
		      vmw_redact_symbol(w->redact, warn->symbol),
		      *pages ? ", for struct pages " : "", pages,
		      warn->foreign ? " (unrelated to vmemmap)" : "");
}
