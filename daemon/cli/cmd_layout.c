// SPDX-License-Identifier: GPL-2.0-only
/* --layout: where vmemmap and its neighbours are, by every source that knows. */
#include "cli/commands.h"
#include "cli/draw.h"
#include "output/export.h"
#include "report/report.h"
#include "watch/require_layout.h"

static int write_text(const void *drawing, FILE *file)
{
	const struct vmw_picture *picture = &((const struct vmw_drawing *)drawing)->picture;

	return vmw_export_layout_text(picture->layout, picture->redact, file);
}

static int write_json(const void *drawing, FILE *file)
{
	const struct vmw_picture *picture = &((const struct vmw_drawing *)drawing)->picture;

	return vmw_export_layout_json(picture->layout, picture->redact, file);
}

static int write_map(const void *drawing, FILE *file)
{
	return vmw_draw_map(drawing, file);
}

static enum vmw_exit print(const struct vmw_options *options, const struct vmw_drawing *drawing)
{
	int (*write)(const void *drawing, FILE *file) = write_text;
	struct vmw_output html = { 0 };
	enum vmw_exit code;

	if (options->format != VMW_FORMAT_TEXT)
		write = write_json;
	else if (options->map)
		write = write_map;
	code = vmw_draw_open(options, &html);
	if (!code)
		code = vmw_output_write(options->output, write, drawing);
	if (!code)
		code = vmw_draw_html(drawing, options, &html);
	vmw_output_close(&html);
	return code;
}

/* What is known is printed, whatever is missing; the exit code shows that. */
enum vmw_exit vmw_mode_layout(const struct vmw_options *options)
{
	struct vmw_drawing drawing;
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	enum vmw_exit code, settled;

	code = vmw_require_layout(&options->watch.layout, &layout);
	if (code)
		return code;
	settled = vmw_require_bounds(&options->watch.layout, &layout, &bounds);
	vmw_draw_begin(&drawing, options, &layout, settled ? NULL : &bounds, NULL);
	code = print(options, &drawing);
	vmw_draw_end(&drawing);
	return code ? code : settled;
}
