/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stacks, and the places in the code that they are made of, each kept once: ten
 * thousand offenders have a handful of stacks between them.
 */
#ifndef VMEMMAPWATCH_AGGREGATE_INTERN_H
#define VMEMMAPWATCH_AGGREGATE_INTERN_H

#include <vmemmapwatch/event.h>

/* An address in the kernel's code, and its name at the time; "" where none is known. */
struct vmw_place {
	struct vmw_place *bucket;
	u32 id; /* from 1, in the order of their coming */
	u64 address;
	char name[];
};

/* A kernel stack, innermost frame first. */
struct vmw_frames {
	struct vmw_frames *bucket;
	u32 id; /* likewise */
	u32 nr;
	const struct vmw_place *at[];
};

#define VMW_INTERN_BUCKETS 256

/* Both are bounded: what is more than this is not kept. */
#define VMW_MAX_PLACES 16384
#define VMW_MAX_STACKS 8192

/* Zeroed by the caller. */
struct vmw_intern {
	struct vmw_place *places[VMW_INTERN_BUCKETS];
	struct vmw_frames *stacks[VMW_INTERN_BUCKETS];
	u32 nr_places;
	u32 nr_stacks;
};

/*
 * The one of that address and name (at most VMW_SYMBOL_LEN bytes with its NUL) or
 * of those places, made where there is none yet. Owned by @intern. NULL for lack
 * of memory, or where too many are kept already.
 */
const struct vmw_place *vmw_intern_place(struct vmw_intern *intern, u64 address,
					 const char *name);
const struct vmw_frames *vmw_intern_frames(struct vmw_intern *intern,
					   const struct vmw_place *const *at, u32 nr);

/* The same of a record. */
const struct vmw_frames *vmw_intern_stack(struct vmw_intern *intern,
					  const struct vmw_stack *stack);

void vmw_intern_free(struct vmw_intern *intern);

#endif
