// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one pass over a saved /proc/kallsyms costs: kallsyms FILE [TIMES].
 * Prints lines, the median of TIMES passes in milliseconds, peak memory in KiB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../../daemon/layout/kallsyms.h"

/* As many as the daemon wants, and none of them early in the file. */
static const char *const names[] = {
	"vmemmap_free", "vmemmap_populate", "__add_pages", "__remove_pages",
	"arch_add_memory", "arch_remove_memory", "__populate_section_memmap",
	"sparse_add_section", "sparse_remove_section", "section_deactivate",
	"memremap_pages", "memunmap_pages", "mhp_range_allowed",
	"move_pfn_range_to_zone", "remove_pfn_range_from_zone",
	"memmap_init_zone_device", "vmemmap_populate_basepages",
	"vmemmap_populate_hugepages", "vmemmap_set_pmd", "unmap_hotplug_range",
	"free_empty_tables", "free_hotplug_page_range", "memstart_addr",
	"mem_section", "vabits_actual", "kimage_voffset", "high_memory", "vmemmap",
	"_text", "_end", "vmcoreinfo_data", "vmcoreinfo_size", "physvirt_offset",
	"free_hotplug_page_range.part.0",
};

#define NR_NAMES (sizeof(names) / sizeof(*names))

static double pass(const char *path, struct vmw_kallsyms_totals *totals)
{
	struct vmw_symbol wanted[NR_NAMES];
	struct timespec a, b;
	size_t i;
	int err;

	for (i = 0; i < NR_NAMES; i++)
		wanted[i].name = names[i];
	clock_gettime(CLOCK_MONOTONIC, &a);
	err = vmw_kallsyms_find(path, wanted, NR_NAMES, totals);
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (err) {
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
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
	struct vmw_kallsyms_totals totals;
	double *ms = calloc(times > 0 ? times : 1, sizeof(*ms));
	struct rusage usage;
	int i;

	if (argc < 2 || times < 1 || !ms) {
		fprintf(stderr, "kallsyms FILE [TIMES]: expected a file, and a number above 0\n");
		return 2;
	}
	for (i = 0; i < times; i++)
		ms[i] = pass(argv[1], &totals);
	qsort(ms, times, sizeof(*ms), compare);
	getrusage(RUSAGE_SELF, &usage);
	printf("%zu lines, median of %d passes %.1f ms, peak %ld KiB\n", totals.lines,
	       times, ms[times / 2], usage.ru_maxrss);
	free(ms);
	return 0;
}
