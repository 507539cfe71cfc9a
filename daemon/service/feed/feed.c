// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/socket.h"
#include "service/feed/feed.h"

/* A client that takes nothing for so long is let go; looked for so often meanwhile. */
#define PATIENCE_US 30000000ULL
#define CHECKS	    6

/* New clients in a time: what fails, or floods us, leaves us time for others. */
#define RATE_US 100000ULL
#define RATE	10

/* How long the end waits for clients that have not read all of it. */
#define DRAIN_MS 1000

/* Behind the queue, what the kernel keeps for one client: less than it likes. */
#define SEND_BUFFER (64 << 10)

struct listener {
	struct listener *next;
	struct vmw_feed *feed;
	struct vmw_feed_socket socket;
	int fd;
	bool full; /* no client more, and it was said */
	sd_event_source *source;
};

/* What is told first, for clients who are told the rest like this. */
struct first {
	struct vmw_feed *feed;
	enum vmw_line_form form;
	struct vmw_snapshots *snapshots;
};

struct vmw_feed {
	struct first first[VMW_NR_FORMS];
	u64 changes;		   /* lines, whether or not anybody was there */
	struct vmw_limits *limits; /* the owner's; NULL: none */
	sd_event *loop;
	struct vmw_report *report;
	const char *status;
	struct listener *listeners;
	struct vmw_client *clients;
	struct vmw_lines lines;
	sd_event_source *flush; /* once for all lines of one turn of the loop */
	sd_event_source *check; /* while a client is blocked */
	u64 patience_us;
	struct vmw_feed_counts counts;
};

static u64 begin_snapshot(void *context)
{
	struct first *first = context;

	first->feed->report->lines = first->feed->lines.end;
	return first->feed->lines.end;
}

static int write_snapshot(int fd, void *context)
{
	const struct first *first = context;

	return vmw_write_snapshot(first->feed->report, first->form, first->feed->status, fd);
}

static void on_snapshot(void *context);

void vmw_feed_restart_snapshots(struct vmw_feed *feed)
{
	int form;

	for (form = 0; feed && form < VMW_NR_FORMS; form++)
		vmw_snapshots_restart(feed->first[form].snapshots);
}

