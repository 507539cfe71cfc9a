// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program headers of /proc/kcore: for each range of System RAM a segment
 * of the linear map, with its physical address, and one of the struct pages of
 * that range (fs/proc/kcore.c, get_sparsemem_vmemmap_info(), 5.10 to 7.2). Page
 * size and sizeof(struct page) are asked of others than vmcoreinfo.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "layout.h"

#define NO_PHYSICAL_ADDRESS (~0ULL)

static s64 size_of_struct_page(void)
{
	struct btf *btf = btf__load_vmlinux_btf();
	s64 size = -1;
	int id;

	if (!btf)
		return -1;
	id = btf__find_by_name_kind(btf, "page", BTF_KIND_STRUCT);
	if (id > 0)
		size = btf__resolve_size(btf, id);
	btf__free(btf);
	return size;
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

/* What tells the kinds of segments apart; no value is computed from it. */
struct kinds {
	u64 va_bits;		/* in use */
	u64 start;
	u64 end;
};

static bool is_vmemmap(const Elf64_Phdr *segment, const struct kinds *kinds)
{
	return segment->p_type == PT_LOAD && segment->p_paddr == NO_PHYSICAL_ADDRESS &&
	       segment->p_vaddr >= kinds->start && segment->p_vaddr < kinds->end;
}

/*
 * The struct pages of @ram: as many as its pages, rounded out to whole pages
 * of memory, and beginning where such a page does.
 */
static u64 vmemmap_of(const struct vmw_kcore *kcore, const Elf64_Phdr *ram,
		      const struct kinds *kinds, u64 page, u64 size)
{
	u64 first = ram->p_paddr / page * size, wanted = ram->p_memsz / page * size;
	size_t i;

	for (i = 0; i < kcore->nr_segments; i++) {
		const Elf64_Phdr *s = &kcore->segments[i];

		if (is_vmemmap(s, kinds) && first % page == 0 &&
		    s->p_memsz >= wanted && s->p_memsz < wanted + 2 * page)
			return s->p_vaddr - first;
	}
	return 0;
}

static u64 find_vmemmap(const struct vmw_kcore *kcore, const struct kinds *kinds,
			u64 page, u64 size)
{
	u64 vmemmap = 0;
	size_t i;

	for (i = 0; i < kcore->nr_segments && !vmemmap; i++) {
		if (is_linear(&kcore->segments[i], kinds->va_bits))
			vmemmap = vmemmap_of(kcore, &kcore->segments[i], kinds, page, size);
	}
	return vmemmap;
}

void vmw_source_segments(struct vmw_layout *layout, struct vmw_layout_input *input,
			 struct vmw_source *self)
{
	u64 page = sysconf(_SC_PAGESIZE);
	s64 size = size_of_struct_page();
	struct kinds kinds;
	u64 vmemmap;

	vmw_layout_add(layout, VMW_VALUE_PAGE_SHIFT, "page size of this process",
		       VMW_LIVE, __builtin_ctzll(page));
	if (size <= 0) {
		snprintf(self->problem, sizeof(self->problem), "no BTF of struct page");
		return;
	}
	vmw_layout_add(layout, VMW_VALUE_STRUCT_PAGE, "BTF struct page", VMW_LIVE, size);
	if (!vmw_layout_get(layout, VMW_VALUE_VA_BITS_ACTUAL, &kinds.va_bits) ||
	    !vmw_layout_get(layout, VMW_VALUE_START, &kinds.start) ||
	    !vmw_layout_get(layout, VMW_VALUE_END, &kinds.end) ||
	    kinds.va_bits < 36 || kinds.va_bits > 52) {
		snprintf(self->problem, sizeof(self->problem),
			 "VA bits and bounds, which tell the segments apart, are not known");
		return;
	}
	vmemmap = find_vmemmap(&input->kcore, &kinds, page, size);
	if (!vmemmap) {
		snprintf(self->problem, sizeof(self->problem),
			 "no segment of " VMW_KCORE " holds the struct pages of a RAM segment");
		return;
	}
	vmw_layout_add(layout, VMW_VALUE_VMEMMAP, "segments of kcore", VMW_LIVE, vmemmap);
}
