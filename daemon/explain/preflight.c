// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "explain/preflight.h"

/*
 * 6.1.192 goes down by what is asked for, 6.12.117 by a section; what is between was
 * not read. 5.10.223 (__request_free_mem_region()) is as 6.1.192.
 */
enum vmw_place_step vmw_preflight_step(const struct vmw_release *r)
{
	unsigned int number = r->major << 8 | r->minor;

	if (number >= (6 << 8 | 12))
		return VMW_STEP_SECTION;
	return number >= (5 << 8 | 10) && number <= (6 << 8 | 1) ? VMW_STEP_SIZE :
								   VMW_STEP_UNKNOWN;
}

/* @warned: how many WARNs the planned requests before this one have made. */
static struct vmw_expect_by fates_of(const struct vmw_preflight *p, bool searched, u64 warned)
{
	return (struct vmw_expect_by){
		.layout = p->layout,
		.kernel = &p->kernel,
		.iomem = p->iomem,
		.type = p->type,
		.section = p->section,
		.warn_count = p->warn_count + warned,
		.last = p->kernel.phys_end,
		.searched = searched,
	};
}

/* A boot as this one, but for where its linear map starts. */
struct boot {
	struct vmw_bounds bounds;
	u64 memstart;
	u64 last; /* of the search */
};

static u64 memstart_of(const struct vmw_preflight *p)
{
	u64 memstart = 0;

	vmw_layout_get(p->layout, VMW_VALUE_PHYS_OFFSET, &memstart);
	return memstart;
}

/* vmemmap = VMEMMAP_START - (memstart_addr >> PAGE_SHIFT), arithmetically. */
static struct boot boot_at(const struct vmw_preflight *p, u64 memstart)
{
	struct boot boot = {
		.bounds = *p->bounds,
		.memstart = memstart,
		.last = p->kernel.phys_end,
	};
	u64 moved = memstart - memstart_of(p);

	boot.bounds.vmemmap -=
		(u64)((s64)moved >> p->bounds->page_shift) * p->bounds->page_struct_size;
	/* A cured kernel searches from the end of the linear map. */
	if (p->kernel.fix == VMW_FIX_PRESENT && boot.last)
		boot.last += moved;
	return boot;
}

/* Where @planned request is on @boot. 0, or an errno of vmw_place_find(). */
static int place(const struct vmw_preflight *p, const struct vmw_search *search,
		 const struct boot *boot, const struct vmw_planned *planned,
		 struct vmw_placed *ret)
{
	struct vmw_search here = *search;

	memset(ret, 0, sizeof(*ret));
	if (planned->has_address) {
		ret->first = planned->address;
		ret->last = planned->address + planned->size - 1;
		return ret->last < ret->first ? -EINVAL : 0;
	}
	here.last = boot->last;
	return p->section && here.last ? vmw_place_find(&here, planned->size, ret) : -ENODATA;
}

/* Without a range, but with an answer: the search fails, or does not matter. */
static struct vmw_expected expected_nowhere(const struct vmw_preflight *p, u64 warned)
{
	struct vmw_expect_by by = fates_of(p, true, warned);
	enum vmw_refusal anywhere = vmw_refusal_anywhere(&by);

	return vmw_expect_refusal(&by, anywhere ? anywhere : VMW_REFUSAL_NO_ROOM);
}

/* What is placed is in the way of what comes after it. */
static void take(struct vmw_search *search, struct vmw_resource *taken,
		 const struct vmw_placed *at)
{
	taken[search->nr++] = (struct vmw_resource){ .start = at->first, .last = at->last };
}

/* All planned requests on one boot, which stands for @seeds of them. */
static void add_shares(struct vmw_preflight *p, struct vmw_search search,
		       struct vmw_resource *taken, u64 memstart, u32 seeds)
{
	struct boot boot = boot_at(p, memstart);
	unsigned int shift = boot.bounds.page_shift;
	u64 warned = 0;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		struct vmw_shares *shares = &p->foreseen[i].shares;
		bool searched = !p->planned[i].has_address;
		struct vmw_expect_by by = fates_of(p, searched, warned);
		struct vmw_judgement j;
		struct vmw_placed at;
		struct vmw_expected expected;

