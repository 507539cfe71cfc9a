/* SPDX-License-Identifier: GPL-2.0-only */
/* A small HTTP server for monitoring: /metrics, /report, /healthz. No thread. */
#ifndef VMEMMAPWATCH_SERVICE_HTTP_HTTP_H
#define VMEMMAPWATCH_SERVICE_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <systemd/sd-event.h>

/*
 * Called for each request, to write a page. A negative errno makes it a 503, with
 * what was written as its one line of why, or the errno's where nothing was.
 */
typedef int (*vmw_http_write)(FILE *file, void *context);

struct vmw_http_pages {
	vmw_http_write metrics;
	vmw_http_write openmetrics; /* for a client that takes it */
	vmw_http_write report;	    /* JSON */
	vmw_http_write health;	    /* 0 after writing nothing: "ok" */
};

struct vmw_http;

/*
 * Serve @pages on @listen_fd (made by vmw_address_listen(), or given by systemd),
 * which is taken over on success; driven by @loop. From then on this process
 * ignores SIGPIPE: sendfile() cannot be told not to raise it. The first call loads
 * libmicrohttpd, which stays. A negative errno and one line in @why (of @size bytes).
 */
int vmw_http_new(struct vmw_http **ret, sd_event *loop, int listen_fd,
		 const struct vmw_http_pages *pages, void *context, char *why, size_t size);

/* Closes all connections and the listening socket. NULL is fine. */
void vmw_http_free(struct vmw_http *http);

/*
 * Is the listening socket @fd only for those whom the owner has let in? A Unix socket
 * whose file gives others no right to write, which is what connecting takes.
 */
bool vmw_http_is_private(int fd);

/*
 * May a page be told to who has asked @host (the Host header; NULL: none) for it over
 * the connection @fd? A browser names the site that a script is from, whose DNS may
 * lead here by then: taken are addresses, localhost, and this machine's own name, which
 * other machines may follow by a domain. Over a Unix socket anything is.
 */
bool vmw_http_may_ask(int fd, const char *host);

#endif
