// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/code_flow.h"
#include "kernel/probeable.h"
#include "kernel/sites.h"

const char *const vmw_code_kind_names[VMW_CODE_NR_KINDS] = {
	[VMW_CODE_NOTHING] = "none",
	[VMW_CODE_PFN_TO_PAGE] = "pfn_to_page",
	[VMW_CODE_PAGE_TO_PFN] = "page_to_pfn",
	[VMW_CODE_PA] = "pa",
	[VMW_CODE_VA] = "va",
	[VMW_CODE_UNCLASSIFIED] = "unclassified",
};

#define MAX_VOTES 256

/* What a conversion says of how the object was compiled. */
struct vote {
	u64 start;
	u32 page_struct_size;
	u8 page_shift;
	s64 count;
};

struct finder {
	const struct vmw_object *object;
	struct vmw_sites *sites;
	bool vote; /* in the first run */
	struct vote votes[MAX_VOTES];
	size_t nr_votes;
	bool *claimed; /* functions that were followed as a part of others */
	/* Of the function that is followed. */
	u64 loads[64];
	u64 classified; /* a bit for each of them */
	u64 known;	/* in an earlier run */
	bool again;
	size_t first; /* of its sites */
	/* Of loads that nothing is complete of: what is made of them in part, and where. */
	struct {
		u64 at;
		enum vmw_code_kind kind;
	} partly[64];
	/* Of all functions. */
	u64 *load_ats;
	size_t room_loads;
	int err;
};

/* &page->member has what lies before the member in it. Whole struct pages are a pfn's. */
static u64 displacement_of(const struct finder *f, const struct vmw_code_effect *effect)
{
	const struct vmw_code_model *model = &f->sites->model;
	s64 size = model->page_struct_size, beyond = effect->made.c - model->start;

	if (!effect->made.unknown || !vmw_value_is_near(effect->made.c, model->start))
		return 0;
	return (beyond % size + size) % size;
}

static int add_site(struct finder *f, u64 at, u32 insn, enum vmw_code_kind kind,
		    const struct vmw_code_effect *effect)
{
	struct vmw_sites *s = f->sites;
	struct vmw_site *bigger;

	if (s->nr == s->room) {
		size_t room = s->room ? 2 * s->room : 64;

		bigger = realloc(s->sites, room * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		s->sites = bigger;
		s->room = room;
	}
	s->sites[s->nr++] = (struct vmw_site){
		.at = at,
		.insn = insn,
		.kind = kind,
		.function = vmw_object_function(f->object, at),
		.operands = effect ? effect->operands : 0,
		.displacement =
			effect && kind == VMW_CODE_PFN_TO_PAGE ? displacement_of(f, effect) : 0,
		.in_address = effect && effect->in_address,
	};
	return 0;
}

static void vote(struct finder *f, u64 c, s64 k, u8 page_shift, int count)
{
	u64 start = (c + (1 << 20)) & ~((2ULL << 20) - 1);
	struct vote *v;
	size_t i;

	for (i = 0; i < f->nr_votes; i++) {
		v = &f->votes[i];
		if (v->start == start && v->page_struct_size == k && v->page_shift == page_shift) {
			v->count += count;
			return;
		}
	}
	if (f->nr_votes == MAX_VOTES)
		return;
	f->votes[f->nr_votes++] = (struct vote){ start, k, page_shift, count };
}

/*
 * A value like a struct page's, or like what is taken away from one. Where it is made of
 * another such value (56 is 64 - 8), that one was not complete.
 */
static void note_vote(struct finder *f, const struct vmw_code_effect *effect)
{
	const struct vmw_code_value *v = &effect->made;
	struct vmw_code_value page = *v;

	if (!effect->computed)
		return;
	if (vmw_value_may_be_page(v)) {
		if (effect->before == v->k)
			return;
		vote(f, v->c, -v->k, v->page_shift, 1);
		if (effect->before)
			vote(f, v->c, -effect->before, v->page_shift, -1);
		return;
	}
	page.k = -v->k;
	page.c = -v->c;
	if (vmw_value_may_be_page(&page)) {
		vote(f, page.c, v->k, v->page_shift, 1);
	} else if (v->k == 1) {
		/* (page - START) >> 6, plus a pfn: the size by far most common. */
		page.k = -64;
		page.c = -(v->c << 6);
		if (v->c && vmw_value_may_be_page(&page))
			vote(f, page.c, 64, v->page_shift, 1);
	}
}

static int note_load(struct finder *f, u64 at)
{
	size_t room = f->room_loads ? 2 * f->room_loads : 64;
	u64 *bigger;

	if (f->sites->loads == f->room_loads) {
		bigger = realloc(f->load_ats, room * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		f->load_ats = bigger;
		f->room_loads = room;
	}
	f->load_ats[f->sites->loads++] = at;
	return 0;
}

static void note_partly(struct finder *f, u64 at, const struct vmw_code_effect *effect)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		if (effect->made.origins & 1ULL << i && !f->partly[i].kind) {
			f->partly[i].at = at;
			f->partly[i].kind = effect->partly;
		}
	}
}

