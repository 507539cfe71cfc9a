/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instruction in which an inlined pfn_to_page() completes the address of a struct page,
 * and that address by its operands. BPF programs and the daemon share it.
 */
#ifndef VMEMMAPWATCH_SITE_H
#define VMEMMAPWATCH_SITE_H

#include "verdict.h"

#define VMW_MAX_SITES 512 /* numbers from 1 */

enum vmw_site_op {
	VMW_SITE_ADD,	  /* n + m */
	VMW_SITE_SUB,	  /* n - m */
	VMW_SITE_ADD_IMM, /* n + imm */
	VMW_SITE_MADD,	  /* a + n * m */
	VMW_SITE_MSUB,	  /* a - n * m */
	VMW_SITE_LSL,	  /* n << shift */
};

enum vmw_site_right {
	VMW_SITE_LEFT, /* m << shift */
	VMW_SITE_LSR,
	VMW_SITE_ASR,
};

/* How m is lengthened before that: "option" of the Arm ARM (DDI 0487, ExtendReg()). */
enum vmw_site_extend {
	VMW_SITE_UXTB,
	VMW_SITE_UXTH,
	VMW_SITE_UXTW,
	VMW_SITE_UXTX, /* it has 64 bits already, as with SXTX */
	VMW_SITE_SXTB,
	VMW_SITE_SXTH,
	VMW_SITE_SXTW,
	VMW_SITE_SXTX,
};

#define VMW_SITE_ZERO 31 /* in place of a register: zero */

struct vmw_site_code {
	u64 imm;
	u64 displacement; /* of a member: it is not the page's */
	u8 op;		  /* enum vmw_site_op */
	u8 rn, rm, ra;	  /* registers */
	u8 shift;
	u8 right;  /* enum vmw_site_right; of ADD and SUB */
	u8 extend; /* enum vmw_site_extend; of MADD and MSUB: of n, too */
	u8 reads;  /* the instruction itself reads or writes the struct page */
};

static inline u64 vmw_site_extended(u64 value, u32 extend)
{
	switch (extend) {
	case VMW_SITE_UXTB:
		return value & 0xff;
	case VMW_SITE_UXTH:
		return value & 0xffff;
	case VMW_SITE_UXTW:
		return value & 0xffffffff;
	case VMW_SITE_SXTB:
		return (u64)((s64)(value << 56) >> 56);
	case VMW_SITE_SXTH:
		return (u64)((s64)(value << 48) >> 48);
	case VMW_SITE_SXTW:
		return (u64)((s64)(value << 32) >> 32);
	default:
		return value;
	}
}

/* What @code computes when its registers hold @n, @m and @a. */
static inline u64 vmw_site_value(const struct vmw_site_code *code, u64 n, u64 m, u64 a)
{
	u64 right;

	m = vmw_site_extended(m, code->extend);
	right = m << (code->shift & 63);
	if (code->right == VMW_SITE_LSR)
		right = m >> (code->shift & 63);
	else if (code->right == VMW_SITE_ASR)
		right = (u64)((s64)m >> (code->shift & 63));
	switch (code->op) {
	case VMW_SITE_ADD:
		return n + right;
	case VMW_SITE_SUB:
		return n - right;
	case VMW_SITE_ADD_IMM:
		return n + code->imm;
	case VMW_SITE_MADD:
		return a + vmw_site_extended(n, code->extend) * m;
	case VMW_SITE_MSUB:
		return a - vmw_site_extended(n, code->extend) * m;
	default:
		return n << (code->shift & 63);
	}
}

/* The struct page that @value is in, once what is known to be no part of it is gone. */
static inline u64 vmw_site_page(const struct vmw_bounds *b, const struct vmw_site_code *code,
				u64 value)
{
	u64 page = value - code->displacement;

	return page - (page - b->vmemmap) % b->page_struct_size;
}

#endif
