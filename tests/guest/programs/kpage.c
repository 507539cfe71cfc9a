// SPDX-License-Identifier: GPL-2.0-only
/*
 * kpage FILE FIRST COUNT PASSES: read 8 bytes for each of COUNT pfns from FIRST
 * on from FILE, /proc/kpagecount or /proc/kpageflags, so often. The kernel calls
 * pfn_to_online_page(pfn) once for each, and stable_page_flags(page) for the
 * second file. Prints the median of the passes in nanoseconds a pfn; one pass
 * more, the first, warms up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t buffer[8192];

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static double pass(int fd, const char *path, off_t first, size_t count)
{
	size_t done = 0, want;
	double start = now_ns();
	ssize_t n;

	while (done < count) {
		want = (count - done) * sizeof(*buffer);
		if (want > sizeof(buffer))
			want = sizeof(buffer);
		n = pread(fd, buffer, want, (first + done) * sizeof(*buffer));
		if (n <= 0) {
			fprintf(stderr, "kpage: %s: %s\n", path,
				n ? strerror(errno) : "ends before the last pfn");
			exit(1);
		}
		done += n / sizeof(*buffer);
	}
	return (now_ns() - start) / count;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	double ns[99];
	int passes, i, fd;
	size_t count;
	off_t first;

	if (argc != 5) {
		fprintf(stderr, "kpage FILE FIRST COUNT PASSES\n");
		return 2;
	}
	first = strtoull(argv[2], NULL, 0);
	count = strtoull(argv[3], NULL, 0);
	passes = atoi(argv[4]);
	fd = open(argv[1], O_RDONLY);
	if (fd < 0 || !count || passes < 1 || passes > 99) {
		fprintf(stderr, "kpage: %s: expected a file, a COUNT, and 1 to 99 PASSES\n",
			argv[1]);
		return 1;
	}
	pass(fd, argv[1], first, count);
	for (i = 0; i < passes; i++)
		ns[i] = pass(fd, argv[1], first, count);
	qsort(ns, passes, sizeof(*ns), compare);
	printf("%.2f\n", ns[passes / 2]);
	return 0;
}
