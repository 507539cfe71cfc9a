// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a peer of the service may do to it, and the service has to bear:
 *
 * peer crowd PATH N	N connections to the feed at once; prints of how many the
 *			first line has come, and how many it could not make
 * peer flood PATH S	writes to the feed for S seconds, reading nothing; prints
 *			how the writing ended
 * peer garbage PATH N	N packets of random bytes and sizes, with fds or without, to
 *			a packet socket, each over a connection of its own; prints N
 * peer deaf PATH	accepts packet connections at PATH and says nothing
 * peer load NAME FILE	loads the module FILE as a task called NAME (\xHH is a byte)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MAX_CROWD 1000

static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int connect_to(const char *path, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

/* The first line has come within ten seconds. */
static int is_greeted(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char start[8];

	return poll(&poll_fd, 1, 10000) == 1 &&
	       recv(fd, start, sizeof(start), MSG_WAITALL) == sizeof(start) &&
	       !memcmp(start, "{\"type\":", sizeof(start));
}

static int crowd(const char *path, int n)
{
	int fd[MAX_CROWD], i, greeted = 0, failed = 0;

	for (i = 0; i < n && i < MAX_CROWD; i++) {
		fd[i] = connect_to(path, SOCK_STREAM);
		failed += fd[i] < 0;
	}
	for (i = 0; i < n && i < MAX_CROWD; i++)
		greeted += fd[i] >= 0 && is_greeted(fd[i]);
	printf("%d %d\n", greeted, failed);
	return 0;
}

static int flood(const char *path, int seconds)
{
	static char bytes[65536];
	int fd = connect_to(path, SOCK_STREAM);
	const struct timeval limit = { .tv_sec = 1 };
	time_t end = time(NULL) + seconds;

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	while (time(NULL) < end) {
		if (send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) >= 0)
			continue;
		printf("%s\n", strerror(errno));
		return 0;
	}
	printf("written for %d s\n", seconds);
	return 0;
}

/* Every third has the head of a message of ours, whatever follows. */
static void send_garbage(int fd, int number)
{
	static const size_t sizes[] = { 0, 1, 4, 16, 511, 512, 513, 4096 };
	char bytes[4096], control[CMSG_SPACE(3 * sizeof(int))] = "";
	struct iovec iov = {
		.iov_base = bytes,
		.iov_len = sizes[number % (sizeof(sizes) / sizeof(*sizes))],
	};
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *head;
	int fds[3] = { 0, fd, 1 };

	if (getrandom(bytes, sizeof(bytes), 0) < 0)
		exit(1);
	if (number % 3 == 0) {
		iov.iov_len = 512;
		memset(bytes, 0, 16);
		bytes[0] = number / 3 % 7;
		bytes[8] = number % 2 ? 3 : 200;
	}
	if (number % 2) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(fds));
		memcpy(CMSG_DATA(head), fds, sizeof(fds));
	}
	sendmsg(fd, &message, MSG_NOSIGNAL);
}

static int garbage(const char *path, int n)
{
	int i, fd, sent = 0;

	for (i = 0; i < n; i++) {
		fd = connect_to(path, SOCK_SEQPACKET);
		if (fd < 0)
			continue;
		send_garbage(fd, i);
		close(fd);
		sent++;
	}
	printf("%d\n", sent);
	return 0;
}

static int deaf(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		return 1;
	while (accept(fd, NULL, NULL) >= 0)
		;
	return 1;
}

static int load(const char *text, const char *path)
{
	char name[16] = "", *at = name, hex[3] = "";
	int fd;

	while (*text && at < name + sizeof(name) - 1) {
		if (strncmp(text, "\\x", 2) || !text[2] || !text[3]) {
			*at++ = *text++;
			continue;
		}
		memcpy(hex, text + 2, 2);
		*at++ = strtoul(hex, NULL, 16);
		text += 4;
	}
	prctl(PR_SET_NAME, name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0)) {
		perror(path);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "crowd"))
		return crowd(argv[2], atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "flood"))
		return flood(argv[2], atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "garbage"))
		return garbage(argv[2], atoi(argv[3]));
	if (argc == 3 && !strcmp(argv[1], "deaf"))
		return deaf(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "load"))
		return load(argv[2], argv[3]);
	fprintf(stderr, "peer: see the head of peer.c\n");
	return 2;
}
