// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "kernel/a64.h"

#define bits vmw_a64_bits

/* @value of @width bits, with its sign. */
static u64 sign_extend(u32 value, unsigned int width)
{
	return (u64)((s64)((u64)value << (64 - width)) >> (64 - width));
}

/* DecodeBitMasks() of the Arm ARM: a run of ones, rotated and repeated. */
static bool decode_bitmask(u32 insn, u64 *ret)
{
	u32 n = bits(insn, 22, 1), immr = bits(insn, 16, 6), imms = bits(insn, 10, 6);
	u32 key = n << 6 | (~imms & 0x3f);
	unsigned int length, size, ones, rotate, i;
	u64 element, mask;

	if (key < 2)
		return false;
	length = 31 - __builtin_clz(key);
	size = 1U << length;
	ones = (imms & (size - 1)) + 1;
	rotate = immr & (size - 1);
	if (ones == size)
		return false;
	mask = size == 64 ? ~0ULL : (1ULL << size) - 1;
	element = (1ULL << ones) - 1;
	if (rotate)
		element = (element >> rotate | element << (size - rotate)) & mask;
	for (i = size; i < 64; i *= 2)
		element |= element << i;
	*ret = element;
	return true;
}

static void writes(struct vmw_a64 *a, u32 reg)
{
	if (reg != VMW_A64_ZR)
		a->writes |= 1U << reg;
}

static void constant(struct vmw_a64 *a, u64 value)
{
	a->op = VMW_A64_CONSTANT;
	a->imm = value;
}

/* Of 32 bits or of 64: rd is written, more is known of 64 only. */
static void decode_immediate(u32 insn, u64 at, struct vmw_a64 *a)
{
	bool wide = bits(insn, 31, 1);
	u64 imm = (u64)bits(insn, 5, 16) << 16 * bits(insn, 21, 2);

	switch (bits(insn, 23, 3)) {
	case 0:
	case 1: /* ADR, ADRP */
		if (!vmw_a64_adrp(insn, at, &imm))
			imm = at + sign_extend(bits(insn, 5, 19) << 2 | bits(insn, 29, 2), 21);
		constant(a, imm);
		break;
	case 2: /* ADD, SUB */
		a->flags = bits(insn, 29, 1);
		a->stack = a->rn == VMW_A64_ZR;
		imm = (u64)bits(insn, 10, 12) << 12 * bits(insn, 22, 1);
		a->imm = bits(insn, 30, 1) ? -imm : imm;
		if (wide)
			a->op = VMW_A64_ADD_IMM;
		if (!a->flags && a->rd == VMW_A64_ZR)
			return; /* the stack pointer */
		break;
	case 4: /* AND, ORR, EOR, ANDS */
		a->flags = bits(insn, 29, 2) == 3;
		if (!wide || !decode_bitmask(insn, &a->imm))
			break;
		if (bits(insn, 29, 2) == 1)
			a->op = a->rn == VMW_A64_ZR ? VMW_A64_CONSTANT : VMW_A64_ORR_IMM;
		else if (bits(insn, 29, 1) == bits(insn, 30, 1))
			a->op = VMW_A64_AND_IMM;
		break;
	case 5: /* MOVN, MOVZ, MOVK */
		if (bits(insn, 29, 2) == 3) {
			a->op = wide ? VMW_A64_MOVK : VMW_A64_OTHER;
			a->shift = 16 * bits(insn, 21, 2);
			a->imm = bits(insn, 5, 16);
		} else {
			imm = bits(insn, 29, 2) ? imm : ~imm;
			constant(a, wide ? imm : imm & 0xffffffff);
		}
		break;
	}
	writes(a, a->rd);
}

#define MIN_FIELD 28

/*
 * SBFM and UBFM: shifts. Where the field ends below bit 63 the rest is cut off, or is the
 * sign; one of MIN_FIELD bits and more may hold an address or a pfn, which then loses
 * nothing.
 */
static void decode_bitfield(u32 insn, struct vmw_a64 *a)
{
	unsigned int immr = bits(insn, 16, 6), imms = bits(insn, 10, 6);
	bool is_signed = !bits(insn, 29, 2);

	writes(a, a->rd);
	if (!bits(insn, 31, 1) || bits(insn, 29, 1) || !bits(insn, 22, 1))
		return;
	if (imms >= immr && imms - immr + 1 >= MIN_FIELD) {
		a->op = is_signed ? VMW_A64_ASR : VMW_A64_LSR;
		a->shift = immr;
	} else if (imms < immr && imms + 1 >= MIN_FIELD) {
		a->op = VMW_A64_LSL;
		a->shift = 64 - immr;
	}
}

