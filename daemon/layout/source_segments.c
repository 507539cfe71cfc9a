// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program headers of /proc/kcore (fs/proc/kcore.c, 5.10 to 7.2): for each
 * range of System RAM a segment of the linear map, with its physical address,
 * and one of the struct pages of that range; one of all vmalloc, and one of
 * all modules.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/hardening.h"
#include "layout/source.h"

#define NO_PHYSICAL_ADDRESS (~0ULL)

/* What tells the kinds of segments apart; no address is computed from it. */
struct kinds {
	const Elf64_Phdr *vmalloc;
	u64 va_bits; /* in use */
	u64 page;    /* bytes */
	u64 size;    /* of a struct page, bytes */
};

static bool has_no_physical_address(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD && segment->p_paddr == NO_PHYSICAL_ADDRESS;
}

/*
 * The linear map ends at PAGE_END, half of what 48 bits or fewer address; the
 * kernel image, which has a physical address too, lies behind it.
 */
static bool is_linear(const Elf64_Phdr *segment, u64 va_bits)
{
	u64 bits = va_bits < 48 ? va_bits : 48;

	return segment->p_type == PT_LOAD && segment->p_paddr != NO_PHYSICAL_ADDRESS &&
	       segment->p_vaddr < -(1ULL << (bits - 1));
}

/* vmalloc is by far the largest of those without a physical address. */
static const Elf64_Phdr *find_vmalloc(const struct vmw_kcore *kcore)
{
	const Elf64_Phdr *found = NULL;
	size_t i;

	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *s = &kcore->segments[i];

		if (has_no_physical_address(s) && (!found || s->p_memsz > found->p_memsz))
			found = s;
	}
	return found;
}

static void add(struct vmw_layout *layout, enum vmw_value_id id, const char *where, u64 value)
{
	vmw_layout_add_live(layout, id, VMW_SOURCE_SEGMENTS, where, value);
}

static void take_vmalloc(struct vmw_layout *layout, const struct vmw_kcore *kcore,
			 const Elf64_Phdr *vmalloc)
{
	size_t i;

	add(layout, VMW_VALUE_VMALLOC_START, "the segment of vmalloc", vmalloc->p_vaddr);
	add(layout, VMW_VALUE_VMALLOC_END, "the segment of vmalloc",
	    vmalloc->p_vaddr + vmalloc->p_memsz);
	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *s = &kcore->segments[i];

		if (!has_no_physical_address(s) || s->p_vaddr + s->p_memsz != vmalloc->p_vaddr)
			continue;
		add(layout, VMW_VALUE_MODULES_VADDR, "the segment of modules", s->p_vaddr);
		add(layout, VMW_VALUE_MODULES_END, "the segment of modules",
		    s->p_vaddr + s->p_memsz);
	}
}

/*
 * The struct pages of the RAM in segment @i are the next segment
 * (kclist_add_private() appends both): as many as its pages, rounded out to whole
 * pages of memory, and beginning where such a page does.
 */
static u64 vmemmap_of(const struct vmw_kcore *kcore, size_t i, const struct kinds *kinds)
{
	const Elf64_Phdr *ram = &kcore->segments[i], *s = ram + 1;
	u64 first = ram->p_paddr / kinds->page * kinds->size;
	u64 wanted = ram->p_memsz / kinds->page * kinds->size;
	u64 behind = kinds->vmalloc->p_vaddr + kinds->vmalloc->p_memsz;

	if (i + 1 < kcore->nr_segments && has_no_physical_address(s) && s->p_vaddr >= behind &&
	    first % kinds->page == 0 && s->p_memsz >= wanted &&
	    s->p_memsz < wanted + 2 * kinds->page)
		return s->p_vaddr - first;
	return 0;
}

/* memstart_addr as __va() and __pa() have it: another view of that variable. */
static void add_phys_offset(struct vmw_layout *layout, const Elf64_Phdr *ram)
{
	struct vmw_reading reading = {
		.source = VMW_SOURCE_SEGMENTS,
		.origin = VMW_LIVE,
		.variable = "memstart_addr",
		.where = "physical - virtual address of RAM + PAGE_OFFSET",
	};
	u64 va_bits;

	if (!vmw_layout_get(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, va_bits))
		return;
	reading.value = ram->p_paddr - ram->p_vaddr - (1ULL << va_bits);
	vmw_layout_add(layout, VMW_VALUE_PHYS_OFFSET, &reading);
}

/* KCORE_TEXT: the only one with a physical address behind the linear map. */
static void take_image(struct vmw_layout *layout, const struct vmw_kcore *kcore,
		       const struct kinds *kinds)
{
	size_t i;

	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *s = &kcore->segments[i];

		if (s->p_type != PT_LOAD || has_no_physical_address(s) ||
		    is_linear(s, kinds->va_bits))
			continue;
		add(layout, VMW_VALUE_IMAGE_START, "the segment of the image", s->p_vaddr);
		add(layout, VMW_VALUE_IMAGE_END, "the segment of the image",
		    s->p_vaddr + s->p_memsz);
		return;
	}
}

static void take_linear_map(struct vmw_layout *layout, const struct vmw_kcore *kcore,
			    const struct kinds *kinds)
{
	u64 vmemmap = 0, high = 0;
	const Elf64_Phdr *ram = NULL;
	size_t i;

	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *s = &kcore->segments[i];

		if (!is_linear(s, kinds->va_bits))
			continue;
		ram = s;
		if (!high || s->p_vaddr + s->p_memsz > high)
			high = s->p_vaddr + s->p_memsz;
		if (!vmemmap)
			vmemmap = vmemmap_of(kcore, i, kinds);
	}
	if (!ram)
		return;
	/* high_memory counts memory that is not System RAM, and no hotplug. */
	if (!layout->values[VMW_VALUE_HIGH_MEMORY].nr)
		add(layout, VMW_VALUE_HIGH_MEMORY, "the end of System RAM", high);
	if (vmemmap)
		add(layout, VMW_VALUE_VMEMMAP, "the segments of RAM and of its struct pages",
		    vmemmap);
	add_phys_offset(layout, ram);
}

void vmw_read_segments(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self)
{
	const struct vmw_kcore *kcore = &input->memory.kcore;
	struct kinds kinds = { .page = sysconf(_SC_PAGESIZE) };
	char why[160];

	if (input->memory.kcore_error) {
		vmw_why_kcore(input->memory.kcore_error, why, sizeof(why));
		vmw_source_fail(self, "%s", why);
		return;
	}
	kinds.vmalloc = find_vmalloc(kcore);
	if (!kinds.vmalloc) {
		vmw_source_fail(self, "none is of vmalloc");
		return;
	}
	take_vmalloc(layout, kcore, kinds.vmalloc);
	if (!vmw_layout_get(layout, VMW_VALUE_VA_BITS_ACTUAL, &kinds.va_bits) ||
	    !vmw_layout_get(layout, VMW_VALUE_STRUCT_PAGE, &kinds.size) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS_ACTUAL, kinds.va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_STRUCT_PAGE, kinds.size)) {
		vmw_source_fail(
			self,
			"those of RAM: VA bits and sizeof(struct page), which tell them apart, are not known");
		return;
	}
	take_linear_map(layout, kcore, &kinds);
	take_image(layout, kcore, &kinds);
}
