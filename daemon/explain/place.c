// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "explain/place.h"

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
