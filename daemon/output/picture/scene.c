// SPDX-License-Identifier: GPL-2.0-only
/* What both address spaces have in common: cuts, pins and the bands between them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output/picture/picture_internal.h"

const char *const vmw_fill_names[VMW_NR_FILLS] = {
	[VMW_REGION_USER] = "user",	  [VMW_REGION_NON_CANONICAL] = "non-canonical",
	[VMW_REGION_LINEAR] = "linear",	  [VMW_REGION_KASAN] = "kasan",
	[VMW_REGION_BPF_JIT] = "bpf-jit", [VMW_REGION_MODULES] = "modules",
	[VMW_REGION_IMAGE] = "image",	  [VMW_REGION_VMALLOC] = "vmalloc",
	[VMW_REGION_FIXMAP] = "fixmap",	  [VMW_REGION_PCI_IO] = "pci-io",
	[VMW_REGION_VMEMMAP] = "vmemmap", [VMW_REGION_HOLE] = "hole",
	[VMW_REGION_UNKNOWN] = "unknown", [VMW_FILL_RAM] = "ram",
	[VMW_FILL_COVERED] = "covered",	  [VMW_FILL_UNCOVERED] = "uncovered",
	[VMW_FILL_PHYSICAL] = "physical",
};

void vmw_scene_cut(struct vmw_scene *scene, u64 at)
{
	size_t i;

	for (i = 0; i < scene->nr_cuts && scene->cuts[i] < at; i++)
		;
	if ((i < scene->nr_cuts && scene->cuts[i] == at) || scene->nr_cuts == VMW_SCENE_CUTS)
		return;
	memmove(&scene->cuts[i + 1], &scene->cuts[i],
		(scene->nr_cuts - i) * sizeof(*scene->cuts));
	scene->cuts[i] = at;
	scene->nr_cuts++;
}

struct vmw_pin *vmw_scene_pin(struct vmw_scene *scene, u64 at, const char *name)
{
	struct vmw_pin *pin;

	if (scene->nr_pins == VMW_SCENE_PINS)
		return NULL;
	vmw_scene_cut(scene, at);
	pin = &scene->pins[scene->nr_pins++];
	*pin = (struct vmw_pin){ .at = at, .name = name };
	return pin;
}

static bool covers(const struct vmw_mark *mark, u64 address)
{
	if (mark->last >= mark->first)
		return address >= mark->first && address <= mark->last;
	return address >= mark->first || address <= mark->last;
}

static unsigned int log2_of(u64 size)
{
	/* 2^64 bytes wrap to 0. */
	return size ? 63 - __builtin_clzll(size) : 64;
}

static void make_band(struct vmw_scene *scene, u64 first, u64 last)
{
	struct vmw_band *band = &scene->bands[scene->nr_bands++];
	size_t i;

	*band = (struct vmw_band){ .first = first, .last = last };
	for (i = 0; i < scene->nr_marks; i++) {
		if (covers(&scene->marks[i], first))
			band->marks |= 1U << i;
	}
	/* What lies side by side adds up to addresses. */
	if (scene->redact)
		return;
	vmw_format_size(last - first + 1, band->size, sizeof(band->size));
	band->bits = log2_of(last - first + 1);
}

void vmw_scene_make_bands(struct vmw_scene *scene, u64 last)
{
	size_t i;

	for (i = 0; i < scene->nr_cuts && scene->cuts[i] <= last; i++) {
		bool is_last = i + 1 == scene->nr_cuts || scene->cuts[i + 1] > last;

		make_band(scene, scene->cuts[i], is_last ? last : scene->cuts[i + 1] - 1);
	}
}

void vmw_scene_sources(const struct vmw_layout *layout, enum vmw_value_id id, char *text,
		       size_t size)
{
	const struct vmw_value *value = &layout->values[id];
	unsigned int i, told = 0;
	size_t n = 0;

	text[0] = '\0';
	if (vmw_layout_disagrees(layout, id)) {
		snprintf(text, size, "the sources disagree");
		return;
	}
	for (i = 0; i < value->nr && n < size; i++) {
		const struct vmw_reading *r = &value->readings[i];

		/* Who computes it is of interest where nobody has read it. */
		if (r->value != value->readings[0].value || told & 1U << r->source ||
		    (n && r->origin > VMW_STATED))
			continue;
		told |= 1U << r->source;
		n += snprintf(text + n, size - n, "%s%s", n ? ", " : "",
			      vmw_source_names[r->source]);
	}
}

void vmw_scene_address(const struct vmw_scene *scene, size_t i, char text[VMW_ADDRESS_LEN])
{
	/* Where an address space begins is no secret. */
	vmw_format_address(scene->redact && scene->cuts[i], VMW_SECRET_PLACE, scene->cuts[i],
			   scene->physical ? 1 : 16, text);
}

int vmw_scene_wrap(const struct vmw_scene *scene)
{
	size_t i;

	for (i = 0; i < scene->nr_marks; i++) {
		if (scene->marks[i].wraps)
			return i;
	}
	return -1;
}

size_t vmw_scene_band(const struct vmw_scene *scene, u64 at)
{
	size_t i;

	for (i = 0; i + 1 < scene->nr_bands && scene->bands[i].last < at; i++)
		;
	return i;
}
