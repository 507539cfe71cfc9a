/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether the kernel will let perf or tracefs put a kprobe at an instruction. */
#ifndef VMEMMAPWATCH_KERNEL_PROBEABLE_H
#define VMEMMAPWATCH_KERNEL_PROBEABLE_H

#include "kernel/object.h"

/*
 * Why not at @at, in @function of @object, as a few words; NULL: it will, as far as the
 * code shows. By kernel/kprobes.c, kernel/trace/trace_kprobe.c and
 * arch/arm64/kernel/probes/decode-insn.c (6.1.192, 7.2.13).
 */
const char *vmw_why_no_probe(const struct vmw_object *object,
			     const struct vmw_object_function *function, u64 at);

#endif
