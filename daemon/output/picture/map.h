/* SPDX-License-Identifier: GPL-2.0-only */
/* The picture as text. */
#ifndef VMEMMAPWATCH_OUTPUT_PICTURE_MAP_H
#define VMEMMAPWATCH_OUTPUT_PICTURE_MAP_H

#include "output/picture/canvas.h"
#include "output/picture/scene.h"

/*
 * Draw both address spaces of @picture to @file, no line wider than @canvas. High
 * addresses are on top. Returns 0 or a negative errno.
 */
int vmw_draw_text(const struct vmw_picture *picture, const struct vmw_canvas *canvas, FILE *file);

/* "above VMEMMAP_END": where struct pages of @verdict are. */
const char *vmw_picture_verdict(u32 verdict);

#endif
