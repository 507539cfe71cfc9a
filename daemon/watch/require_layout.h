/* SPDX-License-Identifier: GPL-2.0-only */
/* The layout that a command works with, or one line that says why there is none. */
#ifndef VMEMMAPWATCH_WATCH_REQUIRE_LAYOUT_H
#define VMEMMAPWATCH_WATCH_REQUIRE_LAYOUT_H

#include <stdio.h>

#include "base/exit.h"
#include "kernel/iomem.h"
#include "layout/layout.h"

/* Which layout, and whom to believe about it. */
struct vmw_layout_config {
	const char *from;	  /* a file; NULL: the running kernel */
	enum vmw_source_id trust; /* where sources disagree; VMW_NR_SOURCES: nobody */
	bool redact;		  /* messages tell no addresses */
};

/*
 * Read @layout where @config says: the running kernel, or --from FILE. 0, or
 * an exit code after one line on stderr.
 */
enum vmw_exit vmw_require_layout(const struct vmw_layout_config *config,
				 struct vmw_layout *layout);

/*
 * The bounds of @layout in *@ret: 0; VMW_EXIT_BOUNDS after each disagreement in
 * full; or, after a line that says what is missing and what would help,
 * VMW_EXIT_UNTRACEABLE for a kernel and VMW_EXIT_USAGE for a file.
 */
enum vmw_exit vmw_require_bounds(const struct vmw_layout_config *config,
				 const struct vmw_layout *layout, struct vmw_bounds *ret);

/*
 * The running kernel's /proc/iomem. With --from there is none, and where it cannot be
 * read neither: a negative errno, and one line in @why (of @size bytes) that says why.
 */
int vmw_require_iomem(const struct vmw_layout_config *config, struct vmw_iomem *ret, char *why,
		      size_t size);

#endif
