// SPDX-License-Identifier: GPL-2.0-only
/*
 * feed_reader MODE SOCKET [SECONDS]: a client of the feed, which counts what it gets
 * and checks it. Modes: fast reads all the time; slow reads 4 KiB ten times a second
 * for SECONDS, and all of it from then on; stuck reads nothing for SECONDS, then what
 * is left. Each ends with the feed, and prints one line of NAME=NUMBER:
 *
 *   live      lines behind the snapshot, but for those that tell of missed ones
 *   told      such lines that the feed told meanwhile, by its own count
 *   missed    lines that it said were missed
 *   wrong     times that its count was not live + missed, which is exact at each
 *   checks    line that has it
 *   bad       lines that are no whole object with its type first
 *   bye       whether the feed said that it ends
 *   ms, rate  how long live lines came, without pauses of more than half a second, and
 *             live lines a second in that time
 *   lowest    live lines of the poorest whole second between them
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000LL

static struct {
	unsigned long long live, told, missed, wrong, checks, bad, bye, start;
	bool news; /* behind the snapshot */
	long long first_ns, last_ns, busy_ns;
	long long second; /* since the first one */
	unsigned long long in_second, lowest;
} got = { .lowest = ~0ULL };

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* The number of the member @key (with quotes and colon) in @line. */
static bool number_of(const char *line, const char *key, unsigned long long *ret)
{
	const char *at = strstr(line, key);

	return at && sscanf(at + strlen(key), "%llu", ret) == 1;
}

static bool is_type(const char *line, const char *type)
{
	size_t length = strlen(type);

	return !strncmp(line + 9, type, length) && line[9 + length] == '"';
}

static void check_count(const char *line)
{
	unsigned long long lines;

	if (!number_of(line, "\"lines\":", &lines)) {
		got.bad++;
		return;
	}
	got.told = lines - got.start;
	got.checks++;
	if (got.told != got.live + got.missed) {
		if (!got.wrong++)
			fprintf(stderr, "told %llu, got %llu and missed %llu: %s\n", got.told,
				got.live, got.missed, line);
	}
}

static void count_second(long long now)
{
	long long second;

	if (!got.first_ns)
		got.first_ns = now;
	else if (now - got.last_ns < SECOND_NS / 2)
		got.busy_ns += now - got.last_ns;
	got.last_ns = now;
	second = (now - got.first_ns) / SECOND_NS;
	if (second != got.second) {
		if (got.in_second < got.lowest)
			got.lowest = got.in_second;
		/* Whole ones went by without a line. */
		if (second > got.second + 1)
			got.lowest = 0;
		got.second = second;
		got.in_second = 0;
	}
	got.in_second++;
}

static void on_news(const char *line, long long now)
{
	unsigned long long lines = 0;

	if (is_type(line, "missed")) {
		got.bad += !number_of(line, "\"lines\":", &lines);
		got.missed += lines;
		return;
	}
	/* Its count is of those ahead of it. */
	if (is_type(line, "health") || is_type(line, "bye"))
		check_count(line);
	got.bye |= is_type(line, "bye");
	got.live++;
	count_second(now);
}

static void on_line(const char *line, size_t length, long long now)
{
	if (strncmp(line, "{\"type\":\"", 9) || line[length - 1] != '}') {
		if (!got.bad++)
			fprintf(stderr, "no line: %s\n", line);
		return;
	}
	if (got.news) {
		on_news(line, now);
	} else if (is_type(line, "snapshot")) {
		got.bad += !number_of(line, "\"lines\":", &got.start);
		got.news = true;
	}
}

/* Returns false at the end of the feed. */
static bool read_some(int fd, size_t most)
{
	static char text[1 << 18];
	static size_t length;
	char *line = text, *end;
	long long now;
	ssize_t n;

	if (most > sizeof(text) - length)
		most = sizeof(text) - length;
	n = read(fd, text + length, most);
	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		got.bad += length > 0;
		return false;
	}
	length += n;
	now = now_ns();
	while ((end = memchr(line, '\n', text + length - line))) {
		*end = '\0';
		on_line(line, end - line, now);
		line = end + 1;
	}
	length -= line - text;
	memmove(text, line, length);
	return true;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	return fd;
}

static void print(const char *mode)
{
	long long ns = got.busy_ns;

	printf("mode=%s live=%llu told=%llu missed=%llu wrong=%llu checks=%llu bad=%llu bye=%llu ms=%lld rate=%lld lowest=%llu\n",
	       mode, got.live, got.told, got.missed, got.wrong, got.checks, got.bad, got.bye,
	       ns / 1000000, ns ? (long long)(got.live * 1e9 / ns) : 0,
	       got.second ? got.lowest : 0);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";
	bool slow = !strcmp(mode, "slow"), stuck = !strcmp(mode, "stuck");
	long long until;
	int fd;

	if (!slow && !stuck && strcmp(mode, "fast")) {
		fprintf(stderr, "usage: feed_reader fast|slow|stuck SOCKET [SECONDS]\n");
		return 2;
	}
	fd = connect_to(argv[2]);
	if (fd < 0) {
		fprintf(stderr, "feed_reader: %s: %s\n", argv[2], strerror(errno));
		return 1;
	}
	until = now_ns() + (argc > 3 ? atoll(argv[3]) : 0) * SECOND_NS;
	if (stuck)
		sleep(argc > 3 ? atoi(argv[3]) : 0);
	while (read_some(fd, slow && now_ns() < until ? 4096 : 1 << 18)) {
		if (slow && now_ns() < until)
			usleep(100000);
	}
	print(mode);
	return 0;
}
