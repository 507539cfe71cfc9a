/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every conversion between pfns, struct pages, physical and linear addresses that was
 * inlined into an object's code: each reads memstart_addr (arch/arm64/include/asm/memory.h,
 * 5.10.223 to 7.2.13), and is found by what is done with it.
 */
#ifndef VMEMMAPWATCH_KERNEL_SITES_H
#define VMEMMAPWATCH_KERNEL_SITES_H

#include "kernel/code_state.h"
#include "kernel/object.h"

struct vmw_site {
	u64 at; /* where the value is complete; of unclassified: the load */
	u32 insn;
	enum vmw_code_kind kind;
	const struct vmw_object_function *function; /* of the object */
	u64 operands;	  /* those of one struct page have the same number */
	u64 displacement; /* of the value, where it is not the page's address itself; bytes */
	bool in_address;  /* of a load or store, and in no register */
	const char *why;  /* no probe can be there; NULL: it can */
};

struct vmw_sites {
	struct vmw_site *sites; /* by address */
	size_t nr, room;
	size_t nr_kind[VMW_CODE_NR_KINDS];
	struct vmw_code_model model; /* what the object is compiled for; start 0: not known */
	size_t loads;		     /* of memstart_addr, or ADDs that make its address */
	size_t hidden; /* instructions that a kprobe stands for, in functions that load it */
	size_t votes, all_votes; /* conversions that @model was taken from, of how many */
};

extern const char *const vmw_code_kind_names[VMW_CODE_NR_KINDS];

/*
 * Find them in @object, which has to stay. 0, or -ENOMEM with nothing to free. Where the
 * object has relocations, each that loads memstart_addr is in a site, if only as one that
 * is not classified.
 */
int vmw_sites_find(const struct vmw_object *object, struct vmw_sites *ret);

/* @ret->model alone, and its votes, as vmw_sites_find() has them; there is nothing to free. */
int vmw_sites_model(const struct vmw_object *object, struct vmw_sites *ret);

void vmw_sites_free(struct vmw_sites *sites);

#endif
