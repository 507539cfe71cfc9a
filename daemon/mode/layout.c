// SPDX-License-Identifier: GPL-2.0-only
/* --layout: where vmemmap is on this kernel, by every source that knows. */
#include <string.h>

#include "../export/output.h"
#include "../export/report.h"
#include "../log.h"
#include "../probe/require.h"
#include "mode.h"

static int export(const struct vmw_options *options, const struct vmw_layout *layout,
		  FILE *file)
{
	return options->format == VMW_FORMAT_TEXT ? vmw_export_layout_text(layout, file) :
						    vmw_export_layout_json(layout, file);
}

static enum vmw_exit deliver(const struct vmw_options *options,
			     const struct vmw_layout *layout)
{
	struct vmw_output output;
	int err;

	err = vmw_output_open(&output, options->output);
	if (!err)
		err = export(options, layout, output.file);
	if (!err)
		err = vmw_output_commit(&output);
	if (!err)
		return VMW_EXIT_CLEAN;
	vmw_error("%s: cannot be written: %s", output.path, strerror(-err));
	vmw_output_close(&output);
	return VMW_EXIT_USAGE;
}

enum vmw_exit vmw_mode_layout(const struct vmw_options *options)
{
	struct vmw_layout layout;
	enum vmw_exit code;
	char why[256];
	int err, id;

	if (vmw_require_arm64(why, sizeof(why))) {
		vmw_error("%s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	err = vmw_layout_read(&layout);
	if (err) {
		vmw_error(VMW_KCORE ": %s: the layout is read there (as root, CONFIG_PROC_KCORE)",
			  strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	code = deliver(options, &layout);
	for (id = 0; !code && id < VMW_NR_VALUES; id++) {
		if (vmw_layout_disagrees(&layout.values[id]))
			code = VMW_EXIT_BOUNDS;
	}
	return code;
}
