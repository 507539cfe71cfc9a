/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does no module come or go? Asked before anything is attached on kernels that have
 * VMW_BUG_FTRACE_WALK (unfixed.h).
 */
#ifndef VMEMMAPWATCH_PROBE_MODULES_H
#define VMEMMAPWATCH_PROBE_MODULES_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_MODULES "/proc/modules"

/* How long we wait in all, and how long a module may take until it does not count. */
#define VMW_MODULES_WAIT_NS 2000000000ULL
/* Records are freed just after a module is Live: for so long nothing may change. */
#define VMW_MODULES_STILL_NS 20000000ULL

#define VMW_MAX_MOVING 32

/* What was seen so far. Zeroed: nothing. */
struct vmw_modules {
	u64 list;	/* hash of names and states */
	u64 changed_ns; /* when that, or a module that counts, was last seen to move */
	size_t nr;
	struct vmw_moving {
		char name[64];
		u64 first_ns;
	} moving[VMW_MAX_MOVING];
};

/*
 * Look at @path, which is as /proc/modules, at the time @now_ns. True where no module
 * is Loading or Unloading, but for those that have been so for VMW_MODULES_WAIT_NS
 * (a driver that oopsed never ends), and nothing changed for VMW_MODULES_STILL_NS.
 * Else, where there is one, the name of such a module is in @who (64 bytes).
 */
bool vmw_modules_look(struct vmw_modules *seen, const char *path, u64 now_ns, char *who);

/*
 * May a kprobe or fentry be attached now? On kernels with the bug it waits, for
 * VMW_MODULES_WAIT_NS at most in the life of this process. False with a reason in
 * @why (of @size bytes).
 */
bool vmw_may_attach(char *why, size_t size);

#endif
