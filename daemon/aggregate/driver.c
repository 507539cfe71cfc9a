// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "aggregate/driver.h"
#include "kernel/kallsyms.h"

/*
 * The ways from a driver into the mm, read in 5.10.223, 6.1.192 and 7.2.13:
 * mm/memremap.c, mm/memory_hotplug.c, mm/sparse.c, arch/arm64/mm/mmu.c, the
 * device core where a managed mapping is released, drivers/pci/p2pdma.c, which
 * asks for whose BAR it is, and kernel/resource.c.
 */
static const char *const mm_functions[] = {
	"memremap_pages",
	"devm_memremap_pages",
	"pagemap_range",
	"memunmap_pages",
	"devm_memunmap_pages",
	"devm_memremap_pages_release",
	"pageunmap_range",
	"add_pages",
	"__add_pages",
	"__remove_pages",
	"arch_add_memory",
	"arch_remove_memory",
	"mhp_range_allowed",
	"add_memory",
	"__add_memory",
	"add_memory_resource",
	"add_memory_driver_managed",
	"remove_memory",
	"__remove_memory",
	"try_remove_memory",
	"offline_and_remove_memory",
	"memmap_init_zone_device",
	"vmemmap_populate",
	"vmemmap_free",
	"__populate_section_memmap",
	"sparse_add_section",
	"sparse_remove_section",
	"section_activate",
	"section_deactivate",
	"devm_action_release",
	"devm_release_action",
	"release_nodes",
	"devres_release_all",
	"devres_release",
	"devres_release_group",
	"device_unbind_cleanup",
	"device_release_driver_internal",
	"__device_release_driver",
	"device_release_driver",
	"driver_detach",
	"bus_remove_driver",
	"driver_unregister",
	"pci_p2pdma_add_resource",
	"request_free_mem_region",
	"devm_request_free_mem_region",
};

static const char *const tracing_prefixes[] = {
	"bpf_prog_",
	"bpf_trampoline_",
	"ftrace_",
};

/* Return probes of any tracer put these in the place of the caller. */
static const char *const return_trampolines[] = {
	"kretprobe_trampoline", "__kretprobe_trampoline", "arch_rethook_trampoline",
	"return_to_handler",	VMW_LOST_FRAME,
};

int vmw_is_tracing_frame(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tracing_prefixes); i++) {
		if (!strncmp(name, tracing_prefixes[i], strlen(tracing_prefixes[i])))
			return 1;
	}
	return 0;
}

/*
 * A return address at the very end of a function is not one of what returns: the
 * kernel names a trampoline, which starts there, by the function before it.
 */
static int is_at_end(const char *name)
{
	unsigned long long offset, size;

	return sscanf(name, "%*[^+]+%llx/%llx", &offset, &size) == 2 && offset == size;
}

int vmw_is_lost_frame(const char *name)
{
	size_t i, length = strcspn(name, "+ ");

	for (i = 0; i < ARRAY_SIZE(return_trampolines); i++) {
		if (strlen(return_trampolines[i]) == length &&
		    !memcmp(return_trampolines[i], name, length))
			return 1;
	}
	return is_at_end(name);
}

static int is_mm_function(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mm_functions); i++) {
		if (strlen(mm_functions[i]) == length && !memcmp(mm_functions[i], name, length))
			return 1;
	}
	return 0;
}

/*
 * The frame of who asked, or NULL. Where a frame was lost it may have been that
 * one: what stands above is not blamed, but for a module.
 */
static const char *find_caller(const struct vmw_frames *stack, int modules_only)
{
	u32 i;

	for (i = 0; i < stack->nr; i++) {
		const char *name = stack->at[i]->name;

		if (vmw_is_lost_frame(name)) {
			modules_only = 1;
			continue;
		}
		/* "0x": the kernel itself has no name for it. */
		if (!*name || !strncmp(name, "0x", 2) || vmw_is_tracing_frame(name) ||
		    is_mm_function(name, strcspn(name, "+. ")))
			continue;
		if (!modules_only || strchr(name, '['))
			return name;
	}
	return NULL;
}

/* A device is unbound: whoever had that done is not who asked for its memory. */
static int is_unbinding(const struct vmw_frames *stack)
{
	static const char releases[] = "release_nodes";
	u32 i;

	for (i = 0; i < stack->nr; i++) {
		if (!strncmp(stack->at[i]->name, releases, sizeof(releases) - 1))
			return 1;
	}
	return 0;
}

void vmw_driver_of(const struct vmw_frames *stack, int removal, char *driver, size_t size)
{
	const char *module, *name = NULL;

	if (removal)
		name = find_caller(stack, 1);
	if (!name && !(removal && is_unbinding(stack)))
		name = find_caller(stack, 0);
	if (!name) {
		snprintf(driver, size, "unknown");
		return;
	}
	module = strrchr(name, '[');
	if (module)
		snprintf(driver, size, "%.*s", (int)strcspn(module + 1, "] "), module + 1);
	else
		snprintf(driver, size, "%.*s", (int)strcspn(name, "+. "), name);
}

void vmw_name_stack(struct vmw_stack *stack)
{
	if (stack->named)
		return;
	vmw_kallsyms_name(VMW_KALLSYMS, stack->frame, stack->nr_frames, stack->name[0],
			  sizeof(stack->name[0]));
}
