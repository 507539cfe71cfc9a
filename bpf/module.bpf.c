// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules that come and go: a driver's code is at home at its addresses only as
 * long as it is loaded, and its init function is where most requests are made.
 */
#include "module.h"

SEC("raw_tp/module_load")
int BPF_PROG(raw_tp__module_load, struct module *mod)
{
	const struct vmw_loading fresh = {
		.init = (u64)BPF_CORE_READ(mod, init),
		.module = (u64)mod,
	};
	u64 task = bpf_get_current_pid_tgid();

	send_module(mod, VMW_PROBE_MODULE_LOAD, VMW_MODULE_LOADED, 0);
	if (!fresh.init)
		/* It has none to wait for. */
		send_module(mod, VMW_PROBE_MODULE_LOAD, VMW_MODULE_STARTED, 0);
	else if (bpf_map_update_elem(&loadings, &task, &fresh, BPF_ANY))
		lose(VMW_LOST_LOADS);
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
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_loading *loading = bpf_map_lookup_elem(&loadings, &task);

	/* The kernel had no memory to run its init (do_init_module(), 6.1.192). */
	if (loading && loading->module == (u64)mod)
		on_end(loading, VMW_PROBE_MODULE_FREE, VMW_MODULE_STARTED, -ENOMEM);
	send_module(mod, VMW_PROBE_MODULE_FREE, VMW_MODULE_FREED, 0);
	return 0;
}
