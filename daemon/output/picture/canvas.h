/* SPDX-License-Identifier: GPL-2.0-only */
/* What a text can be drawn on: how wide, with which characters, in colour or not. */
#ifndef VMEMMAPWATCH_OUTPUT_PICTURE_CANVAS_H
#define VMEMMAPWATCH_OUTPUT_PICTURE_CANVAS_H

#include <stdbool.h>
#include <stdio.h>

struct vmw_canvas {
	unsigned int width; /* columns */
	bool utf8;
	bool colour;
};

#define VMW_CANVAS_MIN 60
#define VMW_CANVAS_MAX 132

/*
 * What @file is: a terminal as wide as it says, else 80 columns or $COLUMNS, and
 * never a colour there, nor with NO_COLOR or TERM=dumb. UTF-8 is by the names of the
 * locale in the environment, which need not be installed.
 */
void vmw_canvas_of(struct vmw_canvas *canvas, FILE *file);

#endif
