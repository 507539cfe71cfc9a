// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output_file.h"
#include "report/state.h"

/* A link or a FIFO in its place is never read, and so must not stay there. */
static int remove_rubbish(const char *path)
{
	struct stat found;

	if (lstat(path, &found) || (!S_ISLNK(found.st_mode) && !S_ISFIFO(found.st_mode)))
		return 0;
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

int vmw_state_save(const struct vmw_report *report, const char *path)
{
	struct vmw_output output;
	int err;

	err = remove_rubbish(path);
	if (err)
		return err;
	err = vmw_output_open_file(&output, path, 0600);
	if (!err)
		err = vmw_state_write(report, fileno(output.file));
	if (!err)
		err = vmw_output_commit(&output);
	vmw_output_close(&output);
	return err;
}
