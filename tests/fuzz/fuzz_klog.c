// SPDX-License-Identifier: GPL-2.0-only
/* Kernel logs, each line a record of /dev/kmsg or, where it is none, bare text. */
#include "../unit/bounds.h"
#include "fuzz.h"

#include "klog/klog_internal.h"

static void feed(struct vmw_klog *klog, char *text)
{
	char *line, *save;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		struct vmw_klog_line bare = { .text = line }, ret;

		if (vmw_klog_record(klog, line, &ret))
			vmw_klog_line(klog, &bare);
	}
	vmw_klog_end(klog);
}

static void check(const struct vmw_founds *founds)
{
	size_t i;

	promise(founds->rangeless <= (u64)founds->warns + founds->oopses);
	for (i = 0; i < founds->nr; i++) {
		const struct vmw_found *found = &founds->found[i];

		promise(found->nr_pages && found->nr_pages % 0x8000 == 0);
		promise(found->pfn % 0x8000 == 0);
		promise(found->judgement.verdict != VMW_IN_BOUNDS);
		promise(found->warns || found->oops);
		promise(found->first_ns <= found->last_ns);
		promise(memchr(found->comm, 0, sizeof(found->comm)) != NULL);
		promise(memchr(found->driver, 0, sizeof(found->driver)) != NULL);
		promise(memchr(found->module, 0, sizeof(found->module)) != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct vmw_founds founds = { 0 };
	struct vmw_scan scan = {
		.ret = &founds,
		.bounds = &above_bounds,
		.until_ns = ~0ULL,
		.section_bits = 27,
		.phys_bits = 48,
	};
	struct vmw_klog klog;

	promise(text != NULL);
	vmw_klog_init(&klog, vmw_found_event, &scan);
	feed(&klog, text);
	check(&founds);
	vmw_founds_free(&founds);
	free(text);
	return 0;
}
