// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/converting.h"

#define MAX_CODE (32 << 10) /* bytes: the longest one has 10,000 */

const char *const vmw_converting[VMW_NR_CONVERTING] = {
	"compact_zone",	    "compaction_alloc",	 "isolate_migratepages_block",
	"offline_pages",    "pagemap_pmd_range", "test_pages_isolated",
	"try_to_unmap_one", "vmalloc_to_page",
};

static int read_section(struct vmw_object_section *section, const struct vmw_symbol *function,
			struct vmw_memory *memory)
{
	size_t bytes = function->end - function->start;

	if (bytes > MAX_CODE)
		bytes = MAX_CODE;
	section->start = function->start;
	section->n = bytes / sizeof(*section->code);
	section->code = malloc(bytes);
	if (!section->code)
		return -ENOMEM;
	return vmw_memory_read(memory, section->start, section->code, bytes);
}

int vmw_converting_read(struct vmw_object *ret,
			const struct vmw_symbol functions[VMW_NR_CONVERTING],
			struct vmw_memory *memory)
{
	struct vmw_object_symbol symbols[VMW_NR_CONVERTING];
	size_t i, n = 0;
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->sections = calloc(VMW_NR_CONVERTING, sizeof(*ret->sections));
	err = ret->sections ? 0 : -ENOMEM;
	for (i = 0; i < VMW_NR_CONVERTING && !err; i++) {
		if (functions[i].end <= functions[i].start)
			continue;
		symbols[n] = (struct vmw_object_symbol){
			.start = functions[i].start,
			.end = functions[i].end,
			.name = functions[i].name,
			.section = n,
			.is_function = true,
		};
		err = read_section(&ret->sections[n++], &functions[i], memory);
	}
	ret->nr_sections = n;
	if (!err && !n)
		err = -ENOENT;
	if (!err)
		err = vmw_object_set_functions(ret, symbols, n);
	if (err)
		vmw_object_free(ret);
	return err;
}
