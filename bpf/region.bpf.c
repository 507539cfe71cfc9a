// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a driver comes by a physical range: request_free_mem_region() searches one
 * (kernel/resource.c, 6.1.192); and the device that it is for.
 */
#include "common.h"

struct asked {
	u64 size;		/* bytes */
	u64 caller;		/* where the stack of the answer lacks it */
	u64 device;		/* that it is for; 0: not told */
};

/* What was asked for, until the answer, by task. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, struct asked);
} regions SEC(".maps");

static __always_inline int on_asked(u64 size, u64 caller, u64 device)
{
	struct asked asked = { .size = size, .caller = real_caller(caller), .device = device };
	u64 task = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&regions, &task, &asked, BPF_ANY);
	return 0;
}

/* @stack: where the task's stack pointer is; 0: not known. */
static __always_inline void push_device(struct vmw_binding *binding, u64 device, u64 stack)
{
	struct device *dev = (struct device *)device;
	u32 depth = binding->depth++, i;

	/* Those that are nested deeper have no name, and are counted to come out again. */
	if (depth >= VMW_MAX_NESTED)
		return;
	i = nested_index(depth);
	binding->at[i].stack = stack;
	bpf_probe_read_kernel_str(binding->at[i].device, VMW_DEVICE_LEN,
				  BPF_CORE_READ(dev, kobj.name));
	bpf_probe_read_kernel_str(binding->at[i].bus, VMW_DEVICE_LEN,
				  BPF_CORE_READ(dev, bus, name));
}

static __always_inline struct vmw_binding *binding_of(u64 key)
{
	struct vmw_binding none = {};

	bpf_map_update_elem(&bindings, &key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&bindings, &key);
}

/* @key is what is for that device alone. */
static __always_inline int keep_device(u64 key, u64 device)
{
	struct vmw_binding *binding;

	bpf_map_delete_elem(&bindings, &key);
	binding = binding_of(key);
	if (binding)
		push_device(binding, device, 0);
	return 0;
}

/* No range, no memremap_pages(): the refusal is a request of its own. */
static __always_inline struct vmw_observation *
new_refusal(void *ctx, const struct asked *asked, u16 probe)
{
	struct vmw_inflight in = {
		.request = new_request_id(),
		.kind = VMW_REQUEST_REGION,
	};

	/* There is no dev_pagemap: the request has its device by its own number. */
	if (asked && asked->device) {
		in.pgmap = in.request;
		keep_device(in.pgmap, asked->device);
	}
	send_who(probe, &in);
	send_stack(ctx, asked ? asked->caller : 0, 0, probe, &in);
	return new_observation(probe, &in);
}

/* @resource is a struct resource, or an error. */
static __always_inline int on_given(void *ctx, u16 probe, u64 resource)
{
	struct resource *given = (struct resource *)resource;
	u64 task = bpf_get_current_pid_tgid();
	struct asked *asked = bpf_map_lookup_elem(&regions, &task);
	struct vmw_observation *o;
	struct vmw_judgement j;
	u64 start, end;

	o = vmw_is_answer(resource) ? new_refusal(ctx, asked, probe) :
	    new_observation(probe, inflight());
	if (!o)
		return 0;
	o->asked = asked ? asked->size : 0;
	if (vmw_is_answer(resource)) {
		o->result = resource;
	} else {
		start = BPF_CORE_READ(given, start);
		end = BPF_CORE_READ(given, end);
		o->pfn = start >> bounds.page_shift;
		o->nr_pages = (end - start + 1) >> bounds.page_shift;
		j = judge_pfns(o->pfn, o->nr_pages);
		set_judgement(o, &j);
	}
	bpf_map_delete_elem(&regions, &task);
	submit(o);
	return 0;
}

/*
 * One whose stack is not above ours has returned, and we have missed it (all instances
 * of a kretprobe were taken).
 */
static __always_inline int on_binds(u64 device, u64 stack)
{
	struct vmw_binding *binding = binding_of(bpf_get_current_pid_tgid());
	u32 i, last;

	if (!binding)
		return 0;
	for (i = 0; i < VMW_MAX_NESTED; i++) {
		last = binding->depth - 1;
		if (!stack || last >= VMW_MAX_NESTED || binding->at[nested_index(last)].stack > stack)
			break;
		binding->depth = last;
	}
	push_device(binding, device, stack);
	return 0;
}

static __always_inline int on_bound(void)
{
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_binding *binding = bpf_map_lookup_elem(&bindings, &task);

	if (binding && binding->depth > 1)
		binding->depth--;
	else
		bpf_map_delete_elem(&bindings, &task);
	return 0;
}

SEC("fentry/request_free_mem_region")
int BPF_PROG(fentry__request_free_mem_region, void *base, u64 size)
{
	return on_asked(size, FENTRY_CALLER(ctx), 0);
}

SEC("kprobe/request_free_mem_region")
int BPF_KPROBE(kprobe__request_free_mem_region, void *base, u64 size)
{
	return on_asked(size, KPROBE_CALLER(ctx), 0);
}

SEC("fexit/request_free_mem_region")
int BPF_PROG(fexit__request_free_mem_region, void *base, u64 size, void *name, void *ret)
{
	return on_given(ctx, VMW_PROBE_REGION_GIVEN, (u64)ret);
}

SEC("kretprobe/request_free_mem_region")
int BPF_KRETPROBE(kretprobe__request_free_mem_region, u64 ret)
{
	return on_given(ctx, VMW_PROBE_REGION_GIVEN, ret);
}

SEC("fentry/devm_request_free_mem_region")
int BPF_PROG(fentry__devm_request_free_mem_region, void *dev, void *base, u64 size)
{
	return on_asked(size, FENTRY_CALLER(ctx), (u64)dev);
}

SEC("kprobe/devm_request_free_mem_region")
int BPF_KPROBE(kprobe__devm_request_free_mem_region, void *dev, void *base, u64 size)
{
	return on_asked(size, KPROBE_CALLER(ctx), (u64)dev);
}

SEC("fexit/devm_request_free_mem_region")
int BPF_PROG(fexit__devm_request_free_mem_region, void *dev, void *base, u64 size, void *ret)
{
	return on_given(ctx, VMW_PROBE_DEVM_REGION_GIVEN, (u64)ret);
}

SEC("kretprobe/devm_request_free_mem_region")
int BPF_KRETPROBE(kretprobe__devm_request_free_mem_region, u64 ret)
{
	return on_given(ctx, VMW_PROBE_DEVM_REGION_GIVEN, ret);
}

SEC("fentry/devm_memremap_pages")
int BPF_PROG(fentry__devm_memremap_pages, void *dev, void *pgmap)
{
	return keep_device((u64)pgmap, (u64)dev);
}

SEC("kprobe/devm_memremap_pages")
int BPF_KPROBE(kprobe__devm_memremap_pages, void *dev, void *pgmap)
{
	return keep_device((u64)pgmap, (u64)dev);
}

SEC("fentry/really_probe")
int BPF_PROG(fentry__really_probe, void *dev)
{
	/* Its return is not missed. */
	return on_binds((u64)dev, 0);
}

SEC("kprobe/really_probe")
int BPF_KPROBE(kprobe__really_probe, void *dev)
{
	return on_binds((u64)dev, PT_REGS_SP(ctx));
}

SEC("fexit/really_probe")
int BPF_PROG(fexit__really_probe)
{
	return on_bound();
}

SEC("kretprobe/really_probe")
int BPF_KRETPROBE(kretprobe__really_probe)
{
	return on_bound();
}
