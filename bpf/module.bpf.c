// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules that come and go: a driver's code is at home at its addresses only as
 * long as it is loaded, and its init function is where most requests are made.
 */
#include "module.h"

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

static __always_inline void read_module(struct module *mod, struct vmw_module *m, u16 probe,
					u32 event)
{
	__builtin_memset(m, 0, sizeof(*m));
	fill_header(&m->header, VMW_RECORD_MODULE, sizeof(*m), probe, NULL);
	m->event = event;
	m->taints = BPF_CORE_READ(mod, taints);
	bpf_probe_read_kernel_str(m->name, sizeof(m->name), &mod->name);
	bpf_probe_read_kernel_str(m->version, sizeof(m->version), BPF_CORE_READ(mod, version));
	bpf_probe_read_kernel_str(m->srcversion, sizeof(m->srcversion),
				  BPF_CORE_READ(mod, srcversion));
	read_texts(mod, m);
}

SEC("raw_tp/module_load")
int BPF_PROG(raw_tp__module_load, struct module *mod)
{
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_loading fresh;

	read_module(mod, &fresh.module, VMW_PROBE_MODULE_LOAD, VMW_MODULE_LOADED);
	fresh.init = (u64)BPF_CORE_READ(mod, init);
	send_module(&fresh.module);
	if (fresh.init) {
		bpf_map_update_elem(&loadings, &task, &fresh, BPF_ANY);
		return 0;
	}
	/* It has none to wait for. */
	fresh.module.event = VMW_MODULE_STARTED;
	send_module(&fresh.module);
	return 0;
}

SEC("raw_tp/initcall_finish")
int BPF_PROG(raw_tp__initcall_finish, u64 function, int result)
{
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_loading *loading = bpf_map_lookup_elem(&loadings, &task);

	if (!loading || loading->init != function)
		return 0;
	return on_end(loading, VMW_PROBE_INITCALL_FINISH, VMW_MODULE_STARTED, result);
}

SEC("raw_tp/module_free")
int BPF_PROG(raw_tp__module_free, struct module *mod)
{
	struct vmw_module m;

	read_module(mod, &m, VMW_PROBE_MODULE_FREE, VMW_MODULE_FREED);
	send_module(&m);
	return 0;
}
