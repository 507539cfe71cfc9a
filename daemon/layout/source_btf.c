// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's type information, which knows how large a struct page is. */
#include <errno.h>
#include <string.h>

#include <bpf/btf.h>

#include "../btf.h"
#include "source.h"

void vmw_read_btf(struct vmw_layout *layout, struct vmw_input *input,
		  struct vmw_source *self)
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
	if (size > 0)
		vmw_layout_add_live(layout, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF,
				    "struct page", size);
	else
		vmw_source_fail(self, "it has no struct page");
}
