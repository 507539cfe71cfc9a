/* SPDX-License-Identifier: GPL-2.0-only */
/* A scene as an SVG element, for a page that has style.c's classes. */
#ifndef VMEMMAPWATCH_OUTPUT_PICTURE_SVG_H
#define VMEMMAPWATCH_OUTPUT_PICTURE_SVG_H

#include "output/picture/scene.h"

/* @title tells those who do not see it what it is: text of our own. */
void vmw_svg(const struct vmw_scene *scene, const struct vmw_picture *picture,
	     const char *title, FILE *file);

#endif
