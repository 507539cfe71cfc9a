/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_PROBE_MISSED_H
#define VMEMMAPWATCH_PROBE_MISSED_H

#include <stdbool.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <vmemmapwatch/types.h>

/* Does this kernel count the hits of kprobes that never reached a program? */
bool vmw_kernel_counts_missed(const struct btf *btf);

/* How many there were for the kprobe or kretprobe of that link; 0 if not counted. */
u64 vmw_missed_by_kprobe(int link_fd);

#endif
