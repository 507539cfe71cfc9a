/* SPDX-License-Identifier: GPL-2.0-only */
/* Settle the layout that a mode works with, or say why that cannot be. */
#ifndef VMEMMAPWATCH_MODE_SETTLE_H
#define VMEMMAPWATCH_MODE_SETTLE_H

#include <stdio.h>

#include "base/exit.h"
#include "cli/options.h"
#include "kernel/iomem.h"
#include "layout/layout.h"

/*
 * Read @layout where @options say: the running kernel, or --from FILE. 0, or
 * an exit code after one line on stderr.
 */
enum vmw_exit vmw_settle_read(const struct vmw_options *options, struct vmw_layout *layout);

/*
 * The bounds of @layout in *@ret: 0; VMW_EXIT_BOUNDS after each disagreement in
 * full; or, after a line that says what is missing and what would help,
 * VMW_EXIT_UNTRACEABLE for a kernel and VMW_EXIT_USAGE for a file.
 */
enum vmw_exit vmw_settle_bounds(const struct vmw_options *options,
				const struct vmw_layout *layout, struct vmw_bounds *ret);

/*
 * The running kernel's /proc/iomem. With --from there is none, and where it cannot be
 * read neither: a negative errno, and one line in @why (of @size bytes) that says why.
 */
int vmw_settle_iomem(const struct vmw_options *options, struct vmw_iomem *ret, char *why,
		     size_t size);

/*
 * Open what --output names, have @write fill it from @data, and make it appear.
 * 0, or VMW_EXIT_USAGE after one line.
 */
enum vmw_exit vmw_settle_output(const struct vmw_options *options,
				int (*write)(const void *data, FILE *file),
				const void *data);

#endif
