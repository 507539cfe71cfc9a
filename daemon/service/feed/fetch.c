// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/socket.h"
#include "service/feed/fetch.h"
#include "service/handover.h"
#include "service/paths.h"

#define ANSWER_SECONDS 10

/* A report is emptied when there are many newer ones: we were slow, and ask again. */
#define TRIES 5

static int connect_to(const char *path, int type, char *why, size_t size)
{
	const struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	int fd = vmw_socket_connect(path, type);

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
		return fd;
	}
	if (fd == -EACCES)
		snprintf(why, size, "%s: %s: run as root, or join group vmemmapwatch", path,
			 strerror(-fd));
	else if (fd == -EAGAIN)
		snprintf(why, size, "%s: the service does not answer", path);
	else
		snprintf(why, size,
			 "%s: %s: no service is running (systemctl start vmemmapwatch)", path,
			 strerror(-fd));
	return fd;
}

int vmw_fetch_feed(const char *feed, char *why, size_t size)
{
	const struct timeval forever = { 0 };
	int fd = connect_to(feed, SOCK_STREAM, why, size);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &forever, sizeof(forever));
	return fd;
}

static int read_state(struct vmw_state **ret, const struct vmw_message *hello,
		      struct vmw_fds *fds, char *why, size_t size)
{
	char reason[128];
	int fd = vmw_fds_take(fds, "state");
	int err;

	if (fd < 0) {
		snprintf(why, size, "the service sent no report: %.200s", hello->text);
		return -ENODATA;
	}
	err = vmw_state_receive(ret, fd, reason, sizeof(reason));
	if (err)
		snprintf(why, size, "what the service sent: %s", reason);
	else
		vmw_probes_use_rows((*ret)->probes);
	close(fd);
	return err;
}

static int fetch(struct vmw_state **ret, const char *feed, char *why, size_t size)
{
	struct vmw_fds fds = { .nr = 0 };
	struct vmw_message hello;
	char path[VMW_PATH_LEN];
	int fd, err;

	vmw_path_beside_feed(feed, VMW_REPORT_SOCKET, path);
	fd = connect_to(path, SOCK_SEQPACKET, why, size);
	if (fd < 0)
		return fd;
	err = vmw_message_receive(fd, &hello, &fds);
	close(fd);
	if (err)
		snprintf(why, size, "%s: %s", path,
			 err == -EAGAIN ? "the service does not answer" : strerror(-err));
	else if (strcmp(hello.build, vmw_build)) {
		snprintf(why, size,
			 "the service is vmemmapwatch %s, and this is %s: systemctl restart vmemmapwatch",
			 hello.build, vmw_build);
		err = -EPROTO;
	} else {
		err = read_state(ret, &hello, &fds, why, size);
	}
	vmw_fds_close(&fds);
	return err;
}

int vmw_fetch_report(struct vmw_state **ret, const char *feed, char *why, size_t size)
{
	int tries = TRIES, err;

	do {
		err = fetch(ret, feed, why, size);
	} while (err == -ESTALE && --tries);
	return err;
}
