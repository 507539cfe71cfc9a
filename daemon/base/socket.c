// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/socket.h"

/* A server that hangs takes no more connections at some time. */
#define CONNECT_SECONDS 5

/* Kept for memory, pipes and files of our own. */
#define SPARE_FDS 32

int vmw_socket_connect(const char *path, int type)
{
	const struct timeval limit = { .tv_sec = CONNECT_SECONDS };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* One that takes nobody any more would hold us up for ever. */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* What a daemon that is gone has left there. */
static int remove_stale(const char *path, int type)
{
	struct stat status;
	int fd;

	if (lstat(path, &status))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(status.st_mode))
		return -ENOTSOCK;
	fd = vmw_socket_connect(path, type);
	if (fd >= 0)
		close(fd);
	/* Of another type than ours, or too busy to answer: somebody is there, too. */
	if (fd >= 0 || fd == -EPROTOTYPE || fd == -EAGAIN)
		return -EADDRINUSE;
	if (fd != -ECONNREFUSED)
		return fd;
	return unlink(path) ? -errno : 0;
}

static int give_to_group(const struct vmw_unix_socket *socket)
{
	struct group *group;

	if (!*socket->group)
		return 0;
	errno = 0;
	group = getgrnam(socket->group);
	if (!group)
		return errno ? -errno : -ENOENT;
	return chown(socket->path, -1, group->gr_gid) ? -errno : 0;
}

static int bind_to(int fd, const struct vmw_unix_socket *socket)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t before;
	int err;

	strcpy(address.sun_path, socket->path);
	/* Nobody else is to get in before it is what it should be. */
	before = umask(0777);
	err = bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	umask(before);
	return err;
}

static const char *cannot(int err)
{
	if (err == -ENOENT || err == -ENOTDIR)
		return "expected a directory that is there";
	return strerror(-err);
}

int vmw_socket_listen(const struct vmw_unix_socket *wanted, int type, char *why, size_t size)
{
	int fd = -1, err = remove_stale(wanted->path, type);

	if (err) {
		snprintf(why, size, "%s: %s", wanted->path,
			 err == -EADDRINUSE ? "another program listens there already" :
			 err == -ENOTSOCK ? "is there, and no socket: expected a path of a new one" :
					    cannot(err));
		return err;
	}
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	err = fd < 0 ? -errno : bind_to(fd, wanted);
	if (err)
		goto fail;
	err = give_to_group(wanted);
	if (err) {
		snprintf(why, size, "%s: group %s: %s", wanted->path, wanted->group,
			 err == -ENOENT ? "no such group" : strerror(-err));
		goto undo;
	}
	if (!chmod(wanted->path, wanted->mode) && !listen(fd, 128))
		return fd;
	err = -errno;
	unlink(wanted->path);
fail:
	snprintf(why, size, "%s: cannot listen: %s", wanted->path, cannot(err));
	goto out;
undo:
	unlink(wanted->path);
out:
	if (fd >= 0)
		close(fd);
	return err;
}

int vmw_socket_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct rlimit limit;

	if (fd < 0)
		return -errno;
	if (getrlimit(RLIMIT_NOFILE, &limit) || fd + (rlim_t)SPARE_FDS < limit.rlim_cur)
		return fd;
	close(fd);
	return -EMFILE;
}
