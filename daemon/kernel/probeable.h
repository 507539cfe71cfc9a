/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the kernel will let perf or tracefs put a kprobe at an instruction. */
#ifndef VMEMMAPWATCH_KERNEL_PROBEABLE_H
#define VMEMMAPWATCH_KERNEL_PROBEABLE_H

#include "kernel/object.h"

/*
 * This function is there where kprobes on notrace functions are refused, with a line in the
 * kernel log (__register_trace_kprobe(), kernel/trace/trace_kprobe.c 5.10.223 to 7.2.13).
 */
#define VMW_NOTRACE_CHECK "within_notrace_func"

/* Does the running kernel have it? By kallsyms. */
bool vmw_checks_notrace(void);

/*
 * Why not at @at, in @function of @object, as a few words; NULL: it will, as far as the
 * code shows. By kernel/kprobes.c, kernel/trace/trace_kprobe.c and
 * arch/arm64/kernel/probes/decode-insn.c (6.1.192, 7.2.13).
 */
const char *vmw_why_no_probe(const struct vmw_object *object,
			     const struct vmw_object_function *function, u64 at);

#endif
