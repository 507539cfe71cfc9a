// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/output_file.h"

#define ACL   "system.posix_acl_access"
#define TRIES 100

/* No signal comes in between, but SIGKILL. */
static void hold_signals(sigset_t *before)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, before);
}

/* NAME.xxxxxx, with NAME cut where that would be too long. */
static void make_name(char name[NAME_MAX + 1], const char *beside)
{
	unsigned int number = 0;

	/* Early in the boot it may not be ready: another try has another number then. */
	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) < 0)
		number = rand();
	snprintf(name, NAME_MAX + 1, "%.*s.%06x", NAME_MAX - 7, beside, number & 0xffffff);
}

/* Mode, owner and ACL as the file @like has them, in an order that opens it to nobody. */
static int make_alike(int fd, int like)
{
	char acl[4096], path[32];
	struct stat new, old;
	ssize_t n;

	if (fstat(fd, &new) || fstat(like, &old))
		return -errno;
	if ((new.st_uid != old.st_uid || new.st_gid != old.st_gid) &&
	    fchown(fd, old.st_uid, old.st_gid))
		return -errno;
	/* fgetxattr() takes no O_PATH. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", like);
	n = getxattr(path, ACL, acl, sizeof(acl));
	if (n < 0 && errno != ENODATA && errno != ENOTSUP && errno != ENOENT)
		return -errno;
	/* One that it has from the directory. */
	if (n < 0)
		fremovexattr(fd, ACL);
	if (fchmod(fd, old.st_mode & 0777))
		return -errno;
	return n >= 0 && fsetxattr(fd, ACL, acl, n, 0) ? -errno : 0;
}

/* A negative errno for what must not be replaced; st_mode 0: there is nothing. */
static int look(struct vmw_output *output, struct stat *ret)
{
	int err = vmw_target_look(&output->target, ret);

	if (err || !ret->st_mode || S_ISREG(ret->st_mode))
		return err;
	return S_ISDIR(ret->st_mode) ? -EISDIR : -EEXIST;
}

static int keep_alike(struct vmw_output *output, int fd)
{
	struct stat seen;
	int err = look(output, &seen), old;

	if (err || !seen.st_mode)
		return err;
	old = openat(output->target.directory, output->target.name,
		     O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (old < 0)
		return -errno;
	err = make_alike(fd, old);
	close(old);
	if (err == -EPERM)
		output->target.refused = "its owner cannot be kept";
	return err;
}

/* A file without a name where the file system has such; else one that has lost it. */
static int open_nameless(struct vmw_output *output, mode_t mode)
{
	int directory = output->target.directory, fd, i;
	char name[NAME_MAX + 1];
	sigset_t before;

	fd = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	output->linkable = fd >= 0;
	hold_signals(&before);
	for (i = 0; fd < 0 && i < TRIES; i++) {
		make_name(name, output->target.name);
		fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd < 0 && errno != EEXIST)
			break;
		if (fd >= 0)
			unlinkat(directory, name, 0);
	}
	fd = fd < 0 ? -errno : fd;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return fd;
}

