/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One A64 instruction, as far as addresses are computed and code is followed; no
 * disassembler. Encodings: Arm ARM DDI 0487, C4.1.
 */
#ifndef VMEMMAPWATCH_KERNEL_A64_H
#define VMEMMAPWATCH_KERNEL_A64_H

#include <stdbool.h>

#include <vmemmapwatch/types.h>

#define VMW_A64_ZR 31
#define VMW_A64_NR 31 /* general registers */
/* brk #4, asm/brk-imm.h (6.1.192, 7.2.13), and nop. */
#define VMW_A64_KPROBE 0xd4200080
#define VMW_A64_NOP    0xd503201f
#define VMW_A64_CALLS  0x4007ffffU /* x0 to x18 and x30: what a call may change (AAPCS64) */

enum vmw_a64_op {
	VMW_A64_OTHER,	  /* what it writes is in @writes */
	VMW_A64_CONSTANT, /* rd = imm: MOVZ, MOVN, ORR of the zero register, ADR, ADRP */
	VMW_A64_MOVK,	  /* 16 bits of rd at @shift = imm */
	VMW_A64_ADD_IMM,  /* rd = rn + imm, of SUB the negative one */
	VMW_A64_ADD,	  /* rd = rn + (rm << shift), or by @right as VMW_A64_ASR shifts */
	VMW_A64_SUB,
	VMW_A64_MADD, /* rd = ra + rn * rm */
	VMW_A64_MSUB, /* rd = ra - rn * rm */
	VMW_A64_LSL,  /* rd = rn << shift */
	VMW_A64_LSR,
	VMW_A64_ASR,
	VMW_A64_AND_IMM, /* rd = rn & imm */
	VMW_A64_ORR_IMM,
	VMW_A64_MOV,	   /* rd = rm */
	VMW_A64_MVN,	   /* rd = ~rm */
	VMW_A64_LDR,	   /* rd = 64 bits at rn + imm */
	VMW_A64_MEMORY,	   /* any other load or store at rn + imm, and prefetch */
	VMW_A64_MEMORY_RM, /* a load, store or prefetch at rn + (rm << shift) */
	VMW_A64_BRANCH,	   /* B; to @imm */
	VMW_A64_BRANCH_IF, /* B.cond, CBZ, CBNZ, TBZ, TBNZ; to @imm, or on */
	VMW_A64_CALL,	   /* BL, BLR and their kind */
	VMW_A64_JUMP,	   /* BR: by a register */
	VMW_A64_RETURN,	   /* RET, ERET */
	VMW_A64_TRAP,	   /* BRK, HLT, UDF: nothing is known of what follows */
	VMW_A64_HIDDEN,	   /* there is a kprobe in its place */
};

enum vmw_a64_right {
	VMW_A64_SHIFT_LEFT,
	VMW_A64_SHIFT_LSR,
	VMW_A64_SHIFT_ASR,
};

struct vmw_a64 {
	enum vmw_a64_op op;
	u8 rd, rn, rm, ra; /* 31: the zero register, or of no use */
	u8 shift;
	enum vmw_a64_right right; /* of ADD and SUB: how rm is shifted */
	bool extends;		  /* rm is of 32 bits or less: unknown, once it is extended */
	u8 extend;		  /* of these: how, as "option" of the Arm ARM has it */
	bool stack;		  /* rn is the stack pointer: unknown */
	bool updates;		  /* a base is counted on: rn += imm */
	bool flags;		  /* sets them */
	u64 imm;
	u32 writes; /* a bit for each general register that is changed */
};

/* @insn at address @at. Whatever it is, @ret is filled. */
void vmw_a64_decode(u32 insn, u64 at, struct vmw_a64 *ret);

/* @count bits of @insn from bit @low on. */
static inline u32 vmw_a64_bits(u32 insn, unsigned int low, unsigned int count)
{
	return (insn >> low) & ((1U << count) - 1);
}

/* The address that the ADRP @insn at @at makes; false where it is another one. */
bool vmw_a64_adrp(u32 insn, u64 at, u64 *ret);

/* Of a register offset: it only prefetches. */
bool vmw_a64_is_prefetch(u32 insn);

/* LDXR and its kind; STXR and its kind: between them no probe may be. */
bool vmw_a64_is_load_exclusive(u32 insn);
bool vmw_a64_is_store_exclusive(u32 insn);

#endif
