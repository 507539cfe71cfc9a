// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/code_flow.h"

/* States may change for ever, since what matters stays: after so many rounds they are taken. */
#define MAX_ROUNDS 12
#define NONE	   (~0U)

struct block {
	u32 first, last;   /* instructions, both inclusive */
	u32 next[2];	   /* blocks, or NONE */
	u32 from, nr_from; /* in @sources: the blocks that lead here */
	u32 jump;	   /* of a root: the last one by a register before it */
	bool is_root;	   /* nothing that is known leads to it */
	bool settled;
	bool ordered;
	u8 walked; /* of @next, while they are ordered */
	struct vmw_code_state out;
};

struct flow {
	const struct vmw_code_extent *extents;
	size_t nr_extents;
	const struct vmw_code_model *model;
	vmw_code_see_fn *see;
	void *data;
	bool together;
	u64 *loads; /* 64 */
	unsigned int nr_loads;
	u32 n;	       /* instructions of all extents */
	u32 *block_of; /* of an instruction; while blocks are made, 1 where one begins */
	struct block *blocks;
	u32 nr_blocks;
	u32 *sources;
	u32 *order; /* blocks, as they are run */
	u32 nr_ordered;
	u32 *stack;
};

static u32 insn_at(const struct flow *f, u32 index, u64 *at)
{
	size_t i;

	for (i = 0; index >= f->extents[i].n; i++)
		index -= f->extents[i].n;
	*at = f->extents[i].start + 4ULL * index;
	return f->extents[i].code[index];
}

/* The instruction at an address; NONE where it is outside. */
static u32 index_of(const struct flow *f, u64 at)
{
	u32 before = 0;
	size_t i;

	for (i = 0; i < f->nr_extents; before += f->extents[i++].n) {
		u64 offset = at - f->extents[i].start;

		if (at >= f->extents[i].start && offset / 4 < f->extents[i].n && !(offset % 4))
			return before + offset / 4;
	}
	return NONE;
}

static bool ends_block(const struct vmw_a64 *insn)
{
	return insn->op >= VMW_A64_BRANCH && insn->op <= VMW_A64_TRAP && insn->op != VMW_A64_CALL;
}

static bool goes_on(const struct flow *f, const struct vmw_a64 *insn)
{
	return !ends_block(insn) || insn->op == VMW_A64_BRANCH_IF ||
	       (f->together && insn->op == VMW_A64_TRAP);
}

static bool has_target(const struct vmw_a64 *insn)
{
	return insn->op == VMW_A64_BRANCH || insn->op == VMW_A64_BRANCH_IF;
}

static void decode(const struct flow *f, u32 index, u64 *at, struct vmw_a64 *insn)
{
	u32 word = insn_at(f, index, at);

	vmw_a64_decode(word, *at, insn);
}

static bool begins_extent(const struct flow *f, u32 index)
{
	u32 before = 0;
	size_t i;

	for (i = 0; i < f->nr_extents && before <= index; before += f->extents[i++].n) {
		if (before == index)
			return true;
	}
	return false;
}

/* Mark where blocks begin, and number them. */
static int find_blocks(struct flow *f)
{
	struct vmw_a64 insn;
	u32 i, target;
	u64 at;

	for (i = 0; i < f->n; i++) {
		decode(f, i, &at, &insn);
		f->block_of[i] |= begins_extent(f, i);
		target = has_target(&insn) ? index_of(f, insn.imm) : NONE;
		if (target != NONE)
			f->block_of[target] = 1;
		if (ends_block(&insn) && i + 1 < f->n)
			f->block_of[i + 1] = 1;
	}
	for (i = 0; i < f->n; i++) {
		f->nr_blocks += f->block_of[i];
		f->block_of[i] = f->nr_blocks - 1;
	}
	return f->nr_blocks > VMW_CODE_MAX_BLOCKS ? -E2BIG : 0;
}

static void link_block(struct flow *f, u32 b)
{
	struct block *block = &f->blocks[b];
	struct vmw_a64 insn;
	u32 target = NONE, on;
	u64 at;

	decode(f, block->last, &at, &insn);
	if (has_target(&insn))
		target = index_of(f, insn.imm);
	on = goes_on(f, &insn) && block->last + 1 < f->n && !begins_extent(f, block->last + 1) ?
		     b + 1 :
		     NONE;
	block->next[0] = on;
	block->next[1] = target == NONE ? NONE : f->block_of[target];
	if (block->next[0] == block->next[1])
		block->next[1] = NONE;
}

static void link_blocks(struct flow *f)
{
	u32 b, i, n = 0;

	for (i = 0; i < f->n; i++) {
		struct block *block = &f->blocks[f->block_of[i]];

		if (!i || f->block_of[i] != f->block_of[i - 1])
			block->first = i;
		block->last = i;
	}
	for (b = 0; b < f->nr_blocks; b++) {
		link_block(f, b);
		for (i = 0; i < 2; i++) {
			if (f->blocks[b].next[i] != NONE)
				f->blocks[f->blocks[b].next[i]].nr_from++;
		}
	}
	for (b = 0; b < f->nr_blocks; b++) {
		f->blocks[b].from = n;
		n += f->blocks[b].nr_from;
		f->blocks[b].nr_from = 0;
	}
	for (b = 0; b < f->nr_blocks; b++) {
		for (i = 0; i < 2; i++) {
			u32 next = f->blocks[b].next[i];

			if (next != NONE)
				f->sources[f->blocks[next].from + f->blocks[next].nr_from++] = b;
		}
	}
}