static u32 insn_at(const struct finder *f, u64 at)
{
	const struct vmw_object_function *function = vmw_object_function(f->object, at);
	const u32 *code;
	size_t n;

	code = vmw_object_code(f->object, function, &n);
	return code[(at - function->start) / 4];
}

static void see(void *data, u64 at, const struct vmw_a64 *insn,
		const struct vmw_code_effect *effect)
{
	struct finder *f = data;

	if (f->vote) {
		note_vote(f, effect);
		return;
	}
	if (!f->again) {
		if (effect->loads && !f->err)
			f->err = note_load(f, at);
		f->sites->hidden += insn->op == VMW_A64_HIDDEN;
	}
	if (effect->partly)
		note_partly(f, at, effect);
	if (!effect->kind || f->err || (f->again && !(effect->made.origins & ~f->known)))
		return;
	f->classified |= effect->made.origins;
	f->err = add_site(f, at, insn_at(f, at), effect->kind, effect);
}

/* Loads of the function that was followed of which nothing is complete. */
static int add_rest(struct finder *f)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < 64 && f->loads[i] && !err; i++) {
		u64 at = f->partly[i].kind ? f->partly[i].at : f->loads[i];
		enum vmw_code_kind kind = f->partly[i].kind;

		if (f->classified & 1ULL << i)
			continue;
		err = add_site(f, at, insn_at(f, at), kind ? kind : VMW_CODE_UNCLASSIFIED, NULL);
	}
	return err;
}

static bool is_cold(const struct vmw_object_function *function)
{
	return strstr(function->name, ".cold");
}

/* What @function needs to be followed: itself, and where it jumps to of .cold parts. */
struct parts {
	struct vmw_code_extent extents[VMW_CODE_MAX_EXTENTS];
	size_t functions[VMW_CODE_MAX_EXTENTS];
	size_t nr;
	bool refers; /* to the page that has memstart_addr */
};

static void add_part(const struct vmw_object *object, size_t i, struct parts *parts)
{
	const struct vmw_object_function *function = &object->functions[i];
	struct vmw_code_extent *extent = &parts->extents[parts->nr];
	size_t n;

	for (n = 0; n < parts->nr; n++) {
		if (parts->functions[n] == i)
			return;
	}
	if (parts->nr == VMW_CODE_MAX_EXTENTS)
		return;
	extent->start = function->start;
	extent->code = vmw_object_code(object, function, &extent->n);
	parts->functions[parts->nr++] = i;
}

/* Only of branches: the rest of an instruction does not matter here. */
static bool branches_to(u32 insn, u64 at, u64 *ret)
{
	struct vmw_a64 a;

	if ((insn & 0x1c000000) != 0x14000000)
		return false;
	vmw_a64_decode(insn, at, &a);
	*ret = a.imm;
	return a.op == VMW_A64_BRANCH || a.op == VMW_A64_BRANCH_IF;
}

