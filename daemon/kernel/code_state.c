// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "kernel/code_state.h"
#include "kernel/object.h"

static const struct vmw_code_value *reg(const struct vmw_code_state *s, u32 n)
{
	return &s->regs[n];
}

static struct vmw_code_value second(const struct vmw_code_state *s, const struct vmw_a64 *i)
{
	const struct vmw_code_value *rm = reg(s, i->rm);

	if (i->extends)
		return vmw_value_unknown();
	if (i->right == VMW_A64_SHIFT_LEFT)
		return vmw_value_scale(rm, 1ULL << i->shift);
	return vmw_value_shift_right(rm, i->shift, i->right == VMW_A64_SHIFT_ASR);
}

/* What ADD, SUB and their kind add up. */
static void terms(const struct vmw_code_state *s, const struct vmw_a64 *i,
		  struct vmw_code_value *a, struct vmw_code_value *b)
{
	bool minus = i->op == VMW_A64_SUB || i->op == VMW_A64_MSUB;

	*a = i->stack ? vmw_value_unknown() : *reg(s, i->rn);
	if (i->op == VMW_A64_ADD_IMM) {
		*b = vmw_value_constant(i->imm);
	} else if (i->op == VMW_A64_MADD || i->op == VMW_A64_MSUB) {
		*a = *reg(s, i->ra);
		*b = i->extends ? vmw_value_unknown() :
				  vmw_value_times(reg(s, i->rn), reg(s, i->rm));
	} else {
		*b = second(s, i);
	}
	if (minus)
		*b = vmw_value_scale(b, -1ULL);
}

static struct vmw_code_value sum(const struct vmw_code_state *s, const struct vmw_a64 *i)
{
	struct vmw_code_value a, b;

	terms(s, i, &a, &b);
	return vmw_value_add(&a, &b, 1);
}

/* What @i puts into rd. False where nothing is known of that. */
static bool compute(const struct vmw_code_state *s, const struct vmw_a64 *i,
		    struct vmw_code_value *ret)
{
	const struct vmw_code_value *rn = reg(s, i->rn), *rd = reg(s, i->rd);
	struct vmw_code_value minus_one = vmw_value_constant(-1ULL);

	switch (i->op) {
	case VMW_A64_CONSTANT:
		*ret = vmw_value_constant(i->imm);
		return true;
	case VMW_A64_MOVK:
		*ret = vmw_value_unknown();
		if (vmw_value_is_constant(rd))
			*ret = vmw_value_constant((rd->c & ~(0xffffULL << i->shift)) |
						  i->imm << i->shift);
		return true;
	case VMW_A64_ADD_IMM:
	case VMW_A64_ADD:
	case VMW_A64_SUB:
	case VMW_A64_MADD:
	case VMW_A64_MSUB:
	case VMW_A64_MEMORY_RM:
		*ret = sum(s, i);
		return true;
	case VMW_A64_LSL:
		*ret = vmw_value_scale(rn, 1ULL << i->shift);
		return true;
	case VMW_A64_LSR:
	case VMW_A64_ASR:
		*ret = vmw_value_shift_right(rn, i->shift, i->op == VMW_A64_ASR);
		return true;
	case VMW_A64_AND_IMM:
		*ret = vmw_value_mask(rn, i->imm);
		return true;
	case VMW_A64_ORR_IMM:
		*ret = vmw_value_is_constant(rn) ? vmw_value_constant(rn->c | i->imm) :
						   vmw_value_unknown();
		return true;
	case VMW_A64_MOV:
		*ret = *reg(s, i->rm);
		return true;
	case VMW_A64_MVN:
		*ret = vmw_value_add(&minus_one, reg(s, i->rm), -1ULL);
		return true;
	default:
		return false;
	}
}

/*
 * pfn_to_page(N - pfn) is made of N - (pfn + memstart_addr's): that has nothing of
 * VMEMMAP_START, which the index of a page keeps where it is shifted only.
 */
static bool may_be_taken_off(const struct vmw_code_value *v, const struct vmw_code_model *model)
{
	u32 size = model->page_struct_size;

	return !(size & (size - 1)) && !v->c;
}

static enum vmw_code_kind complete(const struct vmw_code_value *v,
				   const struct vmw_code_model *model)
{
	s64 struct_size = model->page_struct_size, page = v->k ? 1LL << v->page_shift : 0;

	if (!v->unknown || v->shifted || (v->k && v->r))
		return VMW_CODE_NOTHING;
	if (v->r)
		return v->r == 1 ? VMW_CODE_PA : v->r == -1 ? VMW_CODE_VA : VMW_CODE_NOTHING;
	/* The index of a page, plus the pfn that memstart_addr is; and of both the bytes. */
	if ((v->k == 1 && !may_be_taken_off(v, model)) || (page && v->k == page))
		return VMW_CODE_PAGE_TO_PFN;
	if (!v->k || !model->start || v->page_shift != model->page_shift)
		return VMW_CODE_NOTHING;
	if (v->k == -struct_size)
		return vmw_value_is_in_reach(v->c, model->start) ? VMW_CODE_PFN_TO_PAGE :
								   VMW_CODE_NOTHING;
	return v->k == struct_size ? VMW_CODE_PAGE_TO_PFN : VMW_CODE_NOTHING;
}

