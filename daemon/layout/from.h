/* SPDX-License-Identifier: GPL-2.0-only */
/* A layout from a file instead of a running kernel. */
#ifndef VMEMMAPWATCH_LAYOUT_FROM_H
#define VMEMMAPWATCH_LAYOUT_FROM_H

#include "layout/layout.h"

/*
 * Read @path into @layout, which is initialised here: a layout or report of
 * ours (JSON), a vmcoreinfo text, or lines "NAME: value" as people paste them
 * into mail. Returns 0, or a negative errno after one line in @why (of @size
 * bytes) that names the line of @path and what was expected.
 */
int vmw_layout_from(struct vmw_layout *layout, enum vmw_source_id trust, const char *path,
		    char *why, size_t size);

/*
 * The three kinds, each of which sets layout->file; they add readings alone.
 * -EBADMSG with a line in @why; -ENODATA, and a line, where a table has not one
 * value.
 */
int vmw_from_json(struct vmw_layout *layout, const char *text, char *why, size_t size);
int vmw_from_vmcoreinfo(struct vmw_layout *layout, const char *text, char *why, size_t size);
int vmw_from_table(struct vmw_layout *layout, const char *text, char *why, size_t size);

/*
 * One line of a table, number @number of its file: 1 where it states a value, 0
 * where it is anything else, -EBADMSG where what it states cannot be.
 */
int vmw_from_line(struct vmw_layout *layout, const char *line, unsigned int number);

/* Copy @from, cut to @size bytes, with ? for what a terminal should not get. */
void vmw_from_copy(char *to, size_t size, const char *from);

#endif
