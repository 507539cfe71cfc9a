/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a report goes: stdout, or a file that appears when it is complete. */
#ifndef VMEMMAPWATCH_BASE_OUTPUT_FILE_H
#define VMEMMAPWATCH_BASE_OUTPUT_FILE_H

#include <stdio.h>

#include "base/exit.h"
#include "base/target.h"

struct vmw_output {
	const char *path; /* as the user wrote it; "stdout" without a file */
	FILE *file;
	struct vmw_target target; /* where the file is to appear */
	bool appears;		  /* false: @file is written to directly */
	bool linkable;		  /* @file can be given a name */
};

/*
 * Open @path, or stdout for NULL. A file is written without a name, in the directory
 * where it is to appear (for a symbolic link, where that leads to): what ends us
 * leaves nothing of it. A file that is there keeps its owner, group, mode and ACL, or
 * it is an error. Devices and FIFOs are written to directly; a FIFO waits for its
 * reader. Negative errno on failure: vmw_output_error().
 */
int vmw_output_open(struct vmw_output *output, const char *path);

/* The same for what can only be a file; a new one gets @mode, less the umask. */
int vmw_output_open_file(struct vmw_output *output, const char *path, mode_t mode);

/*
 * All is written: sync it, and give it its name, which is looked at once more. A
 * SIGKILL right then can leave it as NAME.xxxxxx, x being hexadecimal digits. Closes
 * in any case. Negative errno: nothing has changed.
 */
int vmw_output_commit(struct vmw_output *output);

/* Close, and leave nothing behind that was not committed. */
void vmw_output_close(struct vmw_output *output);

/*
 * @err came of a reader that has closed its end, as head does: it has all that it wanted,
 * and that is no error. SIGPIPE is ignored. Before vmw_output_close().
 */
bool vmw_output_was_left(const struct vmw_output *output, int err);

/* The words for what @err, of these functions, means here. */
const char *vmw_output_error(const struct vmw_output *output, int err);

/*
 * Open @path, or stdout for NULL, have @write fill it from @data, and make it appear.
 * 0, also where its reader has left; or VMW_EXIT_USAGE after one line.
 */
enum vmw_exit vmw_output_write(const char *path, int (*write)(const void *data, FILE *file),
			       const void *data);

#endif
