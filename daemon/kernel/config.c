// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "kernel/config.h"

static void take_line(char *line, struct vmw_config *wanted, size_t n)
{
	char *value = strchr(line, '=');
	size_t i;

	*value++ = '\0';
	value[strcspn(value, "\n")] = '\0';
	for (i = 0; i < n; i++) {
		if (!strcmp(wanted[i].name, line))
			snprintf(wanted[i].value, sizeof(wanted[i].value), "%s", value);
	}
}

int vmw_config_read(const char *path, struct vmw_config *wanted, size_t n)
{
	char line[1024];
	bool found = false;
	gzFile file;
	size_t i;
	int err = 0, fd;

	for (i = 0; i < n; i++)
		wanted[i].value[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	file = gzdopen(fd, "r");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	while (gzgets(file, line, sizeof(line))) {
		if (strncmp(line, "CONFIG_", 7) || !strchr(line, '='))
			continue;
		found = true;
		take_line(line, wanted, n);
	}
	gzerror(file, &err);
	gzclose(file);
	if (err != Z_OK && err != Z_STREAM_END)
		return -EIO;
	return found ? 0 : -EBADMSG;
}
