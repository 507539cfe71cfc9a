/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-width types that gcc, clang and clang's BPF target agree on, without
 * libc or kernel headers: everything in include/ is compiled on both sides.
 */
#ifndef VMEMMAPWATCH_TYPES_H
#define VMEMMAPWATCH_TYPES_H

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef unsigned long long u64; /* %llx, on both sides and all machines */
typedef __INT32_TYPE__ s32;
typedef long long s64;

#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))

#endif
