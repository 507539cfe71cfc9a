// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vmcoreinfo note: what the kernel writes about itself for dump tools.
 * VMEMMAP_START and VMEMMAP_END are in it since 5.18, vmemmap itself since 6.9.
 */
#include <stdio.h>
#include <string.h>

#include "layout.h"
#include "vmcoreinfo.h"

/* Keys whose value is taken as it stands. */
static const struct {
	enum vmw_value_id id;
	const char *key;
	const char *source;
} plain[] = {
#define KEY(id, key) { VMW_VALUE_##id, key, "vmcoreinfo " key }
	KEY(START, "NUMBER(VMEMMAP_START)"),
	KEY(END, "NUMBER(VMEMMAP_END)"),
	KEY(PHYS_OFFSET, "NUMBER(PHYS_OFFSET)"),
	KEY(VA_BITS, "NUMBER(VA_BITS)"),
	KEY(STRUCT_PAGE, "SIZE(page)"),
	KEY(MAX_PHYS, "NUMBER(MAX_PHYSMEM_BITS)"),
#undef KEY
};

void vmw_source_vmcoreinfo(struct vmw_layout *layout, struct vmw_layout_input *input,
			   struct vmw_source *self)
{
	const char *note = input->note;
	u64 value;
	size_t i;

	if (!note) {
		snprintf(self->problem, sizeof(self->problem),
			 "no VMCOREINFO note in " VMW_KCORE);
		return;
	}
	for (i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		if (!vmw_vmcoreinfo_get(note, plain[i].key, &value))
			vmw_layout_add(layout, plain[i].id, plain[i].source,
				       VMW_LIVE, value);
	}
	if (!vmw_vmcoreinfo_get(note, "PAGESIZE", &value) && value)
		vmw_layout_add(layout, VMW_VALUE_PAGE_SHIFT, "vmcoreinfo PAGESIZE",
			       VMW_LIVE, __builtin_ctzll(value));
	if (!vmw_vmcoreinfo_get(note, "NUMBER(TCR_EL1_T1SZ)", &value) && value < 64)
		vmw_layout_add(layout, VMW_VALUE_VA_BITS_ACTUAL,
			       "vmcoreinfo 64 - NUMBER(TCR_EL1_T1SZ)", VMW_LIVE,
			       64 - value);
	if (!vmw_vmcoreinfo_get(note, "SYMBOL(vmemmap)", &value))
		vmw_layout_add(layout, VMW_VALUE_VMEMMAP,
			       "vmcoreinfo SYMBOL(vmemmap)", VMW_LIVE, value);
	if (!layout->values[VMW_VALUE_START].nr)
		snprintf(self->problem, sizeof(self->problem),
			 "read, but it has no VMEMMAP_START (kernels before 5.18)");
}
