// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/format.h"
#include "service/handover.h"

/* The kernel takes 253 at a time (SCM_MAX_FD, include/net/scm.h). */
#define FDS_AT_A_TIME 64

/* A packet of names, with as many fds. */
struct names {
	u32 nr;
	char name[FDS_AT_A_TIME][sizeof(((struct vmw_named_fd *)0)->name)];
};

bool vmw_fds_add(struct vmw_fds *fds, const char *name, int fd)
{
	struct vmw_named_fd *named;

	if (fds->nr == VMW_MAX_PASSED)
		return false;
	named = &fds->fd[fds->nr];
	named->fd = fd;
	snprintf(named->name, sizeof(named->name), "%s", name);
	fds->nr++;
	return true;
}

int vmw_fds_take(struct vmw_fds *fds, const char *name)
{
	size_t i;
	int fd;

	for (i = 0; i < fds->nr; i++) {
		if (fds->fd[i].fd < 0 || strcmp(fds->fd[i].name, name))
			continue;
		fd = fds->fd[i].fd;
		fds->fd[i].fd = -1;
		return fd;
	}
	return -1;
}

void vmw_fds_close(struct vmw_fds *fds)
{
	unsigned int turn;
	size_t i;

	for (turn = 0; turn < VMW_CLOSE_TURNS; turn++) {
		for (i = 0; i < fds->nr; i++) {
			if (fds->fd[i].fd >= 0 && vmw_probes_close_turn(fds->fd[i].name) == turn)
				close(fds->fd[i].fd);
		}
	}
	fds->nr = 0;
}

static int send_packet(int fd, void *bytes, size_t size, const int *fds, size_t nr)
{
	char control[CMSG_SPACE(FDS_AT_A_TIME * sizeof(int))] = "";
	struct iovec iov = { .iov_base = bytes, .iov_len = size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *head;

	if (nr) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(nr * sizeof(int));
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(nr * sizeof(int));
		memcpy(CMSG_DATA(head), fds, nr * sizeof(int));
	}
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int send_fds(int fd, const struct vmw_fds *fds)
{
	int numbers[FDS_AT_A_TIME];
	struct names names;
	size_t at = 0;
	int err = 0;

	while (!err && at < fds->nr) {
		memset(&names, 0, sizeof(names));
		for (; names.nr < FDS_AT_A_TIME && at < fds->nr; at++) {
			numbers[names.nr] = fds->fd[at].fd;
			memcpy(names.name[names.nr++], fds->fd[at].name, sizeof(names.name[0]));
		}
		err = send_packet(fd, &names, sizeof(names), numbers, names.nr);
	}
	return err;
}

int vmw_message_send(int fd, enum vmw_word word, int code, const char *text,
		     const struct vmw_fds *fds)
{
	struct vmw_message message = {
		.word = word,
		.code = code,
		.nr_fds = fds ? fds->nr : 0,
	};
	int err;

	memcpy(message.build, vmw_build, sizeof(message.build));
	snprintf(message.text, sizeof(message.text), "%s", text ? text : "");
	err = send_packet(fd, &message, sizeof(message), NULL, 0);
	return err || !fds ? err : send_fds(fd, fds);
}

/* Into @fds of room for FDS_AT_A_TIME; -EBADMSG where the packet is of another size. */
static int receive_packet(int fd, void *bytes, size_t size, int *fds, size_t *ret_nr)
{
	char control[CMSG_SPACE(FDS_AT_A_TIME * sizeof(int))];
	struct iovec iov = { .iov_base = bytes, .iov_len = size };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head;
	ssize_t n;

	*ret_nr = 0;
	n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	for (head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
		if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
			continue;
		*ret_nr = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(head), *ret_nr * sizeof(int));
	}
	if (!n)
		return -ECONNRESET;
	if ((size_t)n != size || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
		return -EBADMSG;
	return 0;
}

/* One packet of named fds; each is kept, or closed. */
static int receive_fds(int fd, struct vmw_fds *ret, size_t *left)
{
	int numbers[FDS_AT_A_TIME];
	struct names names;
	size_t i, nr;
	int err;

	err = receive_packet(fd, &names, sizeof(names), numbers, &nr);
	if (!err && (!nr || names.nr != nr || nr > *left))
		err = -EBADMSG;
	for (i = 0; i < nr; i++) {
		if (!err)
			names.name[i][sizeof(names.name[i]) - 1] = '\0';
		if (err || !vmw_fds_add(ret, names.name[i], numbers[i]))
			close(numbers[i]);
	}
	*left -= err ? 0 : nr;
	return err;
}

int vmw_message_receive(int fd, struct vmw_message *ret, struct vmw_fds *ret_fds)
{
	int stray[FDS_AT_A_TIME];
	size_t nr, left;
	int err;

	err = receive_packet(fd, ret, sizeof(*ret), stray, &nr);
	while (nr)
		close(stray[--nr]);
	if (err)
		return err;
	vmw_tidy_text(ret->build, sizeof(ret->build));
	vmw_tidy_text(ret->text, sizeof(ret->text));
	if (ret->nr_fds > VMW_MAX_PASSED)
		return -EBADMSG;
	for (left = ret->nr_fds; !err && left;)
		err = receive_fds(fd, ret_fds, &left);
	return err;
}

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
