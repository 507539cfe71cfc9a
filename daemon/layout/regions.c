// SPDX-License-Identifier: GPL-2.0-only
/*
 * All of the address space, cut into what owns each part: Documentation/arm64/
 * memory.rst and asm/memory.h (6.1.192), by the values of this layout.
 */
#include <stdlib.h>

#include "layout/layout.h"

const char *const vmw_region_names[VMW_NR_REGIONS] = {
	[VMW_REGION_USER] = "user",	     [VMW_REGION_NON_CANONICAL] = "non-canonical",
	[VMW_REGION_LINEAR] = "linear map",  [VMW_REGION_KASAN] = "KASAN shadow",
	[VMW_REGION_BPF_JIT] = "BPF JIT",    [VMW_REGION_MODULES] = "modules",
	[VMW_REGION_IMAGE] = "kernel image", [VMW_REGION_VMALLOC] = "vmalloc",
	[VMW_REGION_FIXMAP] = "fixmap",	     [VMW_REGION_PCI_IO] = "PCI I/O",
	[VMW_REGION_VMEMMAP] = "vmemmap",    [VMW_REGION_HOLE] = "hole",
	[VMW_REGION_UNKNOWN] = "unknown",
};

#define MAX_CLAIMS 12

struct claim {
	u64 start, last;
	enum vmw_region_kind kind;
};

struct claims {
	struct claim claim[MAX_CLAIMS];
	size_t nr;
	bool complete; /* nothing that could claim is unknown */
};

static void claim(struct claims *claims, enum vmw_region_kind kind, u64 start, u64 last)
{
	if (start <= last && claims->nr < MAX_CLAIMS)
		claims->claim[claims->nr++] = (struct claim){ start, last, kind };
}

/* Claim between two values of the layout, where both are known. */
static bool claim_between(struct claims *claims, const struct vmw_layout *layout,
			  enum vmw_region_kind kind, enum vmw_value_id from, enum vmw_value_id to)
{
	u64 start, end;

	if (!vmw_layout_get(layout, from, &start) || !vmw_layout_get(layout, to, &end))
		return false;
	claim(claims, kind, start, end - 1);
	return true;
}

/* Until 5.12 the BPF JIT had 128 MiB between PAGE_END and the modules. */
static void claim_bpf_jit(struct claims *claims, const struct vmw_layout *layout)
{
	u64 page_end, modules;

	if (vmw_layout_get(layout, VMW_VALUE_PAGE_END, &page_end) &&
	    vmw_layout_get(layout, VMW_VALUE_MODULES_VADDR, &modules) &&
	    modules - page_end == 128 << 20)
		claim(claims, VMW_REGION_BPF_JIT, page_end, modules - 1);
}

/*
 * FIXADDR_START depends on the configuration, but not by much: the device tree
 * has 4 MiB, early_ioremap() 1.75 MiB, the rest some pages (enum fixed_addresses,
 * asm/fixmap.h 6.1.192 and 6.12.117). This is an upper limit.
 */
#define FIXMAP_SIZE (8ULL << 20)

static bool claim_fixmap(struct claims *claims, const struct vmw_layout *layout)
{
	u64 top;

	if (!vmw_layout_get(layout, VMW_VALUE_FIXADDR_TOP, &top))
		return false;
	claim(claims, VMW_REGION_FIXMAP, top - FIXMAP_SIZE, top - 1);
	return true;
}

