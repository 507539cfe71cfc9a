// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

int vmw_sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX];
	int fd, err;

	snprintf(directory, sizeof(directory), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		 slash ? path : ".");
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = fsync(fd) ? -errno : 0;
	close(fd);
	return err;
}

/* A file descriptor, or -1 with errno. */
static int open_temporary(struct vmw_output *output)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	if (asprintf(&output->temporary, "%s.XXXXXX", output->target) < 0) {
		output->temporary = NULL;
		errno = ENOMEM;
		return -1;
	}
	fd = mkostemp(output->temporary, O_CLOEXEC);
	if (fd < 0) {
		int error = errno;

		free(output->temporary);
		output->temporary = NULL;
		errno = error;
		return -1;
	}
	/* mkostemp() makes it 0600; a report is as readable as any new file. */
	fchmod(fd, 0666 & ~mask);
	return fd;
}

/* /dev/stdout and its like may lead to a regular file, but are none. */
static bool is_replaceable(const char *path)
{
	struct stat status;

	if (!strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6))
		return false;
	return stat(path, &status) || S_ISREG(status.st_mode);
}

static int open_path(struct vmw_output *output, const char *path)
{
	if (!is_replaceable(path))
		return open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	output->target = realpath(path, NULL);
	if (!output->target)
		output->target = strdup(path);
	return output->target ? open_temporary(output) : -1;
}

int vmw_output_open(struct vmw_output *output, const char *path)
{
	int fd;

	memset(output, 0, sizeof(*output));
	output->path = path ? path : "stdout";
	if (path)
		fd = open_path(output, path);
	else
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return -errno;
	output->file = fdopen(fd, "w");
	if (!output->file) {
		close(fd);
		return -ENOMEM;
	}
	return 0;
}

int vmw_output_commit(struct vmw_output *output)
{
	FILE *file = output->file;
	int err = 0;

	if (fflush(file) || ferror(file))
		err = errno ? -errno : -EIO;
	if (!err && output->temporary && fsync(fileno(file)))
		err = -errno;
	output->file = NULL;
	if (fclose(file) && !err)
		err = -errno;
	if (!err && output->temporary && rename(output->temporary, output->target))
		err = -errno;
	if (!err) {
		/* It is there under its name: some file systems cannot promise more. */
		if (output->temporary)
			vmw_sync_directory(output->target);
		free(output->temporary);
		output->temporary = NULL;
	}
	vmw_output_close(output);
	return err;
}

void vmw_output_close(struct vmw_output *output)
{
	if (output->file)
		fclose(output->file);
	output->file = NULL;
	if (output->temporary)
		unlink(output->temporary);
	free(output->temporary);
	output->temporary = NULL;
	free(output->target);
	output->target = NULL;
}
