/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Conversions as drivers have them, to be compiled for arm64 by gcc and clang and searched
 * by --sites. The number at the end of a function's name is how many pfn_to_page() are in
 * its code, whatever the compiler makes of it. The macros are those of
 * arch/arm64/include/asm/memory.h and include/asm-generic/memory_model.h, 6.1.192.
 */
#ifndef PAGE_SHIFT
#define PAGE_SHIFT 12
#endif
#ifndef PAGE_STRUCT_SIZE
#define PAGE_STRUCT_SIZE 64
#endif
#ifndef VMEMMAP_START
#define VMEMMAP_START 0xfffffc0000000000UL
#endif
#define PAGE_OFFSET 0xffff000000000000UL

typedef unsigned long u64;
typedef unsigned int u32;

struct page {
	u64 flags;
	u64 words[(PAGE_STRUCT_SIZE - 16) / 8];
	int refs;
	int mapped;
};

_Static_assert(sizeof(struct page) == PAGE_STRUCT_SIZE, "");

extern long memstart_addr;

#define vmemmap		  ((struct page *)VMEMMAP_START - (memstart_addr >> PAGE_SHIFT))
#define pfn_to_page(pfn)  (vmemmap + (pfn))
#define page_to_pfn(page) ((u64)((page)-vmemmap))
#define __va(phys)	  ((void *)(((u64)(phys)-memstart_addr) | PAGE_OFFSET))
#define __pa(virt)	  (((u64)(virt)-PAGE_OFFSET) + memstart_addr)

void use(struct page *page);
void use_as(struct page *page, u64 what);
void use_pfn(u64 pfn);
void use_virt(void *virt);
void sleep_on_it(void);
int is_wanted(void);
u64 next_pfn(void);

extern volatile u64 distance;
extern u64 table[64];

struct range {
	u64 start;
	u64 end;
};

struct page *returned_1(u64 pfn)
{
	return pfn_to_page(pfn);
}

void stored_1(u64 pfn, struct page **to)
{
	*to = pfn_to_page(pfn);
}

u64 loaded_from_1(u64 pfn)
{
	return pfn_to_page(pfn)->flags;
}

int member_1(u64 pfn)
{
	return pfn_to_page(pfn)->refs;
}

void member_set_1(u64 pfn, int value)
{
	pfn_to_page(pfn)->mapped = value;
}

void member_address_1(u64 pfn)
{
	use_virt(&pfn_to_page(pfn)->refs);
}

void changed_1(u64 pfn, u64 mask)
{
	struct page *page = pfn_to_page(pfn);
	u64 flags = page->flags;

	page->flags = flags | mask;
}

void counted_1(u64 pfn)
{
	__atomic_add_fetch(&pfn_to_page(pfn)->refs, 1, __ATOMIC_RELAXED);
}

int is_null_1(u64 pfn)
{
	return pfn_to_page(pfn) == 0;
}

void unless_null_1(u64 pfn)
{
	struct page *page = pfn_to_page(pfn);

	if (page)
		use(page);
}

int is_it_1(u64 pfn, struct page *page)
{
	return pfn_to_page(pfn) == page;
}

int is_below_1(u64 pfn, struct page *page)
{
	return pfn_to_page(pfn) < page;
}

void loop_1(u64 pfn, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++)
		use(pfn_to_page(pfn + i));
}

void loop_store_1(u64 pfn, u64 n)
{
	u64 i;

	for (i = 0; i < n; i++)
		pfn_to_page(pfn + i)->flags = i;
}

void loop_stride_1(u64 pfn, u64 n)
{
	u64 i;

	for (i = 0; i < n; i += 512)
		pfn_to_page(pfn + i)->flags = 0;
}

void loop_until_1(u64 pfn)
{
	struct page *page;

	do {
		page = pfn_to_page(pfn);
		pfn++;
	} while (page->flags & 1);
	use(page);
}

void array_1(u64 *pfns, int n)
{
	int i;

	for (i = 0; i < n; i++)
		use(pfn_to_page(pfns[i] >> 6));
}

void array_of_arrays_1(u64 **pfns, int n)
{
	int i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			if (pfns[i][j])
				use(pfn_to_page(pfns[i][j]));
		}
	}
}

void ranges_2(struct range *ranges, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		use(pfn_to_page(ranges[i].start));
		use_as(pfn_to_page(ranges[i].end - 1), 2);
	}
}

