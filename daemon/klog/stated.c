// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/stated.h"
#include "layout/from.h"
#include "layout/source.h"

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

void vmw_stated_init(struct vmw_stated *stated)
{
	memset(stated, 0, sizeof(*stated));
	vmw_layout_init(&stated->layout, VMW_NR_SOURCES);
	stated->layout.file = VMW_FILE_TABLE;
	stated->mark = VMW_NR_VALUES;
}

static void add(struct vmw_stated *stated, enum vmw_value_id id, u64 number, const char *what,
		u64 value)
{
	struct vmw_reading reading = {
		.value = value,
		.source = VMW_SOURCE_FILE,
		.origin = VMW_STATED,
	};

	if (!vmw_layout_is_sane(id, value))
		return;
	snprintf(reading.where, sizeof(reading.where), "line %llu, %s", number, what);
	vmw_layout_add(&stated->layout, id, &reading);
	stated->any = true;
}

/*
 * "    vmemmap : 0xffffffbdc0000000 - 0xffffffbfc0000000   (     8 GB maximum)":
 * mem_init(), arch/arm64/mm/init.c of 4.x.
 */
static bool take_region(struct vmw_stated *stated, const char *text, u64 number)
{
	static const struct {
		const char *name;
		enum vmw_value_id start, end;
	} regions[] = {
		{ "vmemmap", VMW_VALUE_START, VMW_VALUE_END },
		{ "vmalloc", VMW_VALUE_VMALLOC_START, VMW_VALUE_VMALLOC_END },
		{ "modules", VMW_VALUE_MODULES_VADDR, VMW_VALUE_MODULES_END },
	};
	unsigned long long start, end;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regions); i++) {
		if (!begins(text, regions[i].name) ||
		    sscanf(text + strlen(regions[i].name), " : 0x%llx - 0x%llx", &start, &end) !=
			    2)
			continue;
		add(stated, regions[i].start, number, "the kernel's table of its memory", start);
		add(stated, regions[i].end, number, "the kernel's table of its memory", end);
		return true;
	}
	return false;
}

/*
 * "---[ vmemmap start ]---" of debugfs' kernel_page_tables, before the first range that
 * begins there: arch/arm64/mm/ptdump.c 6.1.192 and 6.12.117. Up to 5.x "Linear Mapping".
 */
static bool take_mark(struct vmw_stated *stated, const char *text)
{
	static const struct {
		const char *text;
		enum vmw_value_id id;
	} marks[] = {
		{ "Linear Mapping start", VMW_VALUE_PAGE_OFFSET },
		{ "Linear Mapping end", VMW_VALUE_PAGE_END },
		{ "Linear mapping", VMW_VALUE_PAGE_OFFSET },
		{ "Modules start", VMW_VALUE_MODULES_VADDR },
		{ "Modules end", VMW_VALUE_MODULES_END },
		{ "vmalloc() end", VMW_VALUE_VMALLOC_END },
		{ "PCI I/O start", VMW_VALUE_PCI_IO_START },
		{ "PCI I/O end", VMW_VALUE_PCI_IO_END },
		{ "vmemmap start", VMW_VALUE_START },
		{ "vmemmap end", VMW_VALUE_END },
	};
	size_t i;

	if (!begins(text, "---[ "))
		return false;
	stated->mark = VMW_NR_VALUES;
	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		if (begins(text + 5, marks[i].text))
			stated->mark = marks[i].id;
	}
	return true;
}

/* "0xfffffdffc0000000-0xfffffdffc1000000          16M PMD       RW NX SHD AF" */
static bool take_range(struct vmw_stated *stated, const char *text, u64 number)
{
	unsigned long long start, end, size;
	char unit, level[8];

	if (sscanf(text, "0x%16llx-0x%16llx %llu%c %7s", &start, &end, &size, &unit, level) != 5)
		return false;
	if (stated->mark != VMW_NR_VALUES)
		add(stated, stated->mark, number, "a mark of kernel_page_tables", start);
	stated->mark = VMW_NR_VALUES;
	/* The smallest range of single pages is one page. */
	if (unit == 'K' && !strcmp(level, "PTE") && (!stated->smallest || size < stated->smallest))
		stated->smallest = size;
	return true;
}

