/* SPDX-License-Identifier: GPL-2.0-only */
/* FNV-1a of 64 bits, by Fowler, Noll and Vo: for tables and to see what is the same. */
#ifndef VMEMMAPWATCH_BASE_HASH_H
#define VMEMMAPWATCH_BASE_HASH_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_HASH_START 0xcbf29ce484222325

/* @hash of what came before, VMW_HASH_START at first, and of @size bytes at @bytes. */
static inline u64 vmw_hash(u64 hash, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	while (size--)
		hash = (hash ^ *byte++) * 0x100000001b3;
	return hash;
}

#endif
