// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

#include "probe/memory_type.h"

/* "MEMORY_DEVICE_FS_DAX" -> "fs-dax" */
static void our_word(const char *enumerator, char *name, size_t size)
{
	static const char prefix[] = "MEMORY_DEVICE_";
	size_t i;

	if (!strncmp(enumerator, prefix, sizeof(prefix) - 1))
		enumerator += sizeof(prefix) - 1;
	for (i = 0; i + 1 < size && enumerator[i]; i++)
		name[i] = enumerator[i] == '_' ? '-' : tolower((unsigned char)enumerator[i]);
	name[i] = '\0';
}

void vmw_memory_types_read(struct vmw_memory_types *types, const struct btf *btf)
{
	const struct btf_enum *value;
	const struct btf_type *t;
	int id, i;

	memset(types, 0, sizeof(*types));
	id = btf__find_by_name_kind(btf, "memory_type", BTF_KIND_ENUM);
	if (id < 0)
		return;
	t = btf__type_by_id(btf, id);
	value = btf_enum(t);
	for (i = 0; i < btf_vlen(t); i++) {
		if (value[i].val >= 0 && value[i].val < VMW_MAX_MEMORY_TYPES)
			our_word(btf__name_by_offset(btf, value[i].name_off),
				 types->name[value[i].val], sizeof(types->name[0]));
	}
}

void vmw_memory_type_name(const struct vmw_memory_types *types, u32 type, char *name, size_t size)
{
	if (type < VMW_MAX_MEMORY_TYPES && *types->name[type])
		snprintf(name, size, "%s", types->name[type]);
	else
		snprintf(name, size, "type %u", type);
}