/* Of all ranges, at the end of them. */
void vmw_stated_finish(struct vmw_stated *stated)
{
	unsigned int kib = stated->smallest;

	if (!stated->layout.values[VMW_VALUE_PAGE_SHIFT].nr &&
	    (kib == 4 || kib == 16 || kib == 64))
		add(stated, VMW_VALUE_PAGE_SHIFT, 0, "the smallest range of kernel_page_tables",
		    __builtin_ctz(kib << 10));
	stated->smallest = 0;
}

/*
 * "user pgtable: 4k pages, 48-bit VAs, pgdp=...": show_pte(), arch/arm64/mm/fault.c,
 * 5.10 to 7.2. The bits are vabits_actual, of user and swapper alike.
 */
static void take_pages(struct vmw_stated *stated, const char *text, u64 number)
{
	unsigned int kib, bits;

	text = strstr(text, "pgtable: ");
	if (!text || sscanf(text, "pgtable: %3uk pages, %3u-bit VAs", &kib, &bits) != 2 ||
	    !vmw_layout_is_sane(VMW_VALUE_PAGE_SIZE, (u64)kib << 10) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS_ACTUAL, bits))
		return;
	add(stated, VMW_VALUE_PAGE_SHIFT, number, "pages of the oops", __builtin_ctz(kib << 10));
	add(stated, VMW_VALUE_VA_BITS_ACTUAL, number, "VAs of the oops", bits);
	stated->page_shift = __builtin_ctz(kib << 10);
	stated->va_bits = bits;
	stated->pages_line = number;
}

/* "node   0: [mem 0x0000000040000000-0x00000000bfffffff]", free_area_init(). */
static void take_memory(struct vmw_stated *stated, const char *text, u64 number)
{
	unsigned long long first, last;
	unsigned int node;

	if (sscanf(text, "node %u: [mem 0x%llx-0x%llx]", &node, &first, &last) != 3 ||
	    last <= first)
		return;
	if (!stated->ram_line || first < stated->ram_first)
		stated->ram_first = first;
	if (last > stated->ram_last)
		stated->ram_last = last;
	stated->ram_line = number;
}

static void take_kaslr(struct vmw_stated *stated, bool on, u64 number)
{
	stated->kaslr_known = true;
	stated->kaslr = on;
	stated->kaslr_line = number;
}

/* Is "nokaslr" one of the words? */
static bool has_nokaslr(const char *text)
{
	const char *word = strstr(text, " nokaslr");

	return word && (!word[8] || word[8] == ' ');
}

/*
 * Ours (export/kmsg.c): physical range and struct pages tell the struct page of
 * physical address 0, whatever pages and struct page are in size.
 */
static void take_own(struct vmw_stated *stated, const char *text, u64 number)
{
	unsigned long long first, last, start, end, low, high;
	const char *phys = strstr(text, " phys 0x"), *vmemmap = strstr(text, "vmemmap is 0x");
	const char *what = "a line of vmemmapwatch";

	if (!phys ||
	    sscanf(phys, " phys 0x%llx-0x%llx, struct pages 0x%llx-0x%llx", &first, &last,
		   &start, &end) != 4 ||
	    last <= first || last - first == ~0ULL || end == start)
		return;
	if (!stated->own_line) {
		stated->own_line = number;
		stated->own_vmemmap = start - (u64)((unsigned __int128)first * (end - start) /
						    (last - first + 1));
	}
	if (vmemmap && sscanf(vmemmap, "vmemmap is 0x%llx-0x%llx", &low, &high) == 2) {
		add(stated, VMW_VALUE_EFFECTIVE, number, what, low);
		add(stated, VMW_VALUE_END, number, what, high);
	}
}

