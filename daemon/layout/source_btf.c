// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's type information, which knows how large a struct page is. */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "kernel/btf.h"
#include "layout/source.h"

/* Where a CPU's ID_AA64MMFR0_EL1 is kept: arch/arm64/include/asm/cpu.h. */
static u32 mmfr0_offset(const struct btf *btf)
{
	int id = btf__find_by_name_kind(btf, "cpuinfo_arm64", BTF_KIND_STRUCT), i;
	const struct btf_type *t;

	if (id < 0)
		return 0;
	t = btf__type_by_id(btf, id);
	for (i = 0; i < btf_vlen(t); i++) {
		if (!strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off),
			    "reg_id_aa64mmfr0"))
			return btf_member_bit_offset(t, i) / 8;
	}
	return 0;
}

void vmw_read_btf(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self)
{
	struct btf *btf = vmw_btf();
	s64 size = -1;
	int id;

	(void)input;
	if (!btf) {
		vmw_source_fail(self, "/sys/kernel/btf/vmlinux: %s (CONFIG_DEBUG_INFO_BTF)",
				strerror(errno));
		return;
	}
	id = btf__find_by_name_kind(btf, "page", BTF_KIND_STRUCT);
	if (id > 0)
		size = btf__resolve_size(btf, id);
	layout->anchors.mmfr0_offset = mmfr0_offset(btf);
	if (size > 0)
		vmw_layout_add_live(layout, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF,
				    "struct page", size);
	else
		vmw_source_fail(self, "it has no struct page");
}
