// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/code_value.h"

/*
 * VMEMMAP_START is a multiple of 2 MiB on all kernels (arch/arm64/include/asm/memory.h,
 * 5.10.223 to 7.2.13), and in the upper half of the kernel's part: a constant that is
 * less than half of that away is the same with a displacement.
 */
#define START_ALIGN  (2ULL << 20)
#define LOWEST_START 0xffff800000000000ULL

bool vmw_value_is_near(u64 c, u64 to)
{
	return c - to + START_ALIGN / 2 < START_ALIGN;
}

static u64 round_start(u64 c)
{
	return (c + START_ALIGN / 2) & ~(START_ALIGN - 1);
}

/*
 * What a conversion may add to VMEMMAP_START: a constant part of the pfn, up to 4 TiB of
 * pages; but no more than leaves it apart from 0.
 */
bool vmw_value_is_in_reach(u64 c, u64 start)
{
	u64 reach = -start / 4 < 1ULL << 36 ? -start / 4 : 1ULL << 36;

	return c - start + reach < 2 * reach;
}

static bool may_be_start(u64 c)
{
	return c >= LOWEST_START && round_start(c) >= LOWEST_START;
}

static u64 shift_right(u64 value, unsigned int n, bool arithmetic)
{
	return arithmetic ? (u64)((s64)value >> n) : value >> n;
}

static bool is_page_shift(unsigned int n)
{
	return n == 12 || n == 14 || n == 16;
}

/* memstart_addr itself. */
static bool is_memstart(const struct vmw_code_value *v)
{
	return v->r == 1 && !v->k && !v->c && !v->unknown && !v->shifted;
}

/* a + b * factor; terms that do not fit together are unknown. */
struct vmw_code_value vmw_value_add(const struct vmw_code_value *a,
				    const struct vmw_code_value *b, u64 factor)
{
	struct vmw_code_value sum = *a;
	s64 r = (s64)((u64)a->r + (u64)b->r * factor);

	if (a->shifted || b->shifted || (a->k && b->k && a->page_shift != b->page_shift) ||
	    r != (s32)r)
		return vmw_value_unknown();
	sum.c += b->c * factor;
	sum.k = (s64)((u64)a->k + (u64)b->k * factor);
	sum.r = r;
	if (b->k)
		sum.page_shift = b->page_shift;
	sum.unknown |= b->unknown;
	sum.origins |= b->origins;
	if (!sum.k && !sum.r)
		sum.origins = 0;
	return sum;
}

struct vmw_code_value vmw_value_scale(const struct vmw_code_value *v, u64 factor)
{
	struct vmw_code_value zero = vmw_value_constant(0);

	return vmw_value_add(&zero, v, factor);
}

/* memstart_addr >> n; without the bits below the page it is a pfn. */
static struct vmw_code_value shift_memstart(const struct vmw_code_value *v, unsigned int n)
{
	struct vmw_code_value result = *v;

	n += v->shifted;
	result.shifted = n;
	if (is_page_shift(n)) {
		result.shifted = 0;
		result.r = 0;
		result.k = 1;
		result.page_shift = n;
	} else if (n > 16) {
		return vmw_value_unknown();
	}
	return result;
}

struct vmw_code_value vmw_value_shift_right(const struct vmw_code_value *v, unsigned int n,
					    bool arithmetic)
{
	struct vmw_code_value result = *v;

	if (!n)
		return *v;
	if (v->shifted || is_memstart(v))
		return shift_memstart(v, n);
	if (v->r || (u64)v->k & ((1ULL << n) - 1))
		return vmw_value_unknown();
	/*
	 * A displacement stays one, since what is unknown makes up for its sign. What is less
	 * than is shifted out is none: the last byte of a page is in the same page.
	 */
	result.c = shift_right(v->c, n, arithmetic || v->unknown);
	if (v->unknown && vmw_value_is_near(v->c, 0) && (s64)v->c < 0)
		result.c = -(-v->c >> n);
	result.k = v->k >> n;
	return result;
}

/* A mask that cuts off low bits of memstart_addr, shifted or not, makes it a pfn. */
struct vmw_code_value vmw_value_mask(const struct vmw_code_value *v, u64 bits)
{
	unsigned int low = bits ? __builtin_ctzll(bits) : 63;
	struct vmw_code_value result = *v;
	bool run = bits && !(((bits >> low) + 1) & (bits >> low));

	if (vmw_value_is_constant(v))
		return vmw_value_constant(v->c & bits);
	if (!run || (bits >> low) >> 27 == 0)
		return vmw_value_unknown();
	if (v->shifted || is_memstart(v)) {
		if (!is_page_shift(v->shifted + low))
			return vmw_value_unknown();
		result.page_shift = v->shifted + low;
		result.shifted = 0;
		result.r = 0;
		result.k = (s64)(1ULL << low);
		return result;
	}
	/* What is cut off is of the unknown part only. */
	if (v->r || v->c & ((1ULL << low) - 1) || (u64)v->k & ((1ULL << low) - 1) ||
	    !(bits >> 63))
		return vmw_value_unknown();
	return result;
}

