// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/aggregate.h"
#include "aggregate/aggregate_internal.h"

const char *const vmw_outcome_names[VMW_NR_OUTCOMES] = {
	[VMW_PENDING] = "pending", [VMW_ACCEPTED] = "accepted", [VMW_REFUSED] = "refused",
	[VMW_FAILED] = "failed",   [VMW_DIED] = "died",		[VMW_GONE] = "gone",
};

const char *const vmw_verdict_names[VMW_NR_VERDICTS] = {
	[VMW_IN_BOUNDS] = "in-bounds",
	[VMW_BELOW] = "below",
	[VMW_ABOVE] = "above",
	[VMW_USER] = "user",
	[VMW_NON_CANONICAL] = "non-canonical",
	[VMW_STRADDLES] = "straddles",
};

const char *vmw_bound_name(const struct vmw_bounds *bounds, u32 bound)
{
	if (bound == VMW_BOUND_END)
		return "VMEMMAP_END";
	return bounds->start == bounds->nominal_start ? "VMEMMAP_START" :
							"VMEMMAP_START (effective)";
}

const char *const vmw_request_kind_names[VMW_NR_REQUEST_KINDS] = {
	[VMW_REQUEST_NONE] = "none",
	[VMW_REQUEST_MEMREMAP] = "memremap_pages",
	[VMW_REQUEST_MEMUNMAP] = "memunmap_pages",
	[VMW_REQUEST_ADD] = "__add_pages",
	[VMW_REQUEST_REMOVE] = "__remove_pages",
	[VMW_REQUEST_CHECK] = "mhp_range_allowed",
	[VMW_REQUEST_REGION] = "request_free_mem_region",
};

void *vmw_agg_allocate(struct vmw_aggregate *agg, size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		agg->out_of_memory = true;
	return p;
}

/* The probe that a request of each kind starts at, with its stack. */
static const u16 start_probes[VMW_NR_REQUEST_KINDS] = {
	[VMW_REQUEST_MEMREMAP] = VMW_PROBE_MEMREMAP,
	[VMW_REQUEST_MEMUNMAP] = VMW_PROBE_MEMUNMAP,
	[VMW_REQUEST_ADD] = VMW_PROBE_ADD_PAGES,
	[VMW_REQUEST_REMOVE] = VMW_PROBE_REMOVE_PAGES,
	[VMW_REQUEST_CHECK] = VMW_PROBE_MHP_ALLOWED,
};

/* There are two calls for a region, of which each tells its own stack. */
static u16 stack_probe(const struct vmw_request *request, const struct vmw_header *header)
{
	return request->kind == VMW_REQUEST_REGION ? header->probe : start_probes[request->kind];
}

static bool is_removal(u32 kind)
{
	return kind == VMW_REQUEST_MEMUNMAP || kind == VMW_REQUEST_REMOVE;
}

static struct vmw_request *find_request(struct vmw_aggregate *agg, u64 id)
{
	struct vmw_request *request;

	if (agg->latest && agg->latest->id == id)
		return agg->latest;
	for (request = agg->requests; request; request = request->next) {
		if (request->id == id)
			break;
	}
	if (request)
		agg->latest = request;
	return request;
}

static struct vmw_request *new_request(struct vmw_aggregate *agg, const struct vmw_header *header)
{
	struct vmw_request *request;

	if (agg->nr_requests >= vmw_agg_limit(agg->max_requests, VMW_MAX_REQUESTS))
		vmw_agg_retire(agg);
	if (agg->nr_requests >= vmw_agg_limit(agg->max_requests, VMW_MAX_REQUESTS)) {
		agg->nr_dropped++;
		return NULL;
	}
	request = vmw_agg_allocate(agg, sizeof(*request));
	if (!request)
		return NULL;
	request->number = ++agg->last_request;
	request->id = header->request;
	request->kind = header->kind;
	request->first = *header;
	snprintf(request->driver, sizeof(request->driver), "unknown");
	vmw_agg_append_request(agg, request);
	return request;
}

/* The request of @header, made on its first record; NULL outside of any. */
static struct vmw_request *request_of(struct vmw_aggregate *agg, const struct vmw_header *header)
{
	struct vmw_request *request;

	if (!header->request || header->kind == VMW_REQUEST_NONE ||
	    header->kind >= VMW_NR_REQUEST_KINDS)
		return NULL;
	request = find_request(agg, header->request);
	if (!request)
		request = new_request(agg, header);
	if (!request)
		return NULL;
	request->last_ns = header->time_ns;
	if (!request->stack) {
		request->stack = vmw_agg_take_stack(agg, header, stack_probe(request, header));
		if (request->stack)
			vmw_driver_of(request->stack, is_removal(request->kind),
				      request->driver, sizeof(request->driver));
	}
	return request;
}

