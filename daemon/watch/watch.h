/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Watching, as a trace and the service do it: settle the layout, attach, take
 * records, read counts, and have a report of it at any time.
 */
#ifndef VMEMMAPWATCH_WATCH_WATCH_H
#define VMEMMAPWATCH_WATCH_WATCH_H

#include <sys/utsname.h>

#include <systemd/sd-event.h>

#include "base/exit.h"
#include "probe/site_probes.h"
#include "report/report.h"
#include "watch/require_layout.h"

/* What is watched, and how. */
struct vmw_watch_config {
	struct vmw_layout_config layout;
	bool chosen[VMW_MAX_PROBES];		 /* callers */
	const char *probe[VMW_MAX_EXTRA_PROBES]; /* --probe: for vmw_extra_use() */
	unsigned int nr_probe;
	enum vmw_attach_with attach_with;
	u32 ring_size;	   /* bytes */
	u64 sample_rate;   /* samples a second; 0: no limit */
	const char *sites; /* modules whose inlined pfn_to_page() are probed; NULL or "": none */
};

struct vmw_watch {
	const struct vmw_watch_config *config;
	struct vmw_layout layout;
	struct vmw_kernel_facts facts;
	struct vmw_bounds bounds;
	struct vmw_site_set sites;
	struct vmw_probes *probes;
	struct vmw_aggregate aggregate;
	struct vmw_report report;
	char host[256];
	struct utsname uname;
	char boot_id[64];
	sd_event_source *clock; /* for when it is set */
	void (*on_clock)(void *context);
	void *clock_context;
};

/* Who and where we are, and pointers from the report to the rest of @watch. */
void vmw_watch_prepare(struct vmw_watch *watch);

/*
 * While @loop runs, the report's UTC follows the clock when that is set; @fn (or NULL)
 * is called with @context then. Negative errno. vmw_watch_free() before @loop goes.
 */
int vmw_watch_clock(struct vmw_watch *watch, sd_event *loop, void (*fn)(void *context),
		    void *context);

/*
 * The layout by live sources alone: a verdict by a formula would be a guess about
 * this kernel. 0, or an exit code after one line.
 */
enum vmw_exit vmw_watch_settle(struct vmw_watch *watch);

/* What the programs are to know, of @watch's layout and configuration. */
void vmw_watch_setup(struct vmw_watch *watch, struct vmw_probes_setup *ret);

/*
 * Load and attach; @fn gets the records, with @context. 0, or an exit code after
 * one line.
 */
enum vmw_exit vmw_watch_attach(struct vmw_watch *watch, const struct vmw_probes_setup *setup,
			       vmw_record_fn fn, void *context);

/* Do its probes fire? What comes of it is in the report; a change is a line of the log. */
void vmw_watch_look(struct vmw_watch *watch);

/* What is attached, and what is not, as lines of the log. */
void vmw_watch_say_attached(const struct vmw_watch *watch);

/*
 * Take some of what the programs have sent: true where there may be more. Records
 * that cannot be read are lost, and told.
 */
bool vmw_watch_read(struct vmw_watch *watch);

/* All that they had sent before: it ends, though they may send faster than we read. */
void vmw_watch_read_all(struct vmw_watch *watch);

/* The kernel's counts of callers as they are now. */
void vmw_watch_read_uses(struct vmw_watch *watch);

/* The report as of now: losses, times, what we cost. */
void vmw_watch_update(struct vmw_watch *watch);

/*
 * 1 for an offender (where @live: one that is), 5 where something was lost, 6 where nothing
 * was tested, 0.
 */
enum vmw_exit vmw_watch_judge(const struct vmw_report *report, bool live);

void vmw_watch_free(struct vmw_watch *watch);

#endif
