// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/target.h"

#define MAX_LINKS 40 /* MAXSYMLINKS, include/linux/namei.h */

/* What is left of a path. */
struct walk {
	char rest[PATH_MAX];
	bool last; /* the name in hand is */
	unsigned int links;
};

/* May others have put it there for us to fall into? */
static bool is_trap(const struct stat *directory, const struct stat *file)
{
	return directory->st_mode & S_ISVTX && directory->st_mode & (S_IWGRP | S_IWOTH) &&
	       file->st_uid != geteuid() && file->st_uid != directory->st_uid;
}

static int check(struct vmw_target *target, const struct stat *file)
{
	struct stat directory;

	if (fstat(target->directory, &directory))
		return -errno;
	if (!is_trap(&directory, file))
		return 0;
	target->refused = S_ISLNK(file->st_mode) ?
				  "a link of another user in a directory that others can write" :
				  "it is another user's, in a directory that others can write";
	return -EACCES;
}

static int enter(struct vmw_target *target, const char *name, int flags)
{
	int fd = openat(target->directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);
	struct statfs fs;

	if (fd < 0)
		return -errno;
	if (target->directory >= 0)
		close(target->directory);
	target->directory = fd;
	target->procfs = !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;
	return 0;
}

/* The next name; a path that ends with a slash has none there. */
static int take_name(struct vmw_target *target, struct walk *walk)
{
	size_t length, end;
	int err;

	if (*walk->rest == '/') {
		err = enter(target, "/", 0);
		if (err)
			return err;
		end = strspn(walk->rest, "/");
		memmove(walk->rest, walk->rest + end, strlen(walk->rest + end) + 1);
	}
	length = strcspn(walk->rest, "/");
	if (!length)
		return -EISDIR;
	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(target->name, walk->rest, length);
	target->name[length] = '\0';
	end = length + strspn(walk->rest + length, "/");
	walk->last = end == length;
	memmove(walk->rest, walk->rest + end, strlen(walk->rest + end) + 1);
	return 0;
}

/* @fd is the link itself: it cannot become another one between two looks. */
static int follow(struct walk *walk, int fd)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(fd, "", target, sizeof(target));
	size_t length = strlen(walk->rest), slash = !walk->last;

	if (n < 0)
		return -errno;
	if (++walk->links > MAX_LINKS)
		return -ELOOP;
	if (n + slash + length >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	memmove(walk->rest + n + slash, walk->rest, length + 1);
	memcpy(walk->rest, target, n);
	if (slash)
		walk->rest[n] = '/';
	return 0;
}

/* One name further: 1 when it was the last. */
static int step(struct vmw_target *target, struct walk *walk)
{
	struct stat file;
	int err, fd;

	err = take_name(target, walk);
	if (err)
		return err;
	fd = openat(target->directory, target->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT && walk->last ? 1 : -errno;
	err = fstat(fd, &file) ? -errno : 0;
	if (!err && S_ISLNK(file.st_mode) && !target->procfs) {
		err = check(target, &file);
		if (!err)
			err = follow(walk, fd);
	} else if (!err && walk->last) {
		err = 1;
	} else if (!err) {
		/* Links of procfs are no texts to follow. */
		err = enter(target, target->name, target->procfs ? 0 : O_NOFOLLOW);
	}
	close(fd);
	return err;
}

int vmw_target_find(struct vmw_target *target, const char *path)
{
	struct walk walk = { 0 };
	int err;

	memset(target, 0, sizeof(*target));
	target->directory = -1;
	if (!*path)
		return -ENOENT;
	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	target->directory = AT_FDCWD;
	err = *path == '/' ? 0 : enter(target, ".", 0);
	while (!err)
		err = step(target, &walk);
	if (err > 0)
		return 0;
	if (target->directory >= 0)
		close(target->directory);
	target->directory = -1;
	return err;
}

int vmw_target_look(struct vmw_target *target, struct stat *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!fstatat(target->directory, target->name, ret, AT_SYMLINK_NOFOLLOW))
		return target->procfs ? 0 : check(target, ret);
	ret->st_mode = 0;
	return errno == ENOENT ? 0 : -errno;
}
