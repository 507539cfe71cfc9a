// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/a64.h"
#include "kernel/insn.h"

/* Condition codes of B.cond and CCMP. */
enum {
	COND_HS = 2,
	COND_LO = 3,
	COND_HI = 8,
	COND_LS = 9
};

/* The flags as CCMP has them in its nzcv field. */
enum {
	FLAG_C = 2,
	FLAG_Z = 4
};

#define BRK_BUG 0xd4210000 /* brk #0x800, asm/brk-imm.h */
#define bits	vmw_a64_bits

/* What a register is known to hold. */
enum content {
	UNKNOWN,
	CONSTANT,
	START_ARGUMENT,
	END_ARGUMENT
};

struct reg {
	enum content content;
	u64 value; /* of a CONSTANT */
};

/* One comparison of an argument with a constant. */
struct comparison {
	enum content argument; /* UNKNOWN: there is none */
	u64 constant;
};

struct reader {
	const u32 *code;
	size_t n;
	struct reg regs[32];
	struct comparison last;	  /* what the flags are of */
	struct comparison before; /* what CCMP has put in front of it */
	u32 before_cond;	  /* under which it goes on to the last one */
	u32 nzcv;		  /* the flags where it does not */
	u64 start, end;
	bool has_start, has_end;
};

static void set(struct reader *r, u32 rd, enum content content, u64 value)
{
	if (rd == VMW_A64_ZR)
		return;
	r->regs[rd].content = content;
	r->regs[rd].value = value;
}

/* MOVN, MOVZ, MOVK and ORR of a bitmask: the ways a 64-bit constant is made. */
static bool read_constant(struct reader *r, const struct vmw_a64 *a)
{
	const struct reg *reg = &r->regs[a->rd];

	if (a->op == VMW_A64_CONSTANT) {
		set(r, a->rd, CONSTANT, a->imm);
		return true;
	}
	if (a->op != VMW_A64_MOVK)
		return false;
	if (reg->content == CONSTANT)
		set(r, a->rd, CONSTANT,
		    (reg->value & ~(0xffffULL << a->shift)) | a->imm << a->shift);
	else
		set(r, a->rd, UNKNOWN, 0);
	return true;
}

static struct comparison compared(const struct reader *r, u32 insn)
{
	const struct reg *left = &r->regs[bits(insn, 5, 5)];
	const struct reg *right = &r->regs[bits(insn, 16, 5)];
	struct comparison c = { .argument = UNKNOWN };

	if ((left->content == START_ARGUMENT || left->content == END_ARGUMENT) &&
	    right->content == CONSTANT) {
		c.argument = left->content;
		c.constant = right->value;
	}
	return c;
}

static bool read_comparison(struct reader *r, u32 insn)
{
	if ((insn & 0xffe0fc1f) == 0xeb00001f) { /* cmp */
		r->last = compared(r, insn);
		r->before.argument = UNKNOWN;
		return true;
	}
	if ((insn & 0xffe00c10) == 0xfa400000) { /* ccmp */
		r->before = r->last;
		r->before_cond = bits(insn, 12, 4);
		r->nzcv = bits(insn, 0, 4);
		r->last = compared(r, insn);
		return true;
	}
	return false;
}

/* "argument COND constant" is a violation: what bound does that make? */
static bool learn(struct reader *r, const struct comparison *c, u32 cond)
{
	if (c->argument == START_ARGUMENT && (cond == COND_LO || cond == COND_LS)) {
		r->start = c->constant + (cond == COND_LS);
		r->has_start = true;
		return true;
	}
	if (c->argument == END_ARGUMENT && (cond == COND_HI || cond == COND_HS)) {
		r->end = c->constant - (cond == COND_HS);
		r->has_end = true;
		return true;
	}
	return false;
}

static bool flags_satisfy(u32 nzcv, u32 cond)
{
	bool carry = nzcv & FLAG_C, zero = nzcv & FLAG_Z;

	switch (cond) {
	case COND_HS:
		return carry;
	case COND_LO:
		return !carry;
	case COND_HI:
		return carry && !zero;
	case COND_LS:
		return !carry || zero;
	}
	return false;
}

