/* SPDX-License-Identifier: GPL-2.0-only */
/* Can programs run after a function here, by a BPF trampoline that calls it? */
#ifndef VMEMMAPWATCH_PROBE_TRAMPOLINE_H
#define VMEMMAPWATCH_PROBE_TRAMPOLINE_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

/*
 * Why fexit and fmod_ret must not be used on the running kernel, of at most 95
 * bytes, or NULL: they are safe. To be asked before one of them is attached to
 * anything that can run. Fentry is not meant: its trampoline does not call the
 * function (BPF_TRAMP_F_CALL_ORIG, kernel/bpf/trampoline.c, 6.12.117). The first
 * call looks, which needs the privileges for attaching; later ones remember.
 */
const char *vmw_fexit_refused(void);

/* The parts of it that ask no kernel, for tests. */

/* By the release: no trampoline may even be made. NULL: it may. */
const char *vmw_fexit_refused_by_release(const char *release, bool wide);

/*
 * The constants that @code, @n instructions, puts into x0 by MOVZ or MOVN and MOVK:
 * the arguments of __bpf_tramp_enter() and others. Returns how many, at most @max.
 */
size_t vmw_trampoline_constants(const u32 *code, size_t n, u64 *ret, size_t max);

#endif
