// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a driver comes by a physical range: request_free_mem_region() searches one
 * (kernel/resource.c, 6.1.192); and the device that it is for.
 */
#include "observe.h"

/*
 * The device that the task is binding a driver to; 0: none that is known. A global
 * function, as real_caller() is.
 */
__noinline u64 device_being_bound(void)
{
	u64 task = bpf_get_current_pid_tgid(), last;
	struct vmw_binding *binding = bpf_map_lookup_elem(&bindings, &task);

	if (!binding || !binding->depth)
		return 0;
	last = binding->depth - 1;
	if (last < VMW_MAX_NESTED)
		return binding->at[nested_index(last)].device;
	lose(VMW_LOST_BINDINGS);
	return 0;
}

static __always_inline int on_asked(const struct vmw_asked *asked)
{
	u64 task = bpf_get_current_pid_tgid();

	if (bpf_map_update_elem(&asks, &task, asked, BPF_ANY))
		lose(VMW_LOST_ASKS);
	return 0;
}

static __always_inline int on_region_asked(u64 size, u64 caller, u64 device)
{
	const struct vmw_asked asked = {
		.size = size,
		.caller = real_caller(caller),
		.device = device,
	};

	return on_asked(&asked);
}

/* memremap_pages() comes next, and is not told of the device. */
static __always_inline int on_device_asks(u64 device, u64 pgmap)
{
	const struct vmw_asked asked = { .device = device, .pgmap = pgmap };

	return on_asked(&asked);
}

/* No range, no memremap_pages(): the refusal is a request of its own. */
static __always_inline struct vmw_observation *
new_refusal(void *ctx, const struct vmw_asked *asked, u32 probe)
{
	const struct about a = {
		.request = new_request_id(),
		.kind = VMW_REQUEST_REGION,
		.probe = probe,
	};

	send_requester(probe, a.request, a.kind, asked ? asked->device : 0);
	send_stack(ctx, asked ? asked->caller : 0, 0, &a);
	return new_observation(&a);
}

static __always_inline struct vmw_observation *new_answer(u32 probe)
{
	const struct about a = about(probe, inflight());

	return new_observation(&a);
}

/* @resource is a struct resource, or an error. */
static __always_inline int on_given(void *ctx, u16 probe, u64 resource)
{
	struct resource *given = (struct resource *)resource;
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_asked *asked = bpf_map_lookup_elem(&asks, &task);
	struct vmw_observation *o;
	struct vmw_judgement j;
	u64 start, end;

	o = vmw_is_answer(resource) ? new_refusal(ctx, asked, probe) : new_answer(probe);
	if (!o)
		goto out;
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
	submit(o);
out:
	forget(&asks, &task, VMW_LOST_ASKS);
	return 0;
}

/*
 * @stack: where the task's stack pointer is; 0: not known. An outer device whose stack
 * is not above that has been bound, and we have missed it (all instances of a kretprobe
 * were taken).
 */
static __always_inline int on_binds(u64 device, u64 stack)
{
	const struct vmw_binding none = {};
	u64 task = bpf_get_current_pid_tgid(), last;
	struct vmw_binding *binding;
	u32 i;

	bpf_map_update_elem(&bindings, &task, &none, BPF_NOEXIST);
	binding = bpf_map_lookup_elem(&bindings, &task);
	if (!binding) {
		lose(VMW_LOST_BINDINGS);
		return 0;
	}
	for (i = 0; i < VMW_MAX_NESTED; i++) {
		last = binding->depth - 1;
		if (!stack || last >= VMW_MAX_NESTED ||
		    binding->at[nested_index(last)].stack > stack)
			break;
		binding->depth = last;
	}
	last = binding->depth++;
	/* Those that are nested deeper have no name, and are counted to come out again. */
	if (last < VMW_MAX_NESTED) {
		binding->at[nested_index(last)].device = device;
		binding->at[nested_index(last)].stack = stack;
	}
	return 0;
}

static __always_inline int on_bound(void)
{
	u64 task = bpf_get_current_pid_tgid();
	struct vmw_binding *binding = bpf_map_lookup_elem(&bindings, &task);

	if (binding && binding->depth > 1)
		binding->depth--;
	else
		forget(&bindings, &task, VMW_LOST_BINDINGS);
	return 0;
}

SEC("fentry/request_free_mem_region")
int BPF_PROG(fentry__request_free_mem_region, void *base, u64 size)
{
	return on_region_asked(size, FENTRY_CALLER(ctx), 0);
}

SEC("kprobe/request_free_mem_region")
int BPF_KPROBE(kprobe__request_free_mem_region, void *base, u64 size)
{
	return on_region_asked(size, KPROBE_CALLER(ctx), 0);
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
	return on_region_asked(size, FENTRY_CALLER(ctx), (u64)dev);
}

SEC("kprobe/devm_request_free_mem_region")
int BPF_KPROBE(kprobe__devm_request_free_mem_region, void *dev, void *base, u64 size)
{
	return on_region_asked(size, KPROBE_CALLER(ctx), (u64)dev);
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
	return on_device_asks((u64)dev, (u64)pgmap);
}

SEC("kprobe/devm_memremap_pages")
int BPF_KPROBE(kprobe__devm_memremap_pages, void *dev, void *pgmap)
{
	return on_device_asks((u64)dev, (u64)pgmap);
}

SEC("fentry/really_probe")
int BPF_PROG(fentry__really_probe, void *dev)
{
	/* Of the task's stack. Its return may be a kretprobe's, and so be missed. */
	u64 stack = (u64)ctx;

	asm volatile("%0 = -%0; %0 = -%0" : "+r"(stack)); /* as in number_of() */
	return on_binds((u64)dev, stack);
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
