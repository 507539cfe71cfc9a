// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "service/fd_store.h"

/* How long PID 1 may take for what we have said. */
#define SYNC_US 5000000ULL

int vmw_store_take(struct vmw_fds *ret)
{
	char **names = NULL;
	int n, i;

	n = sd_listen_fds_with_names(1, &names);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		int fd = SD_LISTEN_FDS_START + i;

		fcntl(fd, F_SETFD, FD_CLOEXEC);
		if (!vmw_fds_add(ret, names[i], fd))
			close(fd);
		free(names[i]);
	}
	free(names);
	return 0;
}

int vmw_store_keep(const char *name, int fd)
{
	char text[96];
	int n;

	snprintf(text, sizeof(text), "FDSTORE=1\nFDPOLL=0\nFDNAME=%s", name);
	n = sd_pid_notify_with_fds(0, 0, text, &fd, 1);
	return n < 0 ? n : 0;
}

int vmw_store_keep_all(const struct vmw_fds *fds)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < fds->nr; i++) {
		if (fds->fd[i].fd >= 0)
			err = vmw_store_keep(fds->fd[i].name, fds->fd[i].fd);
	}
	return err;
}

int vmw_store_drop(const char *name)
{
	int n = sd_notifyf(0, "FDSTOREREMOVE=1\nFDNAME=%s", name);

	return n < 0 ? n : 0;
}

void vmw_store_sync(void)
{
	sd_notify_barrier(0, SYNC_US);
}
