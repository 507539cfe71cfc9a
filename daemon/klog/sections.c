// SPDX-License-Identifier: GPL-2.0-only
/* Which sections of memory are present now, out of bounds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/btf.h"
#include "kernel/kallsyms.h"
#include "klog/klog_internal.h"
#include "layout/source.h"

/*
 * The flags of section_mem_map are numbered by a nameless enum of
 * include/linux/mmzone.h (6.1.192; 5.10.223 has masks instead): the value of its
 * enumerator @name, or -ENOENT where this kernel has none, as without
 * CONFIG_ZONE_DEVICE.
 */
static int find_bit(const char *name)
{
	struct btf *btf = vmw_btf();
	u32 id, nr = btf ? btf__type_cnt(btf) : 0;

	for (id = 1; id < nr; id++) {
		const struct btf_type *type = btf__type_by_id(btf, id);
		int i, n = btf_is_enum(type) && !type->name_off ? btf_vlen(type) : 0;

		for (i = 0; i < n; i++) {
			const struct btf_enum *e = btf_enum(type) + i;

			if (!strcmp(btf__name_by_offset(btf, e->name_off), name))
				return e->val;
		}
	}
	return -ENOENT;
}

static u64 mask_of(int bit)
{
	return bit >= 0 && bit < 64 ? 1ULL << bit : 0;
}

static void close_range(struct vmw_scan *scan)
{
	if (scan->open.nr_pages)
		vmw_found_split(scan, &scan->open);
	scan->open.nr_pages = 0;
}

/*
 * A taint says that ZONE_DEVICE has a part of a section; one that it has as a whole
 * has none (move_pfn_range_to_zone(), mm/memory_hotplug.c 6.1.192). Only RAM is
 * ever online. Of what is neither, its claim tells: see claims.c.
 */
void vmw_found_section(struct vmw_scan *scan, u64 nr, u64 map)
{
	unsigned int shift = scan->section_bits - scan->bounds->page_shift;
	u64 taint = mask_of(scan->taint_bit), online = mask_of(scan->online_bit);
	u64 pfn = nr << shift, pages = 1ULL << shift, flags = map & (taint | online);
	struct vmw_found *open = &scan->open;

	if (vmw_judge_pfns(scan->bounds, pfn, pages).verdict == VMW_IN_BOUNDS)
		return;
	if (open->nr_pages && open->pfn + open->nr_pages == pfn && scan->open_flags == flags) {
		open->nr_pages += pages;
		return;
	}
	close_range(scan);
	scan->open_flags = flags;
	*open = (struct vmw_found){
		.pfn = pfn,
		.nr_pages = pages,
		.live = true,
		.zone_device = flags & taint,
		.zone_device_known = flags,
	};
}

void vmw_found_sections_end(struct vmw_scan *scan)
{
	close_range(scan);
}

static int take_section(void *data, u64 nr, u64 map)
{
	struct vmw_scan *scan = data;

	vmw_found_section(scan, nr, map);
	return scan->err;
}

/* What the walk needs: memory, the note, and the address of the array. */
static int open_input(struct vmw_input *input)
{
	struct vmw_layout *scratch = calloc(1, sizeof(*scratch));
	struct vmw_source source = { 0 };

	if (!scratch)
		return -ENOMEM;
	vmw_layout_init(scratch, VMW_NR_SOURCES);
	vmw_memory_open(&input->memory);
	/* /proc/kcore has all of it; without, symbols say where it is. */
	if (input->memory.kcore_error)
		vmw_read_kallsyms(scratch, input, &source);
	vmw_read_vmcoreinfo(scratch, input, &source);
	free(scratch);
	return 0;
}

void vmw_found_sections(struct vmw_scan *scan)
{
	struct vmw_input input = { .kallsyms = VMW_KALLSYMS };
	struct vmw_founds *ret = scan->ret;
	int err;

	if (scan->section_bits <= scan->bounds->page_shift) {
		snprintf(ret->sections_why, sizeof(ret->sections_why),
			 "mem_section[]: the size of a section is not known");
		return;
	}
	scan->err = open_input(&input);
	if (scan->err)
		return;
	scan->taint_bit = find_bit("SECTION_TAINT_ZONE_DEVICE_BIT");
	scan->online_bit = find_bit("SECTION_IS_ONLINE_BIT");
	err = vmw_walk_sections(&input, take_section, scan);
	vmw_found_sections_end(scan);
	ret->sections_read = !err;
	if (err && !scan->err) {
		char why[160];

		vmw_walk_sections_why(&input, err, why, sizeof(why));
		snprintf(ret->sections_why, sizeof(ret->sections_why), "mem_section[]: %s", why);
	}
	free(input.note);
	vmw_memory_close(&input.memory);
}
