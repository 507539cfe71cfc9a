// SPDX-License-Identifier: GPL-2.0-only
/*
 * now [FILE]: print CLOCK_MONOTONIC in nanoseconds; and half a second later, when
 * the parent has settled, copy its /proc/PID/status to FILE. As the COMMAND of a
 * tracer it tells when all was attached, and what memory that took.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int copy_status(const char *path)
{
	FILE *from, *to = fopen(path, "we");
	char line[256];

	snprintf(line, sizeof(line), "/proc/%d/status", getppid());
	from = fopen(line, "re");
	if (!from || !to) {
		fprintf(stderr, "now: %s: %s\n", from ? path : line, strerror(errno));
		return 1;
	}
	while (fgets(line, sizeof(line), from))
		fputs(line, to);
	return fclose(to) != 0;
}

int main(int argc, char **argv)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	printf("%lld%09ld\n", (long long)t.tv_sec, t.tv_nsec);
	fflush(stdout);
	if (argc < 2)
		return 0;
	usleep(500000);
	return copy_status(argv[1]);
}
