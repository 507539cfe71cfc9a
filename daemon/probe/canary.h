/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Do probes fire? The whole of kprobes can be switched off behind our back
 * (/sys/kernel/debug/kprobes/enabled), and so can ftrace (kernel.ftrace_enabled):
 * what is attached stays attached then, and sees nothing.
 */
#ifndef VMEMMAPWATCH_PROBE_CANARY_H
#define VMEMMAPWATCH_PROBE_CANARY_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/probe.h"

/* One way of attaching over time, all times CLOCK_BOOTTIME, ns. Flat. */
struct vmw_sight {
	u64 fired_ns;  /* a call of ours was seen last; 0: not since the start */
	u64 silent_ns; /* no call is seen, and perhaps none since then; 0: they are */
	u64 first_ns;  /* where the first silence begins; 0: there was none */
	u64 last_ns;   /* as far as the last one is known to reach */
	u64 lost_ns;   /* all that are over, together */
	u64 times;     /* how many silences, with one that lasts */
};

extern const char *const vmw_way_names[VMW_NR_WAYS];

/* What to look at when probes of this way do not fire. */
extern const char *const vmw_way_remedies[VMW_NR_WAYS];

/* The way that row @id checks; VMW_NR_WAYS: it is no row for that. */
enum vmw_attach_way vmw_canary_way(int id);

/*
 * Make the calls and note in @sight (of VMW_NR_WAYS) what came of it @now_ns, of
 * probes that are attached since @start_ns. A way that no probe checks stays as it
 * is. A few microseconds; the maps are read, so as vmw_probes_losses().
 */
void vmw_probes_look(const struct vmw_probes *probes, struct vmw_sight *sight, u64 start_ns,
		     u64 now_ns);

/* One result of that: the call was seen, or not. */
void vmw_sight_note(struct vmw_sight *sight, bool seen, u64 start_ns, u64 now_ns);

/* Other probes take the place of those that were looked at: a silence ends @now_ns. */
void vmw_sight_restart(struct vmw_sight *sight, u64 now_ns);

/* How long it was blind until @now_ns, ns. */
u64 vmw_sight_lost_ns(const struct vmw_sight *sight, u64 now_ns);

/* Is a row attached that checks @way? */
bool vmw_probes_checks(const struct vmw_probes *probes, enum vmw_attach_way way);

/* "kprobe, kretprobe": which ways are silent now; "" for none. */
#define VMW_SILENT_LEN 64
bool vmw_sight_silent(const struct vmw_sight *sight, char text[VMW_SILENT_LEN]);

/*
 * Attach the rows of VMW_WAYS only, look once, and detach: which ways that this
 * kernel has do not fire, as a bit each. Negative errno where that cannot be told.
 */
int vmw_canaries_try(u32 *ret_silent);

#endif
