/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --preflight: what requests for struct pages would meet on this boot, and on others
 * of the same kernel and machine, without making one.
 */
#ifndef VMEMMAPWATCH_EXPLAIN_PREFLIGHT_H
#define VMEMMAPWATCH_EXPLAIN_PREFLIGHT_H

#include "explain/expected.h"
#include "explain/explain.h"
#include "explain/seeds.h"
#include "kernel/iomem.h"

/*
 * Where request_free_mem_region(&iomem_resource, size) finds room: the kernel's own
 * search, get_free_mem_region() in kernel/resource.c, with GFR_DESCENDING.
 */

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

#define VMW_MAX_WISHES 64

/* What somebody is going to ask for. */
struct vmw_planned {
	char what[80];	  /* as it was asked, or the device */
	char from[64];	  /* where the size is from: a file or BAR; "": asked */
	u64 size;	  /* bytes */
	bool lower_bound; /* the device may have more */
	bool has_address;
	u64 address; /* physical, where the kernel does not place it */
	u64 bar;     /* of a device: its largest BAR, for types with an address */
	u64 bar_size;
};

/* How many seeds end in each way, by verdict. */
struct vmw_shares {
	bool known;
	const char *why; /* of the seeds; or why it is not known */
	u32 seeds[VMW_NR_EXPECTED][VMW_NR_VERDICTS];
	u32 nowhere[VMW_NR_EXPECTED]; /* without a range to judge */
};

struct vmw_foreseen {
	const struct vmw_planned *planned;
	bool placed;
	struct vmw_placed place;
	struct vmw_explanation explanation; /* where it is placed */
	struct vmw_expected expected;
	struct vmw_shares shares;
};

struct vmw_preflight {
	const struct vmw_layout *layout;
	const struct vmw_bounds *bounds;
	const struct vmw_iomem *iomem;
	struct vmw_kernel_facts kernel;
	bool warn_count_known;
	u64 warn_count;
	enum vmw_device_memory type;
	u64 section; /* bytes; 0: not known */
	enum vmw_place_step step;
	struct vmw_seeds seeds;
	struct vmw_planned planned[VMW_MAX_WISHES];
	struct vmw_foreseen foreseen[VMW_MAX_WISHES];
	size_t nr;
};

/*
 * "SIZE" or "SIZE@ADDRESS": bytes, decimal or hex with 0x, with K, M, G or T behind
 * SIZE. Returns 0, or -EINVAL with what was expected in @why (of @size bytes).
 */
int vmw_planned_parse(struct vmw_planned *planned, const char *text, char *why, size_t size);

/*
 * Foresee all planned requests of @p, in order: each finds what those before it have taken.
 * All but foreseen is filled in. Returns 0; -ENODATA after one line in @why (of @size
 * bytes) where the kernel's search cannot be followed, -EINVAL where a planned request has no
 * address that its type needs, -ENOMEM.
 */
int vmw_preflight_run(struct vmw_preflight *p, char *why, size_t size);

/* How the search of @release goes on. */
enum vmw_place_step vmw_preflight_step(const struct vmw_release *release);

#endif
