// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vmcoreinfo note: what the kernel writes about itself for dump tools. It
 * is a note of /proc/kcore, and the text that the variable vmcoreinfo_data
 * points to (kernel/crash_core.c, 5.10 to 6.8; kernel/vmcore_info.c since).
 * VMEMMAP_START and VMEMMAP_END are in it since 5.18, vmemmap itself since 6.9.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/hardening.h"
#include "kernel/vmcoreinfo.h"
#include "layout/source.h"

#define MAX_NOTE 65536 /* bytes: a page of the kernel's */

/* Keys whose value is taken as it stands, and the variable it shows, if any. */
static const struct {
	enum vmw_value_id id;
	const char *key;
	const char *variable;
} plain[] = {
	{ VMW_VALUE_START, "NUMBER(VMEMMAP_START)", "" },
	{ VMW_VALUE_END, "NUMBER(VMEMMAP_END)", "" },
	{ VMW_VALUE_VMEMMAP, "SYMBOL(vmemmap)", "" },
	{ VMW_VALUE_VMALLOC_START, "NUMBER(VMALLOC_START)", "" },
	{ VMW_VALUE_VMALLOC_END, "NUMBER(VMALLOC_END)", "" },
	{ VMW_VALUE_MODULES_VADDR, "NUMBER(MODULES_VADDR)", "" },
	{ VMW_VALUE_MODULES_END, "NUMBER(MODULES_END)", "" },
	{ VMW_VALUE_PHYS_OFFSET, "NUMBER(PHYS_OFFSET)", "memstart_addr" },
	{ VMW_VALUE_KIMAGE_VOFFSET, "NUMBER(kimage_voffset)", "kimage_voffset" },
	{ VMW_VALUE_VA_BITS, "NUMBER(VA_BITS)", "" },
	{ VMW_VALUE_STRUCT_PAGE, "SIZE(page)", "" },
	{ VMW_VALUE_MAX_PHYS, "NUMBER(MAX_PHYSMEM_BITS)", "" },
	{ VMW_VALUE_SECTION_BITS, "NUMBER(SECTION_SIZE_BITS)", "" },
};

const char *vmw_read_note(struct vmw_layout *layout, const char *note,
			  enum vmw_source_id source, enum vmw_origin origin)
{
	struct vmw_reading reading = { .source = source, .origin = origin };
	const char *bad = NULL;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(plain); i++) {
		err = vmw_vmcoreinfo_get(note, plain[i].key, &reading.value);
		if (!err && !vmw_layout_is_sane(plain[i].id, reading.value))
			err = -EBADMSG;
		if (err == -EBADMSG && !bad)
			bad = plain[i].key;
		if (err)
			continue;
		snprintf(reading.variable, sizeof(reading.variable), "%s", plain[i].variable);
		snprintf(reading.where, sizeof(reading.where), "%s", plain[i].key);
		vmw_layout_add(layout, plain[i].id, &reading);
	}
	reading.variable[0] = '\0';
	if (!vmw_vmcoreinfo_get(note, "PAGESIZE", &reading.value) &&
	    vmw_layout_is_sane(VMW_VALUE_PAGE_SIZE, reading.value)) {
		reading.value = __builtin_ctzll(reading.value);
		snprintf(reading.where, sizeof(reading.where), "PAGESIZE");
		vmw_layout_add(layout, VMW_VALUE_PAGE_SHIFT, &reading);
	}
	if (!vmw_vmcoreinfo_get(note, "NUMBER(TCR_EL1_T1SZ)", &reading.value) &&
	    reading.value < 64) {
		reading.value = 64 - reading.value;
		snprintf(reading.where, sizeof(reading.where), "64 - NUMBER(TCR_EL1_T1SZ)");
		vmw_layout_add(layout, VMW_VALUE_VA_BITS_ACTUAL, &reading);
	}
	return bad;
}

/* The text that the kernel's variables point to. */
static int read_text(struct vmw_input *input)
{
	u64 address, size;
	int err;

	if (!input->vmcoreinfo_data || !input->vmcoreinfo_size)
		return -ENOENT;
	err = vmw_memory_read(&input->memory, input->vmcoreinfo_data, &address, sizeof(address));
	if (!err)
		err = vmw_memory_read(&input->memory, input->vmcoreinfo_size, &size,
				      sizeof(size));
	if (err)
		return err;
	if (!size || size > MAX_NOTE)
		return -EBADMSG;
	input->note = calloc(1, size + 1);
	if (!input->note)
		return -ENOMEM;
	return vmw_memory_read(&input->memory, address, input->note, size);
}

void vmw_read_vmcoreinfo(struct vmw_layout *layout, struct vmw_input *input,
			 struct vmw_source *self)
{
	const struct vmw_memory *memory = &input->memory;
	const char *bad;
	char why[160];
	int err = memory->kcore_error;

	if (!err)
		err = vmw_kcore_note(&memory->kcore, "VMCOREINFO", &input->note);
	if (err && read_text(input)) {
		free(input->note);
		input->note = NULL;
		if (memory->kcore_error) {
			vmw_why_kcore(memory->kcore_error, why, sizeof(why));
			vmw_source_fail(self, "%s", why);
		} else {
			vmw_source_fail(self, VMW_KCORE ": no note VMCOREINFO: %s",
					strerror(-err));
		}
		return;
	}
	if (err)
		snprintf(self->note, sizeof(self->note),
			 "read at vmcoreinfo_data %s, as /proc/kcore is closed",
			 vmw_memory_how(memory));
	bad = vmw_read_note(layout, input->note, VMW_SOURCE_VMCOREINFO, VMW_LIVE);
	if (bad)
		vmw_source_fail(self, "its %s is not a possible number", bad);
	else if (!layout->values[VMW_VALUE_START].nr)
		snprintf(self->note, sizeof(self->note),
			 "it has no VMEMMAP_START (kernels before 5.18)");
}
