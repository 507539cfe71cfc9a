// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver's request for struct pages: memremap_pages() and memunmap_pages(),
 * which carry all its ranges, type and owner (mm/memremap.c).
 */
#include "observe.h"

static __always_inline int read_range(struct dev_pagemap *pgmap, u32 index, struct range *range)
{
	u32 size = bpf_core_type_size(struct range);
	void *first = __builtin_preserve_access_index(&pgmap->range);
	void *at = first + (u64)index * size;

	if (bpf_core_read(&range->start, sizeof(u64), &((struct range *)at)->start) ||
	    bpf_core_read(&range->end, sizeof(u64), &((struct range *)at)->end)) {
		lose(VMW_LOST_READS);
		return -1;
	}
	return 0;
}

/*
 * A global function, with scalars only, so that the verifier walks it once and
 * not for each range (it took most of the start-up time, inlined). fentry has
 * the pgmap as a pointer, which is none: the request holds it as a number.
 */
__noinline int observe_range(u32 probe, u32 index, u32 nr_ranges, s32 nid)
{
	struct vmw_inflight *in = inflight();
	struct dev_pagemap *pgmap;
	struct vmw_observation *o;
	struct vmw_judgement j;
	struct range range;
	struct about a;
	u64 pfn, nr;

	if (!in)
		return 0;
	a = about(probe, in);
	pgmap = (struct dev_pagemap *)in->pgmap;
	if (read_range(pgmap, index, &range))
		return 0;
	pfn = range.start >> bounds.page_shift;
	nr = (range.end - range.start + 1) >> bounds.page_shift;

	o = new_observation(&a);
	if (!o)
		return 0;
	o->pfn = pfn;
	o->nr_pages = nr;
	o->pgmap = in->pgmap;
	o->owner = (u64)BPF_CORE_READ(pgmap, owner);
	o->memory_type = BPF_CORE_READ(pgmap, type);
	o->pgmap_flags = BPF_CORE_READ(pgmap, flags);
	o->range_index = index;
	o->nr_ranges = nr_ranges;
	o->nid = nid;
	j = judge_pfns(pfn, nr);
	set_judgement(o, &j);
	submit(o);
	return 0;
}

static __always_inline void observe_pgmap(struct dev_pagemap *pgmap, u16 probe, s32 nid)
{
	u32 nr = BPF_CORE_READ(pgmap, nr_range);
	u32 i;

	if (nr > VMW_MAX_RANGES)
		lose(VMW_LOST_RANGES);
	for (i = 0; i < VMW_MAX_RANGES; i++) {
		if (i >= nr)
			break;
		observe_range(probe, i, nr, nid);
	}
}

/* The device of the devm_memremap_pages() that calls us; 0: another one does. */
static __always_inline u64 take_device(u64 pgmap)
{
	u64 task = bpf_get_current_pid_tgid(), device;
	struct vmw_asked *asked = bpf_map_lookup_elem(&asks, &task);

	if (!asked || asked->pgmap != pgmap)
		return 0;
	device = asked->device;
	forget(&asks, &task, VMW_LOST_ASKS);
	return device;
}

static __always_inline int on_memremap(void *ctx, u64 caller, struct dev_pagemap *pgmap, s32 nid)
{
	const struct about a = about(VMW_PROBE_MEMREMAP, enter(VMW_REQUEST_MEMREMAP, (u64)pgmap));

	send_requester(a.probe, a.request, a.kind, take_device((u64)pgmap));
	send_stack(ctx, caller, 0, &a);
	observe_pgmap(pgmap, VMW_PROBE_MEMREMAP, nid);
	return 0;
}

static __always_inline int on_memremap_done(s64 result)
{
	observe_result(VMW_PROBE_MEMREMAP_DONE, inflight(), result);
	leave();
	return 0;
}

/*
 * memremap_pages() itself calls memunmap_pages() when it gives up half way
 * (mm/memremap.c, 6.1.192): that is no request of its own.
 */
static __always_inline int on_memunmap(void *ctx, u64 caller, struct dev_pagemap *pgmap)
{
	struct vmw_inflight *in = inflight();
	struct about a;

	if (!in || in->kind != VMW_REQUEST_MEMREMAP || in->pgmap != (u64)pgmap) {
		a = about(VMW_PROBE_MEMUNMAP, enter(VMW_REQUEST_MEMUNMAP, (u64)pgmap));
		send_stack(ctx, caller, 0, &a);
	}
	observe_pgmap(pgmap, VMW_PROBE_MEMUNMAP, -1);
	return 0;
}

static __always_inline int on_memunmap_done(void)
{
	struct vmw_inflight *in = inflight();

	if (!in || in->kind != VMW_REQUEST_MEMUNMAP)
		return 0;
	observe_result(VMW_PROBE_MEMUNMAP_DONE, in, 0);
	leave();
	return 0;
}

SEC("fentry/memremap_pages")
int BPF_PROG(fentry__memremap_pages, struct dev_pagemap *pgmap, int nid)
{
	return on_memremap(ctx, FENTRY_CALLER(ctx), pgmap, nid);
}

SEC("kprobe/memremap_pages")
int BPF_KPROBE(kprobe__memremap_pages, struct dev_pagemap *pgmap, int nid)
{
	return on_memremap(ctx, KPROBE_CALLER(ctx), pgmap, nid);
}

SEC("fexit/memremap_pages")
int BPF_PROG(fexit__memremap_pages, struct dev_pagemap *pgmap, int nid, void *ret)
{
	return on_memremap_done((s64)ret);
}

SEC("kretprobe/memremap_pages")
int BPF_KRETPROBE(kretprobe__memremap_pages, s64 ret)
{
	return on_memremap_done(ret);
}

SEC("fentry/memunmap_pages")
int BPF_PROG(fentry__memunmap_pages, struct dev_pagemap *pgmap)
{
	return on_memunmap(ctx, FENTRY_CALLER(ctx), pgmap);
}

SEC("kprobe/memunmap_pages")
int BPF_KPROBE(kprobe__memunmap_pages, struct dev_pagemap *pgmap)
{
	return on_memunmap(ctx, KPROBE_CALLER(ctx), pgmap);
}

SEC("fexit/memunmap_pages")
int BPF_PROG(fexit__memunmap_pages, struct dev_pagemap *pgmap)
{
	return on_memunmap_done();
}

SEC("kretprobe/memunmap_pages")
int BPF_KRETPROBE(kretprobe__memunmap_pages)
{
	return on_memunmap_done();
}