static bool is_warn(const struct reader *r, size_t at)
{
	return at < r->n && r->code[at] == BRK_BUG;
}

/* A branch to the WARN, or over it, tells what the comparison before it was for. */
static void read_branch(struct reader *r, size_t at, u32 insn)
{
	s32 offset = (s32)(bits(insn, 5, 19) << 13) >> 13;
	u32 cond = bits(insn, 0, 4);

	if (is_warn(r, at + 1))
		cond ^= 1;
	else if (!is_warn(r, at + offset))
		return;
	if (r->before.argument != UNKNOWN) {
		/* Where CCMP does not go on, its own flags must take the branch. */
		if (!flags_satisfy(r->nzcv, cond) || !learn(r, &r->before, r->before_cond ^ 1))
			return;
	}
	learn(r, &r->last, cond);
}

/*
 * A function that is traced or probed right now has been patched at its entry:
 * ftrace's "mov x9, x30; bl" (arch/arm64/kernel/ftrace.c, 6.12.117) leaves the
 * arguments alone, and so does a kprobe's brk #4 in the place of an instruction
 * that nothing here depends on.
 */
static bool is_patched_entry(const struct reader *r, size_t at, u32 insn)
{
	if (at > 4)
		return false;
	return insn == 0xd4200080 ||
	       ((insn & 0xfc000000) == 0x94000000 && at && r->code[at - 1] == 0xaa1e03e9);
}

/* Of data processing, without bit 29 (S) only that of FP and vectors sets flags. */
static bool may_set_flags(u32 insn)
{
	return bits(insn, 29, 1) || (insn & 0x0e000000) == 0x0e000000;
}

/* Anything else: forget what it may have written. False for a call or return. */
static bool read_other(struct reader *r, u32 insn, const struct vmw_a64 *a)
{
	struct reg from = r->regs[a->rm];
	u32 n;

	if (a->op == VMW_A64_MOV) {
		set(r, a->rd, from.content, from.value);
		return true;
	}
	if ((insn & 0xfffff01f) == 0xd503201f) /* nop, bti, paciasp */
		return true;
	if ((insn & 0x1c000000) == 0x14000000) /* branches, calls, system */
		return false;
	if ((insn & 0x0a000000) != 0x08000000 && may_set_flags(insn)) {
		/* No comparison before it counts any more. */
		r->last.argument = UNKNOWN;
		r->before.argument = UNKNOWN;
	}
	for (n = 0; n < VMW_A64_NR; n++) {
		if (a->writes & 1U << n)
			set(r, n, UNKNOWN, 0);
	}
	return true;
}

int vmw_insn_find_bounds(const u32 *code, size_t n, u64 *ret_start, u64 *ret_end)
{
	struct reader r = { .code = code, .n = n };
	size_t at;

	r.regs[0].content = START_ARGUMENT;
	r.regs[1].content = END_ARGUMENT;
	for (at = 0; at < n && !(r.has_start && r.has_end); at++) {
		u32 insn = code[at];
		struct vmw_a64 a;

		vmw_a64_decode(insn, 0, &a);
		if ((insn & 0xff000010) == 0x54000000)
			read_branch(&r, at, insn);
		else if (!read_constant(&r, &a) && !read_comparison(&r, insn) &&
			 !is_patched_entry(&r, at, insn) && !read_other(&r, insn, &a))
			break;
	}
	if (!r.has_start || !r.has_end)
		return -ENOENT;
	*ret_start = r.start;
	*ret_end = r.end;
	return 0;
}

size_t vmw_insn_references(const u32 *code, size_t n, u64 at, u64 *ret, size_t max)
{
	u64 pages[VMW_A64_NR + 1] = { 0 };
	size_t i, nr = 0;

	for (i = 0; i < n && nr < max; i++) {
		struct vmw_a64 a;
		u64 page;

		vmw_a64_decode(code[i], at + 4 * i, &a);
		if (vmw_a64_adrp(code[i], at + 4 * i, &page))
			pages[a.rd] = page;
		else if ((a.op == VMW_A64_ADD_IMM || a.op == VMW_A64_LDR) && !a.stack &&
			 pages[a.rn])
			ret[nr++] = pages[a.rn] + a.imm;
	}
	return nr;
}
