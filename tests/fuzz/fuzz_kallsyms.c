// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "kernel/kallsyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_symbol wanted[] = {
		{ .name = "vmemmap_free" },
		{ .name = "mem_section" },
		{ .name = "_text" },
	};
	static const u64 addresses[] = { 0, 0xffff800008000000, ~0ULL };
	struct vmw_kallsyms_totals totals;
	const char *path = fuzz_file(data, size);
	char names[3][64];
	size_t i;

	if (!vmw_kallsyms_find(path, wanted, 3, &totals)) {
		promise(totals.addresses <= totals.lines);
		for (i = 0; i < 3; i++)
			promise(!wanted[i].end || wanted[i].end > wanted[i].start);
	}
	vmw_kallsyms_name(path, addresses, 3, names[0], sizeof(names[0]));
	return 0;
}
