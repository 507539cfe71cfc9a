/* SPDX-License-Identifier: GPL-2.0-only */
/* Which functions the kernel refuses to probe, and why. */
#ifndef VMEMMAPWATCH_PROBE_REFUSAL_H
#define VMEMMAPWATCH_PROBE_REFUSAL_H

#include "probe/probe.h"

/* Not an errno that user space has a name for: the kernel's ENOTSUPP. */
#define VMW_ENOTSUPP 524

/*
 * Is a kprobe on @symbol refused for sure, since it is notrace? Who tries it all the same
 * causes a line in the kernel log.
 */
bool vmw_is_refused_notrace(const char *symbol);

/*
 * Set those @traceable that ftrace lists; the others it does not trace. 0, or -ENOENT where
 * there is no list to read.
 */
int vmw_mark_traceable(bool traceable[VMW_NR_PROBES]);

/*
 * An errno of attaching by @info->point to @info->symbol, in words that say what
 * to make of it, and whether this kernel could have it: into @status.
 */
void vmw_explain_attach(const struct vmw_probe_info *info, int err,
			struct vmw_probe_status *status);

/* The same of a kprobe on what ftrace does not list, which was not tried. */
void vmw_explain_notrace(const struct vmw_probe_info *info, struct vmw_probe_status *status);

#endif
