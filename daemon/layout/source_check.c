// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own check: the two constants that the code of vmemmap_free()
 * compares with before it warns. The bounds as the kernel itself believes in
 * them; the code is there since 5.10 (arch/arm64/mm/mmu.c).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "insn.h"
#include "layout.h"

#define MAX_CODE 1024		/* instructions: the function is far shorter */

void vmw_source_check(struct vmw_layout *layout, struct vmw_layout_input *input,
		      struct vmw_source *self)
{
	u64 at = input->vmemmap_free.start, end = input->vmemmap_free.end;
	u32 code[MAX_CODE];
	u64 low, high;
	size_t n;
	int err;

	if (!at || end <= at) {
		snprintf(self->problem, sizeof(self->problem),
			 "kallsyms does not tell where vmemmap_free() is");
		return;
	}
	n = (end - at) / sizeof(*code);
	if (n > MAX_CODE)
		n = MAX_CODE;
	err = vmw_kcore_read(&input->kcore, at, code, n * sizeof(*code));
	if (err) {
		snprintf(self->problem, sizeof(self->problem), "vmemmap_free() at 0x%llx: %s",
			 (unsigned long long)at, strerror(-err));
		return;
	}
	if (vmw_insn_find_bounds(code, n, &low, &high)) {
		snprintf(self->problem, sizeof(self->problem),
			 "vmemmap_free() does not compare in a form that we know");
		return;
	}
	vmw_layout_add(layout, VMW_VALUE_START, "code of vmemmap_free()", VMW_LIVE, low);
	vmw_layout_add(layout, VMW_VALUE_END, "code of vmemmap_free()", VMW_LIVE, high);
}
