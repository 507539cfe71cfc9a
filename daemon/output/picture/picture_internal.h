/* SPDX-License-Identifier: GPL-2.0-only */
/* How a scene is put together: cuts and pins first, then bands between the cuts. */
#ifndef VMEMMAPWATCH_OUTPUT_PICTURE_PICTURE_INTERNAL_H
#define VMEMMAPWATCH_OUTPUT_PICTURE_PICTURE_INTERNAL_H

#include "output/picture/scene.h"

/* A band begins at @at. */
void vmw_scene_cut(struct vmw_scene *scene, u64 at);

/* A bound at @at, and a cut there. NULL where there is no room. */
struct vmw_pin *vmw_scene_pin(struct vmw_scene *scene, u64 at, const char *name);

/* All offenders of @report as marks, and cuts at their ends. */
void vmw_scene_mark(struct vmw_scene *scene, const struct vmw_report *report);

/* Bands from the cuts, the last one up to @last; their fill and label are not set. */
void vmw_scene_make_bands(struct vmw_scene *scene, u64 last);

/* Names of the sources that say what the chosen one says, or that they disagree. */
void vmw_scene_sources(const struct vmw_layout *layout, enum vmw_value_id id, char *text,
		       size_t size);

#endif
