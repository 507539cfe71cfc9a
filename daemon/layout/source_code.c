// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own check: the two constants that the code of vmemmap_free()
 * compares with before it warns. The bounds as the kernel itself believes in
 * them; the code is there since 5.10 (arch/arm64/mm/mmu.c).
 */
#include <errno.h>
#include <stdio.h>

#include "kernel/insn.h"
#include "layout/source.h"

#define MAX_CODE 1024 /* instructions: the function is far shorter */

void vmw_read_code(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self)
{
	u64 at = input->vmemmap_free.start, end = input->vmemmap_free.end;
	u32 code[MAX_CODE];
	u64 low, high;
	size_t n;
	int err;

	if (layout->sources[VMW_SOURCE_KALLSYMS].state == VMW_SOURCE_FAILED && !at) {
		vmw_source_fail(self, "kallsyms does not list vmemmap_free()");
		return;
	}
	if (!at || end <= at) {
		vmw_source_fail(
			self,
			"no vmemmap_free() in this kernel (CONFIG_MEMORY_HOTREMOVE is off?)");
		return;
	}
	n = (end - at) / sizeof(*code);
	if (n > MAX_CODE)
		n = MAX_CODE;
	err = vmw_memory_read(&input->memory, at, code, n * sizeof(*code));
	if (err) {
		vmw_source_unread(self, input, err);
		return;
	}
	if (vmw_insn_find_bounds(code, n, &low, &high)) {
		vmw_source_fail(self, "vmemmap_free() has no comparison of a known form");
		return;
	}
	vmw_layout_add_live(layout, VMW_VALUE_START, VMW_SOURCE_CODE,
			    "vmemmap_free() compares with it", low);
	vmw_layout_add_live(layout, VMW_VALUE_END, VMW_SOURCE_CODE,
			    "vmemmap_free() compares with it", high);
}