		by.last = boot.last;
		if (place(p, &search, &boot, &p->planned[i], &at)) {
			shares->nowhere[expected_nowhere(p, warned).kind] += seeds;
			continue;
		}
		expected = vmw_expect(&by, &boot.bounds, memstart, at.first, at.last);
		j = vmw_judge_pfns(&boot.bounds, at.first >> shift,
				   (at.last >> shift) - (at.first >> shift) + 1);
		shares->seeds[expected.kind][j.verdict] += seeds;
		warned += expected.warns;
		if (searched)
			take(&search, taken, &at);
	}
}

/* Neighbouring seeds often have the same linear map: it is looked at once. */
static void share_all(struct vmw_preflight *p, const struct vmw_search *search,
		      struct vmw_resource *taken)
{
	u32 seed, first = 0;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		p->foreseen[i].shares.known = p->seeds.known;
		p->foreseen[i].shares.why = p->seeds.why;
	}
	for (seed = 1; p->seeds.known && seed <= VMW_NR_SEEDS; seed++) {
		u64 memstart = vmw_seeds_memstart(&p->seeds, first);

		if (seed < VMW_NR_SEEDS && vmw_seeds_memstart(&p->seeds, seed) == memstart)
			continue;
		add_shares(p, *search, taken, memstart, seed - first);
		first = seed;
	}
}

static void explain(const struct vmw_preflight *p, struct vmw_foreseen *f)
{
	struct vmw_what what = {
		.text = f->planned->what,
		.kind = VMW_WHAT_PHYS,
		.is_range = true,
		.first = f->place.first,
		.last = f->place.last,
	};

	vmw_explain(&f->explanation, &what, p->layout, p->bounds);
}

static int say_unplaced(const struct vmw_preflight *p, int err, char *why, size_t size)
{
	if (err == -EINVAL)
		snprintf(why, size, "expected a size that ends below 2^64");
	else if (!p->kernel.phys_end)
		snprintf(why, size, "where requests end is not known: %s",
			 p->kernel.phys_end_why);
	else if (!p->section)
		snprintf(why, size, "SECTION_SIZE_BITS is not known");
	else
		snprintf(why, size,
			 "what lies at the top is taken, and how the search of this release goes on from there was not read (5.10, 6.1 and 6.12 on were)");
	return err;
}

static int foresee(const struct vmw_preflight *p, const struct vmw_search *search,
		   struct vmw_foreseen *f, u64 warned, char *why, size_t size)
{
	struct vmw_expect_by by = fates_of(p, !f->planned->has_address, warned);
	struct boot boot = boot_at(p, memstart_of(p));
	int err;

	err = place(p, search, &boot, f->planned, &f->place);
	if (err && err != -ERANGE && !(err == -ENODATA && vmw_refusal_anywhere(&by)))
		return say_unplaced(p, err, why, size);
	f->placed = !err;
	if (f->placed) {
		explain(p, f);
		f->expected = vmw_expect(&by, &boot.bounds, boot.memstart, f->place.first,
					 f->place.last);
		/* memremap_pages() asks all that it refuses of before vmemmap is populated. */
		f->explanation.refused = f->expected.refusal;
		f->explanation.kernel_warns &= !f->explanation.refused;
	} else {
		f->expected = expected_nowhere(p, warned);
	}
	return 0;
}

/* Types with an address of their own, that the kernel does not choose. */
static int settle_address(const struct vmw_preflight *p, struct vmw_planned *planned, char *why,
			  size_t size)
{
	if (p->type == VMW_DEVICE_PRIVATE || planned->has_address)
		return 0;
	if (!planned->bar_size) {
		snprintf(why, size,
			 "%s: expected SIZE@ADDRESS: the kernel does not place memory of type %s, it lies where the device has it",
			 planned->what, vmw_device_memory_names[p->type]);
		return -EINVAL;
	}
	planned->has_address = true;
	planned->address = planned->bar;
	planned->size = planned->bar_size;
	return 0;
}

