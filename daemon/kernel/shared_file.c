// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kernel/shared_file.h"

#define MAX_SHARED 4

static struct {
	const char *path;
	int fd;
} shared[MAX_SHARED];

void vmw_shared_file_set(const char *path, int fd)
{
	size_t i;

	for (i = 0; i < MAX_SHARED; i++) {
		if (shared[i].path && !strcmp(shared[i].path, path))
			shared[i].path = NULL;
	}
	for (i = 0; fd >= 0 && i < MAX_SHARED; i++) {
		if (shared[i].path)
			continue;
		shared[i].path = path;
		shared[i].fd = fd;
		return;
	}
}

/* A copy of the fd shares its offset: one reader at a time, from the start. */
static FILE *open_shared(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *file;

	if (own < 0)
		return NULL;
	file = lseek(own, 0, SEEK_SET) ? NULL : fdopen(own, "r");
	if (!file) {
		int error = errno;

		close(own);
		errno = error;
	}
	return file;
}

FILE *vmw_open(const char *path)
{
	size_t i;

	for (i = 0; i < MAX_SHARED; i++) {
		if (shared[i].path && !strcmp(shared[i].path, path))
			return open_shared(shared[i].fd);
	}
	return fopen(path, "re");
}
