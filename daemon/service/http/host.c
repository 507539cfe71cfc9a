// SPDX-License-Identifier: GPL-2.0-only
/* Who may read: by the socket, and by the name that a client has asked for. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "service/http/http.h"

#define NAME_LEN 256

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

bool vmw_http_is_private(int fd)
{
	socklen_t length = sizeof(union address);
	struct stat status;
	union address own = { 0 };

	if (getsockname(fd, &own.any, &length) || own.any.sa_family != AF_UNIX)
		return false;
	/* An abstract one has no file, and lets everybody in. */
	return *own.un.sun_path && !stat(own.un.sun_path, &status) && !(status.st_mode & S_IWOTH);
}

/* "name", "name:9977" or "[::1]:9977" without its port; false where it is none. */
static bool split(const char *host, char name[NAME_LEN])
{
	bool bracket = *host == '[';
	size_t length = strcspn(host + bracket, bracket ? "]" : ":");
	const char *rest = host + bracket + length;

	if (length >= NAME_LEN || (bracket && *rest++ != ']') || (*rest && *rest != ':'))
		return false;
	memcpy(name, host + bracket, length);
	name[length] = '\0';
	return length;
}

static bool is_address(const char *name)
{
	struct in6_addr any;

	return inet_pton(AF_INET, name, &any) == 1 || inet_pton(AF_INET6, name, &any) == 1;
}

static bool is_loopback(const union address *own)
{
	static const unsigned char mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127 };

	if (own->any.sa_family == AF_INET)
		return ntohl(own->in.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&own->in6.sin6_addr) ||
	       !memcmp(&own->in6.sin6_addr, mapped, sizeof(mapped));
}

/* Whoever has this machine's name as the first label of his own domain is on a network. */
static bool is_our_name(const char *name, bool with_domain)
{
	char own[NAME_LEN] = "";
	size_t length;

	if (gethostname(own, sizeof(own) - 1) || !*own)
		return false;
	length = strlen(own);
	return !strncasecmp(name, own, length) &&
	       (!name[length] || (with_domain && name[length] == '.'));
}

bool vmw_http_may_ask(int fd, const char *host)
{
	socklen_t length = sizeof(union address);
	union address own = { 0 };
	char name[NAME_LEN];

	if (getsockname(fd, &own.any, &length))
		return false;
	/* A browser always names a host, and never asks over a Unix socket. */
	if (own.any.sa_family == AF_UNIX || !host)
		return true;
	return split(host, name) && (is_address(name) || !strcasecmp(name, "localhost") ||
				     is_our_name(name, !is_loopback(&own)));
}
