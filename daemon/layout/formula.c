// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address space of arm64 by release, as arch/arm64/include/asm/memory.h and
 * asm/pgtable.h have it. Each line names the release it was read in; between
 * two releases read, nobody has looked.
 */
#include <stdio.h>
#include <string.h>

#include "layout/formula.h"

#define K(n) ((u64)(n) << 10)
#define M(n) ((u64)(n) << 20)
#define G(n) ((u64)(n) << 30)

/* What the formulas start from. */
struct input {
	unsigned int va_bits;	      /* CONFIG_ARM64_VA_BITS */
	unsigned int min_bits;	      /* VA_BITS_MIN, by era */
	unsigned int actual_bits;     /* vabits_actual; 0: not known */
	u64 shadow_start, shadow_end; /* of KASAN; 0: there is none */
	unsigned int page_shift;
	u64 struct_page;
	unsigned int log_page; /* order_base_2(sizeof(struct page)) */
	u64 pud_size;
};

/* What they make of it; 0: nothing. */
struct output {
	u64 page_end;
	u64 start, end;
	u64 vmalloc_end;
	u64 modules_vaddr, modules_end;
	u64 pci_io_start, pci_io_end;
	u64 fixaddr_top;
	u64 section_bits;
};

/* Bytes of the linear map: _PAGE_END(VA_BITS_MIN) - PAGE_OFFSET, all releases. */
static u64 linear_size(const struct input *in)
{
	return -(1ULL << (in->min_bits - 1)) + (1ULL << in->va_bits);
}

/* 5.10.223 memory.h, pgtable.h:24-27. */
static void compute_5_4(const struct input *in, struct output *out)
{
	u64 size = linear_size(in) >> (in->page_shift - in->log_page);

	out->start = -size - M(2);
	out->end = out->start + size;
	out->vmalloc_end = -in->pud_size - size - K(64);
	out->pci_io_end = out->start - M(2);
	out->pci_io_start = out->pci_io_end - M(16);
	out->fixaddr_top = out->pci_io_start - M(2);
}

/* 6.1.192 memory.h:33-54, pgtable.h:24-25; the same in 5.11.14 and 6.8.1. */
static void compute_5_11(const struct input *in, struct output *out)
{
	unsigned int shift = in->page_shift - in->log_page;

	out->start = -(1ULL << (in->va_bits - shift));
	out->end = out->start + (linear_size(in) >> shift);
	out->vmalloc_end = out->start - M(256);
	out->pci_io_end = out->start - M(8);
	out->pci_io_start = out->pci_io_end - M(16);
	out->fixaddr_top = out->start - M(32);
}

/* 6.12.117 memory.h:33-54, pgtable.h:23-28; the same in 6.9.0 and 7.2.13. */
static void compute_6_9(const struct input *in, struct output *out)
{
	u64 unused;

	out->end = -G(1);
	out->start = out->end - (linear_size(in) >> in->page_shift) * in->struct_page;
	out->pci_io_start = out->end + M(8);
	out->pci_io_end = out->pci_io_start + M(16);
	out->fixaddr_top = -M(8);
	out->vmalloc_end = out->start - M(8);
	if (in->va_bits != 52)
		return;
	unused = (-(1ULL << in->actual_bits) + (1ULL << 52)) >> in->page_shift;
	out->vmalloc_end = in->actual_bits ? out->start + unused * in->struct_page - M(8) : 0;
}

unsigned int vmw_table_shift(unsigned int page_shift, unsigned int va_bits, unsigned int level)
{
	unsigned int bits = page_shift - 3, levels = (va_bits - 4) / bits;

	return bits * (level < levels ? level : levels) + 3;
}

struct era {
	struct vmw_release first, last;
	const char *name;
	void (*compute)(const struct input *in, struct output *out);
	u64 modules_gap;      /* the BPF JIT's region in front of modules */
	u64 modules_size;     /* 0: changed somewhere in here */
	unsigned int min_16k; /* VA_BITS_MIN of a 52-bit kernel with 16K pages */
};

