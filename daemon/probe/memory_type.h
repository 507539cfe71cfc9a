/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the kernel's memory types, whose numbers moved. */
#ifndef VMEMMAPWATCH_PROBE_MEMORY_TYPE_H
#define VMEMMAPWATCH_PROBE_MEMORY_TYPE_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_MAX_MEMORY_TYPES 8

/* By number; an empty name where the BTF has none. */
struct vmw_memory_types {
	char name[VMW_MAX_MEMORY_TYPES][24];
};

struct btf;

/* What enum memory_type of @btf says, in our words: "private", "fs-dax". */
void vmw_memory_types_read(struct vmw_memory_types *types, const struct btf *btf);

/* The name of @type, or "type N", into @name of @size bytes. */
void vmw_memory_type_name(const struct vmw_memory_types *types, u32 type, char *name,
			  size_t size);

#endif
