// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory hotplug below memremap_pages(): sections added and removed, their
 * struct pages populated, initialised and freed, and the kernel's own check.
 */
#include "observe.h"

/*
 * Hotplugged memory is checked before it reaches __add_pages(): that check is
 * a request of its own, of which only a refusal is told.
 */
static __always_inline int on_mhp_asked(u64 start, u64 size)
{
	struct vmw_inflight *in = inflight();

	if (!in)
		in = enter(VMW_REQUEST_CHECK, 0);
	if (!in)
		return 0;
	in->asked_start = start;
	in->asked_size = size;
	in->limit_start = 0;
	in->limit_end = 0;
	return 0;
}

/* A bool is in the low byte alone (AAPCS64 leaves the rest undefined). */
static __always_inline int on_mhp_allowed(void *ctx, u64 ret)
{
	u32 allowed = (ret & 0xff) != 0;
	struct vmw_inflight *in = inflight();
	struct vmw_observation *o;
	struct vmw_judgement j;
	struct about a;

	if (!in)
		return 0;
	a = about(VMW_PROBE_MHP_ALLOWED, in);
	if (in->kind == VMW_REQUEST_CHECK) {
		if (allowed)
			goto out;
		send_stack(ctx, 0, 0, &a);
	}
	o = new_observation(&a);
	if (!o)
		goto out;
	o->pfn = in->asked_start >> bounds.page_shift;
	o->nr_pages = in->asked_size >> bounds.page_shift;
	j = judge_pfns(o->pfn, o->nr_pages);
	set_judgement(o, &j);
	o->pgmap = in->pgmap;
	o->limit_start = in->limit_start;
	o->limit_end = in->limit_end;
	o->result = allowed;
	submit(o);
out:
	if (in->kind == VMW_REQUEST_CHECK)
		leave();
	return 0;
}

/* struct range comes back in two registers (AAPCS64, up to 16 bytes). */
static __always_inline int on_mappable_range(u64 start, u64 end)
{
	struct vmw_inflight *in = inflight();

	if (!in)
		return 0;
	in->limit_start = start;
	in->limit_end = end;
	return 0;
}

static __always_inline int on_sections(void *ctx, u64 caller, u16 probe, u32 kind, u64 pfn, u64 nr)
{
	struct vmw_inflight *in = inflight();
	struct about a;
	int starts;

	/* A check ends by itself; an older ADD or REMOVE is a return not seen. */
	starts = !in || (in->kind != VMW_REQUEST_MEMREMAP && in->kind != VMW_REQUEST_MEMUNMAP);
	if (starts)
		in = enter(kind, 0);
	a = about(probe, in);
	observe_pfns(ctx, caller, &a, pfn, nr, starts);
	return 0;
}

/* Ends a request only where the call above has started it. */
static __always_inline int on_sections_done(u16 probe, u32 kind, s64 result)
{
	struct vmw_inflight *in = inflight();

	if (!in)
		return 0;
	observe_result(probe, in, result);
	if (in->kind == kind)
		leave();
	return 0;
}

/*
 * Once a section: an 80 GiB device has 640 of them. In bounds they are not
 * worth a record; the request above has told of the whole range.
 */
static __always_inline int on_vmemmap(void *ctx, u64 caller, u16 probe, u64 start, u64 end)
{
	struct vmw_judgement j;
	struct vmw_observation *o;
	struct about a;

	if (verdict_of(start, end - start) == VMW_IN_BOUNDS)
		return 0;
	a = about(probe, inflight());
	if (!a.request)
		send_stack(ctx, caller, 0, &a);
	o = new_observation(&a);
	if (!o)
		return 0;
	o->pfn = vmw_pfn_of(bounds_at(), start);
	o->nr_pages = (end - start) / bounds.page_struct_size;
	j = vmw_judge_pages(bounds_at(), start, end - start);
	set_judgement(o, &j);
	submit(o);
	return 0;
}

static __always_inline int on_init(void *ctx, u64 caller, u64 pfn, u64 nr)
{
	const struct about a = about(VMW_PROBE_INIT_ZONE_DEVICE, inflight());

	observe_pfns(ctx, caller, &a, pfn, nr, 0);
	return 0;
}

SEC("fentry/mhp_range_allowed")
int BPF_PROG(fentry__mhp_range_allowed, u64 start, u64 size)
{
	return on_mhp_asked(start, size);
}

SEC("kprobe/mhp_range_allowed")
int BPF_KPROBE(kprobe__mhp_range_allowed, u64 start, u64 size)
{
	return on_mhp_asked(start, size);
}

