// SPDX-License-Identifier: GPL-2.0-only
/* --layout: where vmemmap and its neighbours are, by every source that knows. */
#include "../export/report.h"
#include "mode.h"
#include "settle.h"

static int write_text(const void *layout, FILE *file)
{
	return vmw_export_layout_text(layout, false, file);
}

static int write_json(const void *layout, FILE *file)
{
	return vmw_export_layout_json(layout, false, file);
}

/* What is known is printed, whatever is missing; the exit code tells. */
enum vmw_exit vmw_mode_layout(const struct vmw_options *options)
{
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	enum vmw_exit code, settled;

	code = vmw_settle_read(options, &layout);
	if (code)
		return code;
	settled = vmw_settle_bounds(options, &layout, &bounds);
	code = vmw_settle_output(options, options->format == VMW_FORMAT_TEXT ?
				 write_text : write_json, &layout);
	return code ? code : settled;
}