struct vmw_range vmw_range_of(const struct vmw_observation *o)
{
	struct vmw_range range = {
		.pfn = o->pfn,
		.nr_pages = o->nr_pages,
		.pages_start = o->pages_start,
		.pages_end = o->pages_end,
		.distance = o->distance,
		.verdict = o->verdict,
		.bound = o->bound,
	};

	return range;
}

struct vmw_range vmw_judged_range(u64 pfn, u64 nr_pages, const struct vmw_judgement *j)
{
	return (struct vmw_range){
		.pfn = pfn,
		.nr_pages = nr_pages,
		.pages_start = j->start,
		.pages_end = j->end,
		.distance = j->distance,
		.verdict = j->verdict,
		.bound = j->bound,
	};
}

static void add_range(struct vmw_aggregate *agg, struct vmw_request *request,
		      const struct vmw_range *range)
{
	struct vmw_range *ranges;

	ranges = realloc(request->ranges, (request->nr_ranges + 1) * sizeof(*ranges));
	if (!ranges) {
		agg->out_of_memory = true;
		return;
	}
	ranges[request->nr_ranges++] = *range;
	request->ranges = ranges;
}

static void hit(struct vmw_offender *offender, const struct vmw_observation *o)
{
	offender->hits[o->header.probe]++;
	offender->last_ns = o->header.time_ns;
	offender->count++;
}

static void take_pgmap(struct vmw_request *request, const struct vmw_observation *o)
{
	request->pgmap = o->pgmap;
	request->owner = o->owner;
	request->memory_type = o->memory_type;
	request->pgmap_flags = o->pgmap_flags;
	request->nid = o->nid;
}

/* A range of memremap_pages() is an offence now; its asking counts once. */
static void offend_asked(struct vmw_aggregate *agg, struct vmw_request *request,
			 struct vmw_range *range, const struct vmw_header *header)
{
	struct vmw_offender *offender = vmw_agg_offend(agg, request, range, header);

	request->current = offender;
	if (!offender || range->told || request->kind != VMW_REQUEST_MEMREMAP)
		return;
	range->told = true;
	offender->hits[VMW_PROBE_MEMREMAP]++;
	offender->count++;
}

/* A driver asks. Out of bounds is no offence yet: the kernel may refuse. */
static void on_asked(struct vmw_aggregate *agg, struct vmw_request *request,
		     const struct vmw_observation *o)
{
	struct vmw_range range = vmw_range_of(o);

	take_pgmap(request, o);
	add_range(agg, request, &range);
	if (agg->asks_only && range.verdict != VMW_IN_BOUNDS && request->nr_ranges)
		offend_asked(agg, request, &request->ranges[request->nr_ranges - 1], &o->header);
}

static void on_refused(struct vmw_request *request, const struct vmw_observation *o)
{
	request->outcome = VMW_REFUSED;
	request->denied = true;
	request->limit_start = o->limit_start;
	request->limit_end = o->limit_end;
}

/* The kernel's own yes or no: from a yes on, struct pages will be made. */
static void on_allowed(struct vmw_aggregate *agg, struct vmw_request *request,
		       const struct vmw_observation *o)
{
	struct vmw_range asked = vmw_range_of(o);
	size_t i;

	if (request->kind == VMW_REQUEST_CHECK)
		add_range(agg, request, &asked);
	if (!o->result)
		on_refused(request, o);
	if (!o->result || request->kind != VMW_REQUEST_MEMREMAP)
		return;
	request->current = NULL;
	for (i = 0; i < request->nr_ranges; i++) {
		struct vmw_range *range = &request->ranges[i];

		if (!vmw_range_contains(range, &asked))
			continue;
		range->allowed = true;
		if (range->verdict != VMW_IN_BOUNDS)
			offend_asked(agg, request, range, &o->header);
	}
}

/*
 * Struct pages are made, written or taken away: a finding wherever they are
 * out of bounds.
 */
static void on_certain(struct vmw_aggregate *agg, struct vmw_request *request,
		       const struct vmw_observation *o)
{
	struct vmw_range range = vmw_range_of(o);
	struct vmw_offender *offender;

	if (request)
		request->begun |= o->header.probe == VMW_PROBE_VMEMMAP_POPULATE ||
				  o->header.probe == VMW_PROBE_VMEMMAP_FREE ||
				  o->header.probe == VMW_PROBE_INIT_ZONE_DEVICE;
	if (request && o->header.probe == start_probes[request->kind]) {
		add_range(agg, request, &range);
		if (request->kind == VMW_REQUEST_MEMUNMAP)
			take_pgmap(request, o);
		if (is_removal(request->kind))
			vmw_agg_name_by_asker(agg, request, &range);
	}
	if (range.verdict == VMW_IN_BOUNDS)
		return;
	offender = vmw_agg_offend(agg, request, &range, &o->header);
	if (!offender)
		return;
	hit(offender, o);
	if (request)
		request->current = offender;
}

