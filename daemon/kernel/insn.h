/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which two constants does the code of vmemmap_free() compare its arguments
 * with before it warns? A reader of the few A64 instructions that gcc and clang
 * make of that check; no disassembler. What it does not recognise it says.
 */
#ifndef VMEMMAPWATCH_KERNEL_INSN_H
#define VMEMMAPWATCH_KERNEL_INSN_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

/*
 * @code is a function (start, end, ...) of @n instructions that begins with
 *	WARN_ON(start < START || end > END)
 * (arch/arm64/mm/mmu.c, 5.10.223 to 7.2.13). Returns 0 with both constants, or
 * -ENOENT where the code has another form. Encodings: Arm ARM DDI 0487, C4.1.
 */
int vmw_insn_find_bounds(const u32 *code, size_t n, u64 *ret_start, u64 *ret_end);

/*
 * The addresses that @code, @n instructions from address @at on, makes with ADRP
 * and the ADD or 64-bit LDR behind it: of variables and of constant data, in the
 * order of the code. Returns how many, at most @max. An address that was made on
 * another path through the code may be listed without being meant; what is meant
 * is listed.
 */
size_t vmw_insn_references(const u32 *code, size_t n, u64 at, u64 *ret, size_t max);

#endif
