// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether it has the fix: with it PHYSMEM_END is __pa(PAGE_END - 1), which reads
 * memstart_addr (arch/arm64/include/asm/memory.h, 6.12.117), in the code of
 * get_free_mem_region() and mhp_range_allowed(); on others it is a constant
 * (include/linux/mm.h, 6.1.192). Whether DEVICE_PRIVATE is on is told by the text
 * of the WARNs that memremap_pages() can print (mm/memremap.c, 5.10.223 to 7.2.13).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/config.h"
#include "kernel/hardening.h"
#include "kernel/insn.h"
#include "kernel/memory.h"
#include "layout/layout_internal.h"

const char *const vmw_fix_names[VMW_NR_FIXES] = {
	[VMW_FIX_UNKNOWN] = "unknown",
	[VMW_FIX_PRESENT] = "yes",
	[VMW_FIX_MISSING] = "no",
};

#define MAX_CODE       2048 /* instructions: those functions are shorter */
#define MAX_REFERENCES 256

/* What a function refers to: -ENOENT without its address, or why it is not read. */
static int references(struct vmw_memory *memory, const struct vmw_text *text, u64 *ret,
		      size_t *ret_nr)
{
	size_t n = (text->end - text->start) / sizeof(u32);
	u32 *code;
	int err;

	if (!text->start || text->end <= text->start)
		return -ENOENT;
	if (n > MAX_CODE)
		return -EFBIG;
	code = malloc(n * sizeof(*code));
	if (!code)
		return -ENOMEM;
	err = vmw_memory_read(memory, text->start, code, n * sizeof(*code));
	if (!err)
		*ret_nr = vmw_insn_references(code, n, text->start, ret, MAX_REFERENCES);
	free(code);
	return !err && *ret_nr == MAX_REFERENCES ? -EFBIG : err;
}

/*
 * Without CONFIG_KALLSYMS_ALL memstart_addr has no address there, but its value is
 * known from elsewhere.
 */
static bool is_memstart(struct vmw_memory *memory, const struct vmw_layout *layout, u64 at)
{
	u64 expected, value;

	if (layout->anchors.memstart_addr)
		return at == layout->anchors.memstart_addr;
	return !(at % 8) && vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &expected) &&
	       !vmw_memory_read(memory, at, &value, sizeof(value)) && value == expected;
}

static int refers(struct vmw_memory *memory, const struct vmw_layout *layout,
		  const struct vmw_text *text)
{
	u64 found[MAX_REFERENCES];
	size_t nr, i;
	int err = references(memory, text, found, &nr);

	if (err)
		return err;
	for (i = 0; i < nr; i++) {
		if (is_memstart(memory, layout, found[i]))
			return 1;
	}
	return 0;
}

/* Nothing can be looked at: why, and what would help. */
static void say_unlisted(char *why, size_t size)
{
	vmw_why_kallsyms(why, size);
}

void vmw_read_fix(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		  struct vmw_memory *memory)
{
	const struct vmw_anchors *a = &layout->anchors;
	const struct {
		const char *name;
		const struct vmw_text *text;
	} functions[] = {
		{ a->old_search ? "__request_free_mem_region" : "get_free_mem_region",
		  &a->get_free_mem_region },
		{ "mhp_range_allowed", &a->mhp_range_allowed },
		{ "mhp_get_pluggable_range", &a->mhp_get_pluggable_range },
	};
	const char *read = NULL;
	u64 memstart;
	size_t i;
	int err;

	if (!a->listed) {
		say_unlisted(ret->fix_why, sizeof(ret->fix_why));
		return;
	}
	if (!a->memstart_addr && !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &memstart)) {
		snprintf(ret->fix_why, sizeof(ret->fix_why),
			 "neither address nor value of memstart_addr is known");
		return;
	}
	snprintf(ret->fix_why, sizeof(ret->fix_why),
		 "neither get_free_mem_region() nor mhp_range_allowed() is in kallsyms");
	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		err = refers(memory, layout, functions[i].text);
		if (err == 1) {
			ret->fix = VMW_FIX_PRESENT;
			snprintf(ret->fix_why, sizeof(ret->fix_why),
				 "the code of %s() refers to memstart_addr", functions[i].name);
			return;
		}
		if (!err && !read)
			read = functions[i].name;
		else if (err && err != -ENOENT && !read)
			vmw_memory_why(memory, err, ret->fix_why, sizeof(ret->fix_why));
	}
	if (!read)
		return;
	ret->fix = VMW_FIX_MISSING;
	snprintf(ret->fix_why, sizeof(ret->fix_why),
		 "the code of %s() does not refer to memstart_addr", read);
}

static bool config_says(struct vmw_kernel_facts *ret, const char *release)
{
	static const char *const paths[] = {
		"/proc/config.gz",
		"/boot/config-%s",
		"/lib/modules/%s/config",
	};
	struct vmw_config wanted = { .name = "CONFIG_DEVICE_PRIVATE" };
	char path[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		snprintf(path, sizeof(path), paths[i], release);
		if (vmw_config_read(path, &wanted, 1))
			continue;
		ret->device_private_known = true;
		ret->device_private = !strcmp(wanted.value, "y");
		snprintf(ret->device_private_why, sizeof(ret->device_private_why),
			 "CONFIG_DEVICE_PRIVATE is %s in %.100s",
			 ret->device_private ? "y" : "not set", path);
		return true;
	}
	return false;
}

/* The WARN that a kernel without it has in its place. */
static bool code_says(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		      struct vmw_memory *memory)
{
	static const char off[] = "Device private memory not supported";
	static const char on[] = "Missing migrate_to_ram method";
	u64 found[MAX_REFERENCES];
	char text[sizeof(off)] = "";
	size_t nr, i;

	if (references(memory, &layout->anchors.memremap_pages, found, &nr))
		return false;
	for (i = 0; i < nr; i++) {
		if (vmw_memory_read(memory, found[i], text, sizeof(text) - 1))
			continue;
		ret->device_private = !strncmp(text, on, sizeof(on) - 1);
		if (!ret->device_private && strncmp(text, off, sizeof(off) - 1))
			continue;
		ret->device_private_known = true;
		snprintf(ret->device_private_why, sizeof(ret->device_private_why),
			 "the code of memremap_pages() refers to \"%s\"",
			 ret->device_private ? on : off);
		return true;
	}
	return false;
}

void vmw_read_device_private(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
			     struct vmw_memory *memory)
{
	if (layout->anchors.listed && !layout->anchors.memremap_pages.start) {
		ret->device_private_known = true;
		ret->no_zone_device = true;
		snprintf(ret->device_private_why, sizeof(ret->device_private_why),
			 "kallsyms has no memremap_pages(): CONFIG_ZONE_DEVICE is off");
		return;
	}
	if (code_says(ret, layout, memory) || config_says(ret, layout->kernel))
		return;
	ret->device_private = false;
	snprintf(ret->device_private_why, sizeof(ret->device_private_why),
		 "neither the code of memremap_pages() nor a configuration file can be read");
}

void vmw_kernel_facts_read(struct vmw_kernel_facts *ret, const struct vmw_layout *layout)
{
	struct vmw_memory memory;

	memset(ret, 0, sizeof(*ret));
	vmw_memory_open(&memory);
	vmw_read_fix(ret, layout, &memory);
	vmw_read_device_private(ret, layout, &memory);
	vmw_read_phys_end(ret, layout, &memory);
	vmw_read_parange(ret, layout, &memory);
	vmw_read_kaslr(ret, layout);
	vmw_read_sysctls(ret);
	vmw_memory_close(&memory);
}
