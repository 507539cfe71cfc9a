// SPDX-License-Identifier: GPL-2.0-only
/* The feed with clients of its own: what each is told, and what it is told it missed. */
#include "report.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "service/feed/feed.h"

/* More than the queue and a socket's buffer hold together. */
#define FLOOD (3 * VMW_QUEUE_LINES)

struct serving {
	struct fixture f;
	sd_event *loop;
	struct vmw_feed *feed;
	char path[64];
};

static void serve(struct serving *s, bool redact)
{
	static struct vmw_packed_probes told;
	struct vmw_feed_socket socket = { .redact = redact };
	char why[256] = "";

	memset(s, 0, sizeof(*s));
	fixture_init(&s->f);
	fixture_watch(&s->f);
	told.nr_probes = VMW_NR_PROBES;
	assert_int_equal(vmw_probes_unpack((struct vmw_probes **)&s->f.report.probes, &told), 0);
	s->f.report.service = true;
	assert_true(sd_event_new(&s->loop) >= 0);
	assert_int_equal(vmw_feed_new(&s->feed, s->loop, &s->f.report, "status"), 0);
	snprintf(s->path, sizeof(s->path), "/tmp/vmw-feed.%d", (int)getpid());
	strcpy(socket.at.path, s->path);
	assert_int_equal(vmw_feed_listen(s->feed, &socket, why, sizeof(why)), 0);
}

static void end(struct serving *s)
{
	vmw_feed_free(s->feed);
	sd_event_unref(s->loop);
	vmw_probes_free((struct vmw_probes *)s->f.report.probes);
	fixture_free(&s->f);
	assert_int_equal(access(s->path, F_OK), -1);
}

/* Until there is nothing to do. */
static void turn(struct serving *s)
{
	while (sd_event_run(s->loop, 0) > 0)
		;
}

struct client {
	int fd;
	char text[1 << 17]; /* read, and not taken yet */
	size_t length;
	char line[1 << 17];
};

