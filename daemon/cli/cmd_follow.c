// SPDX-License-Identifier: GPL-2.0-only
/* --follow: the feed as it comes, its lines as they are or as text for people. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "cli/commands.h"
#include "service/feed/fetch.h"

struct follow {
	bool json;
	bool begun; /* a line has come */
	bool ended; /* the service has said good-bye */
	bool live;  /* an offender is, as far as we know */
	bool lost;
	int err; /* of writing */
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

#define SPAN_LEN 48

/* A member, by a path of keys; "" where there is none. */
static const char *get(struct json_object *object, const char *key, const char *inner)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value))
		return "";
	if (inner && !json_object_object_get_ex(value, inner, &value))
		return "";
	return value ? json_object_get_string(value) : "";
}

/* "A-B"; redacted once. */
static const char *span(struct json_object *line, const char *key, const char *last,
			char text[SPAN_LEN])
{
	const char *first = get(line, key, "start");
	bool redacted = !strcmp(first, "redacted");

	snprintf(text, SPAN_LEN, "%.20s%s%.20s", first, redacted ? "" : "-",
		 redacted ? "" : get(line, key, last));
	return text;
}

/* Where it lies has lines of its own: all fit a terminal. */
static void print_places(struct json_object *line)
{
	char text[SPAN_LEN];

	if (*get(line, "phys", NULL))
		printf("         phys         %s\n", span(line, "phys", "last", text));
	printf("         struct pages %s\n", span(line, "struct_pages", "end", text));
}

static void print_offender(struct json_object *line)
{
	const char *outcome = get(line, "outcome", NULL), *warns = get(line, "warns", NULL);

	printf("%s %s: %s, %s, %s%s%s\n",
	       !strcmp(get(line, "state", NULL), "live") ? "OFFENDER" : "gone    ",
	       get(line, "driver", NULL), get(line, "verdict", NULL),
	       *outcome ? outcome : "no request", get(line, "origin", NULL),
	       *warns ? ", WARNs: " : "", warns);
	print_places(line);
}

static void print_use(struct json_object *line)
{
	printf("use      %s: %s() %s, calls: %s\n", get(line, "driver", NULL),
	       get(line, "probe", NULL), get(line, "verdict", NULL), get(line, "count", NULL));
	print_places(line);
}

static void print_refused(struct json_object *line)
{
	printf("refused  %s: %s %s\n", get(line, "driver", NULL), get(line, "call", NULL),
	       get(line, "errno", "name"));
}

static void print_hello(struct json_object *line)
{
	printf("watching %s, Linux %s, since %s\n", get(line, "host", NULL),
	       get(line, "kernel", NULL), get(line, "start", "utc"));
}

static void print_health(struct json_object *line)
{
	printf("health   %s\n", get(line, "status", NULL));
}

static void print_missed(struct json_object *line)
{
	printf("MISSED   %s lines: this reader was too slow for them\n",
	       get(line, "lines", NULL));
}

static void print_warn(struct json_object *line)
{
	printf("WARN     %s by %s\n", get(line, "symbol", NULL), get(line, "task", "comm"));
}

static void print_clock(struct json_object *line)
{
	printf("clock    was set: it is %s\n", get(line, "time", "utc"));
}

static void print_bye(struct json_object *line)
{
	printf("bye      %s\n", get(line, "reason", NULL));
}

/* Others (observations, samples, losses) show in what becomes of them. */
static void print_line(const char *type, struct json_object *line)
{
	static const struct {
		const char *type;
		void (*print)(struct json_object *line);
	} words[] = {
		{ "hello", print_hello },   { "offender", print_offender },
		{ "use", print_use },	    { "refused", print_refused },
		{ "health", print_health }, { "missed", print_missed },
		{ "warn", print_warn },	    { "clock", print_clock },
		{ "bye", print_bye },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(words[i].type, type))
			words[i].print(line);
	}
}

/* What the exit code is made of: counts come with health, and an offender before them. */
static void note(struct follow *follow, const char *type, struct json_object *line)
{
	struct json_object *counts = line;

	if (!strcmp(type, "offender") && !strcmp(get(line, "state", NULL), "live"))
		follow->live = true;
	if (strcmp(type, "health") && strcmp(type, "snapshot"))
		return;
	json_object_object_get_ex(line, "counts", &counts);
	follow->live = strcmp(get(counts, "live", NULL), "0");
	if (!strcmp(type, "health"))
		follow->lost = !strcmp(get(line, "lost", NULL), "true");
}

static void on_line(char *text, size_t length, void *context)
{
	struct follow *follow = context;
	struct json_object *line;
	const char *type;

	if (follow->json) {
		text[length] = '\n';
		if (fwrite(text, 1, length + 1, stdout) != length + 1)
			follow->err = errno ? -errno : -EIO;
		text[length] = '\0';
	}
	follow->begun = true;
	follow->ended |= vmw_line_is(text, "bye");
	/* What comes first in each line is cheaper to look at than all of it. */
	if (follow->json && !vmw_line_is(text, "offender") && !vmw_line_is(text, "health") &&
	    !vmw_line_is(text, "snapshot"))
		return;
	line = json_tokener_parse(text);
	type = line ? get(line, "type", NULL) : "";
	note(follow, type, line);
	if (!follow->json)
		print_line(type, line);
	json_object_put(line);
}

static int follow_feed(struct follow *follow, int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	struct vmw_lines_in in = { 0 };
	int n = 1;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (n > 0 && !stopped && !follow->err) {
		if (poll(&polled, 1, -1) < 0)
			continue;
		do {
			n = vmw_lines_in_read(&in, fd, on_line, follow);
		} while (n > 0 && !stopped && !follow->err);
		if (fflush(stdout))
			follow->err = -errno;
		n = n == -EAGAIN ? 1 : n;
	}
	vmw_lines_in_free(&in);
	return n;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

enum vmw_exit vmw_mode_follow(const struct vmw_options *options)
{
	struct follow follow = { .json = options->format != VMW_FORMAT_TEXT };
	char why[256];
	int fd, n;

	fd = vmw_fetch_feed(options->feed[0].at.path, why, sizeof(why));
	if (fd < 0) {
		vmw_error("%s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	catch_signals();
	n = follow_feed(&follow, fd);
	close(fd);
	/* A reader that left has all that it wanted. */
	if (follow.err && follow.err != -EPIPE) {
		vmw_error("stdout: cannot be written: %s", strerror(-follow.err));
		return VMW_EXIT_USAGE;
	}
	if (stopped || follow.err || follow.ended)
		return follow.live ? VMW_EXIT_OFFENDER :
		       follow.lost ? VMW_EXIT_LOST :
				     VMW_EXIT_CLEAN;
	vmw_error("%s: %s", options->feed[0].at.path,
		  n ? strerror(-n) :
		  follow.begun ?
		      "the service went away" :
		      "the service closed it at once: are there too many connections of this user (reader-connections, reader-rate)?");
	return VMW_EXIT_UNTRACEABLE;
}
