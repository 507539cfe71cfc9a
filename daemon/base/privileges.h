/* SPDX-License-Identifier: GPL-2.0-only */
/* The capabilities that the daemon must keep on this kernel, and no others; its priority. */
#ifndef VMEMMAPWATCH_BASE_PRIVILEGES_H
#define VMEMMAPWATCH_BASE_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

struct vmw_needs {
	int capabilities[2];
	size_t nr;
	char words[160]; /* for the status: what is kept and why; "" for none */
};

/*
 * What this kernel makes a daemon keep that looks maps up and, with
 * @reads_kallsyms, opens /proc/kallsyms by itself (an fd that root has opened
 * shows addresses to everybody). Found by trying, in a child; call it before
 * there are threads, or handlers of SIGCHLD.
 */
void vmw_needed_capabilities(struct vmw_needs *needs, bool reads_kallsyms);

/*
 * Drop every capability but the @n of @capabilities, of all sets; what is kept is
 * permitted and effective, and no program that we execute inherits it. The
 * bounding set stays as it is without CAP_SETPCAP. Returns 0; -EPERM when one
 * to be kept was not there (the rest is dropped all the same); or another
 * negative errno.
 */
int vmw_keep_capabilities(const int *capabilities, size_t n);

/*
 * Run before ordinary tasks, at the lowest real-time priority, or with @hurry false as one
 * of them. Children do not hurry. Only for what mostly sleeps: whoever computes for a second
 * holds others up, and then has to wait for them (sysctl_sched_rt_runtime in kernel/sched/rt.c,
 * 6.1; fair_server_init() in kernel/sched/fair.c, 6.12). We live without it where it is not
 * permitted.
 */
void vmw_hurry(bool hurry);

#endif
