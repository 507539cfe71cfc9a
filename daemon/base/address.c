// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/socket.h"

#define BACKLOG 64

static bool parse_port(const char *text, in_port_t *ret)
{
	unsigned long port;
	char *end;

	/* strtoul() takes signs and blanks, too. */
	if (!isdigit((unsigned char)*text))
		return false;
	port = strtoul(text, &end, 10);
	*ret = htons(port);
	return !*end && port && port <= 65535;
}

/* "A.B.C.D:PORT" or "[IPV6]:PORT". Without a length: it has no such form. */
static bool parse_tcp(struct vmw_address *address, const char *text)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address->at;
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address->at;
	const char *colon = strrchr(text, ':');
	bool brackets = *text == '[' && colon && colon[-1] == ']';
	char host[INET6_ADDRSTRLEN];
	size_t length;

	if (!colon)
		return false;
	length = colon - text - 2 * brackets;
	if (length >= sizeof(host))
		return false;
	memcpy(host, text + brackets, length);
	host[length] = '\0';
	if (brackets) {
		v6->sin6_family = AF_INET6;
		if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1)
			return false;
		address->length = sizeof(*v6);
		return parse_port(colon + 1, &v6->sin6_port);
	}
	v4->sin_family = AF_INET;
	if (inet_pton(AF_INET, host, &v4->sin_addr) != 1)
		return false;
	address->length = sizeof(*v4);
	return parse_port(colon + 1, &v4->sin_port);
}

int vmw_address_parse(struct vmw_address *ret, const char *text, char *why, size_t size)
{
	struct sockaddr_un *un = &ret->at.un;
	const char *path = text + 5;

	memset(ret, 0, sizeof(*ret));
	ret->text = text;
	if (strncmp(text, "unix:", 5)) {
		if (parse_tcp(ret, text))
			return 0;
		/* Only the port is left to be wrong. */
		if (ret->length)
			snprintf(why, size, "expected a PORT from 1 to 65535");
		else
			snprintf(why, size, "expected 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
		return -EINVAL;
	}
	if (*path != '/' || strlen(path) >= sizeof(un->sun_path)) {
		snprintf(why, size,
			 "expected unix:PATH, PATH absolute and of less than %zu bytes",
			 sizeof(un->sun_path));
		return -EINVAL;
	}
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path, path);
	ret->length = sizeof(*un);
	return 0;
}

static int listen_unix(const struct vmw_address *address, char *why, size_t size)
{
	struct vmw_unix_socket socket = { .mode = 0660 };

	strcpy(socket.path, address->at.un.sun_path);
	return vmw_socket_listen(&socket, SOCK_STREAM, why, size);
}

int vmw_address_listen(const struct vmw_address *address, char *why, size_t size)
{
	int fd, err, one = 1;

	if (address->at.any.sa_family == AF_UNIX)
		return listen_unix(address, why, size);
	fd = socket(address->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Connections of a server before, on their way to an end, are in nobody's way. */
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) &&
	    !bind(fd, &address->at.any, address->length) && !listen(fd, BACKLOG))
		return fd;
	err = -errno;
	snprintf(why, size, "%s: cannot listen: %s", address->text, strerror(-err));
	if (fd >= 0)
		close(fd);
	return err;
}
