/* SPDX-License-Identifier: GPL-2.0-only */
/* "ADDRESS:PORT" and "unix:PATH", to listen there. */
#ifndef VMEMMAPWATCH_BASE_ADDRESS_H
#define VMEMMAPWATCH_BASE_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

/* A port or a Unix socket; @length is 0 where nothing was asked for. */
struct vmw_address {
	union {
		struct sockaddr any;
		struct sockaddr_storage storage;
		struct sockaddr_un un;
	} at;
	socklen_t length;
	const char *text; /* as it was given: the pointer is kept */
};

/*
 * "ADDRESS:PORT" ("[::1]:9977": numbers, no names) or "unix:PATH" (absolute). 0, or
 * -EINVAL with what was expected in @why (of @size bytes).
 */
int vmw_address_parse(struct vmw_address *ret, const char *text, char *why, size_t size);

/*
 * A listening stream socket there, non-blocking; a Unix socket has mode 0660. Returns
 * the fd, or a negative errno with one line in @why (of @size bytes).
 */
int vmw_address_listen(const struct vmw_address *address, char *why, size_t size);

#endif
