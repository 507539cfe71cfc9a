// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request a connection, and each has its time. Slow clients, however many, cost the
 * others a moment: where all places are taken, each has a second. The server is
 * libmicrohttpd's, whose own time-out starts anew with every byte that a client sends,
 * or takes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "service/http/http.h"
#include "service/http/library.h"

#define MAX_CONNECTIONS 16
#define IDLE_S		10	    /* without a byte */
#define REQUEST_US	10000000ULL /* until the request is there */
#define RESPONSE_US	60000000ULL /* until the response is gone */
#define CROWDED_US	1000000ULL  /* for all of it, where others may wait */
#define MAX_HEADER	8192	    /* bytes of a request's line and headers */

#define TEXT_TYPE	 "text/plain; charset=utf-8"
#define METRICS_TYPE	 "text/plain; version=0.0.4; charset=utf-8"
#define OPENMETRICS_NAME "application/openmetrics-text"
#define OPENMETRICS_TYPE OPENMETRICS_NAME "; version=1.0.0; charset=utf-8"

struct connection {
	struct connection *next;
	struct vmw_http *http;
	int fd;
	uint64_t begun;	   /* CLOCK_MONOTONIC, microseconds */
	uint64_t deadline; /* UINT64_MAX: it has been ended */
};

struct vmw_http {
	struct MHD_Daemon *daemon;
	sd_event *loop;
	sd_event_source *input;
	sd_event_source *timer;
	struct connection *connections;
	bool closed_one;
	struct vmw_http_pages pages;
	void *context;
};

/* Since the first vmw_http_new(). */
static struct vmw_http_library mhd;

static uint64_t now(const struct vmw_http *http)
{
	uint64_t usec = 0;

	sd_event_now(http->loop, CLOCK_MONOTONIC, &usec);
	return usec;
}

/* A response that says @line; NULL for lack of memory. */
static struct MHD_Response *line_response(const char *line)
{
	struct MHD_Response *response;
	char *text;
	int length = asprintf(&text, "%s\n", line);

	if (length < 0)
		return NULL;
	response = mhd.create_response_from_buffer(length, text, MHD_RESPMEM_MUST_COPY);
	free(text);
	return response;
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned int status,
			     struct MHD_Response *response, const char *type)
{
	enum MHD_Result result;

	/* Ends the connection. */
	if (!response)
		return MHD_NO;
	mhd.add_response_header(response, "Content-Type", type);
	mhd.add_response_header(response, "Cache-Control", "no-store");
	mhd.add_response_header(response, "Connection", "close");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		mhd.add_response_header(response, "Allow", "GET, HEAD");
	result = mhd.queue_response(connection, status, response);
	mhd.destroy_response(response);
	return result;
}

static enum MHD_Result queue_line(struct MHD_Connection *connection, unsigned int status,
				  const char *line)
{
	return queue(connection, status, line_response(line), TEXT_TYPE);
}

/*
 * What @write writes, in memory that is no heap of ours: a report can be large, and
 * is read by the kernel alone. Returns a file descriptor or a negative errno; @ret_err
 * is what @write had to say.
 */
static int make_body(const struct vmw_http *http, vmw_http_write write, int *ret_err)
{
	int fd = memfd_create("vmemmapwatch-page", MFD_CLOEXEC);
	FILE *file = NULL;
	int err, copy;

	if (fd < 0)
		return -errno;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy >= 0)
		file = fdopen(copy, "w");
	if (!file) {
		err = -errno;
		if (copy >= 0)
			close(copy);
		goto fail;
	}
	*ret_err = write(file, http->context);
	err = ferror(file) ? -EIO : 0;
	if (fclose(file) && !err)
		err = -errno;
	if (!err)
		return fd;
fail:
	close(fd);
	return err;
}

static enum MHD_Result queue_page(const struct vmw_http *http, struct MHD_Connection *connection,
				  vmw_http_write write, const char *type)
{
	struct stat status = { 0 };
	int err = 0, fd = make_body(http, write, &err);

	if (fd < 0)
		err = fd;
	else if (fstat(fd, &status))
		err = -errno;
	/* What was written of a page that failed is a line of why at most. */
	if (err && (!status.st_size || status.st_size > 1024)) {
		if (fd >= 0)
			close(fd);
		return queue_line(connection, MHD_HTTP_SERVICE_UNAVAILABLE, strerror(-err));
	}
	if (!status.st_size) {
		close(fd);
		return queue_line(connection, MHD_HTTP_OK, "ok");
	}
	return queue(connection, err ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK,
		     mhd.create_response_from_fd64(status.st_size, fd), err ? TEXT_TYPE : type);
}