static void look_at(const struct finder *f, size_t i, struct parts *parts)
{
	const struct vmw_object *object = f->object;
	const struct vmw_object_function *function = &object->functions[i], *other;
	u64 page = object->memstart & ~0xfffULL, target;
	const u32 *code;
	size_t n, at;

	code = vmw_object_code(object, function, &n);
	for (at = 0; at < n; at++) {
		u64 address = function->start + 4 * at;

		if (vmw_a64_adrp(code[at], address, &target)) {
			parts->refers |= target == page;
		} else if (branches_to(code[at], address, &target) &&
			   (target < function->start || target >= function->end)) {
			other = vmw_object_function(object, target);
			if (other && is_cold(other) && !f->claimed[other - object->functions])
				add_part(object, other - object->functions, parts);
		}
	}
}

/*
 * A struct page is one site, and not one for each of its uses. A load that comes before a
 * register has it stays: it may be the one that faults, or the register be filled on some
 * ways only.
 */
static void drop_uses(struct finder *f)
{
	struct vmw_sites *s = f->sites;
	size_t i, j, kept = f->first;

	for (i = f->first; i < s->nr; i++) {
		struct vmw_site *site = &s->sites[i];
		bool use = false;

		for (j = f->first; j < s->nr && site->in_address; j++) {
			const struct vmw_site *other = &s->sites[j];

			use |= site->kind == other->kind && site->operands == other->operands &&
			       other->at < site->at;
		}
		if (!use)
			s->sites[kept++] = *site;
	}
	s->nr = kept;
}

static u64 all_loads(const struct finder *f)
{
	unsigned int n = 0;

	while (n < 64 && f->loads[n])
		n++;
	return n < 64 ? (1ULL << n) - 1 : ~0ULL;
}

static int follow(struct finder *f, const struct parts *parts)
{
	const struct vmw_code_model *model = &f->sites->model;
	int err;

	memset(f->loads, 0, sizeof(f->loads));
	memset(f->partly, 0, sizeof(f->partly));
	f->classified = 0;
	f->again = false;
	f->first = f->sites->nr;
	err = vmw_code_follow(parts->extents, parts->nr, model, f->loads, false, see, f);
	/* What is too long is not followed: its relocations stay unclassified. */
	if (err == -E2BIG)
		return 0;
	f->known = f->classified;
	if (!err && !f->vote && f->known != all_loads(f)) {
		f->again = true;
		err = vmw_code_follow(parts->extents, parts->nr, model, f->loads, true, see, f);
	}
	if (!err)
		err = f->err;
	if (!err && !f->vote) {
		drop_uses(f);
		err = add_rest(f);
	}
	return err;
}

static int find_in(struct finder *f, size_t i)
{
	struct parts parts = { .nr = 0 };
	size_t n;

	if (f->claimed[i])
		return 0;
	add_part(f->object, i, &parts);
	look_at(f, i, &parts);
	for (n = 1; n < parts.nr; n++) {
		f->claimed[parts.functions[n]] = true;
		look_at(f, parts.functions[n], &parts);
	}
	return parts.refers ? follow(f, &parts) : 0;
}

/* The .cold parts are followed from where they are jumped to; what is left, at last. */
static int run(struct finder *f)
{
	size_t i;
	int cold, err = 0;

	memset(f->claimed, 0, f->object->nr_functions * sizeof(*f->claimed));
	for (cold = 0; cold < 2; cold++) {
		for (i = 0; !err && i < f->object->nr_functions; i++) {
			if (is_cold(&f->object->functions[i]) == cold)
				err = find_in(f, i);
		}
	}
	return err;
}

/* The most votes; of as many, what was seen first. */
static void settle_model(struct finder *f)
{
	struct vmw_sites *s = f->sites;
	const struct vote *best = NULL;
	size_t i;

	for (i = 0; i < f->nr_votes; i++) {
		if (f->votes[i].count <= 0)
			continue;
		s->all_votes += f->votes[i].count;
		if (!best || f->votes[i].count > best->count)
			best = &f->votes[i];
	}
	if (!best)
		return;
	s->votes = best->count;
	s->model.start = best->start;
	s->model.page_struct_size = best->page_struct_size;
	s->model.page_shift = best->page_shift;
}