/*
 * A constant address or pfn, or one that is kept out of sight; or (pfn - memstart) << PAGE_SHIFT,
 * to which PAGE_OFFSET is added before or after: of a pfn whose page is made, too, that is
 * no conversion of its own.
 */
static enum vmw_code_kind partly(const struct vmw_code_value *v,
				 const struct vmw_code_model *model)
{
	if (v->shifted || (v->k && v->r))
		return VMW_CODE_NOTHING;
	if (model->start && !v->unknown && v->k == -(s64)model->page_struct_size &&
	    vmw_value_is_in_reach(v->c, model->start) && !vmw_value_is_near(v->c, model->start))
		return VMW_CODE_PFN_TO_PAGE;
	if (v->k && v->unknown)
		return v->k == -(1LL << v->page_shift) ? VMW_CODE_VA :
		       v->k == 1		       ? VMW_CODE_PAGE_TO_PFN :
							 VMW_CODE_NOTHING;
	if (v->k)
		return VMW_CODE_NOTHING;
	if (v->unknown || !v->c)
		return VMW_CODE_NOTHING;
	return v->r == 1 ? VMW_CODE_PA : v->r == -1 ? VMW_CODE_VA : VMW_CODE_NOTHING;
}

static bool may_complete(const struct vmw_a64 *i)
{
	switch (i->op) {
	case VMW_A64_ADD:
	case VMW_A64_SUB:
	case VMW_A64_ADD_IMM:
	case VMW_A64_MADD:
	case VMW_A64_MSUB:
	case VMW_A64_LSL:
	case VMW_A64_MEMORY_RM:
		return true;
	default:
		return false;
	}
}

/* Of what is compared only, CMN with VMEMMAP_START is a page that may be NULL. */
static bool is_cmp(const struct vmw_a64 *i)
{
	return i->rd == VMW_A64_ZR && (i->op == VMW_A64_SUB || i->op == VMW_A64_ADD_IMM);
}

static s64 k_before(const struct vmw_code_state *s, const struct vmw_a64 *i,
		    const struct vmw_code_value *made)
{
	const struct vmw_code_value *operands[] = { reg(s, i->rn), reg(s, i->rm), reg(s, i->ra) };
	size_t n;

	if (!vmw_value_may_be_page(made))
		return 0;
	for (n = 0; n < ARRAY_SIZE(operands); n++) {
		if (vmw_value_may_be_page(operands[n]))
			return operands[n]->k;
	}
	return 0;
}

/* A relocation says so: the base may be of a page that was kept on the stack. */
static bool is_known_load(const struct vmw_code_model *model, u64 at)
{
	return vmw_object_has(model->loads, model->nr_loads, at, at + 1);
}

/* Addresses of instructions are multiples of 4: @at + 1 is the place before one. */
static u64 maker(u64 at, u32 n)
{
	return at << 5 | n;
}

static void load(struct vmw_code_state *s, const struct vmw_a64 *i, u64 at,
		 const struct vmw_code_model *model, struct vmw_code_effect *effect)
{
	const struct vmw_code_value *base = reg(s, i->rn);
	struct vmw_code_value value = vmw_value_unknown();

	if (is_known_load(model, at) ||
	    (!i->stack && vmw_value_is_constant(base) && base->c + i->imm == model->memstart)) {
		/* Its address was made by an ADD, or is in this instruction. */
		value = (struct vmw_code_value){ .r = 1, .origins = base->origins };
		effect->loads = !value.origins;
	}
	value.made_by = maker(at, i->rd);
	if (i->writes & 1U << i->rd)
		s->regs[i->rd] = value;
}

static void forget(struct vmw_code_state *s, u32 registers, u64 at)
{
	u32 n;

	for (n = 0; n < VMW_A64_NR; n++) {
		if (!(registers & 1U << n))
			continue;
		s->regs[n] = vmw_value_unknown();
		s->regs[n].made_by = maker(at, n);
	}
}

void vmw_code_state_init(struct vmw_code_state *state)
{
	memset(state, 0, sizeof(*state));
	forget(state, ~0U, -1ULL);
	state->reached = true;
}

/*
 * An index without memstart_addr's part, to which that is added again: of a struct page
 * that was computed before.
 */
