/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fronts of lines that nobody has told us of: what stands in front of the head of a dump
 * stands in front of its other lines, too, if with other numbers.
 */
#ifndef VMEMMAPWATCH_KLOG_FRONTS_H
#define VMEMMAPWATCH_KLOG_FRONTS_H

#include <stdbool.h>
#include <stddef.h>

#define VMW_MAX_SHAPE 96

struct vmw_fronts {
	char shape[VMW_MAX_SHAPE]; /* "" where heads have none */
};

/*
 * Where the kernel's text begins in @text, that known fronts were taken off: behind a
 * front that was learned, or is learned from @text. @text itself where it has none.
 */
char *vmw_fronts_skip(struct vmw_fronts *fronts, char *text);

/* Behind a number as cat -n puts it in front of @line: "    12\t". */
char *vmw_skip_line_number(char *line);

#endif
