// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "base/log.h"
#include "cli/draw.h"
#include "output/html/html.h"
#include "output/picture/map.h"
#include "watch/require_layout.h"

void vmw_draw_begin(struct vmw_drawing *drawing, const struct vmw_options *options,
		    const struct vmw_layout *layout, const struct vmw_bounds *bounds,
		    const struct vmw_report *report)
{
	memset(drawing, 0, sizeof(*drawing));
	drawing->verbose = options->verbose;
	drawing->picture = (struct vmw_picture){
		.layout = layout,
		.bounds = bounds,
		.report = report,
		.redact = options->redact,
	};
	if (vmw_require_iomem(&options->watch.layout, &drawing->iomem, drawing->why,
			      sizeof(drawing->why)))
		drawing->picture.iomem_why = drawing->why;
	else
		drawing->picture.iomem = &drawing->iomem;
}

void vmw_draw_end(struct vmw_drawing *drawing)
{
	if (drawing->picture.iomem)
		vmw_iomem_free(&drawing->iomem);
}

int vmw_draw_map(const struct vmw_drawing *drawing, FILE *file)
{
	struct vmw_canvas canvas;

	vmw_canvas_of(&canvas, file);
	return vmw_draw_text(&drawing->picture, &canvas, file);
}

static enum vmw_exit complain(const struct vmw_output *html, int err)
{
	vmw_error("--html=%s: cannot be written: %s", html->path, vmw_output_error(html, err));
	return VMW_EXIT_USAGE;
}

enum vmw_exit vmw_draw_open(const struct vmw_options *options, struct vmw_output *html)
{
	int err = options->html ? vmw_output_open(html, options->html) : 0;

	return err ? complain(html, err) : VMW_EXIT_CLEAN;
}

enum vmw_exit vmw_draw_html(const struct vmw_drawing *drawing,
			    const struct vmw_options *options, struct vmw_output *html)
{
	int err;

	if (!options->html)
		return VMW_EXIT_CLEAN;
	err = vmw_html(&drawing->picture, html->file);
	if (!err)
		err = vmw_output_commit(html);
	vmw_output_close(html);
	return err ? complain(html, err) : VMW_EXIT_CLEAN;
}
