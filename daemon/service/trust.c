// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/trust.h"

#define OTHERS_WRITE (S_IWGRP | S_IWOTH)

static int refuse(const char *path, const char *reason, char *why, size_t size)
{
	snprintf(why, size, "%s: not trusted: %s", path, reason);
	return -EPERM;
}

static bool is_root_or_us(uid_t uid)
{
	return !uid || uid == geteuid();
}

/* Nobody else can put another directory in the place of one on the way. */
static int check_way(char *directory, char *why, size_t size)
{
	struct stat status;
	char *slash;

	while ((slash = strrchr(directory, '/')) && directory[1]) {
		slash[slash == directory] = '\0';
		if (stat(directory, &status))
			return refuse(directory, strerror(errno), why, size);
		if (!is_root_or_us(status.st_uid))
			return refuse(directory, "it belongs to another user", why, size);
		if (status.st_mode & OTHERS_WRITE && !(status.st_mode & S_ISVTX))
			return refuse(directory, "others can write there", why, size);
	}
	return 0;
}

/* @ret_owner: whom it belongs to. */
static int check_directory(const char *path, uid_t *ret_owner, char *why, size_t size)
{
	char resolved[PATH_MAX], *directory = strdup(path), *slash;
	struct stat status = { 0 };
	int err = -ENOMEM;

	if (!directory)
		return err;
	slash = strrchr(directory, '/');
	if (slash)
		slash[slash == directory] = '\0';
	if (!realpath(slash ? directory : ".", resolved) || stat(resolved, &status))
		err = refuse(path, strerror(errno), why, size);
	else if (status.st_mode & OTHERS_WRITE)
		err = refuse(
			resolved,
			"others can write there: expected a directory that only its owner writes in (--feed)",
			why, size);
	else
		err = check_way(resolved, why, size);
	*ret_owner = status.st_uid;
	free(directory);
	return err;
}

int vmw_trust_daemon(int fd, const char *path, char *why, size_t size)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);
	uid_t owner;
	int err;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
		return refuse(path, strerror(errno), why, size);
	if (peer.pid == getppid() && peer.uid == geteuid())
		return 0;
	err = check_directory(path, &owner, why, size);
	if (!err && !is_root_or_us(peer.uid) && peer.uid != owner)
		err = refuse(path, "a process of another user serves it", why, size);
	return err;
}