static int compare(const void *a, const void *b)
{
	const struct vmw_site *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/* What several loads are used for is one site. */
static void drop_twice(struct vmw_sites *s)
{
	size_t i, kept = 0;

	for (i = 0; i < s->nr; i++) {
		if (!kept || compare(&s->sites[kept - 1], &s->sites[i]))
			s->sites[kept++] = s->sites[i];
	}
	s->nr = kept;
}

static bool is_seen(const struct finder *f, u64 at)
{
	return vmw_object_has(f->load_ats, f->sites->loads, at, at + 1);
}

/* Relocations in what was not followed, or that nothing known was done with. */
static int add_missed(struct finder *f)
{
	const struct vmw_object *object = f->object;
	size_t i, seen = f->sites->loads, missed = 0;
	int err = 0;

	if (seen)
		qsort(f->load_ats, seen, sizeof(*f->load_ats), vmw_compare_addresses);
	for (i = 0; i < object->nr_loads && !err; i++) {
		if (is_seen(f, object->loads[i]))
			continue;
		err = add_site(f, object->loads[i], 0, VMW_CODE_UNCLASSIFIED, NULL);
		missed++;
	}
	f->sites->loads = seen + missed;
	return err;
}

static void finish_site(const struct vmw_object *object, struct vmw_sites *sites,
			struct vmw_site *site)
{
	sites->nr_kind[site->kind]++;
	site->why = site->kind == VMW_CODE_UNCLASSIFIED ?
			    "what memstart_addr is used for is not clear" :
			    vmw_why_no_probe(object, site->function, site->at);
}

static void free_finder(struct finder *f)
{
	if (f) {
		free(f->claimed);
		free(f->load_ats);
	}
	free(f);
}

static struct finder *new_finder(const struct vmw_object *object, struct vmw_sites *sites)
{
	struct finder *f = calloc(1, sizeof(*f));

	memset(sites, 0, sizeof(*sites));
	sites->model.memstart = object->memstart;
	sites->model.loads = object->loads;
	sites->model.nr_loads = object->nr_loads;
	if (!f)
		return NULL;
	f->object = object;
	f->sites = sites;
	f->claimed = calloc(object->nr_functions + 1, sizeof(*f->claimed));
	if (f->claimed)
		return f;
	free_finder(f);
	return NULL;
}

static int find_model(struct finder *f)
{
	int err;

	f->vote = true;
	err = run(f);
	f->vote = false;
	if (!err)
		settle_model(f);
	return err;
}

static int find_sites(struct finder *f)
{
	struct vmw_sites *s = f->sites;
	size_t i;
	int err;

	err = run(f);
	if (!err)
		err = add_missed(f);
	if (s->nr)
		qsort(s->sites, s->nr, sizeof(*s->sites), compare);
	drop_twice(s);
	for (i = 0; i < s->nr; i++)
		finish_site(f->object, s, &s->sites[i]);
	return err;
}

int vmw_sites_model(const struct vmw_object *object, struct vmw_sites *ret)
{
	struct finder *f = new_finder(object, ret);
	int err = f ? 0 : -ENOMEM;

	if (!err && object->memstart)
		err = find_model(f);
	free_finder(f);
	return err;
}

int vmw_sites_find(const struct vmw_object *object, struct vmw_sites *ret)
{
	struct finder *f = new_finder(object, ret);
	int err = f ? 0 : -ENOMEM;

	if (!err && object->memstart) {
		err = find_model(f);
		if (!err)
			err = find_sites(f);
	}
	free_finder(f);
	return err;
}

void vmw_sites_free(struct vmw_sites *sites)
{
	free(sites->sites);
	memset(sites, 0, sizeof(*sites));
}
