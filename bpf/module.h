/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules whose init runs: who begins it, and who sees its end. */
#ifndef VMEMMAPWATCH_BPF_MODULE_H
#define VMEMMAPWATCH_BPF_MODULE_H

#include "common.h"

struct vmw_loading {
	u64 init;
	struct vmw_module module;	/* as it was told when it came */
};

/* Keyed by pid_tgid of the task that runs it. */
struct vmw_loadings {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 256);
	__type(key, u64);
	__type(value, struct vmw_loading);
};

extern struct vmw_loadings loadings SEC(".maps");

static __always_inline void send_module(const struct vmw_module *m)
{
	struct vmw_module *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (!record) {
		lose(VMW_LOST_RING);
		return;
	}
	__builtin_memcpy(record, m, sizeof(*record));
	submit(record);
}

/* The init function of @loading has come to an end. */
static __always_inline int on_end(struct vmw_loading *loading, u16 probe, u32 event, s64 result)
{
	u64 task = bpf_get_current_pid_tgid();

	loading->module.event = event;
	loading->module.result = result;
	loading->module.header.probe = probe;
	loading->module.header.time_ns = bpf_ktime_get_boot_ns();
	send_module(&loading->module);
	bpf_map_delete_elem(&loadings, &task);
	return 0;
}

#endif
