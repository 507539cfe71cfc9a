/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_FEED_SOCKET_H
#define VMEMMAPWATCH_FEED_SOCKET_H

#include <stddef.h>

#include "cli/options.h"

/*
 * A listening Unix socket of @type (SOCK_STREAM, SOCK_SEQPACKET) as @socket says,
 * non-blocking. One that is there already is replaced, unless somebody listens to
 * it. Returns the fd, or a negative errno with one line in @why (of @size bytes).
 */
int vmw_socket_listen(const struct vmw_feed_socket *socket, int type, char *why, size_t size);

/*
 * Connect to @path: the fd, or a negative errno, -EAGAIN where nobody took us for 10 s.
 * Sending has the same limit.
 */
int vmw_socket_connect(const char *path, int type);

/*
 * The next connection at @listener, which does not block. -EMFILE as well where it would
 * be one of the last file descriptors: those are for what clients are to be told.
 */
int vmw_socket_accept(int listener);

#endif
