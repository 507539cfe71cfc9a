// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "../export/output.h"
#include "state.h"

int vmw_state_save(const struct vmw_report *report, const char *path)
{
	struct vmw_output output;
	int err = vmw_output_open_file(&output, path, 0600);

	if (!err)
		err = vmw_state_write(report, fileno(output.file));
	if (!err)
		err = vmw_output_commit(&output);
	vmw_output_close(&output);
	return err;
}