/* Whoever comes first has it: the image lies inside of vmalloc, for one. */
static void make_claims(struct claims *claims, const struct vmw_layout *layout, u64 half)
{
	bool complete = true;
	u64 page_end;

	claim(claims, VMW_REGION_USER, 0, half - 1);
	claim(claims, VMW_REGION_NON_CANONICAL, half, -half - 1);
	claim_between(claims, layout, VMW_REGION_IMAGE, VMW_VALUE_IMAGE_START,
		      VMW_VALUE_IMAGE_END);
	claim_between(claims, layout, VMW_REGION_KASAN, VMW_VALUE_KASAN_START,
		      VMW_VALUE_KASAN_END);
	claim_bpf_jit(claims, layout);
	complete &= claim_between(claims, layout, VMW_REGION_MODULES, VMW_VALUE_MODULES_VADDR,
				  VMW_VALUE_MODULES_END);
	complete &= claim_between(claims, layout, VMW_REGION_VMEMMAP, VMW_VALUE_EFFECTIVE,
				  VMW_VALUE_END);
	complete &= claim_between(claims, layout, VMW_REGION_VMALLOC, VMW_VALUE_VMALLOC_START,
				  VMW_VALUE_VMALLOC_END);
	complete &= claim_between(claims, layout, VMW_REGION_PCI_IO, VMW_VALUE_PCI_IO_START,
				  VMW_VALUE_PCI_IO_END);
	if (vmw_layout_get(layout, VMW_VALUE_PAGE_END, &page_end))
		claim(claims, VMW_REGION_LINEAR, -half, page_end - 1);
	else
		complete = false;
	complete &= claim_fixmap(claims, layout);
	claims->complete = complete;
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static enum vmw_region_kind owner(const struct claims *claims, u64 address)
{
	size_t i;

	for (i = 0; i < claims->nr; i++) {
		if (address >= claims->claim[i].start && address <= claims->claim[i].last)
			return claims->claim[i].kind;
	}
	return claims->complete ? VMW_REGION_HOLE : VMW_REGION_UNKNOWN;
}

static void append(struct vmw_layout *layout, u64 start, enum vmw_region_kind kind)
{
	struct vmw_region *region = &layout->regions[layout->nr_regions];

	if (layout->nr_regions) {
		if (region[-1].kind == kind || layout->nr_regions == VMW_MAX_REGIONS)
			return;
		region[-1].last = start - 1;
	}
	*region = (struct vmw_region){ start, ~0ULL, kind };
	layout->nr_regions++;
}

void vmw_layout_make_regions(struct vmw_layout *layout)
{
	struct claims claims = { 0 };
	u64 cuts[2 * MAX_CLAIMS], bits;
	size_t i, n = 0;

	layout->nr_regions = 0;
	if (!vmw_layout_get(layout, VMW_VALUE_VA_BITS_ACTUAL, &bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS_ACTUAL, bits))
		return;
	make_claims(&claims, layout, 1ULL << bits);
	for (i = 0; i < claims.nr; i++) {
		cuts[n++] = claims.claim[i].start;
		/* Behind the last address there is nothing: zero is a cut anyway. */
		cuts[n++] = claims.claim[i].last + 1;
	}
	qsort(cuts, n, sizeof(*cuts), compare);
	for (i = 0; i < n; i++) {
		if (!i || cuts[i] != cuts[i - 1])
			append(layout, cuts[i], owner(&claims, cuts[i]));
	}
}

const struct vmw_region *vmw_layout_region(const struct vmw_layout *layout, u64 address)
{
	size_t i;

	for (i = 0; i < layout->nr_regions; i++) {
		if (address <= layout->regions[i].last)
			return &layout->regions[i];
	}
	return NULL;
}

static u32 kinds_between(const struct vmw_layout *layout, u64 first, u64 last)
{
	u32 kinds = 0;
	size_t i;

	for (i = 0; i < layout->nr_regions; i++) {
		if (layout->regions[i].start <= last && layout->regions[i].last >= first)
			kinds |= 1U << layout->regions[i].kind;
	}
	return kinds;
}

u32 vmw_layout_regions_of(const struct vmw_layout *layout, u64 start, u64 end)
{
	u64 last = end - 1;

	if (last >= start)
		return kinds_between(layout, start, last);
	return kinds_between(layout, start, ~0ULL) | kinds_between(layout, 0, last);
}