static int build(struct flow *f)
{
	size_t i;
	int err;

	for (i = 0; i < f->nr_extents; i++) {
		if (f->extents[i].n > VMW_CODE_MAX_INSNS - f->n)
			return -E2BIG;
		f->n += f->extents[i].n;
	}
	f->block_of = calloc(f->n ? f->n : 1, sizeof(*f->block_of));
	if (!f->block_of)
		return -ENOMEM;
	err = find_blocks(f);
	if (err)
		return err;
	f->blocks = calloc(f->nr_blocks ? f->nr_blocks : 1, sizeof(*f->blocks));
	f->sources = calloc(2 * f->nr_blocks + 1, sizeof(*f->sources));
	f->order = calloc(f->nr_blocks + 1, sizeof(*f->order));
	f->stack = calloc(f->nr_blocks + 1, sizeof(*f->stack));
	if (!f->blocks || !f->sources || !f->order || !f->stack)
		return -ENOMEM;
	link_blocks(f);
	return 0;
}

/* What leads from @first to blocks that are not settled, in postorder after the others. */
static void put_in_order(struct flow *f, u32 first)
{
	u32 depth = 0;

	f->stack[depth++] = first;
	f->blocks[first].ordered = true;
	while (depth) {
		struct block *block = &f->blocks[f->stack[depth - 1]];
		u32 next;

		if (block->walked == 2) {
			f->order[f->nr_ordered++] = f->stack[--depth];
			continue;
		}
		next = block->next[block->walked++];
		if (next == NONE || f->blocks[next].settled || f->blocks[next].ordered)
			continue;
		f->blocks[next].ordered = true;
		f->stack[depth++] = next;
	}
}

/* A bit for the load at @at. */
static u64 origin_of(struct flow *f, u64 at)
{
	unsigned int i;

	for (i = 0; i < f->nr_loads; i++) {
		if (f->loads[i] == at)
			return 1ULL << i;
	}
	if (f->nr_loads < 64)
		f->loads[f->nr_loads++] = at;
	return 1ULL << (f->nr_loads - 1);
}

static void run_block(struct flow *f, const struct block *block, struct vmw_code_state *state,
		      bool see)
{
	struct vmw_code_effect effect;
	struct vmw_a64 insn;
	u32 i;
	u64 at;

	for (i = block->first; i <= block->last; i++) {
		decode(f, i, &at, &insn);
		vmw_code_step(state, &insn, at, f->model, &effect);
		if (effect.loads && insn.rd != VMW_A64_ZR)
			state->regs[insn.rd].origins = origin_of(f, at);
		if (see)
			f->see(f->data, at, &insn, &effect);
	}
}

/*
 * Where nothing that is known leads to block @b, it is a case of a jump by a register, or
 * behind a trap that may return, or where a jump label or an exception goes.
 */
static const struct vmw_code_state *guess_start(const struct flow *f, u32 b)
{
	u32 from = f->blocks[b].jump;

	return &f->blocks[from == NONE ? b - 1 : from].out;
}

/* The state before a block that is run now: of those that lead to it. */
static void enter(struct flow *f, u32 b, struct vmw_code_state *ret)
{
	const struct block *block = &f->blocks[b];
	u32 i;
	u64 at;

	memset(ret, 0, sizeof(*ret));
	if (!b)
		vmw_code_state_init(ret);
	else if (block->is_root)
		*ret = *guess_start(f, b);
	for (i = 0; i < block->nr_from; i++) {
		const struct block *from = &f->blocks[f->sources[block->from + i]];

		if (from->ordered && !from->settled)
			vmw_code_merge(ret, &from->out, f->model);
	}
	insn_at(f, block->first, &at);
	vmw_code_settle(ret, at);
}

/* Run all that is in order until nothing changes, show it, and leave it as it is. */
static void settle(struct flow *f)
{
	struct vmw_code_state state;
	bool changed = true;
	u32 i, round;

	for (round = 0; changed && round < MAX_ROUNDS; round++) {
		changed = false;
		for (i = f->nr_ordered; i--;) {
			struct block *block = &f->blocks[f->order[i]];

			enter(f, f->order[i], &state);
			run_block(f, block, &state, false);
			changed |= !vmw_code_same(&state, &block->out);
			block->out = state;
		}
	}
	for (i = f->nr_ordered; i--;) {
		enter(f, f->order[i], &state);
		run_block(f, &f->blocks[f->order[i]], &state, true);
	}
	for (i = 0; i < f->nr_ordered; i++)
		f->blocks[f->order[i]].settled = true;
	f->nr_ordered = 0;
}

static void follow(struct flow *f)
{
	struct vmw_a64 insn;
	u32 b, jump = NONE;
	u64 at;

	for (b = 0; b < f->nr_blocks; b++) {
		if (!f->blocks[b].ordered) {
			f->blocks[b].is_root = true;
			f->blocks[b].jump = jump;
			put_in_order(f, b);
			if (!f->together)
				settle(f);
		}
		decode(f, f->blocks[b].last, &at, &insn);
		if (insn.op == VMW_A64_JUMP)
			jump = b;
	}
	settle(f);
}

int vmw_code_follow(const struct vmw_code_extent *extents, size_t nr,
		    const struct vmw_code_model *model, u64 loads[64], bool together,
		    vmw_code_see_fn *see, void *data)
{
	struct flow f = {
		.extents = extents,
		.nr_extents = nr,
		.model = model,
		.loads = loads,
		.together = together,
		.see = see,
		.data = data,
	};
	int err = build(&f);

	while (f.nr_loads < 64 && loads[f.nr_loads])
		f.nr_loads++;
	if (!err && f.n)
		follow(&f);
	free(f.block_of);
	free(f.blocks);
	free(f.sources);
	free(f.order);
	free(f.stack);
	return err;
}
