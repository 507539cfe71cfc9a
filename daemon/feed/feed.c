// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../log.h"
#include "feed.h"
#include "socket.h"

/* A client that takes nothing for so long is let go; looked for so often meanwhile. */
#define PATIENCE_US	30000000ULL
#define CHECKS		6

/* New clients in a time: what fails, or floods us, leaves us time for others. */
#define RATE_US		1000000ULL
#define RATE		200

/* How long the end waits for clients that have not read all of it. */
#define DRAIN_MS	1000

/* Behind the queue, what the kernel keeps for one client: less than it likes. */
#define SEND_BUFFER	(64 << 10)

struct listener {
	struct listener *next;
	struct vmw_feed *feed;
	struct vmw_feed_socket socket;
	int fd;
	bool full;		/* no client more, and it was said */
	sd_event_source *source;
};

struct vmw_feed {
	sd_event *loop;
	struct vmw_report *report;
	const char *status;
	struct listener *listeners;
	struct vmw_client *clients;
	struct vmw_lines lines;
	sd_event_source *flush;		/* once for all lines of one turn of the loop */
	sd_event_source *check;		/* while a client is blocked */
	u64 patience_us;
	struct vmw_feed_counts counts;
};

int vmw_feed_new(struct vmw_feed **ret, sd_event *loop, struct vmw_report *report,
		 const char *status)
{
	struct vmw_feed *feed = calloc(1, sizeof(*feed));

	if (!feed)
		return -ENOMEM;
	feed->loop = loop;
	feed->report = report;
	feed->status = status;
	feed->patience_us = PATIENCE_US;
	*ret = feed;
	return 0;
}

void vmw_feed_set_patience(struct vmw_feed *feed, u64 usec)
{
	feed->patience_us = usec;
}

static void let_go(struct vmw_feed *feed, struct vmw_client *client)
{
	struct vmw_client **at;

	for (at = &feed->clients; *at != client; at = &(*at)->next)
		;
	*at = client->next;
	feed->counts.clients--;
	vmw_client_free(client);
}

static int on_check(sd_event_source *source, uint64_t usec, void *context);

static void check_later(struct vmw_feed *feed)
{
	u64 wait = feed->patience_us / CHECKS;

	if (!feed->check)
		sd_event_add_time_relative(feed->loop, &feed->check, CLOCK_MONOTONIC, wait,
					   wait, on_check, feed);
}

static void set_blocked(struct vmw_feed *feed, struct vmw_client *client, bool blocked)
{
	if (client->blocked == blocked)
		return;
	client->blocked = blocked;
	sd_event_source_set_io_events(client->source, blocked ? EPOLLOUT : 0);
	if (!blocked)
		return;
	/* What it did before is no reason to be let go: it had taken all there was. */
	client->progress_ns = vmw_feed_now_ns();
	check_later(feed);
}

/* False where the client is gone. */
static bool serve(struct vmw_feed *feed, struct vmw_client *client)
{
	u64 missed = client->missed_ever;
	int err;

	err = vmw_client_send(client, &feed->lines, feed->report, feed->status);
	feed->counts.missed += client->missed_ever - missed;
	if (err < 0 && err != -EAGAIN) {
		let_go(feed, client);
		return false;
	}
	/* Whoever has more to come is served again when the others had their turn. */
	set_blocked(feed, client, err != 1);
	return true;
}

static int on_flush(sd_event_source *source, void *context)
{
	struct vmw_feed *feed = context;
	struct vmw_client *client, *next;

	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	for (client = feed->clients; client; client = next) {
		next = client->next;
		if (!client->blocked)
			serve(feed, client);
	}
	return 0;
}

static void flush_soon(struct vmw_feed *feed)
{
	if (feed->flush)
		sd_event_source_set_enabled(feed->flush, SD_EVENT_ONESHOT);
	else
		sd_event_add_defer(feed->loop, &feed->flush, on_flush, feed);
}

/* Stuck ones go; the clock stops where nobody is blocked. */
static int on_check(sd_event_source *source, uint64_t usec, void *context)
{
	struct vmw_feed *feed = context;
	struct vmw_client *client, *next;
	bool blocked = false;

	(void)source;
	feed->check = sd_event_source_unref(feed->check);
	for (client = feed->clients; client; client = next) {
		next = client->next;
		if (!client->blocked)
			continue;
		if (usec > client->progress_ns / 1000 + feed->patience_us) {
			vmw_notice("feed: a client has read nothing for %llu s, and is let go",
				   (unsigned long long)feed->patience_us / 1000000);
			feed->counts.dropped++;
			let_go(feed, client);
		} else {
			blocked = true;
		}
	}
	if (blocked)
		check_later(feed);
	return 0;
}

/*
 * Clients have nothing to say, and what they say is not read: only their going is of
 * interest, which is told without being asked for.
 */