static void take_release(struct vmw_stated *stated, const char *release)
{
	char text[80];

	snprintf(text, sizeof(text), "%.*s", (int)strcspn(release, " \t\r"), release);
	if (!*stated->layout.kernel && isdigit((unsigned char)*text))
		vmw_layout_set_release(&stated->layout, text);
}

/* What only the kernel itself says. True where nobody else need look at @text. */
static bool take_kernel(struct vmw_stated *stated, const char *text, u64 number)
{
	switch (*text) {
	case 'L':
		if (begins(text, "Linux version ")) {
			stated->version_seen = true;
			take_release(stated, text + 14);
		}
		return true;
	case 'K':
		if (begins(text, "Kernel Offset: disabled") || begins(text, "KASLR disabled") ||
		    (begins(text, "Kernel command line:") && has_nokaslr(text)))
			take_kaslr(stated, false, number);
		else if (begins(text, "Kernel Offset: 0x") || begins(text, "KASLR enabled"))
			take_kaslr(stated, true, number);
		return begins(text, "Kernel ");
	case 'n':
		take_memory(stated, text, number);
		return true;
	case 'u':
	case 's':
		if (!strstr(text, "pgtable: "))
			return false;
		take_pages(stated, text, number);
		return true;
	case 'v':
		if (!begins(text, "vmemmapwatch: "))
			return false;
		take_own(stated, text, number);
		return true;
	default:
		return false;
	}
}

/* The keys of the note that vmw_read_note() knows begin so. */
static bool is_note(const char *text)
{
	return begins(text, "NUMBER(") || begins(text, "SYMBOL(") ||
	       begins(text, "SIZE(page)=") || begins(text, "PAGESIZE=");
}

void vmw_stated_line(struct vmw_stated *stated, const char *text, u64 number)
{
	if (take_kernel(stated, text, number) || take_region(stated, text, number) ||
	    take_mark(stated, text) || take_range(stated, text, number))
		return;
	if (begins(text, "OSRELEASE="))
		take_release(stated, text + 10);
	else if (is_note(text))
		stated->any |=
			!vmw_read_note(&stated->layout, text, VMW_SOURCE_VMCOREINFO, VMW_STATED);
	else if (vmw_from_line(&stated->layout, text, number) > 0)
		stated->any = true;
}

/* Besides the names of values. */
static const char *const fronts[] = {
	"memstart_addr",
	"vabits_actual",
	"CONFIG_ARM64_VA_BITS",
	"modules ",
	"vmalloc ",
	"OSRELEASE=",
	"NUMBER(",
	"SYMBOL(",
	"SIZE(page)=",
	"PAGESIZE=",
	"kernel:",
	"node ",
	"user pgtable:",
	"swapper pgtable:",
	"vmemmapwatch: ",
	"KASLR ",
	"Kernel Offset: ",
	"Kernel command line:",
	"Linux version ",
	"---[ ",
	"Virtual kernel memory layout:",
	"0xffff",
};

void vmw_stated_fronts(void (*fn)(const char *front))
{
	size_t i;
	int id;

	for (i = 0; i < ARRAY_SIZE(fronts); i++)
		fn(fronts[i]);
	for (id = 0; id < VMW_NR_VALUES; id++)
		fn(vmw_value_infos[id].name);
}

bool vmw_stated_skips(const char *text)
{
	size_t i;
	int id;

	for (i = 0; i < ARRAY_SIZE(fronts); i++) {
		if (begins(text, fronts[i]))
			return false;
	}
	for (id = 0; id < VMW_NR_VALUES; id++) {
		if (begins(text, vmw_value_infos[id].name))
			return false;
	}
	return true;
}

bool vmw_is_boot(const struct vmw_stated *stated, const char *text)
{
	switch (*text) {
	case 'B':
		return begins(text, "Booting Linux on physical CPU");
	case 'L':
		return stated->version_seen && begins(text, "Linux version ");
	case '-':
		return begins(text, "-- Reboot --") || begins(text, "-- Boot ");
	default:
		return false;
	}
}
