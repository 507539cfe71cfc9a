// SPDX-License-Identifier: GPL-2.0-only
/*
 * Struct pages of nothing: what pfn_to_page() makes of pfn 0 or of another pfn that no
 * memory has, and virt_to_page() of an address that is not in the linear map. The latter
 * is VMEMMAP_START + ((address - PAGE_OFFSET) >> PAGE_SHIFT) * sizeof(struct page):
 * asm/memory.h 5.15.135, 6.1.192, 6.12.117.
 */
#include <stdio.h>
#include <string.h>

#include "klog/klog_internal.h"

/* Of what register @reg of @event holds, if anything. */
static bool get(const struct vmw_klog_event *event, int reg, u64 *ret)
{
	*ret = event->x[reg];
	return event->registers >> reg & 1;
}

static int find(const struct vmw_klog_event *event, u64 value)
{
	u64 other;
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (get(event, i, &other) && other == value)
			return i;
	}
	return -1;
}

/* What is below is a NULL pointer and an offset: virt_to_page() of 0 to 4095 is NULL, too. */
#define LOWEST_PAGE 0x10000

/* The register that has the struct page that the fault is in; -1: none. */
static int find_page(const struct vmw_klog_event *event, const struct vmw_bounds *b)
{
	u64 page;
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (get(event, i, &page) && page >= LOWEST_PAGE &&
		    event->address - page < b->page_struct_size &&
		    (s64)(page - b->nominal_start) % (s64)b->page_struct_size == 0 &&
		    vmw_place(b, page) != VMW_IN_BOUNDS)
			return i;
	}
	return -1;
}

/* The page of a pfn, by memstart_addr @memstart, of which @where tells. */
static bool is_of_pfn(const struct vmw_klog_event *event, const struct vmw_bounds *b, int reg,
		      u64 memstart, const char *where, char *why, size_t size)
{
	u64 base = b->nominal_start - (u64)((s64)memstart >> b->page_shift) * b->page_struct_size;
	u64 pfn = (event->x[reg] - base) / b->page_struct_size;
	int of;

	if (!memstart || memstart % vmw_memstart_align(b->page_shift))
		return false;
	if (!pfn) {
		snprintf(why, size,
			 "x%d is the struct page of pfn 0: memstart_addr is 0x%llx (%s), and no memory has that pfn",
			 reg, memstart, where);
		return true;
	}
	of = find(event, pfn);
	if (pfn >> (52 - b->page_shift) || of < 0)
		return false;
	snprintf(why, size,
		 "x%d is the struct page of pfn 0x%llx, which is in x%d: memstart_addr is 0x%llx (%s)",
		 reg, pfn, of, memstart, where);
	return true;
}

static bool by_memstart(const struct vmw_boot *boot, const struct vmw_klog_event *event,
			int reg, char *why, size_t size)
{
	const struct vmw_bounds *b = &boot->bounds;
	char where[16];
	u64 value;
	int i;

	if (vmw_layout_get(&boot->told->layout, VMW_VALUE_PHYS_OFFSET, &value) &&
	    is_of_pfn(event, b, reg, value, "stated", why, size))
		return true;
	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		snprintf(where, sizeof(where), "x%d", i);
		if (i != reg && get(event, i, &value) &&
		    is_of_pfn(event, b, reg, value, where, why, size))
			return true;
	}
	return false;
}

/* The page of an address, by virt_to_page(). */
static bool by_address(const struct vmw_boot *boot, const struct vmw_klog_event *event, int reg,
		       char *why, size_t size)
{
	const struct vmw_bounds *b = &boot->bounds;
	u64 va_bits, address;
	int i;

	if (!vmw_layout_get(&boot->told->layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, va_bits))
		return false;
	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (i == reg || !get(event, i, &address))
			continue;
		if (b->nominal_start + ((address + (1ULL << va_bits)) >> b->page_shift) *
					       b->page_struct_size !=
		    event->x[reg])
			continue;
		snprintf(why, size,
			 "x%d is what virt_to_page() makes of 0x%llx, in x%d, which is not an address of the linear map",
			 reg, address, i);
		return true;
	}
	return false;
}

/*
 * Below VMEMMAP_START by what memstart_addr can be: the struct page of pfn 0. Of other
 * pages hardly one in 2^18 lies so.
 */
static bool by_distance(const struct vmw_boot *boot, const struct vmw_klog_event *event,
			int reg, char *why, size_t size)
{
	const struct vmw_bounds *b = &boot->bounds;
	u64 below = b->nominal_start - event->x[reg], align = vmw_memstart_align(b->page_shift);
	u64 step = (align >> b->page_shift) * b->page_struct_size;

	if (vmw_place(b, event->x[reg]) != VMW_BELOW || below % step ||
	    below / step > (1ULL << 48) / align)
		return false;
	snprintf(why, size,
		 "x%d is the struct page of pfn 0, where memstart_addr is 0x%llx, and no memory has that pfn",
		 reg, below / step * align);
	return true;
}

/* Functions that make a struct page of what they are given, or work with one. */
static bool works_with_pages(const char *function)
{
	static const char *const words[] = { "page", "folio", "kfree",	     "kvfree",	"ksize",
					     "slab", "dax_",  "heap_object", "compound" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strstr(function, words[i]))
			return true;
	}
	return false;
}

/* Above VMEMMAP_END, where nothing is but fixed mappings. */
static bool by_place(const struct vmw_boot *boot, const struct vmw_klog_event *event, int reg,
		     char *why, size_t size)
{
	const struct vmw_bounds *b = &boot->bounds;
	int of = find(event, b->nominal_start);

	/* The last addresses are errors, and what is at an offset from them. */
	if (vmw_place(b, event->x[reg]) != VMW_ABOVE || event->x[reg] > -(u64)0x10000)
		return false;
	if (of >= 0)
		snprintf(why, size,
			 "x%d is a struct page above VMEMMAP_END, computed from VMEMMAP_START in x%d",
			 reg, of);
	else
		snprintf(why, size,
			 "x%d is above VMEMMAP_END, and %.60s() takes it for a struct page",
			 reg, event->function);
	return of >= 0 || works_with_pages(event->function);
}

static void tell(struct vmw_boot *boot, const struct vmw_klog_event *event, int reg,
		 const char *why)
{
	struct vmw_decoded_boot *told = boot->told;
	const struct vmw_bounds *b = &boot->bounds;
	struct vmw_judgement j = vmw_judge_pages(b, event->x[reg], b->page_struct_size);
	struct vmw_decoded_stray *stray;

	if (told->nr_strays == VMW_MAX_DECODED) {
		told->dropped++;
		return;
	}
	stray = &told->strays[told->nr_strays++];
	stray->address = event->address;
	stray->pid = event->pid;
	stray->line = event->seq;
	memcpy(stray->comm, event->comm, sizeof(stray->comm));
	memcpy(stray->place, event->place, sizeof(stray->place));
	snprintf(stray->why, sizeof(stray->why), "%s", why);
	stray->range = vmw_judged_range(0, 1, &j);
}

bool vmw_boot_stray(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	char why[200];
	int reg;

	if (event->kind != VMW_KLOG_OOPS || event->no_address || !boot->settled)
		return false;
	reg = find_page(event, &boot->bounds);
	if (reg < 0)
		return false;
	if (!by_memstart(boot, event, reg, why, sizeof(why)) &&
	    !by_address(boot, event, reg, why, sizeof(why)) &&
	    !by_distance(boot, event, reg, why, sizeof(why)) &&
	    !by_place(boot, event, reg, why, sizeof(why)))
		return false;
	tell(boot, event, reg, why);
	return true;
}
