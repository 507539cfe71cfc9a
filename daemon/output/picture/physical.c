// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical addresses: what RAM is, what vmemmap has struct pages for, what the kernel
 * itself allows, and where the struct pages of the rest would lie.
 */
#include <stdio.h>
#include <string.h>

#include "output/picture/picture_internal.h"

#define MAX_RAM	      8
#define MAX_PHYS_BITS 52 /* of arm64 */

struct span {
	u64 first, last;
};

struct ram {
	struct span span[MAX_RAM + 1];
	size_t nr;
	bool joined; /* spans that were too many, with gaps between them */
};

/* The two that are nearest to each other become one. */
static void join_nearest(struct ram *ram)
{
	size_t i, best = 1;

	for (i = 2; i < ram->nr; i++) {
		if (ram->span[i].first - ram->span[i - 1].last <
		    ram->span[best].first - ram->span[best - 1].last)
			best = i;
	}
	ram->span[best - 1].last = ram->span[best].last;
	memmove(&ram->span[best], &ram->span[best + 1],
		(ram->nr - best - 1) * sizeof(*ram->span));
	ram->nr--;
	ram->joined = true;
}

/* /proc/iomem is in order, and has no two that overlap at one depth. */
static void find_ram(struct ram *ram, const struct vmw_iomem *iomem)
{
	size_t i;

	memset(ram, 0, sizeof(*ram));
	for (i = 0; iomem && i < iomem->nr; i++) {
		const struct vmw_resource *r = &iomem->resources[i];
		struct span *before = ram->nr ? &ram->span[ram->nr - 1] : NULL;

		if (strncmp(r->name, "System RAM", 10) || r->last >> MAX_PHYS_BITS ||
		    (before && r->start <= before->last))
			continue;
		if (before && before->last + 1 == r->start) {
			before->last = r->last;
			continue;
		}
		ram->span[ram->nr++] = (struct span){ r->start, r->last };
		if (ram->nr > MAX_RAM)
			join_nearest(ram);
	}
}

static bool is_ram(const struct ram *ram, u64 first)
{
	size_t i;

	for (i = 0; i < ram->nr; i++) {
		if (first >= ram->span[i].first && first <= ram->span[i].last)
			return true;
	}
	return false;
}

/*
 * False where it is not known, or there is nothing of it. What is beyond arm64's
 * physical addresses is nothing.
 */
static bool find_covered(const struct vmw_picture *picture, struct span *ret)
{
	const struct vmw_bounds *b = picture->bounds;
	u64 first, nr, pfns;

	if (!b)
		return false;
	pfns = 1ULL << (MAX_PHYS_BITS - b->page_shift);
	first = vmw_good_pfns(b, &nr);
	if (!nr || first >= pfns)
		return false;
	if (nr > pfns - first)
		nr = pfns - first;
	*ret = (struct span){ first << b->page_shift, ((first + nr) << b->page_shift) - 1 };
	return true;
}

void vmw_scene_covered(const struct vmw_picture *picture, char text[VMW_COVERED_LEN])
{
	struct span covered;

	if (picture->redact)
		snprintf(text, VMW_COVERED_LEN, "redacted");
	else if (find_covered(picture, &covered))
		snprintf(text, VMW_COVERED_LEN, "0x%llx-0x%llx", covered.first, covered.last);
	else
		snprintf(text, VMW_COVERED_LEN, "not known");
}

static void note(struct vmw_pin *pin, const char *text)
{
	if (pin)
		snprintf(pin->sources, sizeof(pin->sources), "%s", text);
}

static void pin_covered(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	struct span covered;
	struct vmw_pin *pin;

	if (!find_covered(picture, &covered))
		return;
	vmw_scene_cut(scene, covered.first);
	pin = vmw_scene_pin(scene, covered.last + 1, "end of vmemmap");
	note(pin, "the first without a struct page in vmemmap");
	if (pin)
		pin->strong = true;
}

/* Where pfns are so high that their struct pages come past 2^64. */
static void cut_wrap(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	const struct vmw_bounds *b = picture->bounds;
	u64 pfn;

	if (!b || !(b->vmemmap >> 63))
		return;
	pfn = (-b->vmemmap + b->page_struct_size - 1) / b->page_struct_size;
	if (pfn >> (MAX_PHYS_BITS - b->page_shift))
		return;
	note(vmw_scene_pin(scene, pfn << b->page_shift, "2^64"),
	     "struct pages from here on come past it");
}