/*
 * Does the client take OpenMetrics? Who names it prefers it, in practice, and the
 * more elaborate answers to Accept have the same effect; "q=0" is a no.
 */
static bool takes_openmetrics(struct MHD_Connection *connection)
{
	const char *accept = mhd.lookup_connection_value(connection, MHD_HEADER_KIND, "Accept");
	const char *name = accept ? strcasestr(accept, OPENMETRICS_NAME) : NULL;
	const char *q;
	size_t length;

	if (!name)
		return false;
	length = strcspn(name, ",");
	q = memmem(name, length, "q=0", 3);
	return !q || q[3 + strspn(q + 3, ".0")] > '0';
}

static enum MHD_Result route(const struct vmw_http *http, struct MHD_Connection *connection,
			     const char *path)
{
	const struct vmw_http_pages *pages = &http->pages;

	if (!strcmp(path, "/metrics")) {
		if (takes_openmetrics(connection))
			return queue_page(http, connection, pages->openmetrics, OPENMETRICS_TYPE);
		return queue_page(http, connection, pages->metrics, METRICS_TYPE);
	}
	if (!strcmp(path, "/report"))
		return queue_page(http, connection, pages->report, "application/json");
	if (!strcmp(path, "/healthz"))
		return queue_page(http, connection, pages->health, TEXT_TYPE);
	return queue_line(connection, MHD_HTTP_NOT_FOUND,
			  "not found: there are /metrics, /report and /healthz");
}

/* The headers are read. A body, should there be one, is of no interest. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
				  const char *path, const char *method, const char *version,
				  const char *body, size_t *body_size, void **request)
{
	const union MHD_ConnectionInfo *info =
		mhd.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct vmw_http *http = context;
	struct connection *c = info ? info->socket_context : NULL;

	(void)version;
	(void)body;
	(void)body_size;
	(void)request;
	if (c)
		c->deadline = now(http) + RESPONSE_US;
	if (!c || !vmw_http_may_ask(c->fd, mhd.lookup_connection_value(connection,
								       MHD_HEADER_KIND, "Host")))
		return queue_line(connection, MHD_HTTP_MISDIRECTED_REQUEST,
				  "misdirected: ask for an address or this machine's host name");
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return queue_line(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
				  "method not allowed: GET or HEAD");
	return route(http, connection, path);
}

static struct connection *add_connection(struct vmw_http *http, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		mhd.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct connection *c;

	if (!info)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c) {
		shutdown(info->connect_fd, SHUT_RDWR);
		return NULL;
	}
	c->http = http;
	c->fd = info->connect_fd;
	c->begun = now(http);
	c->deadline = c->begun + REQUEST_US;
	c->next = http->connections;
	http->connections = c;
	return c;
}

static void on_connection(void *context, struct MHD_Connection *connection,
			  void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	struct vmw_http *http = context;
	struct connection **at;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = add_connection(http, connection);
		return;
	}
	http->closed_one = true;
	for (at = &http->connections; *at; at = &(*at)->next) {
		struct connection *c = *at;

		if (c != *socket_context)
			continue;
		*at = c->next;
		free(c);
		return;
	}
}

/* An answer is a moment's work: who is still there when all places are taken is slow. */
static bool is_crowded(const struct vmw_http *http)
{
	const struct connection *c;
	unsigned int nr = 0;

	for (c = http->connections; c; c = c->next)
		nr++;
	return nr >= MAX_CONNECTIONS;
}

static uint64_t deadline_of(const struct connection *c, bool crowded)
{
	uint64_t soon = c->begun + CROWDED_US;

	return crowded && soon < c->deadline ? soon : c->deadline;
}

/* Those past their time are shut down, which the server notices as their end. */
static void end_late(struct vmw_http *http)
{
	struct connection *c;
	bool crowded = is_crowded(http);
	uint64_t t = now(http);

	for (c = http->connections; c; c = c->next) {
		if (c->deadline == UINT64_MAX || deadline_of(c, crowded) > t)
			continue;
		shutdown(c->fd, SHUT_RDWR);
		c->deadline = UINT64_MAX;
	}
}

