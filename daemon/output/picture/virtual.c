// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's address space: the regions of daemon/layout/regions.c, with bounds between. */
#include <string.h>

#include "output/picture/picture_internal.h"

/* Where regions begin and end; an end that is the next one's start is told with it. */
static void add_pins(struct vmw_scene *scene, const struct vmw_layout *layout)
{
	static const enum vmw_value_id ids[] = {
		VMW_VALUE_END,		 VMW_VALUE_EFFECTIVE,	  VMW_VALUE_START,
		VMW_VALUE_PAGE_OFFSET,	 VMW_VALUE_PAGE_END,	  VMW_VALUE_KASAN_START,
		VMW_VALUE_KASAN_END,	 VMW_VALUE_MODULES_VADDR, VMW_VALUE_MODULES_END,
		VMW_VALUE_VMALLOC_START, VMW_VALUE_VMALLOC_END,	  VMW_VALUE_IMAGE_START,
		VMW_VALUE_IMAGE_END,	 VMW_VALUE_PCI_IO_START,  VMW_VALUE_PCI_IO_END,
		VMW_VALUE_FIXADDR_TOP,
	};
	u64 value, start;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		struct vmw_pin *pin;

		if (!vmw_layout_get(layout, ids[i], &value))
			continue;
		/* Mostly the same, and then the name that people know. */
		if (ids[i] == VMW_VALUE_EFFECTIVE &&
		    vmw_layout_get(layout, VMW_VALUE_START, &start) && start == value)
			continue;
		pin = vmw_scene_pin(scene, value, vmw_value_infos[ids[i]].name);
		if (!pin)
			return;
		pin->strong = ids[i] == VMW_VALUE_START || ids[i] == VMW_VALUE_EFFECTIVE ||
			      ids[i] == VMW_VALUE_END;
		vmw_scene_sources(layout, ids[i], pin->sources, sizeof(pin->sources));
	}
}

static void name_bands(struct vmw_scene *scene, const struct vmw_layout *layout)
{
	const struct vmw_region *region;
	size_t i;

	for (i = 0; i < scene->nr_bands; i++) {
		struct vmw_band *band = &scene->bands[i];

		region = vmw_layout_region(layout, band->first);
		band->fill = VMW_FILL_REGION + region->kind;
		band->label = vmw_region_names[region->kind];
	}
}

void vmw_scene_virtual(struct vmw_scene *scene, const struct vmw_picture *picture)
{
	const struct vmw_layout *layout = picture->layout;
	size_t i;

	memset(scene, 0, sizeof(*scene));
	scene->redact = picture->redact;
	if (!layout->nr_regions)
		return;
	vmw_scene_cut(scene, 0);
	for (i = 0; i < layout->nr_regions; i++)
		vmw_scene_cut(scene, layout->regions[i].start);
	add_pins(scene, layout);
	if (picture->report)
		vmw_scene_mark(scene, picture->report);
	vmw_scene_make_bands(scene, ~0ULL);
	name_bands(scene, layout);
}