struct vmw_code_value vmw_value_times(const struct vmw_code_value *a,
				      const struct vmw_code_value *b)
{
	if (vmw_value_is_constant(a))
		return vmw_value_scale(b, a->c);
	if (vmw_value_is_constant(b))
		return vmw_value_scale(a, b->c);
	return vmw_value_unknown();
}

bool vmw_value_may_be_page(const struct vmw_code_value *v)
{
	return v->unknown && !v->r && v->k <= -8 && v->k >= -4096 && !(v->k % 8) &&
	       may_be_start(v->c);
}

/* Can @c become @to when one or two of its 16-bit parts are replaced by MOVK? */
static bool is_half_built(u64 c, u64 to)
{
	unsigned int differ = 0, same = 0, n;

	for (n = 0; n < 64; n += 16) {
		differ += (u16)(c >> n) != (u16)(to >> n);
		same += (u16)(c >> n) == (u16)(to >> n) && (u16)(to >> n) &&
			(u16)(to >> n) != 0xffff;
	}
	return differ <= 1 || (differ == 2 && same);
}

/* One instruction makes it: a run of ones, as 0xfffffc0000000000 is. */
static bool is_run(u64 c)
{
	u64 low = c & -c;

	return !((c + low) & c);
}

/* The constant that a conversion may be made with: @ret is it without a displacement. */
static bool start_class(u64 c, const struct vmw_code_model *model, bool whole, u64 *ret)
{
	unsigned int n, shift = __builtin_ctz(model->page_struct_size | 4096);

	if (!model->start) {
		*ret = round_start(c);
		for (n = 0; n <= 8; n++) {
			if (may_be_start(c << n))
				return n ? *ret = c, true : true;
		}
		if (may_be_start(-c) && c >= START_ALIGN / 2)
			return true;
		return false;
	}
	for (n = 0; n < 4; n++) {
		/* The index of a page is multiplied later: whatever its upper bits are. */
		u64 bytes = n < 2 ? c : c << shift;
		u64 wanted = n % 2 ? -model->start : model->start;

		*ret = n < 2 ? wanted : wanted >> shift;
		if (vmw_value_is_in_reach(n % 2 ? -bytes : bytes, model->start))
			return true;
		wanted = *ret;
		*ret = c;
		if (!whole && !is_run(wanted) && is_half_built(c, wanted))
			return true;
	}
	return false;
}

void vmw_value_drop_constant(struct vmw_code_value *v, const struct vmw_code_model *model)
{
	u64 whole;

	if (!v->unknown || vmw_value_is_near(v->c, 0))
		return;
	/* A part of the pfn that is constant, or PAGE_OFFSET. */
	if (!start_class(v->c, model, true, &whole))
		v->c = 0;
	else if (model->start && !vmw_value_is_near(v->c, whole))
		v->c = whole;
}

static bool matters(const struct vmw_code_value *v, const struct vmw_code_model *model)
{
	u64 c;

	if (v->conflict || v->k || v->r || v->shifted)
		return true;
	if (!v->unknown && (v->c == model->memstart || v->c == (model->memstart & ~0xfffULL)))
		return true;
	return v->c && start_class(v->c, model, v->unknown, &c);
}

/* The c of both, without displacements that differ. */
static bool merge_constant(u64 a, u64 b, const struct vmw_code_model *model, u64 *ret)
{
	u64 of_a, of_b;

	*ret = 0;
	if (vmw_value_is_near(a, 0) && vmw_value_is_near(b, 0))
		return true;
	if (!start_class(a, model, true, &of_a) || !start_class(b, model, true, &of_b))
		return false;
	*ret = of_a;
	return of_a == of_b;
}

/* Where both matter, they are of one kind or a conflict. */
struct vmw_code_value vmw_value_merge(const struct vmw_code_value *a,
				      const struct vmw_code_value *b,
				      const struct vmw_code_model *model)
{
	bool a_matters = matters(a, model), b_matters = matters(b, model);
	struct vmw_code_value both = *a;

	if (a_matters != b_matters)
		return a_matters ? *a : *b;
	both.unknown |= b->unknown || a->c != b->c;
	both.origins |= b->origins;
	if (a->made_by != b->made_by)
		both.made_by = 0;
	if (!a->conflict && !b->conflict && a->k == b->k && a->r == b->r &&
	    a->shifted == b->shifted && a->page_shift == b->page_shift &&
	    (a->c == b->c || merge_constant(a->c, b->c, model, &both.c)))
		return both;
	both = vmw_value_unknown();
	both.conflict = a_matters;
	return both;
}