static bool adds_again(const struct vmw_code_state *s, const struct vmw_a64 *i,
		       const struct vmw_code_value *made)
{
	struct vmw_code_value a, b;

	if (i->op == VMW_A64_LSL || !made->unknown || made->k || made->r)
		return false;
	terms(s, i, &a, &b);
	return (a.unknown && a.k < 0 && !b.unknown && b.k > 0) ||
	       (b.unknown && b.k < 0 && !a.unknown && a.k > 0);
}

/* Of one struct page they are the same; VMEMMAP_START may have a member's offset in it. */
static u64 operands(const struct vmw_code_state *s, const struct vmw_a64 *i)
{
	bool one = i->op == VMW_A64_ADD_IMM || i->op == VMW_A64_LSL;
	const u8 regs[] = { i->rn, i->ra, one ? VMW_A64_ZR : i->rm };
	u64 sum = 0;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(regs); n++) {
		if (!vmw_value_is_constant(reg(s, regs[n])))
			sum += reg(s, regs[n])->made_by;
	}
	return sum;
}

static void note_complete(const struct vmw_code_state *s, const struct vmw_a64 *i,
			  const struct vmw_code_model *model, struct vmw_code_effect *effect)
{
	effect->computed = true;
	effect->in_address = i->op == VMW_A64_MEMORY_RM;
	effect->before = k_before(s, i, &effect->made);
	effect->kind = complete(&effect->made, model);
	effect->partly = partly(&effect->made, model);
	if (is_cmp(i)) {
		/* CMP with what is -VMEMMAP_START compares with NULL, too: if nothing else. */
		if (effect->kind == VMW_CODE_PFN_TO_PAGE)
			effect->partly = effect->kind;
		effect->kind = VMW_CODE_NOTHING;
		return;
	}
	effect->operands = operands(s, i);
	if (adds_again(s, i, &effect->made)) {
		effect->partly = VMW_CODE_PAGE_TO_PFN;
		effect->made.origins = reg(s, i->rn)->origins | reg(s, i->rm)->origins |
				       reg(s, i->ra)->origins;
	}
}

/* ADD makes the address of memstart_addr, for later loads. */
static void note_address(const struct vmw_a64 *i, u64 at, const struct vmw_code_model *model,
			 struct vmw_code_effect *effect)
{
	if (i->op != VMW_A64_ADD_IMM)
		return;
	if (is_known_load(model, at))
		effect->made = vmw_value_constant(model->memstart);
	effect->loads = vmw_value_is_constant(&effect->made) && effect->made.c == model->memstart;
}

void vmw_code_step(struct vmw_code_state *s, const struct vmw_a64 *i, u64 at,
		   const struct vmw_code_model *model, struct vmw_code_effect *effect)
{
	struct vmw_code_value moved;

	memset(effect, 0, sizeof(*effect));
	if (i->updates && i->writes & 1U << i->rn) {
		moved = vmw_value_constant(i->imm);
		moved = vmw_value_add(reg(s, i->rn), &moved, 1);
		moved.made_by = maker(at, i->rn);
		forget(s, i->writes, at);
		s->regs[i->rn] = moved;
		return;
	}
	if (i->op == VMW_A64_LDR) {
		load(s, i, at, model, effect);
		return;
	}
	if (!compute(s, i, &effect->made)) {
		forget(s, i->writes, at);
		return;
	}
	vmw_value_drop_constant(&effect->made, model);
	note_address(i, at, model, effect);
	if (i->op != VMW_A64_MOV)
		effect->made.made_by = maker(at, i->rd);
	if (may_complete(i))
		note_complete(s, i, model, effect);
	forget(s, i->writes, at);
	if (!effect->in_address && i->writes & 1U << i->rd && !effect->kind)
		s->regs[i->rd] = effect->made;
}

void vmw_code_merge(struct vmw_code_state *into, const struct vmw_code_state *from,
		    const struct vmw_code_model *model)
{
	u32 n;

	if (!from->reached)
		return;
	if (!into->reached) {
		*into = *from;
		return;
	}
	for (n = 0; n < VMW_A64_NR; n++)
		into->regs[n] = vmw_value_merge(&into->regs[n], &from->regs[n], model);
}

void vmw_code_settle(struct vmw_code_state *state, u64 at)
{
	u32 n;

	for (n = 0; n < VMW_A64_NR; n++) {
		state->regs[n].conflict = false;
		if (!state->regs[n].made_by)
			state->regs[n].made_by = maker(at + 1, n);
	}
}

bool vmw_code_same(const struct vmw_code_state *a, const struct vmw_code_state *b)
{
	u32 n;

	if (a->reached != b->reached)
		return false;
	for (n = 0; n < VMW_A64_NR; n++) {
		const struct vmw_code_value *x = &a->regs[n], *y = &b->regs[n];

		if (x->c != y->c || x->k != y->k || x->r != y->r || x->unknown != y->unknown ||
		    x->shifted != y->shifted || x->page_shift != y->page_shift ||
		    x->origins != y->origins || x->made_by != y->made_by)
			return false;
	}
	return true;
}
