// SPDX-License-Identifier: GPL-2.0-only
/* Out-of-bounds struct pages in use: counts by the kernel, and samples. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/aggregate_internal.h"
#include "kernel/kallsyms.h"
#include "probe/probe.h"
#include "probe/site_probes.h"

/*
 * Rows of class certain, and those that a whole range is passed to: the range is an
 * offender already, and they are among those that saw it. One page is another matter:
 * who works with it is told.
 */
static const bool joins[VMW_MAX_PROBES] = {
#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) \
	[VMW_PROBE_##name] = VMW_CALLER_##class == VMW_CALLER_CERTAIN || \
			     (VMW_CALLER_##class == VMW_CALLER_USE && \
			      (VMW_KIND_##kind == VMW_KIND_PFN_RANGE || \
			       VMW_KIND_##kind == VMW_KIND_PHYS_RANGE || \
			       VMW_KIND_##kind == VMW_KIND_PAGE_RANGE)),
	VMW_CALLERS(VMW_CALLER)
#undef VMW_CALLER
};

static bool holds(const struct vmw_request *request, u64 pfn)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		if (pfn - request->ranges[i].pfn < request->ranges[i].nr_pages)
			return request->outcome != VMW_REFUSED;
	}
	return false;
}

/*
 * The request that made the struct page of @pfn; NULL: before our time. The first
 * one, where a range was taken down and made again: the kernel counts by section,
 * so samples and counts can only meet in one.
 */
static const struct vmw_request *find_request(const struct vmw_aggregate *agg, u64 pfn)
{
	const struct vmw_request *request;

	for (request = agg->requests; request; request = request->next) {
		if (request->kind == VMW_REQUEST_MEMREMAP && holds(request, pfn))
			return request;
	}
	return NULL;
}

/* Where the hash of @used's key leads. */
static struct vmw_used **bucket_of(struct vmw_aggregate *agg, u32 probe, u32 site,
				   const struct vmw_request *request, u64 section)
{
	u64 key = (request ? request->id : section) * 64 + probe + site;

	/* Fibonacci hashing: the golden ratio of 2^64, and the upper bits. */
	return &agg->use_buckets[key * 0x9e3779b97f4a7c15 >> 32 & (VMW_USE_BUCKETS - 1)];
}

/* By its key: the probe, the verdict, and the request or else the section. */
static struct vmw_used *find_used(struct vmw_aggregate *agg, u32 probe, u32 site, u32 verdict,
				  const struct vmw_request *request, u64 section)
{
	struct vmw_used **bucket = bucket_of(agg, probe, site, request, section), *used;

	for (used = *bucket; used; used = used->bucket) {
		if (used->probe == probe && used->site == site && used->verdict == verdict &&
		    used->request == request && (request || used->section == section))
			return used;
	}
	used = vmw_agg_allocate(agg, sizeof(*used));
	if (!used)
		return NULL;
	used->probe = probe;
	used->site = site;
	used->verdict = verdict;
	used->request = request;
	used->section = section;
	used->number = ++agg->last_used;
	snprintf(used->driver, sizeof(used->driver), "%s", request ? request->driver : "unknown");
	vmw_agg_append_used(agg, used);
	return used;
}

void vmw_agg_append_used(struct vmw_aggregate *agg, struct vmw_used *used)
{
	struct vmw_used **bucket =
		bucket_of(agg, used->probe, used->site, used->request, used->section);

	used->bucket = *bucket;
	*bucket = used;
	used->next = NULL;
	if (!agg->uses_tail)
		agg->uses_tail = &agg->uses;
	*agg->uses_tail = used;
	agg->uses_tail = &used->next;
}

/* Is the frame @name one of @symbol ("symbol+0xoffset/0xsize [module]")? */
static bool is_frame_of(const char *name, const char *symbol)
{
	size_t length = strlen(symbol);

	return !strncmp(name, symbol, length) && (!name[length] || strchr("+ .", name[length]));
}

/* A name that is told later is as good: kallsyms names what samples alone told of. */
static void add_caller(struct vmw_aggregate *agg, struct vmw_used *used, u64 address,
		       const char *name)
{
	const struct vmw_place *place;
	unsigned int i;

	if (!address || used->nr_callers == VMW_MAX_CALLERS)
		return;
	for (i = 0; i < used->nr_callers; i++) {
		if (used->callers[i]->address == address)
			return;
	}
	place = vmw_intern_place(&agg->intern, address, name);
	if (place)
		used->callers[used->nr_callers++] = place;
	else
		agg->nr_dropped++;
}

/* Who called @symbol: above what traces it, and itself (which has returned, to a kretprobe). */
static void add_caller_of(struct vmw_aggregate *agg, struct vmw_used *used,
			  const struct vmw_frames *stack, const char *symbol)
{
	u32 i;

	for (i = 0; i < stack->nr; i++) {
		if (vmw_is_tracing_frame(stack->at[i]->name) ||
		    is_frame_of(stack->at[i]->name, symbol))
			continue;
		if (vmw_is_lost_frame(stack->at[i]->name))
			return;
		add_caller(agg, used, stack->at[i]->address, stack->at[i]->name);
		return;
	}
}

/* Each caller without a name, by @fn; returns how many there are. */
static size_t each_unnamed(struct vmw_aggregate *agg,
			   void (*fn)(struct vmw_used *used, const struct vmw_place **caller,
				      size_t n, void *context),
			   void *context)
{
	struct vmw_used *used;
	unsigned int i;
	size_t n = 0;

	for (used = agg->uses; used; used = used->next) {
		for (i = 0; i < used->nr_callers; i++) {
			if (*used->callers[i]->name)
				continue;
			if (fn)
				fn(used, &used->callers[i], n, context);
			n++;
		}
	}
	return n;
}

struct naming {
	struct vmw_aggregate *agg;
	u64 *addresses;
	char (*names)[VMW_SYMBOL_LEN];
};

static void take_address(struct vmw_used *used, const struct vmw_place **caller, size_t n,
			 void *context)
{
	struct naming *naming = context;

	(void)used;
	naming->addresses[n] = (*caller)->address;
}

/* kallsyms knows what is there now; who was there when it was called comes first. */
static void take_name(struct vmw_used *used, const struct vmw_place **caller, size_t n,
		      void *context)
{
	struct naming *naming = context;
	const struct vmw_place *named;

	vmw_agg_rename_by_module(naming->agg, (*caller)->address, used->sample.time_ns,
				 naming->names[n]);
	named = vmw_intern_place(&naming->agg->intern, (*caller)->address, naming->names[n]);
	if (named)
		*caller = named;
}

void vmw_aggregate_name_callers(struct vmw_aggregate *agg)
{
	struct naming naming = { .agg = agg };
	size_t n = each_unnamed(agg, NULL, NULL);
	unsigned int before = agg->nr_named;

	agg->nr_named = n;
	/* What kallsyms did not know a moment ago it does not know now. */
	if (!n || n == before)
		return;
	naming.addresses = calloc(n, sizeof(*naming.addresses));
	naming.names = calloc(n, sizeof(*naming.names));
	if (!naming.addresses || !naming.names)
		goto out;
	each_unnamed(agg, take_address, &naming);
	if (vmw_kallsyms_name(VMW_KALLSYMS, naming.addresses, n, naming.names[0], VMW_SYMBOL_LEN))
		memset(naming.names, 0, n * sizeof(*naming.names));
	each_unnamed(agg, take_name, &naming);
	agg->nr_named = each_unnamed(agg, NULL, NULL);
out:
	free(naming.names);
	free(naming.addresses);
}

void vmw_agg_sample(struct vmw_aggregate *agg, const struct vmw_observation *o)
{
	const struct vmw_frames *stack = vmw_agg_take_stack(agg, &o->header, o->header.probe);
	u64 section = o->pfn >> agg->section_shift;
	struct vmw_used *used = find_used(agg, o->header.probe, o->header.site, o->verdict,
					  find_request(agg, o->pfn), section);

	if (!used)
		return;
	if (!used->samples++)
		used->sample = o->header;
	if (stack && !used->site)
		add_caller_of(agg, used, stack, vmw_probe_infos[used->probe].symbol);
	/* A kprobe knows it without one. */
	add_caller(agg, used, o->ip, "");
	if (!used->stack)
		used->stack = stack;
}

static void add_counts(struct vmw_use *sum, const struct vmw_use *use)
{
	if (!sum->count || use->first_ns < sum->first_ns)
		sum->first_ns = use->first_ns;
	if (use->last_ns > sum->last_ns)
		sum->last_ns = use->last_ns;
	if (!sum->count || use->lowest < sum->lowest)
		sum->lowest = use->lowest;
	if (use->highest > sum->highest)
		sum->highest = use->highest;
	sum->count += use->count;
	sum->pages += use->pages;
}

static struct vmw_offender *find_offender(const struct vmw_aggregate *agg, u64 pfn)
{
	struct vmw_offender *offender;

	for (offender = agg->offenders; offender; offender = offender->next) {
		if (pfn - offender->range.pfn < offender->range.nr_pages)
			return offender;
	}
	return NULL;
}

void vmw_aggregate_uses_begin(struct vmw_aggregate *agg)
{
	struct vmw_offender *offender;
	struct vmw_used *used;
	int id;

	for (used = agg->uses; used; used = used->next) {
		used->counted_before = used->counts.count;
		used->counts = used->before;
	}
	for (offender = agg->offenders; offender; offender = offender->next) {
		for (id = VMW_NR_MAIN_PROBES; id < VMW_MAX_PROBES; id++) {
			offender->count -= offender->hits[id] - offender->before[id];
			offender->hits[id] = offender->before[id];
		}
	}
}

/* Of no site, or of one in the code that was searched. */
static bool is_known_site(const struct vmw_aggregate *agg, u32 site)
{
	if (!site)
		return true;
	return agg->sites && site <= agg->sites->nr && !*vmw_site_object(agg->sites, site)->wrong;
}

/*
 * A struct page that is computed need not be there: code computes it before it checks
 * the pfn. It is used where the instruction itself reads it, or a driver made it.
 */
static bool is_lookup(const struct vmw_aggregate *agg, const struct vmw_used *used,
		      const struct vmw_offender *offender)
{
	if (!used->site)
		return vmw_probe_infos[used->probe].class == VMW_CLASS_LOOKUP;
	return !used->request && !offender && !agg->sites->sites[used->site - 1].code.reads;
}

void vmw_aggregate_use(struct vmw_aggregate *agg, const struct vmw_use_key *key,
		       const struct vmw_use *use)
{
	/* Not the section's: a range may begin inside of one. Lookups have none. */
	u64 pfn = key->section ? vmw_pfn_of(&agg->bounds, use->lowest) : 0;
	struct vmw_offender *offender = find_offender(agg, pfn);
	struct vmw_used *used;

	if (key->probe >= VMW_MAX_PROBES || !is_known_site(agg, key->site))
		return;
	if (offender && joins[key->probe]) {
		offender->hits[key->probe] += use->count;
		offender->count += use->count;
		return;
	}
	used = find_used(agg, key->probe, key->site, key->verdict, find_request(agg, pfn),
			 key->section);
	if (!used)
		return;
	add_counts(&used->counts, use);
	used->lookup = is_lookup(agg, used, offender);
}

void vmw_aggregate_name_uses(struct vmw_aggregate *agg, unsigned int page_shift,
			     const char *(*name)(u64 phys, void *context), void *context)
{
	struct vmw_used *used;
	const char *driver;

	for (used = agg->uses; used; used = used->next) {
		if (used->request)
			continue;
		driver = name(used->section << (agg->section_shift + page_shift), context);
		if (driver)
			snprintf(used->driver, sizeof(used->driver), "%s", driver);
	}
}

void vmw_agg_free_uses(struct vmw_aggregate *agg)
{
	while (agg->uses) {
		struct vmw_used *used = agg->uses;

		agg->uses = used->next;
		free(used);
	}
}