int vmw_feed_new(struct vmw_feed **ret, sd_event *loop, struct vmw_report *report,
		 const char *status)
{
	static const struct vmw_snapshot_maker maker = {
		.begin = begin_snapshot,
		.write = write_snapshot,
		.made = on_snapshot,
	};
	struct vmw_feed *feed = calloc(1, sizeof(*feed));
	int form, err = feed ? 0 : -ENOMEM;

	for (form = 0; !err && form < VMW_NR_FORMS; form++) {
		feed->first[form].feed = feed;
		feed->first[form].form = form;
		err = vmw_snapshots_new(&feed->first[form].snapshots, loop, &maker,
					&feed->first[form]);
	}
	if (err) {
		vmw_feed_free(feed);
		return err;
	}
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

void vmw_feed_set_limits(struct vmw_feed *feed, struct vmw_limits *limits)
{
	feed->limits = limits;
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
	client->progress_ns = vmw_clock_ns(CLOCK_MONOTONIC);
	check_later(feed);
}

/* False where the client is gone. */
static bool serve(struct vmw_feed *feed, struct vmw_client *client)
{
	u64 missed = client->missed_ever;
	int err;

	if (client->waits_for)
		return true;
	err = vmw_client_send(client, &feed->lines, feed->report);
	feed->counts.missed += client->missed_ever - missed;
	if (err < 0 && err != -EAGAIN) {
		/* What it was reading has made room for what is newer. */
		feed->counts.dropped += err == -ESTALE;
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

/* Those who have waited for it begin with it; what is new comes behind it. */
static void on_snapshot(void *context)
{
	struct first *first = context;
	struct vmw_feed *feed = first->feed;
	struct vmw_client *client, *next;
	int err = 0;

	for (client = feed->clients; client; client = next) {
		next = client->next;
		if (client->form != first->form || !client->waits_for ||
		    client->waits_for > vmw_snapshots_made(first->snapshots))
			continue;
		client->snapshot = vmw_snapshots_use(first->snapshots, &err);
		if (!client->snapshot) {
			let_go(feed, client);
			continue;
		}
		client->waits_for = 0;
		client->at = client->snapshot->mark;
		serve(feed, client);
	}
	if (err)
		vmw_error("feed: clients are disconnected: the snapshot cannot be written: %s",
			  strerror(-err));
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
			vmw_notice("feed: a client has read nothing for %llu s: disconnected",
				   feed->patience_us / 1000000);
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
	struct vmw_client *client;
	struct vmw_reader *reader = NULL;
	enum vmw_excess excess;
	int size = SEND_BUFFER, err;

	if (feed->limits) {
		reader = vmw_limits_enter(feed->limits, fd, &excess);
		if (!reader) {
			close(fd);
			return 0;
		}
	}
	client = calloc(1, sizeof(*client));
	if (!client) {
		vmw_limits_leave(reader);
		close(fd);
		return -ENOMEM;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	client->feed = feed;
	client->reader = reader;
	client->fd = fd;
	client->form = listener->socket.redact ? VMW_FORM_REDACTED : VMW_FORM_PLAIN;
	client->next = feed->clients;
	feed->clients = client;
	feed->counts.clients++;
	err = sd_event_add_io(feed->loop, &client->source, fd, 0, on_client, client);
	if (err < 0) {
		let_go(feed, client);
		return err;
	}
	client->waits_for = vmw_snapshots_ask(feed->first[client->form].snapshots, feed->changes);
	on_snapshot(&feed->first[client->form]);
	return 0;
}

static int on_connect(sd_event_source *source, int fd, uint32_t events, void *context)
{
	struct listener *listener = context;
	int client, err;

	(void)source;
	(void)events;
	client = vmw_socket_accept(fd);
	err = client < 0 ? client : new_client(listener, client);
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
		snprintf(why, size, "%s: %s", socket->at.path, strerror(ENOMEM));
		return -ENOMEM;
	}
	listener->feed = feed;
	listener->socket = *socket;
	listener->fd = vmw_socket_listen(&socket->at, SOCK_STREAM, why, size);
	if (listener->fd < 0) {
		err = listener->fd;
		free(listener);
		return err;
	}
	listener->next = feed->listeners;
	feed->listeners = listener;
	err = sd_event_add_io(feed->loop, &listener->source, listener->fd, EPOLLIN, on_connect,
			      listener);
	if (err >= 0)
		err = sd_event_source_set_ratelimit(listener->source, RATE_US, RATE);
	if (err < 0)
		snprintf(why, size, "%s: %s", socket->at.path, strerror(-err));
	return err < 0 ? err : 0;
}

void vmw_feed_stop_listening(struct vmw_feed *feed)
{
	while (feed->listeners) {
		struct listener *listener = feed->listeners;

		feed->listeners = listener->next;
		sd_event_source_disable_unref(listener->source);
		close(listener->fd);
		unlink(listener->socket.at.path);
		free(listener);
	}
}

static bool anybody(const struct vmw_feed *feed, enum vmw_line_form form)
{
	const struct vmw_client *client;

	for (client = feed->clients; client; client = client->next) {
		if (client->form == form)
			return true;
	}
	return false;
}

size_t vmw_feed_send(struct vmw_feed *feed, vmw_render_fn render, const void *subject)
{
	struct vmw_line *line[VMW_NR_FORMS] = { NULL };
	size_t bytes = 0;
	int form;

	feed->changes++;
	if (!feed->clients)
		return 0;
	feed->report->lines = feed->lines.end;
	for (form = 0; form < VMW_NR_FORMS; form++) {
		if (anybody(feed, form))
			line[form] = vmw_render_line(feed->report, form, render, subject);
		if (line[form] && line[form]->length > bytes)
			bytes = line[form]->length;
	}
	vmw_lines_append(&feed->lines, line);
	flush_soon(feed);
	return bytes;
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
		/* One for whom nothing has been made yet has nothing to come. */
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
	int form;

	if (!feed)
		return;
	vmw_feed_stop_listening(feed);
	drain(feed);
	for (form = 0; form < VMW_NR_FORMS; form++)
		vmw_snapshots_free(feed->first[form].snapshots);
	sd_event_source_disable_unref(feed->flush);
	sd_event_source_disable_unref(feed->check);
	vmw_lines_free(&feed->lines);
	free(feed);
}