static int on_client(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct vmw_client *client = context;
	struct vmw_feed *feed = client->feed;

	(void)source;
	(void)fd;
	if (events & (EPOLLHUP | EPOLLERR)) {
		let_go(feed, client);
		return 0;
	}
	if (events & EPOLLOUT)
		serve(feed, client);
	return 0;
}

static int new_client(struct listener *listener, int fd)
{
	struct vmw_feed *feed = listener->feed;
	struct vmw_client *client = calloc(1, sizeof(*client));
	int size = SEND_BUFFER, err;

	if (!client) {
		close(fd);
		return -ENOMEM;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	client->feed = feed;
	client->fd = fd;
	client->telling = listener->socket.redact ? VMW_TELL_REDACTED : VMW_TELL_PLAIN;
	client->at = feed->lines.end;
	client->next = feed->clients;
	feed->clients = client;
	feed->counts.clients++;
	err = sd_event_add_io(feed->loop, &client->source, fd, 0, on_client, client);
	if (err < 0) {
		let_go(feed, client);
		return err;
	}
	serve(feed, client);
	return 0;
}

static int on_connect(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct listener *listener = context;
	int client, err;

	(void)source;
	(void)events;
	client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	err = client < 0 ? -errno : new_client(listener, client);
	/* One that cannot be taken is asked for again, as often as the limit lets it. */
	if (err == -EMFILE || err == -ENFILE || err == -ENOMEM) {
		if (!listener->full)
			vmw_error("feed: no more clients: %s: expected a higher RLIMIT_NOFILE (LimitNOFILE=)",
				  strerror(-err));
		listener->full = true;
	} else if (!err) {
		listener->full = false;
	}
	return 0;
}

int vmw_feed_listen(struct vmw_feed *feed, const struct vmw_feed_socket *socket, char *why,
		    size_t size)
{
	struct listener *listener = calloc(1, sizeof(*listener));
	int err;

	if (!listener) {
		snprintf(why, size, "%s: %s", socket->path, strerror(ENOMEM));
		return -ENOMEM;
	}
	listener->feed = feed;
	listener->socket = *socket;
	listener->fd = vmw_socket_listen(socket, SOCK_STREAM, why, size);
	if (listener->fd < 0) {
		err = listener->fd;
		free(listener);
		return err;
	}
	listener->next = feed->listeners;
	feed->listeners = listener;
	err = sd_event_add_io(feed->loop, &listener->source, listener->fd, EPOLLIN,
			      on_connect, listener);
	if (err >= 0)
		err = sd_event_source_set_ratelimit(listener->source, RATE_US, RATE);
	if (err < 0)
		snprintf(why, size, "%s: %s", socket->path, strerror(-err));
	return err < 0 ? err : 0;
}

void vmw_feed_stop_listening(struct vmw_feed *feed)
{
	while (feed->listeners) {
		struct listener *listener = feed->listeners;

		feed->listeners = listener->next;
		sd_event_source_disable_unref(listener->source);
		close(listener->fd);
		unlink(listener->socket.path);
		free(listener);
	}
}

static bool anybody(const struct vmw_feed *feed, enum vmw_telling telling)
{
	const struct vmw_client *client;

	for (client = feed->clients; client; client = client->next) {
		if (client->telling == telling)
			return true;
	}
	return false;
}

void vmw_feed_tell(struct vmw_feed *feed, vmw_render_fn render, const void *subject)
{
	struct vmw_line *line[VMW_NR_TELLINGS] = { NULL };
	int telling;

	if (!feed->clients)
		return;
	feed->report->lines = feed->lines.end;
	for (telling = 0; telling < VMW_NR_TELLINGS; telling++) {
		if (anybody(feed, telling))
			line[telling] = vmw_render_line(feed->report, telling, render, subject);
	}
	vmw_lines_append(&feed->lines, line);
	flush_soon(feed);
}

void vmw_feed_count(const struct vmw_feed *feed, struct vmw_feed_counts *ret)
{
	*ret = feed->counts;
	ret->lines = feed->lines.end;
}

/* Clients that have all there is are let go. Returns whether there are others. */
static bool serve_last(struct vmw_feed *feed)
{
	struct vmw_client *client, *next;

	for (client = feed->clients; client; client = next) {
		next = client->next;
		if (serve(feed, client) && !client->blocked)
			let_go(feed, client);
	}
	return feed->clients;
}

/* Those that read get all of it; nobody is waited for longer than this together. */
static void drain(struct vmw_feed *feed)
{
	unsigned int i;

	for (i = 0; serve_last(feed) && i < DRAIN_MS; i++)
		usleep(1000);
	while (feed->clients)
		let_go(feed, feed->clients);
}

void vmw_feed_free(struct vmw_feed *feed)
{
	if (!feed)
		return;
	vmw_feed_stop_listening(feed);
	drain(feed);
	sd_event_source_disable_unref(feed->flush);
	sd_event_source_disable_unref(feed->check);
	vmw_lines_free(&feed->lines);
	free(feed);
}
