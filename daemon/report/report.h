/* SPDX-License-Identifier: GPL-2.0-only */
/* What an exporter writes: everything a run knows, in one place. */
#ifndef VMEMMAPWATCH_REPORT_REPORT_H
#define VMEMMAPWATCH_REPORT_REPORT_H

#include <stdio.h>

#include "aggregate/aggregate.h"
#include "base/exit.h"
#include "base/format.h"
#include "explain/explain.h"
#include "layout/kernel_facts.h"
#include "layout/layout.h"
#include "probe/canary.h"
#include "probe/probe.h"

/* How COMMAND ended. */
enum vmw_command_state {
	VMW_COMMAND_NONE,    /* there was none */
	VMW_COMMAND_RUNNING, /* still there, and could not be waited for */
	VMW_COMMAND_EXITED,
	VMW_COMMAND_KILLED,
};

struct vmw_command {
	char **argv;
	enum vmw_command_state state;
	int pid;
	int status; /* exit status, or signal */
};

/* What watching costs. */
struct vmw_self {
	u64 cpu_ns;
	u64 rss_bytes;
	u64 peak_bytes;
	u64 bpf_run_ns; /* of all programs together */
	u64 bpf_runs;
	bool bpf_stats; /* kernel.bpf_stats_enabled: these two mean something */
};

/* Who reads the service. */
struct vmw_readers {
	u64 clients; /* of the feed, now */
	/* Connections that were refused: the user had too many, or made them too often. */
	u64 too_many, too_often;
	u64 too_slow; /* clients of the feed that were let go */
};

/* What came of looking for what happened before the watch began. */
struct vmw_looked {
	bool at_all;
	bool sections;	  /* those of memory that are present */
	bool log;	  /* the kernel's, since boot or as far back as it goes */
	bool log_cut;	  /* its beginning has been overwritten */
	char why[320];	  /* what could not be looked at, and why; or "" */
	u64 log_first_ns; /* CLOCK_BOOTTIME of the oldest line */
	u32 warns;	  /* of the kernel's hotplug code, in the log */
	u32 oopses;
	u32 rangeless; /* of these, those that tell of no range */
};

struct vmw_report {
	const char *host;
	const char *kernel;
	const char *boot_id;
	s64 clock_offset_ns; /* CLOCK_REALTIME - CLOCK_BOOTTIME, as it was set last */
	u64 start_ns;	     /* CLOCK_BOOTTIME: all attached */
	u64 end_ns;	     /* all records read */
	const struct vmw_layout *layout;
	const struct vmw_bounds *bounds;
	const struct vmw_kernel_facts *facts; /* NULL: the kernel was not asked */
	const struct vmw_probes *probes;      /* NULL: nothing is known of them */
	const struct vmw_aggregate *aggregate;
	bool service;	/* by the service, which goes on watching; end_ns is now */
	u64 watched_ns; /* since when without a gap: it may have been restarted */
	struct vmw_self self;
	struct vmw_looked looked;
	struct vmw_losses_read losses;
	struct vmw_losses_read losses_before; /* of these: by maps that are no more */
	struct vmw_sight sight[VMW_NR_WAYS];  /* whether probes fired */
	u64 warns_unseen; /* WARNs of ours in the kernel log that no probe saw */
	int losses_error; /* negative errno: the counts could not be read */
	int read_error;	  /* negative errno: records could not be read */
	struct vmw_command command;
	char untested[192]; /* of a trace: why what it was to see did not happen; or "" */
	u64 kmsg_written;
	u64 kmsg_suppressed;
	u64 kmsg_failed;
	struct vmw_readers readers;
	enum vmw_exit code;
	u64 records;	      /* of requests, that were taken from the ring buffer */
	u64 samples_not_sent; /* by the feed: more than clients could read */
	u64 lines;	      /* live ones that the feed told before the one being written */
	bool redact;	      /* nothing says where anything lies: redact.h */
	/* Of a saved log, not of this machine: who is out of bounds in it, up to a NULL. */
	const char *const *log_drivers; /* NULL: it is no log */
};

/* The probe @id: left out where the report knows of no probes. */
const struct vmw_probe_status *vmw_report_probe(const struct vmw_report *report, int id);