static void offend_pending(struct vmw_aggregate *agg, struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (request->ranges[i].verdict != VMW_IN_BOUNDS)
			offend_asked(agg, request, &request->ranges[i], &request->first);
	}
}

/* Where something happened stands first on its stack. */
static void name_first(const struct vmw_frames *stack, char symbol[VMW_SYMBOL_LEN])
{
	if (stack && stack->nr)
		snprintf(symbol, VMW_SYMBOL_LEN, "%s", stack->at[0]->name);
}

static void on_fault(struct vmw_aggregate *agg, struct vmw_request *request,
		     const struct vmw_observation *o)
{
	const struct vmw_frames *stack = vmw_agg_take_stack(agg, &o->header, o->header.probe);

	request->fault_address = o->address;
	request->fault_ip = o->ip;
	name_first(stack, request->fault_symbol);
}

u64 vmw_aggregate_own_warns(const struct vmw_aggregate *agg)
{
	const struct vmw_warn *warn;
	u64 n = 0;

	for (warn = agg->warns; warn; warn = warn->next)
		n += !warn->foreign;
	return n;
}

static void on_warn(struct vmw_aggregate *agg, struct vmw_request *request,
		    const struct vmw_observation *o)
{
	const struct vmw_frames *stack = vmw_agg_take_stack(agg, &o->header, o->header.probe);
	struct vmw_warn *warn = NULL;

	if (request && request->current && !o->foreign)
		request->current->warns++;
	if (agg->nr_warns < vmw_agg_limit(agg->max_warns, VMW_MAX_WARNS))
		warn = vmw_agg_allocate(agg, sizeof(*warn));
	else
		agg->nr_dropped++;
	if (!warn)
		return;
	warn->header = o->header;
	warn->address = o->address;
	warn->foreign = o->foreign;
	warn->offender = request && !o->foreign ? request->current : NULL;
	name_first(stack, warn->symbol);
	vmw_agg_append_warn(agg, warn);
}

/* The newest are worth more: a quarter of them goes. Returns how many are left. */
static size_t forget_some(struct vmw_aggregate *agg)
{
	size_t gone = agg->nr_observations / 4 + 1;

	agg->nr_observations -= gone;
	agg->nr_not_kept += gone;
	memmove(agg->observations, agg->observations + gone,
		agg->nr_observations * sizeof(*agg->observations));
	return agg->nr_observations;
}

static void keep(struct vmw_aggregate *agg, const struct vmw_observation *o)
{
	size_t n = agg->nr_observations;
	struct vmw_observation *more;

	if (n >= vmw_agg_limit(agg->max_observations, VMW_MAX_OBSERVATIONS))
		n = forget_some(agg);
	/* Grow at powers of two. */
	if (!(n & (n - 1))) {
		more = realloc(agg->observations, (n ? 2 * n : 1) * sizeof(*more));
		if (!more) {
			agg->nr_not_kept++;
			return;
		}
		agg->observations = more;
	}
	agg->observations[agg->nr_observations++] = *o;
}

bool vmw_aggregate_restore_observation(struct vmw_aggregate *agg, const struct vmw_observation *o)
{
	size_t before = agg->nr_observations;

	keep(agg, o);
	return agg->nr_observations > before;
}

static void on_memremap_done(struct vmw_aggregate *agg, struct vmw_request *request,
			     const struct vmw_observation *o)
{
	vmw_agg_result(agg, request, o->result);
}

static void on_add_done(struct vmw_aggregate *agg, struct vmw_request *request,
			const struct vmw_observation *o)
{
	if (request->kind == VMW_REQUEST_ADD)
		vmw_agg_result(agg, request, o->result);
}

static void on_removed(struct vmw_aggregate *agg, struct vmw_request *request,
		       const struct vmw_observation *o)
{
	if (o->header.probe == VMW_PROBE_REMOVE_PAGES_DONE && request->kind != VMW_REQUEST_REMOVE)
		return;
	vmw_agg_gone(agg, request);
}

static void on_exit_inside(struct vmw_aggregate *agg, struct vmw_request *request,
			   const struct vmw_observation *o)
{
	(void)o;
	request->outcome = VMW_DIED;
	offend_pending(agg, request);
}

/* A range that was given is kept: what is made of it comes later. */
static void on_region(struct vmw_aggregate *agg, struct vmw_request *request,
		      const struct vmw_observation *o)
{
	if (request && request->kind == VMW_REQUEST_REGION)
		vmw_agg_result(agg, request, o->result);
}

