// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who a request is for: the task's cgroup, by which containers are known, and the
 * device that it is for, or that a driver is being bound to.
 */
#include "observe.h"

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	if (bpf_core_field_exists(node->parent))
		return BPF_CORE_READ(node, parent);
	return (struct kernfs_node *)BPF_CORE_READ((struct kernfs_node___new *)node, __parent);
}

/* Names from the innermost cgroup up; the root has none. */
static __always_inline void fill_cgroup(struct vmw_requester *who)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn), *parent;
	u32 i;

	who->cgroup = bpf_get_current_cgroup_id();
	for (i = 0; i < VMW_CGROUP_LEVELS; i++) {
		if (!node)
			break;
		parent = parent_of(node);
		if (!parent)
			break;
		bpf_probe_read_kernel_str(who->level[i], VMW_CGROUP_LEN,
					  BPF_CORE_READ(node, name));
		who->nr_levels = i + 1;
		node = parent;
	}
}

/* The device that the task is binding a driver to; 0: none that is known (region.bpf.c). */
extern u64 device_being_bound(void);

__noinline int send_requester(u32 probe, u64 request, u32 kind, u64 device)
{
	const struct about a = { .probe = probe, .request = request, .kind = kind };
	struct device *dev = (struct device *)(device ? device : device_being_bound());
	struct vmw_requester *who;

	who = bpf_ringbuf_reserve(&ring, sizeof(*who), 0);
	if (!who) {
		lose(VMW_LOST_RING);
		return 0;
	}
	__builtin_memset(who, 0, sizeof(*who));
	fill_header(&who->header, VMW_RECORD_REQUESTER, sizeof(*who), &a);
	fill_cgroup(who);
	/* Of none there is nothing to be read, and the names stay empty. */
	bpf_probe_read_kernel_str(who->device, VMW_DEVICE_LEN, BPF_CORE_READ(dev, kobj.name));
	bpf_probe_read_kernel_str(who->bus, VMW_DEVICE_LEN, BPF_CORE_READ(dev, bus, name));
	bpf_ringbuf_submit(who, BPF_RB_NO_WAKEUP);
	return 0;
}
