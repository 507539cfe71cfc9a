/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libmicrohttpd, loaded by whoever serves: with GnuTLS and what that needs it was a
 * quarter of the memory of a watch, which never serves.
 */
#ifndef VMEMMAPWATCH_SERVICE_HTTP_LIBRARY_H
#define VMEMMAPWATCH_SERVICE_HTTP_LIBRARY_H

#include <stddef.h>
#include <sys/types.h>

#include <microhttpd.h>

/* What is called of it, without MHD_ in front. */
#define VMW_HTTP_FUNCTIONS(X) \
	X(add_response_header) \
	X(create_response_from_buffer) \
	X(create_response_from_fd64) \
	X(destroy_response) \
	X(get_connection_info) \
	X(get_daemon_info) \
	X(get_timeout) \
	X(lookup_connection_value) \
	X(queue_response) \
	X(quiesce_daemon) \
	X(run) \
	X(start_daemon) \
	X(stop_daemon)

/* The types are those of its header. */
struct vmw_http_library {
#define VMW_HTTP_MEMBER(name) __typeof__(MHD_##name) *name;
	VMW_HTTP_FUNCTIONS(VMW_HTTP_MEMBER)
#undef VMW_HTTP_MEMBER
};

/* That of the library whose header we were compiled with. */
extern const char vmw_http_soname[];

/*
 * Load @soname, for as long as this process lives. -ELIBACC and one line in @why (of
 * @size bytes) where it is not there, or lacks one of the functions.
 */
int vmw_http_library_load(struct vmw_http_library *ret, const char *soname, char *why,
			  size_t size);

#endif