/* vmw_probes_memory_type() of its probes. */
void vmw_report_memory_type(const struct vmw_report *report, u32 type, char *name, size_t size);

/*
 * Is it to be reported? Not a lookup, and not one that came by a sample alone:
 * its count has joined the offender that a request is.
 */
bool vmw_report_is_use(const struct vmw_used *used);

/* How many uses of out-of-bounds struct pages it has: lookups are none. */
unsigned int vmw_report_uses(const struct vmw_report *report);

/*
 * Are its struct pages still there? Not where their request, or the offender that
 * holds them, is gone, or they have been removed since they were used last.
 */
bool vmw_report_use_is_live(const struct vmw_report *report, const struct vmw_used *used);

/* How many of vmw_report_uses(); with @live of those that are. */
unsigned int vmw_report_uses_live(const struct vmw_report *report, bool live);

/* Is there anything to tell besides that nothing was seen? */
bool vmw_report_is_busy(const struct vmw_report *report);

/*
 * How many bytes of free physical addresses a request asked for that was given none,
 * by what the report has kept of it. 0: not known, or it is no such request.
 */
u64 vmw_report_asked(const struct vmw_report *report, const struct vmw_request *request);

/* The range of struct pages that @used saw, with its verdict. */
struct vmw_range vmw_report_used_range(const struct vmw_report *report,
				       const struct vmw_used *used);

/*
 * Does it count as one that this report is about? One that was found at start, that is
 * gone by now and that no probe saw, is history.
 */
bool vmw_report_counts(const struct vmw_offender *offender);

/* True where anything was lost that would have been recorded. */
bool vmw_report_lost(const struct vmw_report *report);

/*
 * WARNs of the kernel's hotplug code whose request nobody saw: a request there was,
 * so probes were blind, or there are none for it.
 */
u64 vmw_report_unexplained(const struct vmw_report *report);

/* How often the probes of one way of attaching were silent, all ways together. */
u64 vmw_report_silences(const struct vmw_report *report);

/* The names of these two among places where something is lost. */
extern const char vmw_loss_of_warns[], vmw_loss_of_silences[];

/* "fires", "silent"; "unchecked" where nothing is attached that way, or nobody looked. */
const char *vmw_firing_word(const struct vmw_report *report, enum vmw_attach_way way);

/* Who makes or takes the struct pages: "vm_insert_page()", "pfn_to_page in NAME+0x10 [MODULE]". */
#define VMW_USED_NAME_LEN (VMW_SYMBOL_LEN + 32)
const char *vmw_used_name(const struct vmw_report *report, const struct vmw_used *used,
			  char text[VMW_USED_NAME_LEN]);

/* What tells a use from all others of this boot. */
#define VMW_USED_KEY_LEN 192
void vmw_format_used_key(const struct vmw_report *report, const struct vmw_used *used,
			 char text[VMW_USED_KEY_LEN]);

/* The physical range that the kernel allows; end is inclusive. */
struct vmw_limit {
	u64 start;
	u64 end;
	bool derived; /* not seen in the kernel */
};

/*
 * The limit that a refused request broke. False where it is not known: for
 * memory that needs no linear mapping the kernel's limit cannot be seen, but a
 * range beyond MAX_PHYSMEM_BITS has broken that one for certain
 * (mhp_get_pluggable_range(), mm/memory_hotplug.c 6.1.192); before 5.12, for memory
 * that needs one, it is where the linear map ends.
 */
bool vmw_report_limit(const struct vmw_report *report, const struct vmw_request *request,
		      struct vmw_limit *ret);

/* RFC 3339 UTC of a CLOCK_BOOTTIME time, microseconds; @size at least 32. */
void vmw_format_time(const struct vmw_report *report, u64 time_ns, char *text, size_t size);

/* The names of @kinds of regions, a bit each: "vmalloc, fixmap". */
#define VMW_REGIONS_LEN 160
void vmw_format_regions(u32 kinds, char *text, size_t size);

/*
 * What the kernel's own check does about struct pages that vmw_kernel_warns() says it
 * @notices: vmemmap_populate() has none before 5.12 (arch/arm64/mm/mmu.c 5.10.223).
 */
const char *vmw_check_words(const struct vmw_layout *layout, bool notices);

#endif
