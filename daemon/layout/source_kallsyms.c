// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/kallsyms: addresses of kernel variables, whose live values are then
 * read, where the kernel image lies, and the text of the functions whose WARNs
 * we want. Data symbols are listed with CONFIG_KALLSYMS_ALL only.
 */
#include <stdio.h>
#include <string.h>

#include "kernel/hardening.h"
#include "kernel/kallsyms.h"
#include "layout/source.h"

/*
 * Where a WARN about vmemmap can be, from adding pages down to the page tables. Those
 * of memremap_pages() are about other matters: operations, types, alignment.
 */
static const char *const warn_functions[] = {
	"vmemmap_free",
	"vmemmap_populate",
	"__add_pages",
	"__remove_pages",
	"arch_add_memory",
	"arch_remove_memory",
	"__populate_section_memmap",
	"sparse_add_section",
	"sparse_remove_section",
	"section_deactivate",
	"mhp_range_allowed",
	"move_pfn_range_to_zone",
	"remove_pfn_range_from_zone",
	"memmap_init_zone_device",
	"vmemmap_populate_basepages",
	"vmemmap_populate_hugepages",
	"vmemmap_set_pmd",
	"unmap_hotplug_range",
	"free_empty_tables",
	"free_hotplug_page_range",
	"free_hotplug_page_range.part.0",
};

#define NR_WARN_FUNCTIONS (ARRAY_SIZE(warn_functions))
_Static_assert(NR_WARN_FUNCTIONS <= VMW_MAX_WARN_TEXTS, "the table has them all");

/* What compilers add to the name of a changed copy: ".isra.0" and the like. */
static size_t plain_length(const char *name, size_t length)
{
	const char *dot = memchr(name, '.', length);

	return dot ? (size_t)(dot - name) : length;
}

bool vmw_is_warn_function(const char *name, size_t length)
{
	size_t i;

	length = plain_length(name, length);
	for (i = 0; i < NR_WARN_FUNCTIONS; i++) {
		if (strlen(warn_functions[i]) == length &&
		    !memcmp(warn_functions[i], name, length))
			return true;
	}
	return false;
}

/* Variables of 64 bits that are values of the layout themselves. */
static const struct {
	const char *name;
	enum vmw_value_id id;
} variables[] = {
	{ "memstart_addr", VMW_VALUE_PHYS_OFFSET },
	{ "vabits_actual", VMW_VALUE_VA_BITS_ACTUAL }, /* 5.4 to 6.8 */
	{ "kimage_voffset", VMW_VALUE_KIMAGE_VOFFSET },
	{ "high_memory", VMW_VALUE_HIGH_MEMORY },
	{ "vmemmap", VMW_VALUE_VMEMMAP }, /* 5.4 alone */
};

#define NR_VARIABLES (ARRAY_SIZE(variables))

/* The wanted symbols: these, then the variables, then the functions of two kinds. */
enum {
	TEXT,
	END,
	MEM_SECTION,
	VMCOREINFO_DATA,
	VMCOREINFO_SIZE,
	PHYSVIRT_OFFSET,
	FREE_REGION,
	OLD_FREE_REGION,
	PLUGGABLE_RANGE,
	RANGE_ALLOWED,
	MEMREMAP_PAGES,
	IOMEM_RESOURCE,
	BOOT_CPU_DATA,
	FIRST_TRAMPOLINE,
	FIRST_VARIABLE = FIRST_TRAMPOLINE + VMW_MAX_TRAMPOLINES,
	FIRST_FUNCTION = FIRST_VARIABLE + NR_VARIABLES,
	FIRST_CONVERTING = FIRST_FUNCTION + NR_WARN_FUNCTIONS,
	NR_WANTED = FIRST_CONVERTING + VMW_NR_CONVERTING,
};

static void want_all(struct vmw_symbol *wanted)
{
	static const char *const names[FIRST_VARIABLE] = {
		[TEXT] = "_text",
		[END] = "_end",
		[MEM_SECTION] = "mem_section",
		[VMCOREINFO_DATA] = "vmcoreinfo_data",
		[VMCOREINFO_SIZE] = "vmcoreinfo_size",
		[PHYSVIRT_OFFSET] = "physvirt_offset",
		[FREE_REGION] = "get_free_mem_region",
		[OLD_FREE_REGION] = "__request_free_mem_region", /* 5.10 to 5.19 */
		[PLUGGABLE_RANGE] = "mhp_get_pluggable_range",
		[RANGE_ALLOWED] = "mhp_range_allowed",
		[MEMREMAP_PAGES] = "memremap_pages",
		[IOMEM_RESOURCE] = "iomem_resource",
		[BOOT_CPU_DATA] = "boot_cpu_data",
		[FIRST_TRAMPOLINE] = "kretprobe_trampoline", /* to 5.14 */
		[FIRST_TRAMPOLINE + 1] = "__kretprobe_trampoline",
		[FIRST_TRAMPOLINE + 2] = "arch_rethook_trampoline",
		[FIRST_TRAMPOLINE + 3] = "return_to_handler", /* the function graph's: bpf/caller.h */
	};
	size_t i;

	for (i = 0; i < FIRST_VARIABLE; i++)
		wanted[i].name = names[i];
	for (i = 0; i < NR_VARIABLES; i++)
		wanted[FIRST_VARIABLE + i].name = variables[i].name;
	for (i = 0; i < NR_WARN_FUNCTIONS; i++)
		wanted[FIRST_FUNCTION + i].name = warn_functions[i];
	for (i = 0; i < VMW_NR_CONVERTING; i++)
		wanted[FIRST_CONVERTING + i].name = vmw_converting[i];
}

