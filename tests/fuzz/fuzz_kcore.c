// SPDX-License-Identifier: GPL-2.0-only
/* The headers of a core, its notes, its segments, and what they lead to. */
#include "fuzz.h"

#include "layout/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_input input = { .memory.kcore_error = 0 };
	struct vmw_layout layout;

	vmw_layout_init(&layout, VMW_NR_SOURCES);
	vmw_layout_set_release(&layout, "6.1.0");
	vmw_layout_add_live(&layout, VMW_VALUE_VA_BITS_ACTUAL, VMW_SOURCE_PROCESS, "", 48);
	vmw_layout_add_live(&layout, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, "", 64);
	if (!vmw_kcore_open(&input.memory.kcore, fuzz_file(data, size))) {
		vmw_read_vmcoreinfo(&layout, &input, &layout.sources[VMW_SOURCE_VMCOREINFO]);
		vmw_read_mem_section(&layout, &input, &layout.sources[VMW_SOURCE_MEM_SECTION]);
		vmw_read_segments(&layout, &input, &layout.sources[VMW_SOURCE_SEGMENTS]);
		fuzz_layout(&layout);
	}
	free(input.note);
	vmw_kcore_close(&input.memory.kcore);
	return 0;
}