static struct client *client(struct serving *s)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct client *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	strcpy(address.sun_path, s->path);
	assert_int_equal(connect(c->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	turn(s);
	return c;
}

static void leave(struct client *c)
{
	close(c->fd);
	free(c);
}

/* The next line, for which the feed has its turns. */
static const char *next_line(struct serving *s, struct client *c)
{
	char *newline;
	ssize_t n;
	int i;

	for (i = 0; i < 1000; i++) {
		newline = memchr(c->text, '\n', c->length);
		if (newline)
			break;
		/* What comes first is made by another process. */
		sd_event_run(s->loop, 10000);
		turn(s);
		n = recv(c->fd, c->text + c->length,
			 sizeof(c->text) - c->length < 4096 ? sizeof(c->text) - c->length : 4096,
			 MSG_DONTWAIT);
		c->length += n > 0 ? n : 0;
	}
	assert_non_null(newline);
	*newline++ = '\0';
	strcpy(c->line, c->text);
	c->length -= newline - c->text;
	memmove(c->text, newline, c->length);
	return c->line;
}

static bool is_type(const char *line, const char *type)
{
	char wanted[64];

	snprintf(wanted, sizeof(wanted), "\"type\":\"%s\"", type);
	return strstr(line, wanted);
}

static void skip_snapshot(struct serving *s, struct client *c)
{
	while (!is_type(next_line(s, c), "snapshot"))
		;
}

static int render_number(const struct vmw_report *report, const void *subject, FILE *file)
{
	(void)report;
	/* As long as a short line is. */
	return fprintf(file, "{\"number\":%-200u}\n", *(const unsigned int *)subject) < 0;
}

static void tell_numbers(struct serving *s, unsigned int from, unsigned int to)
{
	for (; from < to; from++)
		vmw_feed_send(s->feed, render_number, &from);
}

static void test_order(void **state)
{
	static const char *const order[] = {
		"hello", "layout", "offender", "use", "refused", "losses", "health", "snapshot",
	};
	const size_t last = ARRAY_SIZE(order) - 1;
	struct serving s;
	struct client *c;
	size_t at = 0;

	(void)state;
	serve(&s, false);
	c = client(&s);
	assert_true(is_type(next_line(&s, c), order[at]));
	while (at < last) {
		const char *line = next_line(&s, c);

		/* One of a kind or several, and then the next kind. */
		at += !is_type(line, order[at]);
		assert_true(is_type(line, order[at]));
	}
	tell_numbers(&s, 7, 8);
	assert_non_null(strstr(next_line(&s, c), "\"number\":7"));
	leave(c);
	end(&s);
}

/* Every line is read, or is among those that it is told it has missed; in order. */
static void test_slow(void **state)
{
	unsigned int i, next = 0, read = 0, gaps = 0;
	unsigned long long missed = 0, n;
	struct vmw_feed_counts counts;
	struct serving s;
	struct client *c;

	(void)state;
	serve(&s, false);
	c = client(&s);
	skip_snapshot(&s, c);
	/* It reads nothing meanwhile. */
	for (i = 0; i < FLOOD; i += 100) {
		tell_numbers(&s, i, i + 100 < FLOOD ? i + 100 : FLOOD);
		turn(&s);
	}
	while (next < FLOOD) {
		const char *line = next_line(&s, c);

		if (is_type(line, "missed")) {
			const char *count = strstr(line, "\"lines\":");

			assert_non_null(count);
			assert_int_equal(sscanf(count, "\"lines\":%llu", &n), 1);
			missed += n;
			next += n;
			gaps++;
			continue;
		}
		assert_int_equal(sscanf(line, "{\"number\":%u", &i), 1);
		assert_int_equal(i, next);
		next++;
		read++;
	}
	assert_int_equal(next, FLOOD);
	assert_true(gaps >= 1 && read > VMW_QUEUE_LINES / 2);
	vmw_feed_count(s.feed, &counts);
	assert_int_equal(counts.missed, missed);
	assert_int_equal(counts.lines, FLOOD);
	assert_int_equal(counts.dropped, 0);
	leave(c);
	end(&s);
}

/* One that reads nothing is let go; one that reads stays. */
static void test_stuck(void **state)
{
	struct vmw_feed_counts counts = { .clients = 2 };
	struct client *stuck, *reader;
	struct serving s;
	unsigned int i;

	(void)state;
	serve(&s, false);
	vmw_feed_set_patience(s.feed, 200000);
	stuck = client(&s);
	reader = client(&s);
	skip_snapshot(&s, reader);
	for (i = 0; i < 5000 && counts.clients == 2; i++) {
		tell_numbers(&s, i, i + 1);
		turn(&s);
		next_line(&s, reader);
		vmw_feed_count(s.feed, &counts);
		/* The queue of the socket is full by now; the rest is time. */
		if (i > 2000)
			usleep(1000);
	}
	assert_int_equal(counts.clients, 1);
	assert_int_equal(counts.dropped, 1);
	assert_int_equal(counts.missed, 0);
	leave(stuck);
	leave(reader);
	turn(&s);
	vmw_feed_count(s.feed, &counts);
	assert_int_equal(counts.clients, 0);
	end(&s);
}

/* One that does not read on holds no memory of ours when there are newer snapshots. */
static void test_held(void **state)
{
	struct vmw_feed_counts counts;
	struct client *held, *reader;
	struct serving s;
	unsigned int i;
	ssize_t n = 1;

	(void)state;
	serve(&s, false);
	for (i = 0; i < 400; i++)
		send_use(&s.f, VMW_PROBE_folio_put,
			 pfn_at(&s.f, s.f.bounds.end) + ((u64)(i + 100) << 15));
	/* It is not for its silence that it is let go. */
	vmw_feed_set_patience(s.feed, 3600000000ULL);
	held = client(&s);
	next_line(&s, held);
	for (i = 0; i < 9; i++) {
		tell_numbers(&s, i, i + 1);
		reader = client(&s);
		skip_snapshot(&s, reader);
		leave(reader);
	}
	for (i = 0; i < 10000 && n; i++) {
		sd_event_run(s.loop, 1000);
		turn(&s);
		n = recv(held->fd, held->text, sizeof(held->text), MSG_DONTWAIT);
	}
	assert_int_equal(n, 0);
	vmw_feed_count(s.feed, &counts);
	assert_int_equal(counts.dropped, 1);
	assert_int_equal(counts.clients, 0);
	leave(held);
	end(&s);
}

/* Not one address of the kernel gets to those who may not know them. */
static void test_redacted(void **state)
{
	struct serving s;
	struct client *c;
	const char *line;

	(void)state;
	serve(&s, true);
	c = client(&s);
	do {
		line = next_line(&s, c);
		assert_int_equal(addresses_in(line), 0);
	} while (!is_type(line, "snapshot"));
	leave(c);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),	 cmocka_unit_test(test_slow),
		cmocka_unit_test(test_stuck),	 cmocka_unit_test(test_held),
		cmocka_unit_test(test_redacted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