/* Without CONFIG_KALLSYMS_ALL neither end of the image has a symbol. */
static void add_image(struct vmw_layout *layout, const struct vmw_symbol *wanted)
{
	if (wanted[TEXT].start)
		vmw_layout_add_live(layout, VMW_VALUE_IMAGE_START, VMW_SOURCE_KALLSYMS,
				    "address of _text", wanted[TEXT].start);
	if (wanted[END].start)
		vmw_layout_add_live(layout, VMW_VALUE_IMAGE_END, VMW_SOURCE_KALLSYMS,
				    "address of _end", wanted[END].start);
}

static struct vmw_text text_of(const struct vmw_symbol *symbol)
{
	return (struct vmw_text){ .start = symbol->start, .end = symbol->end };
}

static void take_anchors(struct vmw_anchors *anchors, const struct vmw_symbol *wanted)
{
	size_t i;

	anchors->listed = true;
	anchors->old_search = !wanted[FREE_REGION].start && wanted[OLD_FREE_REGION].start;
	anchors->get_free_mem_region =
		text_of(&wanted[anchors->old_search ? OLD_FREE_REGION : FREE_REGION]);
	anchors->mhp_get_pluggable_range = text_of(&wanted[PLUGGABLE_RANGE]);
	anchors->mhp_range_allowed = text_of(&wanted[RANGE_ALLOWED]);
	anchors->memremap_pages = text_of(&wanted[MEMREMAP_PAGES]);
	anchors->memstart_addr = wanted[FIRST_VARIABLE].start;
	anchors->iomem_resource = wanted[IOMEM_RESOURCE].start;
	anchors->boot_cpu_data = wanted[BOOT_CPU_DATA].start;
	for (i = 0; i < VMW_MAX_TRAMPOLINES; i++)
		anchors->trampolines[i] = wanted[FIRST_TRAMPOLINE + i].start;
}

/* Where things are. */
static void take_addresses(struct vmw_layout *layout, struct vmw_input *input,
			   const struct vmw_symbol *wanted)
{
	size_t i;

	for (i = 0; i < NR_WARN_FUNCTIONS; i++) {
		layout->warn_text[i].start = wanted[FIRST_FUNCTION + i].start;
		layout->warn_text[i].end = wanted[FIRST_FUNCTION + i].end;
	}
	input->vmemmap_free = layout->warn_text[0];
	memcpy(input->converting, &wanted[FIRST_CONVERTING], sizeof(input->converting));
	input->mem_section = wanted[MEM_SECTION].start;
	input->vmcoreinfo_data = wanted[VMCOREINFO_DATA].start;
	input->vmcoreinfo_size = wanted[VMCOREINFO_SIZE].start;
	take_anchors(&layout->anchors, wanted);
	add_image(layout, wanted);
}

/* What is in them. Returns the first error of a read. */
static int take_values(struct vmw_layout *layout, struct vmw_input *input,
		       const struct vmw_symbol *wanted)
{
	int first = 0, err;
	size_t i;

	for (i = 0; i < NR_VARIABLES; i++) {
		struct vmw_reading reading = {
			.source = VMW_SOURCE_KALLSYMS,
			.origin = VMW_LIVE,
		};

		if (!wanted[FIRST_VARIABLE + i].start)
			continue;
		err = vmw_memory_read(&input->memory, wanted[FIRST_VARIABLE + i].start,
				      &reading.value, sizeof(reading.value));
		if (err) {
			first = first ? first : err;
			continue;
		}
		snprintf(reading.variable, sizeof(reading.variable), "%s", variables[i].name);
		snprintf(reading.where, sizeof(reading.where), "%s, read %s", variables[i].name,
			 vmw_memory_how(&input->memory));
		vmw_layout_add(layout, variables[i].id, &reading);
	}
	if (wanted[PHYSVIRT_OFFSET].start)
		input->has_physvirt_offset =
			!vmw_memory_read(&input->memory, wanted[PHYSVIRT_OFFSET].start,
					 &input->physvirt_offset, sizeof(u64));
	return first;
}

void vmw_read_kallsyms(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self)
{
	struct vmw_symbol wanted[NR_WANTED] = { 0 };
	struct vmw_kallsyms_totals totals;
	char why[160];
	int err;

	want_all(wanted);
	err = vmw_kallsyms_find(input->kallsyms, wanted, NR_WANTED, &totals);
	if (err) {
		vmw_source_fail(self, "%s: %s", input->kallsyms, strerror(-err));
		return;
	}
	if (!totals.addresses) {
		vmw_why_kallsyms(why, sizeof(why));
		vmw_source_fail(self, "%s: %s", input->kallsyms, why);
		return;
	}
	take_addresses(layout, input, wanted);
	err = take_values(layout, input, wanted);
	if (err) {
		vmw_memory_why(&input->memory, err, why, sizeof(why));
		vmw_source_fail(self, "addresses of variables, but not their values: %s", why);
	} else if (!input->mem_section) {
		snprintf(self->note, sizeof(self->note),
			 "functions only: no variables are listed (CONFIG_KALLSYMS_ALL is off)");
	}
}