static void decode_add(u32 insn, struct vmw_a64 *a)
{
	a->flags = bits(insn, 29, 1);
	if (!bits(insn, 31, 1)) {
		writes(a, a->rd);
		return;
	}
	a->op = bits(insn, 30, 1) ? VMW_A64_SUB : VMW_A64_ADD;
	if (bits(insn, 21, 1)) { /* extended */
		a->shift = bits(insn, 10, 3);
		a->extend = bits(insn, 13, 3);
		a->extends = (a->extend & 3) != 3;
		a->stack = a->rn == VMW_A64_ZR;
		if (!a->flags && a->rd == VMW_A64_ZR)
			return; /* the stack pointer */
	} else {
		a->shift = bits(insn, 10, 6);
		a->right = bits(insn, 22, 2);
	}
	writes(a, a->rd);
}

static void decode_register(u32 insn, struct vmw_a64 *a)
{
	u32 group = bits(insn, 21, 4);
	bool wide = bits(insn, 31, 1);

	if (bits(insn, 28, 1) && group >= 8) { /* three sources */
		a->ra = bits(insn, 10, 5);
		/* Those that lengthen give an unknown product; of the high half no more is known. */
		a->extends = bits(insn, 21, 3) != 0;
		a->extend = bits(insn, 23, 1) ? 2 : 6; /* UMADDL; SMADDL: of 32 bits */
		if (wide && (bits(insn, 21, 3) == 0 || (bits(insn, 21, 2) == 1)))
			a->op = bits(insn, 15, 1) ? VMW_A64_MSUB : VMW_A64_MADD;
		writes(a, a->rd);
		return;
	}
	if (bits(insn, 28, 1)) {
		/* With and without flags: CCMP and CCMN write no register. */
		a->flags = bits(insn, 29, 1);
		if (group != 2)
			writes(a, a->rd);
		return;
	}
	if (bits(insn, 24, 1)) {
		decode_add(insn, a);
		return;
	}
	a->flags = bits(insn, 29, 2) == 3;
	if (wide && bits(insn, 29, 2) == 1 && a->rn == VMW_A64_ZR && !bits(insn, 10, 6))
		a->op = bits(insn, 21, 1) ? VMW_A64_MVN : VMW_A64_MOV;
	writes(a, a->rd);
}

/* What is loaded into general registers: rd here is Rt. */
static void decode_one_register(u32 insn, struct vmw_a64 *a)
{
	bool vector = bits(insn, 26, 1), in_register = false;
	u32 size = bits(insn, 30, 2), opc = bits(insn, 22, 2);
	bool prefetch = size == 3 && opc == 2 && !vector;
	bool load = opc && !vector && !prefetch;

	a->op = VMW_A64_MEMORY;
	a->stack = a->rn == VMW_A64_ZR;
	if (bits(insn, 24, 1)) {
		a->imm = (u64)bits(insn, 10, 12) << size;
	} else if (!bits(insn, 21, 1)) {
		a->imm = sign_extend(bits(insn, 12, 9), 9);
		a->updates = bits(insn, 10, 1);
		if (bits(insn, 10, 2) == 1)
			a->op = VMW_A64_OTHER; /* counted after: base as it was */
	} else if (bits(insn, 10, 2) == 2) {
		in_register = true;
		a->op = VMW_A64_MEMORY_RM;
		a->extend = bits(insn, 13, 3);
		a->extends = !bits(a->extend, 0, 1);
		a->shift = bits(insn, 12, 1) ? size : 0;
		if (vector && opc >= 2 && bits(insn, 12, 1))
			a->shift = 4;
	} else { /* atomic, and loads by an authenticated pointer */
		a->op = VMW_A64_OTHER;
		writes(a, a->rd);
		if (bits(insn, 10, 1))
			writes(a, a->rn);
		return;
	}
	if (load)
		writes(a, a->rd);
	if (a->updates && !a->stack)
		writes(a, a->rn);
	if (load && size == 3 && opc == 1 && !in_register && !a->updates)
		a->op = VMW_A64_LDR;
}

static void decode_memory(u32 insn, struct vmw_a64 *a)
{
	bool vector = bits(insn, 26, 1);

	switch (bits(insn, 28, 2)) {
	case 0: /* exclusive, compare and swap; vectors */
		if (vector) {
			if (bits(insn, 23, 1))
				writes(a, a->rn);
			return;
		}
		writes(a, a->rd);
		writes(a, bits(insn, 10, 5));
		writes(a, a->rm);
		if (a->rm < VMW_A64_NR - 1)
			writes(a, a->rm + 1);
		if (a->rd < VMW_A64_NR - 1)
			writes(a, a->rd + 1);
		return;
	case 1: /* literals; LDAPUR and its kind; tags */
		if (!vector)
			writes(a, a->rd);
		if (bits(insn, 24, 1) && bits(insn, 10, 1)) { /* copies and sets of memory */
			writes(a, a->rn);
			writes(a, a->rm);
		}
		return;
	case 2: /* pairs */
		a->op = VMW_A64_OTHER;
		a->stack = a->rn == VMW_A64_ZR;
		if (bits(insn, 22, 1) && !vector) {
			writes(a, a->rd);
			writes(a, bits(insn, 10, 5));
		}
		a->updates = bits(insn, 23, 1);
		a->imm = sign_extend(bits(insn, 15, 7), 7) << (2 + bits(insn, 31, 1));
		if (vector)
			a->imm = sign_extend(bits(insn, 15, 7), 7) << (2 + bits(insn, 30, 2));
		if (a->updates && !a->stack)
			writes(a, a->rn);
		return;
	}
	decode_one_register(insn, a);
}

