/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a report goes: stdout, or a file that appears when it is complete. */
#ifndef VMEMMAPWATCH_EXPORT_OUTPUT_H
#define VMEMMAPWATCH_EXPORT_OUTPUT_H

#include <stdio.h>

struct vmw_output {
	const char *path;	/* as the user wrote it; "stdout" without a file */
	char *target;		/* the regular file that it leads to */
	char *temporary;	/* beside the target; NULL: written to directly */
	FILE *file;
};

/*
 * Open @path, or stdout for NULL. A regular file is written under a temporary
 * name beside it (beside the one that a symbolic link leads to); devices and
 * pipes directly. Negative errno on failure.
 */
int vmw_output_open(struct vmw_output *output, const char *path);

/*
 * All is written: sync it, and give it its name. On failure, negative errno,
 * and the temporary file is gone.
 */
int vmw_output_commit(struct vmw_output *output);

/* Close, and leave nothing behind that was not committed. */
void vmw_output_close(struct vmw_output *output);

/* After a rename to @path: sync its directory, so that it lasts. Negative errno. */
int vmw_sync_directory(const char *path);

#endif
