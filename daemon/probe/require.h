/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_PROBE_REQUIRE_H
#define VMEMMAPWATCH_PROBE_REQUIRE_H

#include <stddef.h>

/*
 * Can this kernel be traced by this user at all? Returns 0, or -ENOTSUP with
 * one line in @why (of @size bytes) that says what is missing and what would
 * help. Checked from the cheapest to the most particular: the machine, the
 * capabilities, BTF, lockdown, kptr_restrict.
 */
int vmw_require_tracing(char *why, size_t size);

/* The first of these checks alone: is this arm64? */
int vmw_require_arm64(char *why, size_t size);

#endif
