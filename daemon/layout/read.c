// SPDX-License-Identifier: GPL-2.0-only
/* Ask the running kernel, by every source. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "kernel/kallsyms.h"
#include "layout/source.h"

static void (*const readers[VMW_NR_SOURCES])(struct vmw_layout *, struct vmw_input *,
					     struct vmw_source *) = {
	[VMW_SOURCE_KALLSYMS] = vmw_read_kallsyms,
	[VMW_SOURCE_VMCOREINFO] = vmw_read_vmcoreinfo,
	[VMW_SOURCE_CODE] = vmw_read_code,
	[VMW_SOURCE_CONVERSIONS] = vmw_read_conversions,
	[VMW_SOURCE_BTF] = vmw_read_btf,
	[VMW_SOURCE_PROCESS] = vmw_read_process,
	[VMW_SOURCE_CONFIG] = vmw_read_config,
	[VMW_SOURCE_MEM_SECTION] = vmw_read_mem_section,
	[VMW_SOURCE_SEGMENTS] = vmw_read_segments,
	[VMW_SOURCE_TRACEPOINT] = vmw_read_tracepoint,
};

void vmw_source_fail(struct vmw_source *self, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(self->note, sizeof(self->note), format, args);
	va_end(args);
	self->state = VMW_SOURCE_FAILED;
}

void vmw_source_unread(struct vmw_source *self, const struct vmw_input *input, int err)
{
	char why[160];

	vmw_memory_why(&input->memory, err, why, sizeof(why));
	vmw_source_fail(self, "%s", why);
}

/*
 * physvirt_offset is PHYS_OFFSET - PAGE_OFFSET of the VA bits in use (5.4, and
 * 5.10 before its stable updates), but memstart_addr may change after it was
 * computed: for where nothing else tells.
 */
static void add_physvirt_offset(struct vmw_layout *layout, const struct vmw_input *input)
{
	struct vmw_reading reading = {
		.source = VMW_SOURCE_KALLSYMS,
		.origin = VMW_LIVE,
		.variable = "physvirt_offset",
		.where = "physvirt_offset + PAGE_OFFSET",
	};
	u64 va_bits;

	if (!input->has_physvirt_offset || layout->values[VMW_VALUE_PHYS_OFFSET].nr ||
	    !vmw_layout_get(layout, VMW_VALUE_VA_BITS_ACTUAL, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS_ACTUAL, va_bits))
		return;
	reading.value = input->physvirt_offset - (1ULL << va_bits);
	vmw_layout_add(layout, VMW_VALUE_PHYS_OFFSET, &reading);
}

void vmw_layout_read(struct vmw_layout *layout, enum vmw_source_id trust)
{
	struct vmw_input input = { .kallsyms = VMW_KALLSYMS };
	struct utsname name;
	int id;

	vmw_layout_init(layout, trust);
	if (!uname(&name))
		vmw_layout_set_release(layout, name.release);
	vmw_memory_open(&input.memory);
	for (id = 0; id < VMW_NR_SOURCES; id++) {
		if (!readers[id])
			continue;
		layout->sources[id].state = VMW_SOURCE_READ;
		readers[id](layout, &input, &layout->sources[id]);
	}
	add_physvirt_offset(layout, &input);
	free(input.note);
	vmw_memory_close(&input.memory);
	vmw_layout_finish(layout);
}
