/* SPDX-License-Identifier: GPL-2.0-only */
/* Which callers are watched: --probes=default, all, names and globs. */
#ifndef VMEMMAPWATCH_PROBE_CHOICE_H
#define VMEMMAPWATCH_PROBE_CHOICE_H

#include "probe/probe.h"

/*
 * @text is a list with commas: "default" (nothing hotter than once a request),
 * "all", symbols and globs of symbols, each with - in front to leave out; what
 * comes later counts. A list that only leaves out starts from the default. The
 * probes of the requests are always chosen. Returns 0, or -EINVAL with what was
 * expected in @why (of @size bytes) where a word fits no row.
 */
int vmw_choose(bool chosen[VMW_MAX_PROBES], const char *text, char *why, size_t size);

#endif
