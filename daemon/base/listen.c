// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "service/http/http.h"

#define SOCKET_FLAGS (SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK)
#define BACKLOG 64

static int refuse(const char *where, const char *reason, int err, char *why, size_t size)
{
	snprintf(why, size, "cannot listen on %s: %s", where, reason);
	return err;
}

static int finish(int fd, const char *where, char *why, size_t size)
{
	int err;

	if (!listen(fd, BACKLOG))
		return fd;
	err = -errno;
	close(fd);
	return refuse(where, strerror(-err), err, why, size);
}

/*
 * What is left of a server that has died refuses connections; nobody else does. Of
 * two that start at once and find it, the later one has the path: that is no worse.
 */
static bool is_stale(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	bool stale;

	if (fd < 0)
		return false;
	stale = connect(fd, (const struct sockaddr *)address, sizeof(*address)) &&
		errno == ECONNREFUSED;
	close(fd);
	return stale;
}

/* 0 where @address is free, or is now. */
static int make_way(const struct sockaddr_un *address, const char *where, char *why,
		    size_t size)
{
	struct stat status;

	if (lstat(address->sun_path, &status))
		return 0;
	if (!S_ISSOCK(status.st_mode))
		return refuse(where, "there is something that is no socket", -EEXIST, why, size);
	if (!is_stale(address))
		return refuse(where, "somebody listens there already", -EADDRINUSE, why, size);
	if (unlink(address->sun_path))
		return refuse(where, strerror(errno), -errno, why, size);
	return 0;
}

static int listen_unix(const char *where, const char *path, char *why, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd, err;

	if (!*path || strlen(path) >= sizeof(address.sun_path))
		return refuse(where, "expected unix: and a path of 1 to 107 bytes", -EINVAL,
			      why, size);
	strcpy(address.sun_path, path);
	err = make_way(&address, where, why, size);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCKET_FLAGS, 0);
	if (fd < 0)
		return refuse(where, strerror(errno), -errno, why, size);
	/* From the start: a chmod() would come too late for who is quick. */
	mask = umask(0117);
	err = bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	umask(mask);
	if (err) {
		close(fd);
		return refuse(where, strerror(-err), err, why, size);
	}
	return finish(fd, where, why, size);
}

/* "[::1]:9757" -> "::1" and "9757". False where it is not of that form. */
static bool split(const char *where, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(where, ':');
	const char *start = where, *end = colon;
	char *rest;
	long number;

	/* glibc takes * for any address, which is better said in full. */
	if (!colon || colon == where || *where == '*' || colon[1] < '0' || colon[1] > '9')
		return false;
	number = strtol(colon + 1, &rest, 10);
	if (*rest || number < 1 || number > 65535)
		return false;
	if (*start == '[') {
		start++;
		if (*--end != ']')
			return false;
	} else if (memchr(start, ':', end - start)) {
		return false;
	}
	if (end <= start || (size_t)(end - start) >= size)
		return false;
	memcpy(host, start, end - start);
	host[end - start] = '\0';
	*port = colon + 1;
	return true;
}

static int listen_tcp(const char *where, char *why, size_t size)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *address;
	const char *port;
	char host[64];
	int fd, err, one = 1;

	if (!split(where, host, sizeof(host), &port) ||
	    getaddrinfo(host, port, &hints, &address))
		return refuse(where, "expected ADDRESS:PORT in numbers, as 127.0.0.1:9757 or [::1]:9757, or unix:PATH",
			      -EINVAL, why, size);
	fd = socket(address->ai_family, SOCKET_FLAGS, 0);
	err = fd < 0 ? -errno : 0;
	/* Connections of a server before, on their way to an end, are in nobody's way. */
	if (!err && (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
		     bind(fd, address->ai_addr, address->ai_addrlen)))
		err = -errno;
	freeaddrinfo(address);
	if (!err)
		return finish(fd, where, why, size);
	if (fd >= 0)
		close(fd);
	return refuse(where, strerror(-err), err, why, size);
}

int vmw_http_listen(const char *where, char *why, size_t size)
{
	if (!strncmp(where, "unix:", 5))
		return listen_unix(where, where + 5, why, size);
	return listen_tcp(where, why, size);
}