void phys_1(u64 phys)
{
	use(pfn_to_page(phys >> PAGE_SHIFT));
}

void entry_1(u64 entry)
{
	use(pfn_to_page((entry & 0x0000fffffffff000UL) >> PAGE_SHIFT));
}

void masked_1(u64 entry)
{
	use(pfn_to_page(entry & ((1UL << 50) - 1)));
}

void behind_1(u64 pfn)
{
	use(pfn_to_page(pfn) + 3);
}

void before_1(u64 pfn)
{
	use(pfn_to_page(pfn) - 1);
}

void far_1(u64 pfn)
{
	use(pfn_to_page(pfn + 0x100000));
}

void constant_1(void)
{
	use(pfn_to_page(0x80000));
}

void unsigned_1(u32 pfn)
{
	use(pfn_to_page(pfn));
}

void signed_1(int pfn)
{
	use(pfn_to_page(pfn));
}

void either_1(u64 a, u64 b, int which)
{
	use(pfn_to_page(which ? a : b));
}

void each_2(u64 a, u64 b)
{
	use(pfn_to_page(a));
	use(pfn_to_page(b));
}

void branches_2(u64 pfn, int which)
{
	if (which)
		use_as(pfn_to_page(pfn), 1);
	else
		use(pfn_to_page(pfn + 5));
}

void later_1(void)
{
	u64 pfn = next_pfn();

	sleep_on_it();
	use(pfn_to_page(pfn));
}

void perhaps_1(u64 pfn)
{
	if (pfn > 100) {
		sleep_on_it();
		if (is_wanted())
			return;
	}
	use(pfn_to_page(pfn));
}

void case_of_switch_1(u64 pfn, int which)
{
	struct page *page = 0;

	switch (which) {
	case 0:
		use_pfn(1);
		break;
	case 1:
		page = pfn_to_page(pfn);
		break;
	case 2:
		use_pfn(9);
		break;
	case 3:
		sleep_on_it();
		break;
	case 4:
		use_pfn(pfn);
		break;
	case 5:
		is_wanted();
		break;
	default:
		return;
	}
	use(page);
}

void both_ways_1(struct page *page, u64 pfn)
{
	use_pfn(page_to_pfn(page));
	use(pfn_to_page(pfn));
}

void there_and_back_1(u64 pfn)
{
	struct page *page = pfn_to_page(pfn);

	use(page);
	use_pfn(page_to_pfn(page));
}

void nth_1(struct page *page)
{
	use(pfn_to_page(page_to_pfn(page) + distance));
}

void virt_1(void *virt)
{
	use(pfn_to_page(__pa(virt) >> PAGE_SHIFT));
}

void from_constant_1(u64 n)
{
	use(pfn_to_page(1000000 - n));
}

void nth_of_virt_1(u64 virt)
{
	u64 index = (virt - PAGE_OFFSET) >> PAGE_SHIFT;
	struct page *page = (struct page *)VMEMMAP_START + index;

	use(page);
	use_pfn(page_to_pfn(page));
	use(pfn_to_page(page_to_pfn(page) + distance));
}

/* Two pages that are never in a register, from one base. */
u64 both_loaded_2(u64 a, u64 b)
{
	return pfn_to_page(a)->flags + pfn_to_page(b)->flags;
}

void swapped_2(u64 a, u64 b)
{
	struct page *one = pfn_to_page(a), *other = pfn_to_page(b);
	u64 flags = one->flags;

	one->flags = other->flags;
	other->flags = flags;
}

u64 pfn_of_0(struct page *page)
{
	return page_to_pfn(page);
}

void pfns_of_0(struct page **pages, int n)
{
	int i;

	for (i = 0; i < n; i++)
		table[i] = page_to_pfn(pages[i]) << 6 | 1;
}

void phys_of_0(struct page *page)
{
	use_pfn(page_to_pfn(page) << PAGE_SHIFT);
}

void va_0(u64 phys)
{
	use_virt(__va(phys));
}

void va_of_pfn_0(u64 pfn)
{
	use_virt(__va(pfn << PAGE_SHIFT));
}

int is_va_0(u64 phys, void *virt)
{
	return __va(phys) == virt;
}

void pa_0(void *virt)
{
	use_pfn(__pa(virt));
}