int vmw_preflight_run(struct vmw_preflight *p, char *why, size_t size)
{
	struct vmw_resource *taken = calloc(p->iomem->nr + p->nr + 1, sizeof(*taken));
	struct vmw_search first = {
		.taken = taken, .nr = p->iomem->nr, .section = p->section, .step = p->step,
	}, search = first;
	u64 warned = 0;
	size_t i;
	int err = 0;

	if (!taken) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	memcpy(taken, p->iomem->resources, p->iomem->nr * sizeof(*taken));
	for (i = 0; !err && i < p->nr; i++) {
		p->foreseen[i] = (struct vmw_foreseen){ .planned = &p->planned[i] };
		err = settle_address(p, &p->planned[i], why, size);
		if (!err)
			err = foresee(p, &search, &p->foreseen[i], warned, why, size);
		warned += p->foreseen[i].expected.warns;
		if (!err && p->foreseen[i].placed && !p->planned[i].has_address)
			take(&search, taken, &p->foreseen[i].place);
	}
	if (!err)
		share_all(p, &first, taken);
	free(taken);
	return err;
}

static int parse(struct vmw_planned *planned, const char *text)
{
	size_t length = strcspn(text, "@");
	struct vmw_number number;

	if (vmw_number_parse(text, length, VMW_DECIMAL, &number) || !number.value)
		return -EINVAL;
	planned->size = number.value;
	planned->has_address = text[length] == '@';
	if (!planned->has_address)
		return 0;
	text += length + 1;
	if (vmw_number_parse(text, strlen(text), VMW_DECIMAL, &number))
		return -EINVAL;
	planned->address = number.value;
	return planned->address + (planned->size - 1) < planned->address ? -EINVAL : 0;
}

int vmw_planned_parse(struct vmw_planned *planned, const char *text, char *why, size_t size)
{
	memset(planned, 0, sizeof(*planned));
	snprintf(planned->what, sizeof(planned->what), "%s", text);
	if (strlen(text) < sizeof(planned->what) && !parse(planned, text))
		return 0;
	snprintf(why, size,
		 "%.80s: expected SIZE or SIZE@ADDRESS in bytes: a number, with 0x if hex, as 80G, 512MiB or 1G@0x1000000000",
		 text);
	return -EINVAL;
}

/* region_intersects() with no flags and no descriptor: anything is in the way. */
static const struct vmw_resource *in_the_way(const struct vmw_search *search, u64 first, u64 last)
{
	size_t i;

	for (i = 0; i < search->nr; i++) {
		if (search->taken[i].start <= last && search->taken[i].last >= first)
			return &search->taken[i];
	}
	return NULL;
}

/*
 * gfr_start(), gfr_continue() and gfr_next(). Addresses that are still in the way of
 * the same claim are skipped at once: the kernel tries each of them, in vain.
 */
static int find(const struct vmw_search *search, u64 size, u64 step, struct vmw_placed *ret)
{
	const struct vmw_resource *taken;
	u64 addr, steps;

	if (search->last < size)
		return -ERANGE;
	ret->skipped = 0;
	for (addr = search->last - size + 1; addr > step; addr -= steps * step) {
		taken = in_the_way(search, addr, addr + size - 1);
		if (!taken) {
			ret->first = addr;
			ret->last = addr + size - 1;
			return 0;
		}
		ret->skipped++;
		steps = (addr + size - 1 - taken->start) / step + 1;
		if (steps > (addr - 1) / step)
			break;
	}
	return -ERANGE;
}

int vmw_place_find(const struct vmw_search *search, u64 size, struct vmw_placed *ret)
{
	u64 section = search->section, rounded = (size + section - 1) & -section;
	struct vmw_placed by_size;
	int err, err_by_size;

	if (!rounded || rounded < size)
		return -EINVAL;
	if (search->step == VMW_STEP_SIZE)
		return find(search, rounded, rounded, ret);
	err = find(search, rounded, section, ret);
	if (search->step == VMW_STEP_SECTION)
		return err;
	err_by_size = find(search, rounded, rounded, &by_size);
	if (err != err_by_size || (!err && ret->first != by_size.first))
		return -ENODATA;
	return err;
}
