/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where request_free_mem_region(&iomem_resource, size) finds room: the kernel's own
 * search, get_free_mem_region() in kernel/resource.c, with GFR_DESCENDING.
 */
#ifndef VMEMMAPWATCH_PREFLIGHT_PLACE_H
#define VMEMMAPWATCH_PREFLIGHT_PLACE_H

#include "kernel/iomem.h"

/* How far down the search goes from an address that is taken. */
enum vmw_place_step {
	VMW_STEP_UNKNOWN,
	VMW_STEP_SIZE,	  /* 6.1.192: by what is asked for */
	VMW_STEP_SECTION, /* 6.12.117: by a section */
};

struct vmw_search {
	const struct vmw_resource *taken; /* in any order, bytes */
	size_t nr;
	u64 last;    /* the highest address: min(iomem_resource.end, PHYSMEM_END) */
	u64 section; /* bytes, 1 << PA_SECTION_SHIFT, that sizes are rounded up to */
	enum vmw_place_step step;
};

struct vmw_placed {
	u64 first;
	u64 last;	      /* inclusive */
	unsigned int skipped; /* claims that the search went around */
};

/*
 * Place @size bytes. Returns 0; -ERANGE where nothing that large is free; -EINVAL
 * where @size is none that can be rounded up; -ENODATA where the step is unknown
 * and the two steps end in different places.
 */
int vmw_place_find(const struct vmw_search *search, u64 size, struct vmw_placed *ret);

#endif
