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
 * peer hoard TYPE PATH N S	for S seconds N processes connect to a "packet" or
 *			"stream" socket as fast as they can, and hold what they get:
 *			the fds that are sent, the connections; prints how many
 *			connections there were, and how many fds were held at the end
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
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
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

#define MOST_HELD 100000

struct held {
	int fd[MOST_HELD];
	unsigned int nr, next;
	unsigned int connections;
};

/* The oldest make room, should there be no more: what is new costs most. */
static void hold(struct held *held, int fd)
{
	if (held->nr == MOST_HELD)
		close(held->fd[held->next]);
	else
		held->nr++;
	held->fd[held->next] = fd;
	held->next = (held->next + 1) % MOST_HELD;
}

static void hold_sent(struct held *held, int fd)
{
	char bytes[8192], control[CMSG_SPACE(253 * sizeof(int))];
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr message;
	struct cmsghdr *head;
	size_t i, nr;

	for (;;) {
		message = (struct msghdr){ .msg_iov = &iov,
					   .msg_iovlen = 1,
					   .msg_control = control,
					   .msg_controllen = sizeof(control) };
		if (recvmsg(fd, &message, 0) <= 0)
			break;
		for (head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
			nr = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			for (i = 0; i < nr; i++)
				hold(held, ((int *)CMSG_DATA(head))[i]);
		}
	}
	close(fd);
}

static void hoard_one(int type, const char *path, int seconds, int result)
{
	struct held *held = calloc(1, sizeof(*held));
	const struct timeval limit = { .tv_sec = 1 };
	time_t end = time(NULL) + seconds;
	int fd;

	while (held && time(NULL) < end) {
		fd = connect_to(path, type);
		if (fd < 0) {
			usleep(1000);
			continue;
		}
		held->connections++;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		if (type == SOCK_STREAM)
			hold(held, fd);
		else
			hold_sent(held, fd);
	}
	if (!held)
		_exit(1);
	dprintf(result, "%u %u\n", held->connections, held->nr);
	_exit(0);
}

static int hoard(const char *type, const char *path, int n, int seconds)
{
	unsigned int connections, held, all_connections = 0, all_held = 0;
	struct rlimit limit;
	FILE *results;
	int i, fds[2];

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (pipe(fds))
		return 1;
	for (i = 0; i < n; i++) {
		if (!fork())
			hoard_one(strcmp(type, "stream") ? SOCK_SEQPACKET : SOCK_STREAM, path,
				  seconds, fds[1]);
	}
	close(fds[1]);
	results = fdopen(fds[0], "r");
	while (results && fscanf(results, "%u %u", &connections, &held) == 2) {
		all_connections += connections;
		all_held += held;
	}
	printf("%u %u\n", all_connections, all_held);
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
	if (argc == 6 && !strcmp(argv[1], "hoard"))
		return hoard(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]));
	if (argc == 3 && !strcmp(argv[1], "deaf"))
		return deaf(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "load"))
		return load(argv[2], argv[3]);
	fprintf(stderr, "peer: see the head of peer.c\n");
	return 2;
}
