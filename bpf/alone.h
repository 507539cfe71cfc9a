/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Maps and constants of an object that is loaded alone, and counts hits: the maps are those
 * of the other programs (vmw_extra_share_maps()). Once, after hit.h or array.h.
 */
#ifndef VMEMMAPWATCH_BPF_ALONE_H
#define VMEMMAPWATCH_BPF_ALONE_H

char LICENSE[] SEC("license") = "GPL";

struct vmw_ring ring SEC(".maps");
struct vmw_losses losses SEC(".maps");
struct vmw_uses uses SEC(".maps");
struct vmw_samplings samplings SEC(".maps");

const volatile struct vmw_bounds bounds = {};
const volatile struct vmw_windows windows = {};
const volatile u32 section_shift = 0;
const volatile u64 trampolines[VMW_MAX_TRAMPOLINES] = {};

#endif
