/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a register holds while code converts between pfns and struct pages:
 *	c + k * (memstart_addr >> page_shift) + r * memstart_addr [+ something unknown]
 * modulo 2^64.
 */
#ifndef VMEMMAPWATCH_KERNEL_CODE_VALUE_H
#define VMEMMAPWATCH_KERNEL_CODE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

struct vmw_code_value {
	u64 c;
	s64 k;
	u64 origins; /* the loads of memstart_addr that it was made of, a bit each */
	u64 made_by; /* a number for what made it, and for nothing else; 0: more than one did */
	s32 r;
	u8 page_shift; /* of k */
	u8 shifted;    /* it is memstart_addr >> shifted, the low bits not yet cut off */
	bool unknown;
	bool conflict; /* two that matter differ, while states are merged */
};

/* What code is compiled for. */
struct vmw_code_model {
	u64 memstart; /* the address of memstart_addr */
	/* By relocation, sorted: instructions that read it or make its address. */
	const u64 *loads;
	size_t nr_loads;
	u64 start; /* VMEMMAP_START, 0: not known yet */
	u32 page_struct_size;
	u8 page_shift;
};

static inline struct vmw_code_value vmw_value_unknown(void)
{
	return (struct vmw_code_value){ .unknown = true };
}

static inline struct vmw_code_value vmw_value_constant(u64 c)
{
	return (struct vmw_code_value){ .c = c };
}

static inline bool vmw_value_is_constant(const struct vmw_code_value *v)
{
	return !v->k && !v->r && !v->shifted && !v->unknown;
}

/* @a + @b * @factor; terms that do not fit together are unknown. */
struct vmw_code_value vmw_value_add(const struct vmw_code_value *a,
				    const struct vmw_code_value *b, u64 factor);
struct vmw_code_value vmw_value_scale(const struct vmw_code_value *v, u64 factor);
struct vmw_code_value vmw_value_times(const struct vmw_code_value *a,
				      const struct vmw_code_value *b);

/* @v >> @n, with its sign or without. */
struct vmw_code_value vmw_value_shift_right(const struct vmw_code_value *v, unsigned int n,
					    bool arithmetic);
struct vmw_code_value vmw_value_mask(const struct vmw_code_value *v, u64 bits);

/* Is @c the constant @to, or that with a displacement that may be of a member of a page? */
bool vmw_value_is_near(u64 c, u64 to);

/* Is @c VMEMMAP_START @start, with what a pfn may have as a constant part? */
bool vmw_value_is_in_reach(u64 c, u64 start);

/* Is it like the address of a struct page, where the model is not known yet? */
bool vmw_value_may_be_page(const struct vmw_code_value *value);

/* Forget a constant part that no conversion is made with. */
void vmw_value_drop_constant(struct vmw_code_value *v, const struct vmw_code_model *model);

/*
 * What a register has where two ways meet: what matters for a conversion stays where the
 * other one does not; where both do, they are of one kind or a conflict.
 */
struct vmw_code_value vmw_value_merge(const struct vmw_code_value *a,
				      const struct vmw_code_value *b,
				      const struct vmw_code_model *model);

#endif