/* What to make of an observation of each probe. */
static const struct {
	void (*handle)(struct vmw_aggregate *, struct vmw_request *,
		       const struct vmw_observation *);
	bool alone; /* means something outside of a request, too */
} handlers[VMW_NR_MAIN_PROBES] = {
	[VMW_PROBE_ERROR_REPORT_END] = { on_warn, true },
	[VMW_PROBE_WARN] = { on_warn, true },
	[VMW_PROBE_PROCESS_EXIT] = { on_exit_inside, false },
	[VMW_PROBE_FAULT] = { on_fault, false },
	[VMW_PROBE_REGION_GIVEN] = { on_region, true },
	[VMW_PROBE_DEVM_REGION_GIVEN] = { on_region, true },
	[VMW_PROBE_MHP_ALLOWED] = { on_allowed, false },
	[VMW_PROBE_VMEMMAP_POPULATE] = { on_certain, true },
	[VMW_PROBE_VMEMMAP_FREE] = { on_certain, true },
	[VMW_PROBE_INIT_ZONE_DEVICE] = { on_certain, true },
	[VMW_PROBE_ADD_PAGES_DONE] = { on_add_done, false },
	[VMW_PROBE_ADD_PAGES] = { on_certain, true },
	[VMW_PROBE_REMOVE_PAGES_DONE] = { on_removed, false },
	[VMW_PROBE_REMOVE_PAGES] = { on_certain, true },
	[VMW_PROBE_MEMUNMAP_DONE] = { on_removed, false },
	[VMW_PROBE_MEMUNMAP] = { on_certain, true },
	[VMW_PROBE_MEMREMAP_DONE] = { on_memremap_done, false },
	[VMW_PROBE_MEMREMAP] = { on_asked, false },
};

static void on_observation(struct vmw_aggregate *agg, const struct vmw_observation *o)
{
	u16 probe = o->header.probe;
	struct vmw_request *request;

	if (vmw_is_caller(probe) && probe < VMW_MAX_PROBES) {
		vmw_agg_sample(agg, o);
		return;
	}
	if (probe >= VMW_NR_MAIN_PROBES || !handlers[probe].handle)
		return;
	keep(agg, o);
	if (o->nr_pages && o->verdict < VMW_NR_VERDICTS)
		agg->observed[probe][o->verdict]++;
	request = request_of(agg, &o->header);
	if (request || handlers[probe].alone)
		handlers[probe].handle(agg, request, o);
}

/* The record is the ring buffer's; naming writes into the stack. */
static void push_stack(struct vmw_aggregate *agg, const struct vmw_stack *record)
{
	struct vmw_stack stack = *record;

	vmw_agg_push_stack(agg, &stack);
}

/* It comes before the observation that starts the request. */
static void on_requester(struct vmw_aggregate *agg, const struct vmw_requester *who)
{
	struct vmw_request *request = request_of(agg, &who->header);

	if (request)
		vmw_agg_requester(request, who);
}

void vmw_aggregate_record(struct vmw_aggregate *agg, const struct vmw_header *record)
{
	if (record->type == VMW_RECORD_STACK && record->size == sizeof(struct vmw_stack))
		push_stack(agg, (const struct vmw_stack *)record);
	else if (record->type == VMW_RECORD_REQUESTER &&
		 record->size == sizeof(struct vmw_requester))
		on_requester(agg, (const struct vmw_requester *)record);
	else if (record->type == VMW_RECORD_MODULE && record->size == sizeof(struct vmw_module))
		vmw_agg_module(agg, (const struct vmw_module *)record);
	else if (record->type == VMW_RECORD_OBSERVATION &&
		 record->size == sizeof(struct vmw_observation))
		on_observation(agg, (const struct vmw_observation *)record);
}

void vmw_aggregate_finish(struct vmw_aggregate *agg)
{
	struct vmw_request *request;

	for (request = agg->requests; request; request = request->next) {
		if (request->outcome == VMW_PENDING)
			offend_pending(agg, request);
	}
}

void vmw_aggregate_free(struct vmw_aggregate *agg)
{
	while (agg->requests) {
		struct vmw_request *request = agg->requests;

		agg->requests = request->next;
		free(request->ranges);
		free(request);
	}
	while (agg->offenders) {
		struct vmw_offender *offender = agg->offenders;

		agg->offenders = offender->next;
		free(offender);
	}
	while (agg->warns) {
		struct vmw_warn *warn = agg->warns;

		agg->warns = warn->next;
		free(warn);
	}
	vmw_agg_free_uses(agg);
	vmw_agg_free_modules(agg);
	vmw_agg_free_stacks(agg);
	vmw_intern_free(&agg->intern);
	free(agg->observations);
}