/* Without /proc/iomem high_memory tells where RAM ends: see explain_linear(). */
static void pin_high_memory(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	u64 high, bits, offset, end;

	if (picture->iomem || !vmw_layout_get(picture->layout, VMW_VALUE_HIGH_MEMORY, &high) ||
	    !vmw_layout_get(picture->layout, VMW_VALUE_VA_BITS, &bits) ||
	    !vmw_layout_get(picture->layout, VMW_VALUE_PHYS_OFFSET, &offset) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, bits))
		return;
	end = high + (1ULL << bits) + offset;
	if (end && !(end >> MAX_PHYS_BITS))
		note(vmw_scene_pin(scene, end, "high_memory"), "RAM ends here");
}

static void pin_requests_end(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	const struct vmw_kernel_facts *kernel = picture->report ? picture->report->facts : NULL;

	if (kernel && kernel->phys_end && kernel->phys_end < (1ULL << MAX_PHYS_BITS))
		note(vmw_scene_pin(scene, kernel->phys_end + 1, "search for free ranges"),
		     "begins here, downward");
}

/* The last address: of what the kernel supports, of what is to be drawn, or of arm64. */
static u64 find_last(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	u64 bits, last = 0;
	size_t i;

	if (vmw_layout_get(picture->layout, VMW_VALUE_MAX_PHYS, &bits) && bits <= MAX_PHYS_BITS)
		last = (1ULL << bits) - 1;
	for (i = 0; i < scene->nr_cuts; i++) {
		if (scene->cuts[i] > last + 1)
			last = ~0ULL >> __builtin_clzll(scene->cuts[i] - 1);
	}
	return last;
}

/* Of the memory in @band, by where its struct pages would lie. */
static void name_band(struct vmw_band *band, const struct vmw_picture *picture,
		      const struct ram *ram)
{
	static const char *const labels[VMW_NR_VERDICTS] = {
		[VMW_IN_BOUNDS] = "covered by vmemmap",
		[VMW_BELOW] = "before vmemmap",
		[VMW_ABOVE] = "beyond vmemmap",
		[VMW_USER] = "beyond, wraps to user",
		[VMW_NON_CANONICAL] = "beyond, non-canonical",
		[VMW_STRADDLES] = "partly beyond",
	};
	const struct vmw_bounds *b = picture->bounds;
	u32 verdict = VMW_IN_BOUNDS;

	band->fill = VMW_FILL_PHYSICAL;
	band->label = "memory";
	if (b) {
		verdict = vmw_judge_pfns(b, band->first >> b->page_shift, 1).verdict;
		band->fill = verdict ? VMW_FILL_UNCOVERED : VMW_FILL_COVERED;
		band->label = labels[verdict];
	}
	if (!is_ram(ram, band->first))
		return;
	band->fill = verdict ? VMW_FILL_UNCOVERED : VMW_FILL_RAM;
	band->label = verdict ? "RAM, not in vmemmap" : ram->joined ? "RAM, with gaps" : "RAM";
}

static void name_bands(struct vmw_scene *scene, const struct vmw_picture *picture,
		       const struct ram *ram)
{
	size_t i;

	for (i = 0; i < scene->nr_bands; i++)
		name_band(&scene->bands[i], picture, ram);
}

void vmw_scene_physical(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	struct ram ram;
	size_t i;
	u64 last;

	memset(scene, 0, sizeof(*scene));
	scene->physical = true;
	scene->redact = picture->redact;
	find_ram(&ram, picture->iomem);
	vmw_scene_cut(scene, 0);
	for (i = 0; i < ram.nr; i++) {
		vmw_scene_cut(scene, ram.span[i].first);
		vmw_scene_cut(scene, ram.span[i].last + 1);
	}
	pin_covered(scene, picture);
	pin_high_memory(scene, picture);
	pin_requests_end(scene, picture);
	if (picture->report)
		vmw_scene_mark(scene, picture->report);
	/* What is not drawn does not make the picture larger. */
	last = find_last(scene, picture);
	cut_wrap(scene, picture);
	if (!last)
		return;
	vmw_scene_make_bands(scene, last);
	name_bands(scene, picture, &ram);
}
