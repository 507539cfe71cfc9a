// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kallsyms source costs on a saved /proc/kallsyms: kallsyms FILE
 * [TIMES]. Prints the median of TIMES passes in milliseconds, and peak memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "layout/source.h"

static double pass(const char *path)
{
	/* Kernel memory is closed: symbols alone are what is measured. */
	struct vmw_input input = {
		.kallsyms = path,
		.memory = { .kcore_error = -EACCES, .bpf_error = -EPERM },
	};
	static struct vmw_layout layout;
	struct timespec a, b;

	vmw_layout_init(&layout, VMW_NR_SOURCES);
	clock_gettime(CLOCK_MONOTONIC, &a);
	vmw_read_kallsyms(&layout, &input, &layout.sources[VMW_SOURCE_KALLSYMS]);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (!input.vmemmap_free.start) {
		fprintf(stderr, "%s: expected a /proc/kallsyms with vmemmap_free\n", path);
		exit(1);
	}
	return (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	int times = argc > 2 ? atoi(argv[2]) : 21;
	double *ms = calloc(times > 0 ? times : 1, sizeof(*ms));
	struct rusage usage;
	int i;

	if (argc < 2 || times < 1 || !ms) {
		fprintf(stderr, "kallsyms FILE [TIMES]: expected a file, and a number above 0\n");
		return 2;
	}
	for (i = 0; i < times; i++)
		ms[i] = pass(argv[1]);
	qsort(ms, times, sizeof(*ms), compare);
	getrusage(RUSAGE_SELF, &usage);
	printf("median of %d passes %.1f ms, peak %ld KiB\n", times, ms[times / 2],
	       usage.ru_maxrss);
	free(ms);
	return 0;
}
