// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/kallsyms: addresses of kernel variables, whose live values are then
 * read through /proc/kcore, and the text of the functions whose WARNs we want.
 * Data symbols are listed with CONFIG_KALLSYMS_ALL only.
 */
#include <stdio.h>
#include <string.h>

#include "kallsyms.h"
#include "layout.h"

/* Where a hotplug WARN can be, from memremap_pages() down to the page tables. */
static const char *const warn_functions[] = {
	"vmemmap_free", "vmemmap_populate", "__add_pages", "__remove_pages",
	"arch_add_memory", "arch_remove_memory", "__populate_section_memmap",
	"sparse_add_section", "sparse_remove_section", "section_deactivate",
	"memremap_pages", "memunmap_pages", "mhp_range_allowed",
	"move_pfn_range_to_zone", "remove_pfn_range_from_zone",
	"memmap_init_zone_device", "vmemmap_populate_basepages",
	"vmemmap_populate_hugepages", "vmemmap_set_pmd", "unmap_hotplug_range",
	"free_empty_tables", "free_hotplug_page_range",
	"free_hotplug_page_range.part.0",
};

#define NR_WARN_FUNCTIONS (sizeof(warn_functions) / sizeof(*warn_functions))
_Static_assert(NR_WARN_FUNCTIONS <= VMW_MAX_WARN_TEXTS, "the table holds them all");

enum { MEMSTART, MEM_SECTION, FIRST_FUNCTION };

void vmw_source_kallsyms(struct vmw_layout *layout, struct vmw_layout_input *input,
			 struct vmw_source *self)
{
	struct vmw_symbol wanted[FIRST_FUNCTION + NR_WARN_FUNCTIONS] = {
		[MEMSTART] = { .name = "memstart_addr" },
		[MEM_SECTION] = { .name = "mem_section" },
	};
	struct vmw_kallsyms_totals totals;
	u64 memstart;
	size_t i;
	int err;

	for (i = 0; i < NR_WARN_FUNCTIONS; i++)
		wanted[FIRST_FUNCTION + i].name = warn_functions[i];
	err = vmw_kallsyms_find(input->kallsyms, wanted,
				FIRST_FUNCTION + NR_WARN_FUNCTIONS, &totals);
	if (err) {
		snprintf(self->problem, sizeof(self->problem), "%s: %s",
			 input->kallsyms, strerror(-err));
		return;
	}
	if (!totals.addresses) {
		snprintf(self->problem, sizeof(self->problem),
			 "every address in %s is zero: kernel.kptr_restrict hides them",
			 input->kallsyms);
		return;
	}
	for (i = 0; i < NR_WARN_FUNCTIONS; i++) {
		layout->warn_text[i].start = wanted[FIRST_FUNCTION + i].start;
		layout->warn_text[i].end = wanted[FIRST_FUNCTION + i].end;
	}
	input->vmemmap_free = layout->warn_text[0];
	input->memstart_symbol = wanted[MEMSTART].start;
	input->mem_section_symbol = wanted[MEM_SECTION].start;
	if (!input->memstart_symbol) {
		snprintf(self->problem, sizeof(self->problem),
			 "no data symbols (CONFIG_KALLSYMS_ALL is off)");
		return;
	}
	err = vmw_kcore_read(&input->kcore, input->memstart_symbol, &memstart,
			     sizeof(memstart));
	if (err) {
		snprintf(self->problem, sizeof(self->problem),
			 "memstart_addr at 0x%llx: %s",
			 (unsigned long long)input->memstart_symbol, strerror(-err));
		return;
	}
	vmw_layout_add(layout, VMW_VALUE_PHYS_OFFSET,
		       "memstart_addr by kallsyms, read through kcore",
		       VMW_LIVE, memstart);
}
