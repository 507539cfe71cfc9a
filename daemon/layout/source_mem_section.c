// SPDX-License-Identifier: GPL-2.0-only
/*
 * mem_section[]: each present section of memory holds the address of its
 * struct pages, encoded as mem_map - first pfn, which is vmemmap itself
 * (sparse_encode_mem_map(), mm/sparse.c 6.1.192).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/vmcoreinfo.h"
#include "layout/source.h"

/* SECTION_HAS_MEM_MAP and the flag bits: include/linux/mmzone.h, 5.10 to 7.2. */
#define HAS_MEM_MAP 2
#define FLAGS_MASK  0x3fULL

#define MAX_ROOTS (1 << 20)
#define MAX_PAGE  (1 << 16)

struct table {
	u64 *roots;
	u64 nr_roots;
	u64 entry_size;
	u64 map_offset;
	size_t page_size; /* a root fills a page (SPARSEMEM_EXTREME) */
};

/* The address of the array of roots: the variable's value, live or as noted. */
static int find_roots(struct vmw_input *input, u64 *ret)
{
	if (input->mem_section)
		return vmw_memory_read(&input->memory, input->mem_section, ret, sizeof(*ret));
	return vmw_vmcoreinfo_get(input->note, "SYMBOL(mem_section)", ret);
}

static int read_table(struct vmw_input *input, struct table *table)
{
	u64 address, page_size;
	int err;

	if (vmw_vmcoreinfo_get(input->note, "LENGTH(mem_section)", &table->nr_roots) ||
	    vmw_vmcoreinfo_get(input->note, "SIZE(mem_section)", &table->entry_size) ||
	    vmw_vmcoreinfo_get(input->note, "OFFSET(mem_section.section_mem_map)",
			       &table->map_offset) ||
	    vmw_vmcoreinfo_get(input->note, "PAGESIZE", &page_size))
		return -ENODATA;
	if (!table->nr_roots || table->nr_roots > MAX_ROOTS || page_size > MAX_PAGE ||
	    table->entry_size < sizeof(u64) || table->entry_size > page_size ||
	    table->map_offset > table->entry_size - sizeof(u64))
		return -EBADMSG;
	table->page_size = page_size;
	err = find_roots(input, &address);
	if (err)
		return err;
	table->roots = calloc(table->nr_roots, sizeof(u64));
	if (!table->roots)
		return -ENOMEM;
	return vmw_memory_read(&input->memory, address, table->roots,
			       table->nr_roots * sizeof(u64));
}

static int walk_root(struct vmw_input *input, const struct table *table, u64 root_nr,
		     vmw_section_fn *fn, void *data)
{
	u64 per_root = table->page_size / table->entry_size, i;
	char page[MAX_PAGE];
	int err;

	err = vmw_memory_read(&input->memory, table->roots[root_nr], page, table->page_size);
	for (i = 0; !err && i < per_root; i++) {
		u64 map;

		memcpy(&map, page + i * table->entry_size + table->map_offset, sizeof(map));
		if (map & HAS_MEM_MAP)
			err = fn(data, root_nr * per_root + i, map);
	}
	return err;
}

int vmw_walk_sections(struct vmw_input *input, vmw_section_fn *fn, void *data)
{
	struct table table = { 0 };
	u64 i;
	int err;

	if (!input->note)
		return -ENODATA;
	err = read_table(input, &table);
	for (i = 0; !err && i < table.nr_roots; i++) {
		if (table.roots[i])
			err = walk_root(input, &table, i, fn, data);
	}
	free(table.roots);
	return err;
}

void vmw_walk_sections_why(const struct vmw_input *input, int err, char *why, size_t size)
{
	if (err == -EBADMSG)
		snprintf(why, size, "vmcoreinfo describes it with impossible sizes");
	else if (!input->note)
		snprintf(why, size, "vmcoreinfo, which would describe it, was not read");
	else if (err == -ENODATA)
		snprintf(why, size, "vmcoreinfo does not describe it, or no section is present");
	else
		vmw_memory_why(&input->memory, err, why, size);
}

/* What the sections say, and what one of them says against that, or 0. */
struct answer {
	u64 vmemmap;
	u64 other;
};

static int take_section(void *data, u64 nr, u64 map)
{
	struct answer *answer = data;

	(void)nr;
	map &= ~FLAGS_MASK;
	if (!answer->vmemmap)
		answer->vmemmap = map;
	else if (answer->vmemmap != map)
		answer->other = map;
	return 0;
}

void vmw_read_mem_section(struct vmw_layout *layout, struct vmw_input *input,
			  struct vmw_source *self)
{
	struct answer answer = { 0 };
	char why[160], where[64];
	int err = vmw_walk_sections(input, take_section, &answer);

	if (!err && !answer.vmemmap)
		err = -ENODATA;
	if (err) {
		vmw_walk_sections_why(input, err, why, sizeof(why));
		vmw_source_fail(self, "%s", why);
		return;
	}
	snprintf(where, sizeof(where), "mem_section[], read %s", vmw_memory_how(&input->memory));
	vmw_layout_add_live(layout, VMW_VALUE_VMEMMAP, VMW_SOURCE_MEM_SECTION, where,
			    answer.vmemmap);
	if (answer.other)
		vmw_layout_add_live(layout, VMW_VALUE_VMEMMAP, VMW_SOURCE_MEM_SECTION,
				    "another section of mem_section[]", answer.other);
}