static int open_replaced(struct vmw_output *output, const struct stat *old, mode_t mode)
{
	int fd, err;

	output->appears = true;
	fd = open_nameless(output, old->st_mode ? 0600 : mode);
	if (fd < 0)
		return fd;
	/* Now: after an hour of watching it is too late to learn that it cannot be. */
	err = keep_alike(output, fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* The file descriptor of ours that /dev/stdout and its like stand for, or -1. */
static int own_fd(const struct vmw_target *target)
{
	struct stat directory, ours;

	if (!target->procfs || fstat(target->directory, &directory) ||
	    stat("/proc/self/fd", &ours) || directory.st_ino != ours.st_ino ||
	    directory.st_dev != ours.st_dev)
		return -1;
	return atoi(target->name);
}

/* What is no file: it is written to as it is. */
static int open_as_it_is(const struct vmw_output *output, const struct stat *seen)
{
	int fd = own_fd(&output->target);
	struct stat opened;

	/* A copy goes on where it is: opened anew, a file would be overwritten. */
	if (fd >= 0)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	else if (S_ISBLK(seen->st_mode))
		return -EINVAL;
	else
		fd = openat(output->target.directory, output->target.name,
			    O_WRONLY | O_CLOEXEC | O_NOCTTY |
				    (output->target.procfs ? 0 : O_NOFOLLOW));
	if (fd < 0)
		return -errno;
	if (output->target.procfs || (!fstat(fd, &opened) && opened.st_ino == seen->st_ino &&
				      opened.st_dev == seen->st_dev))
		return fd;
	close(fd);
	return -EAGAIN;
}

static int open_path(struct vmw_output *output, const char *path, bool only_file, mode_t mode)
{
	struct stat seen;
	int err = vmw_target_find(&output->target, path);

	if (!err)
		err = vmw_target_look(&output->target, &seen);
	if (err)
		return err;
	if (!output->target.procfs && (!seen.st_mode || S_ISREG(seen.st_mode)))
		return open_replaced(output, &seen, mode);
	if (S_ISDIR(seen.st_mode))
		return -EISDIR;
	if (!only_file)
		return open_as_it_is(output, &seen);
	output->target.refused = "not a regular file";
	return -EINVAL;
}

static int take_fd(struct vmw_output *output, int fd)
{
	if (fd >= 0)
		output->file = fdopen(fd, "w");
	if (output->file)
		return 0;
	if (fd >= 0)
		close(fd);
	vmw_output_close(output);
	return fd < 0 ? fd : -ENOMEM;
}

int vmw_output_open(struct vmw_output *output, const char *path)
{
	int fd;

	memset(output, 0, sizeof(*output));
	output->target.directory = -1;
	output->path = path ? path : "stdout";
	if (path)
		return take_fd(output, open_path(output, path, false, 0666));
	fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return take_fd(output, fd < 0 ? -errno : fd);
}

int vmw_output_open_file(struct vmw_output *output, const char *path, mode_t mode)
{
	memset(output, 0, sizeof(*output));
	output->path = path;
	return take_fd(output, open_path(output, path, true, mode));
}

/* @name, which is not there yet, becomes what @fd is. */
static int give_name(const struct vmw_output *output, int fd, const char *name)
{
	char path[32];
	off_t at = 0;
	ssize_t n;
	int copy, err;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (output->linkable &&
	    !linkat(AT_FDCWD, path, output->target.directory, name, AT_SYMLINK_FOLLOW))
		return 0;
	if (output->linkable && errno == EEXIST)
		return -EEXIST;
	copy = openat(output->target.directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		      0600);
	if (copy < 0)
		return -errno;
	do {
		n = sendfile(copy, fd, &at, 1 << 30);
	} while (n > 0);
	err = n < 0 ? -errno : make_alike(copy, fd);
	if (!err && fsync(copy))
		err = -errno;
	if (close(copy) && !err)
		err = -errno;
	if (err)
		unlinkat(output->target.directory, name, 0);
	return err;
}

static int place_file(const struct vmw_output *output, int fd)
{
	const struct vmw_target *target = &output->target;
	char name[NAME_MAX + 1];
	sigset_t before;
	int err, i;

	hold_signals(&before);
	for (i = 0, err = -EEXIST; err == -EEXIST && i < TRIES; i++) {
		make_name(name, target->name);
		err = give_name(output, fd, name);
	}
	if (!err && renameat(target->directory, name, target->directory, target->name)) {
		err = -errno;
		unlinkat(target->directory, name, 0);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err;
}

/* Its name is to last. Some file systems cannot promise that: it is there anyway. */
static void sync_directory(const struct vmw_target *target)
{
	int fd = openat(target->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int vmw_output_commit(struct vmw_output *output)
{
	FILE *file = output->file;
	int err = 0;

	if (fflush(file) || ferror(file))
		err = errno ? -errno : -EIO;
	if (!err && output->appears)
		err = keep_alike(output, fileno(file));
	if (!err && output->appears && fsync(fileno(file)))
		err = -errno;
	if (!err && output->appears)
		err = place_file(output, fileno(file));
	if (!err && output->appears)
		sync_directory(&output->target);
	output->file = NULL;
	if (fclose(file) && !err && !output->appears)
		err = -errno;
	vmw_output_close(output);
	return err;
}

void vmw_output_close(struct vmw_output *output)
{
	if (output->file)
		fclose(output->file);
	output->file = NULL;
	/* One that was never opened is all zero. */
	if (output->path && output->target.directory >= 0)
		close(output->target.directory);
	output->target.directory = -1;
}

bool vmw_output_was_left(const struct vmw_output *output, int err)
{
	struct pollfd polled = { .fd = output->file ? fileno(output->file) : -1 };

	if (err == -EPIPE)
		return true;
	/* Writers of documents have lost the errno: pipes and sockets know. */
	return err && output->file && poll(&polled, 1, 0) > 0 && polled.revents & POLLERR;
}

const char *vmw_output_error(const struct vmw_output *output, int err)
{
	return output->target.refused ? output->target.refused : strerror(-err);
}

enum vmw_exit vmw_output_write(const char *path, int (*write)(const void *data, FILE *file),
			       const void *data)
{
	struct vmw_output output;
	int err;

	err = vmw_output_open(&output, path);
	if (!err)
		err = write(data, output.file);
	if (!err)
		err = vmw_output_commit(&output);
	if (!err)
		return VMW_EXIT_CLEAN;
	if (vmw_output_was_left(&output, err)) {
		vmw_output_close(&output);
		return VMW_EXIT_CLEAN;
	}
	vmw_error("%s: cannot be written: %s", output.path, vmw_output_error(&output, err));
	vmw_output_close(&output);
	return VMW_EXIT_USAGE;
}
