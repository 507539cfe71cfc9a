/* SPDX-License-Identifier: GPL-2.0-only */
/* Known bugs of kernels that attaching can run into: does the running one have them? */
#ifndef VMEMMAPWATCH_PROBE_UNFIXED_H
#define VMEMMAPWATCH_PROBE_UNFIXED_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#include "probe/probe.h"

enum vmw_bug {
	/*
	 * A second perf kprobe at an address, while the function runs: it may be called
	 * before its list of events can be seen, and oopses in kprobe_perf_func().
	 * Fixed by an acquire load in kprobe_dispatcher() (kernel/trace/trace_kprobe.c).
	 */
	VMW_BUG_SECOND_KPROBE,
	/*
	 * ftrace_location() walks pages that a module's end has freed. Fixed by
	 * e60b613df8b6 "ftrace: Fix possible use-after-free issue in ftrace_location()".
	 */
	VMW_BUG_FTRACE_WALK,
};

/* By the release alone: may a kernel of that name have @bug? */
bool vmw_bug_by_release(enum vmw_bug bug, const char *release);

/* Is there an acquire load in these @n instructions? */
bool vmw_has_acquire(const u32 *code, size_t n);

/* Of VMW_BUG_SECOND_KPROBE: by the kernel's code, else by its release. Asked once. */
bool vmw_second_kprobe_is_unsafe(void);

/*
 * Is row @info not to have a kprobe on this kernel, because it would be the second
 * one at a function that runs often? @pair: the row itself needs two. Writes why
 * into @why of @size bytes.
 */
bool vmw_refuse_second_kprobe(const struct vmw_probe_info *info, bool pair, char *why,
			      size_t size);

#endif
