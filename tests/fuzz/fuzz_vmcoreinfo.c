// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "kernel/vmcoreinfo.h"
#include "layout/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_layout layout;
	char *text = strndup((const char *)data, size);
	char release[80];

	promise(text != NULL);
	vmw_layout_init(&layout, VMW_NR_SOURCES);
	if (!vmw_vmcoreinfo_text(text, "OSRELEASE", release, sizeof(release)))
		vmw_layout_set_release(&layout, release);
	vmw_read_note(&layout, text, VMW_SOURCE_VMCOREINFO, VMW_LIVE);
	fuzz_layout(&layout);
	free(text);
	return 0;
}