static const struct era eras[] = {
	/* 5.4.33, 5.10.223 */
	{ { 5, 4 }, { 5, 10 }, "5.4-5.10", compute_5_4, M(128), M(128), 48 },
	/* 5.11.14, 5.12.9 */
	{ { 5, 11 }, { 5, 12 }, "5.11-5.12", compute_5_11, M(128), M(128), 48 },
	{ { 5, 13 }, { 5, 14 }, "5.13-5.14", compute_5_11, 0, 0, 48 },
	/* 5.15.135, 5.17, 6.1.192 memory.h:47-49 */
	{ { 5, 15 }, { 6, 1 }, "5.15-6.1", compute_5_11, 0, M(128), 48 },
	{ { 6, 2 }, { 6, 5 }, "6.2-6.5", compute_5_11, 0, 0, 48 },
	/* 6.6.17, 6.6.87, 6.8.1 */
	{ { 6, 6 }, { 6, 8 }, "6.6-6.8", compute_5_11, 0, G(2), 48 },
	/* 6.9.0, 6.11.11, 6.12.117 memory.h:47-49 and 56-64, 7.2.13 */
	{ { 6, 9 }, { 7, 2 }, "6.9-7.2", compute_6_9, 0, G(2), 47 },
};

#define NR_ERAS (ARRAY_SIZE(eras))

static bool is_before(struct vmw_release a, struct vmw_release b)
{
	return a.major != b.major ? a.major < b.major : a.minor < b.minor;
}

static const struct era *find_era(struct vmw_release release)
{
	size_t i;

	for (i = 0; i < NR_ERAS; i++) {
		if (!is_before(release, eras[i].first) && !is_before(eras[i].last, release))
			return &eras[i];
	}
	return NULL;
}

static void compute(const struct era *era, const struct input *general, struct output *out)
{
	struct input in = *general;
	u64 base;

	in.min_bits = in.va_bits <= 48 ? in.va_bits : in.page_shift == 14 ? era->min_16k : 48;
	memset(out, 0, sizeof(*out));
	era->compute(&in, out);
	base = -(1ULL << (in.min_bits - 1));
	out->page_end = in.shadow_start ? in.shadow_start : base;
	/* asm/sparsemem.h: 5.11.14 and 5.12.9, 6.1.192 lines 15-26. */
	out->section_bits = is_before(era->last, (struct vmw_release){ 5, 11 }) ? 30 :
			    in.page_shift == 16					? 29 :
										  27;
	/* Up to 5.10 half of what the CPU has is the linear map: asm/memory.h. */
	if (era->compute == compute_5_4 && in.actual_bits)
		out->page_end = -(1ULL << (in.actual_bits - 1));
	if (!era->modules_size)
		return;
	/* With the BPF JIT's region in front, they follow KASAN's shadow. */
	if (era->modules_gap && in.shadow_end)
		base = in.shadow_end;
	out->modules_vaddr = base + era->modules_gap;
	out->modules_end = out->modules_vaddr + era->modules_size;
}

static bool fits(const struct vmw_layout *layout, enum vmw_value_id id, u64 computed)
{
	u64 known;

	return !computed || !vmw_layout_get(layout, id, &known) || known == computed;
}

/* The first releases read in full that contradict nothing that @layout has. */
static const struct era *guess_era(const struct vmw_layout *layout, const struct input *in)
{
	struct output out;
	size_t i;

	if (!layout->values[VMW_VALUE_START].nr)
		return NULL;
	for (i = 0; i < NR_ERAS; i++) {
		if (!eras[i].modules_size)
			continue;
		compute(&eras[i], in, &out);
		if (fits(layout, VMW_VALUE_START, out.start) &&
		    fits(layout, VMW_VALUE_END, out.end) &&
		    fits(layout, VMW_VALUE_VMALLOC_END, out.vmalloc_end) &&
		    fits(layout, VMW_VALUE_PAGE_END, out.page_end) &&
		    fits(layout, VMW_VALUE_MODULES_VADDR, out.modules_vaddr) &&
		    fits(layout, VMW_VALUE_MODULES_END, out.modules_end))
			return &eras[i];
	}
	return NULL;
}

/* 6.1.192 memory.h:73-76, 6.12.117 memory.h:102-106. */
static void read_kasan(const struct vmw_layout *layout, struct input *in)
{
	unsigned int scale = layout->kasan.scale_shift;

	if (!scale || in->actual_bits <= scale)
		return;
	in->shadow_end = (1ULL << (64 - scale)) + layout->kasan.offset;
	in->shadow_start = in->shadow_end - (1ULL << (in->actual_bits - scale));
}

