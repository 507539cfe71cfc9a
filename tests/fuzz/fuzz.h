/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What fuzzers share. Each feeds one parser with what libFuzzer made up from
 * the seeds that tests/fuzz/run names; a sanitizer, or a broken promise, aborts.
 */
#ifndef VMEMMAPWATCH_TESTS_FUZZ_H
#define VMEMMAPWATCH_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "layout/layout.h"
#include "output/export.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void promise(int kept)
{
	if (!kept)
		abort();
}

/* The path of a file in memory that holds @data; the same one each time. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	promise(fd >= 0 && !ftruncate(fd, 0));
	promise(pwrite(fd, data, size, 0) == (ssize_t)size);
	return path;
}

/* Settle @layout as a mode would, export it, and check what always holds. */
static inline void fuzz_layout(struct vmw_layout *layout)
{
	static FILE *null;
	enum vmw_value_id missing;
	struct vmw_bounds bounds;
	struct vmw_judgement j;
	size_t i;

	if (!null)
		null = fopen("/dev/null", "w");
	promise(null != NULL);
	vmw_layout_finish(layout);
	for (i = 1; i < layout->nr_regions; i++)
		promise(layout->regions[i].start == layout->regions[i - 1].last + 1);
	promise(!layout->nr_regions || layout->regions[i - 1].last == ~0ULL);
	vmw_export_layout_text(layout, false, null);
	vmw_export_layout_json(layout, false, null);
	if (vmw_layout_bounds(layout, &bounds, &missing))
		return;
	promise(bounds.nominal_start <= bounds.start && bounds.start < bounds.end);
	j = vmw_judge_pages(&bounds, bounds.start, bounds.page_struct_size);
	promise(j.verdict != VMW_BELOW);
}

/* One kind of file, from text to layout; what is refused is refused in words. */
static inline void fuzz_from(const uint8_t *data, size_t size,
			     int (*parse)(struct vmw_layout *, const char *, char *, size_t))
{
	char *text = strndup((const char *)data, size);
	struct vmw_layout layout;
	char why[256] = "";

	promise(text != NULL);
	vmw_layout_init(&layout, VMW_NR_SOURCES);
	if (!parse(&layout, text, why, sizeof(why)))
		fuzz_layout(&layout);
	else
		promise(*why);
	free(text);
}

#endif