SEC("fexit/mhp_range_allowed")
int BPF_PROG(fexit__mhp_range_allowed, u64 start, u64 size, u64 need, u64 ret)
{
	return on_mhp_allowed(ctx, ret);
}

SEC("kretprobe/mhp_range_allowed")
int BPF_KRETPROBE(kretprobe__mhp_range_allowed, u64 ret)
{
	return on_mhp_allowed(ctx, ret);
}

/* No fexit: the verifier does not take functions that return a struct. */
SEC("kretprobe/arch_get_mappable_range")
int kretprobe__arch_get_mappable_range(struct user_pt_regs *ctx)
{
	return on_mappable_range(ctx->regs[0], ctx->regs[1]);
}

SEC("fentry/__add_pages")
int BPF_PROG(fentry____add_pages, int nid, u64 pfn, u64 nr)
{
	return on_sections(ctx, FENTRY_CALLER(ctx), VMW_PROBE_ADD_PAGES, VMW_REQUEST_ADD, pfn,
			   nr);
}

SEC("kprobe/__add_pages")
int BPF_KPROBE(kprobe____add_pages, int nid, u64 pfn, u64 nr)
{
	return on_sections(ctx, KPROBE_CALLER(ctx), VMW_PROBE_ADD_PAGES, VMW_REQUEST_ADD, pfn,
			   nr);
}

SEC("fexit/__add_pages")
int BPF_PROG(fexit____add_pages, int nid, u64 pfn, u64 nr, void *params, int ret)
{
	return on_sections_done(VMW_PROBE_ADD_PAGES_DONE, VMW_REQUEST_ADD, ret);
}

SEC("kretprobe/__add_pages")
int BPF_KRETPROBE(kretprobe____add_pages, int ret)
{
	return on_sections_done(VMW_PROBE_ADD_PAGES_DONE, VMW_REQUEST_ADD, ret);
}

SEC("fentry/__remove_pages")
int BPF_PROG(fentry____remove_pages, u64 pfn, u64 nr)
{
	return on_sections(ctx, FENTRY_CALLER(ctx), VMW_PROBE_REMOVE_PAGES, VMW_REQUEST_REMOVE,
			   pfn, nr);
}

SEC("kprobe/__remove_pages")
int BPF_KPROBE(kprobe____remove_pages, u64 pfn, u64 nr)
{
	return on_sections(ctx, KPROBE_CALLER(ctx), VMW_PROBE_REMOVE_PAGES, VMW_REQUEST_REMOVE,
			   pfn, nr);
}

SEC("fexit/__remove_pages")
int BPF_PROG(fexit____remove_pages)
{
	return on_sections_done(VMW_PROBE_REMOVE_PAGES_DONE, VMW_REQUEST_REMOVE, 0);
}

SEC("kretprobe/__remove_pages")
int BPF_KRETPROBE(kretprobe____remove_pages)
{
	return on_sections_done(VMW_PROBE_REMOVE_PAGES_DONE, VMW_REQUEST_REMOVE, 0);
}

SEC("fentry/memmap_init_zone_device")
int BPF_PROG(fentry__memmap_init_zone_device, void *zone, u64 pfn, u64 nr)
{
	return on_init(ctx, FENTRY_CALLER(ctx), pfn, nr);
}

SEC("kprobe/memmap_init_zone_device")
int BPF_KPROBE(kprobe__memmap_init_zone_device, void *zone, u64 pfn, u64 nr)
{
	return on_init(ctx, KPROBE_CALLER(ctx), pfn, nr);
}

SEC("fentry/vmemmap_populate")
int BPF_PROG(fentry__vmemmap_populate, u64 start, u64 end)
{
	return on_vmemmap(ctx, FENTRY_CALLER(ctx), VMW_PROBE_VMEMMAP_POPULATE, start, end);
}

SEC("kprobe/vmemmap_populate")
int BPF_KPROBE(kprobe__vmemmap_populate, u64 start, u64 end)
{
	return on_vmemmap(ctx, KPROBE_CALLER(ctx), VMW_PROBE_VMEMMAP_POPULATE, start, end);
}

SEC("fentry/vmemmap_free")
int BPF_PROG(fentry__vmemmap_free, u64 start, u64 end)
{
	return on_vmemmap(ctx, FENTRY_CALLER(ctx), VMW_PROBE_VMEMMAP_FREE, start, end);
}

SEC("kprobe/vmemmap_free")
int BPF_KPROBE(kprobe__vmemmap_free, u64 start, u64 end)
{
	return on_vmemmap(ctx, KPROBE_CALLER(ctx), VMW_PROBE_VMEMMAP_FREE, start, end);
}