static void set_timer(struct vmw_http *http)
{
	bool crowded = is_crowded(http);
	uint64_t at = UINT64_MAX;
	MHD_UNSIGNED_LONG_LONG ms;
	struct connection *c;

	if (mhd.get_timeout(http->daemon, &ms) == MHD_YES)
		at = now(http) + ms * 1000;
	for (c = http->connections; c; c = c->next) {
		uint64_t deadline = c->deadline == UINT64_MAX ? UINT64_MAX :
								deadline_of(c, crowded);

		at = deadline < at ? deadline : at;
	}
	if (at != UINT64_MAX)
		sd_event_source_set_time(http->timer, at);
	sd_event_source_set_enabled(http->timer,
				    at == UINT64_MAX ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static void run(struct vmw_http *http)
{
	end_late(http);
	/*
	 * At the limit of connections the listening socket is not watched, and is
	 * again only by the next run (MHD_epoll(), libmicrohttpd 0.9.75).
	 */
	do {
		http->closed_one = false;
		mhd.run(http->daemon);
	} while (http->closed_one);
	set_timer(http);
}

static int on_input(sd_event_source *source, int fd, uint32_t events, void *context)
{
	(void)source;
	(void)fd;
	(void)events;
	run(context);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *context)
{
	(void)source;
	(void)usec;
	run(context);
	return 0;
}

__attribute__((format(printf, 2, 0))) static void on_log(void *context, const char *format,
							 va_list arguments)
{
	char line[256];

	(void)context;
	vsnprintf(line, sizeof(line), format, arguments);
	line[strcspn(line, "\n")] = '\0';
	vmw_debug("http: %s", line);
}

static int start(struct vmw_http *http, int listen_fd)
{
	const union MHD_DaemonInfo *info;
	int err;

	http->daemon = mhd.start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL,
					on_request, http, MHD_OPTION_EXTERNAL_LOGGER, on_log,
					NULL, MHD_OPTION_LISTEN_SOCKET, listen_fd,
					MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS,
					MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S,
					MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MAX_HEADER,
					MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
					MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	if (!http->daemon)
		return errno ? -errno : -EIO;
	info = mhd.get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (!info)
		return -EIO;
	err = sd_event_add_io(http->loop, &http->input, info->epoll_fd, EPOLLIN, on_input, http);
	if (err < 0)
		return err;
	/* An accuracy of 1 us: 0 were 250 ms, and the server asks for "at once" by it. */
	err = sd_event_add_time(http->loop, &http->timer, CLOCK_MONOTONIC, 0, 1, on_timer, http);
	return err < 0 ? err : 0;
}

static int create(struct vmw_http **ret, sd_event *loop, int listen_fd,
		  const struct vmw_http_pages *pages, void *context)
{
	struct vmw_http *http = calloc(1, sizeof(*http));
	int flags = fcntl(listen_fd, F_GETFL);
	int err;

	if (!http)
		return -ENOMEM;
	http->loop = sd_event_ref(loop);
	http->pages = *pages;
	http->context = context;
	if (flags < 0 || fcntl(listen_fd, F_SETFL, flags | O_NONBLOCK)) {
		err = -errno;
		goto fail;
	}
	signal(SIGPIPE, SIG_IGN);
	errno = 0;
	err = start(http, listen_fd);
	if (err)
		goto fail;
	*ret = http;
	return 0;
fail:
	/* The socket stays the caller's. */
	if (http->daemon)
		mhd.quiesce_daemon(http->daemon);
	vmw_http_free(http);
	return err;
}

int vmw_http_new(struct vmw_http **ret, sd_event *loop, int listen_fd,
		 const struct vmw_http_pages *pages, void *context, char *why, size_t size)
{
	int err = vmw_http_library_load(&mhd, vmw_http_soname, why, size);

	if (err)
		return err;
	err = create(ret, loop, listen_fd, pages, context);
	if (err)
		snprintf(why, size, "%s", strerror(-err));
	return err;
}

void vmw_http_free(struct vmw_http *http)
{
	if (!http)
		return;
	sd_event_source_disable_unref(http->input);
	sd_event_source_disable_unref(http->timer);
	if (http->daemon)
		mhd.stop_daemon(http->daemon);
	sd_event_unref(http->loop);
	free(http);
}