static bool read_input(const struct vmw_layout *layout, struct input *in)
{
	u64 va_bits, actual, shift, size;

	memset(in, 0, sizeof(*in));
	if (!vmw_layout_get(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, va_bits) ||
	    !vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !vmw_layout_is_sane(VMW_VALUE_PAGE_SHIFT, shift) ||
	    !vmw_layout_get(layout, VMW_VALUE_STRUCT_PAGE, &size) ||
	    !vmw_layout_is_sane(VMW_VALUE_STRUCT_PAGE, size))
		return false;
	in->va_bits = va_bits;
	in->page_shift = shift;
	in->struct_page = size;
	while (1ULL << in->log_page < size)
		in->log_page++;
	if (vmw_layout_get(layout, VMW_VALUE_VA_BITS_ACTUAL, &actual) &&
	    vmw_layout_is_sane(VMW_VALUE_VA_BITS_ACTUAL, actual))
		in->actual_bits = actual;
	read_kasan(layout, in);
	in->pud_size = 1ULL << vmw_table_shift(shift, va_bits, 3);
	return true;
}

bool vmw_formula_bounds(struct vmw_release release, const struct vmw_build *build,
			u64 *ret_start, u64 *ret_end, unsigned int *ret_section_bits)
{
	const struct era *era = find_era(release);
	struct input in = {
		.va_bits = build->va_bits,
		.page_shift = build->page_shift,
		.struct_page = build->struct_page,
		.pud_size = 1ULL << vmw_table_shift(build->page_shift, build->va_bits, 3),
	};
	struct output out;

	if (!era)
		return false;
	while (1U << in.log_page < build->struct_page)
		in.log_page++;
	compute(era, &in, &out);
	*ret_start = out.start;
	*ret_end = out.end;
	*ret_section_bits = out.section_bits;
	return true;
}

static void add(struct vmw_layout *layout, enum vmw_value_id id, const char *where, u64 value)
{
	struct vmw_reading reading = {
		.value = value,
		.source = VMW_SOURCE_FORMULA,
		.origin = VMW_FORMULA,
	};

	if (!value)
		return;
	snprintf(reading.where, sizeof(reading.where), "%s", where);
	vmw_layout_add(layout, id, &reading);
}

/* What is the same in all releases. */
static void add_common(struct vmw_layout *layout, const struct input *in)
{
	add(layout, VMW_VALUE_KASAN_START, "CONFIG_KASAN_SHADOW_OFFSET", in->shadow_start);
	add(layout, VMW_VALUE_KASAN_END, "CONFIG_KASAN_SHADOW_OFFSET", in->shadow_end);
	add(layout, VMW_VALUE_PAGE_OFFSET, "-(1 << VA_BITS)", -(1ULL << in->va_bits));
	add(layout, VMW_VALUE_VMEMMAP_SHIFT, "PAGE_SHIFT - order_base_2(sizeof(struct page))",
	    in->page_shift - in->log_page);
}

void vmw_formula_add(struct vmw_layout *layout)
{
	struct vmw_source *self = &layout->sources[VMW_SOURCE_FORMULA];
	const struct era *era;
	struct output out;
	struct input in;

	if (!read_input(layout, &in)) {
		self->state = VMW_SOURCE_FAILED;
		snprintf(self->note, sizeof(self->note),
			 "VA_BITS, PAGE_SHIFT and sizeof(struct page), which they start from, are not all known");
		return;
	}
	era = layout->release.major ? find_era(layout->release) : guess_era(layout, &in);
	if (!era) {
		self->state = VMW_SOURCE_FAILED;
		snprintf(self->note, sizeof(self->note),
			 layout->release.major ?
				 "those of Linux %u.%u were not read (5.4 to 7.2 were)" :
				 "no release that was read has such values",
			 layout->release.major, layout->release.minor);
		return;
	}
	self->state = VMW_SOURCE_READ;
	snprintf(layout->era, sizeof(layout->era), "%s", era->name);
	compute(era, &in, &out);
	add_common(layout, &in);
	add(layout, VMW_VALUE_PAGE_END, era->name, out.page_end);
	add(layout, VMW_VALUE_START, era->name, out.start);
	add(layout, VMW_VALUE_END, era->name, out.end);
	add(layout, VMW_VALUE_VMALLOC_START, era->name, out.modules_end);
	add(layout, VMW_VALUE_VMALLOC_END, era->name, out.vmalloc_end);
	add(layout, VMW_VALUE_MODULES_VADDR, era->name, out.modules_vaddr);
	add(layout, VMW_VALUE_MODULES_END, era->name, out.modules_end);
	add(layout, VMW_VALUE_PCI_IO_START, era->name, out.pci_io_start);
	add(layout, VMW_VALUE_PCI_IO_END, era->name, out.pci_io_end);
	add(layout, VMW_VALUE_FIXADDR_TOP, era->name, out.fixaddr_top);
	add(layout, VMW_VALUE_SECTION_BITS, era->name, out.section_bits);
}
