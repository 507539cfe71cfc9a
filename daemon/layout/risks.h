/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings of this kernel that make probes blind, or dangerous. */
#ifndef VMEMMAPWATCH_LAYOUT_RISKS_H
#define VMEMMAPWATCH_LAYOUT_RISKS_H

#include <stdbool.h>

#include <bpf/btf.h>

#define VMW_FTRACE_ENABLED "/proc/sys/kernel/ftrace_enabled"
#define VMW_CMDLINE	   "/proc/cmdline"

struct vmw_risks {
	bool ftrace_off;    /* kernel.ftrace_enabled is 0 */
	bool sleeping_ring; /* PREEMPT_RT, and the BPF ring buffer takes a lock that sleeps */
	bool pseudo_nmi;    /* irqchip.gicv3_pseudo_nmi=1 */
};

/* Is kernel.ftrace_enabled 0, by the file @path? False where it cannot be read. */
bool vmw_ftrace_is_off(const char *path);

/* The last irqchip.gicv3_pseudo_nmi= of @cmdline, read as kstrtobool() does. */
bool vmw_asks_for_pseudo_nmi(const char *cmdline);

/* Does struct bpf_ringbuf have a spinlock_t, and is that a mutex (PREEMPT_RT)? */
bool vmw_has_sleeping_ring(const struct btf *btf);

/* All three, of the running kernel. @btf may be NULL. */
void vmw_risks_read(struct vmw_risks *ret, const struct btf *btf);

/* Called for each risk there is, with what follows from it. */
typedef void (*vmw_risk_fn)(const char *risk, const char *follows, void *context);
void vmw_each_risk(const struct vmw_risks *risks, vmw_risk_fn fn, void *context);

#endif
