// SPDX-License-Identifier: GPL-2.0-only
/* Look for what happened before: what is found, a line each, and how long it took. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "klog/found.h"

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void print_found(const struct vmw_found *found)
{
	printf("found pfn=%llx nr=%llx start=%llx end=%llx verdict=%u live=%d device=%s oops=%d warns=%u first_ns=%llu last_ns=%llu name=%s driver=%s module=%s comm=%s\n",
	       found->pfn, found->nr_pages, found->judgement.start, found->judgement.end,
	       found->judgement.verdict, found->live,
	       !found->zone_device_known ? "?" :
	       found->zone_device	 ? "yes" :
					   "no",
	       found->oops, found->warns, found->first_ns, found->last_ns, found->name,
	       found->driver, found->module, found->comm);
}

int main(void)
{
	static struct vmw_layout layout;
	struct vmw_founds founds;
	struct vmw_bounds bounds;
	enum vmw_value_id missing;
	u64 start, end;
	size_t i;
	int err;

	vmw_layout_read(&layout, VMW_NR_SOURCES);
	if (vmw_layout_bounds(&layout, &bounds, &missing))
		return 2;
	start = now_ns();
	err = vmw_found_scan(&founds, &layout, &bounds);
	end = now_ns();
	if (err)
		fprintf(stderr, "found: %s\n", strerror(-err));
	printf("scan start_ns=%llu took_ns=%llu sections=%d claims=%d log=%d"
	       " cut=%d clock=%d warns=%u oopses=%u rangeless=%u dropped=%llu\n",
	       start, end - start, founds.sections_read, founds.claims_read, founds.log_read,
	       founds.log_cut, founds.log_ahead_known, founds.warns, founds.oopses,
	       founds.rangeless, founds.dropped);
	printf("why sections=%s claims=%s log=%s\n", founds.sections_why, founds.claims_why,
	       founds.log_why);
	for (i = 0; i < founds.nr; i++)
		print_found(&founds.found[i]);
	vmw_founds_free(&founds);
	return err ? 1 : 0;
}