static void decode_branch(u32 insn, u64 at, struct vmw_a64 *a)
{
	if ((insn & 0x7c000000) == 0x14000000) { /* B, BL */
		a->imm = at + sign_extend(bits(insn, 0, 26), 26) * 4;
		a->op = bits(insn, 31, 1) ? VMW_A64_CALL : VMW_A64_BRANCH;
	} else if ((insn & 0x7e000000) == 0x34000000 || (insn & 0xff000000) == 0x54000000) {
		a->imm = at + sign_extend(bits(insn, 5, 19), 19) * 4;
		/* Of all conditions the last two are none. */
		a->op = bits(insn, 25, 2) == 2 && (insn & 0xe) == 0xe ? VMW_A64_BRANCH :
									VMW_A64_BRANCH_IF;
	} else if ((insn & 0x7e000000) == 0x36000000) {
		a->imm = at + sign_extend(bits(insn, 5, 14), 14) * 4;
		a->op = VMW_A64_BRANCH_IF;
	} else if ((insn & 0xfe000000) == 0xd6000000) {
		u32 kind = bits(insn, 21, 4) & 7;

		a->op = kind == 0 ? VMW_A64_JUMP : kind == 1 ? VMW_A64_CALL : VMW_A64_RETURN;
	} else if (insn == VMW_A64_KPROBE) {
		a->op = VMW_A64_HIDDEN;
	} else if ((insn & 0xff000000) == 0xd4000000) {
		/* SVC, HVC and SMC go on; what they change is what a call does. */
		a->op = bits(insn, 21, 3) ? VMW_A64_TRAP : VMW_A64_CALL;
	} else if ((insn & 0xfff00000) == 0xd5300000 || (insn & 0xfff80000) == 0xd5280000) {
		writes(a, a->rd); /* MRS, SYSL */
	} else if ((insn & 0xfffff01f) == 0xd503201f && bits(insn, 5, 7) >= 7 &&
		   bits(insn, 5, 7) < 32) {
		/* Hints that authenticate x30, or x17. */
		writes(a, 17);
		writes(a, 30);
	}
	if (a->op == VMW_A64_CALL)
		a->writes = VMW_A64_CALLS;
}

void vmw_a64_decode(u32 insn, u64 at, struct vmw_a64 *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->rd = bits(insn, 0, 5);
	ret->rn = bits(insn, 5, 5);
	ret->rm = bits(insn, 16, 5);
	ret->ra = VMW_A64_ZR;
	switch (bits(insn, 25, 4)) {
	case 8:
	case 9:
		if (bits(insn, 23, 3) == 6)
			decode_bitfield(insn, ret);
		else
			decode_immediate(insn, at, ret);
		return;
	case 10:
	case 11:
		decode_branch(insn, at, ret);
		return;
	case 4:
	case 6:
	case 12:
	case 14:
		decode_memory(insn, ret);
		return;
	case 5:
	case 13:
		decode_register(insn, ret);
		return;
	case 7:
	case 15:
		writes(ret, ret->rd); /* vectors: some move to a general register */
		return;
	case 0:
		if (!(insn >> 16))
			ret->op = VMW_A64_TRAP;
		return;
	}
}

bool vmw_a64_adrp(u32 insn, u64 at, u64 *ret)
{
	if ((insn & 0x9f000000) != 0x90000000)
		return false;
	*ret = (at & ~0xfffULL) +
	       (sign_extend(bits(insn, 5, 19) << 2 | bits(insn, 29, 2), 21) << 12);
	return true;
}

bool vmw_a64_is_prefetch(u32 insn)
{
	return (insn & 0xffe00c00) == 0xf8a00800;
}

bool vmw_a64_is_load_exclusive(u32 insn)
{
	return (insn & 0x3f400000) == 0x08400000 && !bits(insn, 23, 1);
}

bool vmw_a64_is_store_exclusive(u32 insn)
{
	return (insn & 0x3f400000) == 0x08000000 && !bits(insn, 23, 1);
}
