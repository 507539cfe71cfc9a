// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "kernel/btf.h"
#include "klog/found.h"
#include "watch/watch_found.h"

static void add_why(struct vmw_looked *looked, const char *what, const char *why)
{
	size_t n = strlen(looked->why);

	if (*why)
		snprintf(looked->why + n, sizeof(looked->why) - n, "%s%s: %s", n ? "; " : "",
			 what, why);
}

static void say(struct vmw_looked *looked, const struct vmw_founds *founds)
{
	looked->at_all = true;
	looked->sections = founds->sections_read;
	looked->log = founds->log_read;
	looked->log_cut = founds->log_cut || founds->log_lost;
	looked->log_first_ns = founds->log_first_ns;
	looked->warns = founds->warns;
	looked->oopses = founds->oopses;
	looked->rangeless = founds->rangeless;
	add_why(looked, "sections of memory", founds->sections_why);
	add_why(looked, "claims on memory", founds->claims_why);
	add_why(looked, "kernel log", founds->log_why);
}

/* By the log's call trace; else by the name of its claim on memory. */
static const char *driver_of(const struct vmw_found *found)
{
	if (*found->driver)
		return found->driver;
	return *found->name ? found->name : "unknown";
}

static void add(struct vmw_watch *watch, const struct vmw_found *found)
{
	struct vmw_range range = vmw_judged_range(found->pfn, found->nr_pages, &found->judgement);

	vmw_aggregate_found(&watch->aggregate, &range, driver_of(found), found->live,
			    found->warns, found->first_ns, found->last_ns);
}

void vmw_found_into(struct vmw_watch *watch)
{
	struct vmw_founds founds;
	size_t i;

	if (vmw_found_scan_until(&founds, &watch->layout, &watch->bounds, watch->report.start_ns))
		vmw_error("out of memory: what happened before was not checked");
	for (i = 0; i < founds.nr; i++)
		add(watch, &founds.found[i]);
	watch->aggregate.nr_dropped += founds.dropped;
	say(&watch->report.looked, &founds);
	if (*watch->report.looked.why)
		vmw_notice("before the watch: not everything could be checked: %s",
			   watch->report.looked.why);
	vmw_founds_free(&founds);
	vmw_btf_drop();
}
