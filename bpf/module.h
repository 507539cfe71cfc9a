/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules whose init runs: who begins it, and who sees its end. */
#ifndef VMEMMAPWATCH_BPF_MODULE_H
#define VMEMMAPWATCH_BPF_MODULE_H

#include "observe.h"

/* The module outlives it: an init that dies leaves its module behind for ever. */
struct vmw_loading {
	u64 init;
	u64 module;
};

/* Why this many, and no LRU map: see maps.h. */
struct vmw_loadings {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64); /* pid_tgid of the task that runs it */
	__type(value, struct vmw_loading);
};

extern struct vmw_loadings loadings SEC(".maps");

/* struct module grew apart in 6.4 (commit ac3b43283923). */
static __always_inline void read_texts(struct module *mod, struct vmw_module *m)
{
	struct module___new *new = (struct module___new *)mod;

	if (bpf_core_field_exists(new->mem)) {
		m->core = (u64)BPF_CORE_READ(new, mem[MOD_TEXT].base);
		m->core_size = BPF_CORE_READ(new, mem[MOD_TEXT].size);
		m->init = (u64)BPF_CORE_READ(new, mem[MOD_INIT_TEXT].base);
		m->init_size = BPF_CORE_READ(new, mem[MOD_INIT_TEXT].size);
	} else {
		m->core = (u64)BPF_CORE_READ(mod, core_layout.base);
		m->core_size = BPF_CORE_READ(mod, core_layout.text_size);
		m->init = (u64)BPF_CORE_READ(mod, init_layout.base);
		m->init_size = BPF_CORE_READ(mod, init_layout.text_size);
	}
}

/* @result: of init, where @event is its end. */
static __noinline int send_module(struct module *mod, u16 probe, u32 event, s64 result)
{
	struct vmw_module *m = bpf_ringbuf_reserve(&ring, sizeof(*m), 0);
	const struct about a = about(probe, NULL);

	if (!m) {
		lose(VMW_LOST_RING);
		return 0;
	}
	__builtin_memset(m, 0, sizeof(*m));
	fill_header(&m->header, VMW_RECORD_MODULE, sizeof(*m), &a);
	m->event = event;
	m->result = result;
	m->taints = BPF_CORE_READ(mod, taints);
	bpf_probe_read_kernel_str(m->name, sizeof(m->name), &mod->name);
	bpf_probe_read_kernel_str(m->version, sizeof(m->version), BPF_CORE_READ(mod, version));
	bpf_probe_read_kernel_str(m->srcversion, sizeof(m->srcversion),
				  BPF_CORE_READ(mod, srcversion));
	read_texts(mod, m);
	submit(m);
	return 0;
}

/* The init function of @loading has come to an end. */
static __always_inline int on_end(struct vmw_loading *loading, u16 probe, u32 event, s64 result)
{
	u64 task = bpf_get_current_pid_tgid();

	send_module((struct module *)loading->module, probe, event, result);
	forget(&loadings, &task, VMW_LOST_LOADS);
	return 0;
}

#endif
