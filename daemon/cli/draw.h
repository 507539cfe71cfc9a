/* SPDX-License-Identifier: GPL-2.0-only */
/* --map and --html, for the modes that have them. */
#ifndef VMEMMAPWATCH_CLI_DRAW_H
#define VMEMMAPWATCH_CLI_DRAW_H

#include "base/exit.h"
#include "base/output_file.h"
#include "cli/options.h"
#include "output/picture/scene.h"

struct vmw_drawing {
	struct vmw_picture picture;
	struct vmw_iomem iomem;
	char why[96]; /* there is none */
	bool verbose;
};

/*
 * What to draw of @layout, and of @report, which is NULL where nobody has watched;
 * @bounds may be NULL. Reads /proc/iomem, unless @options have --from. vmw_draw_end() in
 * any case.
 */
void vmw_draw_begin(struct vmw_drawing *drawing, const struct vmw_options *options,
		    const struct vmw_layout *layout, const struct vmw_bounds *bounds,
		    const struct vmw_report *report);
void vmw_draw_end(struct vmw_drawing *drawing);

/* The map, as fits @file. Returns 0 or a negative errno. */
int vmw_draw_map(const struct vmw_drawing *drawing, FILE *file);

/*
 * Open what --html names, if it was given: that it cannot be written is said before
 * anything is watched. 0, or VMW_EXIT_USAGE after one line.
 */
enum vmw_exit vmw_draw_open(const struct vmw_options *options, struct vmw_output *html);

/* Fill it, and have it appear, likewise; closes it in any case. */
enum vmw_exit vmw_draw_html(const struct vmw_drawing *drawing,
			    const struct vmw_options *options, struct vmw_output *html);

#endif
