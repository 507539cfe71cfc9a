/* SPDX-License-Identifier: GPL-2.0-only */
/* Unix sockets: to listen, and to connect. */
#ifndef VMEMMAPWATCH_BASE_SOCKET_H
#define VMEMMAPWATCH_BASE_SOCKET_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <vmemmapwatch/types.h>

/* A Unix socket, and who may connect to it. */
struct vmw_unix_socket {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	u32 mode;
	char group[64]; /* empty: that of the process */
};

/*
 * A listening Unix socket of @type (SOCK_STREAM, SOCK_SEQPACKET) as @socket says,
 * non-blocking. One that is there already is replaced, unless somebody listens to
 * it. Returns the fd, or a negative errno with one line in @why (of @size bytes).
 */
int vmw_socket_listen(const struct vmw_unix_socket *socket, int type, char *why, size_t size);

/*
 * Connect to @path: the fd, or a negative errno, -EAGAIN where nobody took us for 5 s.
 * Sending has the same limit.
 */
int vmw_socket_connect(const char *path, int type);

/*
 * The next connection at @listener, which does not block. -EMFILE as well where it would
 * be one of the last file descriptors: those are kept for what clients get.
 */
int vmw_socket_accept(int listener);

#endif
