// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>

#include "kernel/btf.h"

static struct btf *kernel;

struct btf *vmw_btf(void)
{
	if (!kernel)
		kernel = btf__load_vmlinux_btf();
	return kernel;
}

int vmw_btf_member(const struct btf *btf, int id, const char *name)
{
	const struct btf_type *t = btf__type_by_id(btf, btf__resolve_type(btf, id));
	const struct btf_member *member;
	int i, found;

	if (!t || !btf_is_composite(t))
		return -1;
	member = btf_members(t);
	for (i = 0; i < btf_vlen(t); i++) {
		const char *member_name = btf__name_by_offset(btf, member[i].name_off);

		if (!strcmp(member_name, name))
			return member[i].type;
		found = *member_name ? -1 : vmw_btf_member(btf, member[i].type, name);
		if (found > 0)
			return found;
	}
	return -1;
}

void vmw_btf_drop(void)
{
	btf__free(kernel);
	kernel = NULL;
}
