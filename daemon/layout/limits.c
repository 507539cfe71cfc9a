// SPDX-License-Identifier: GPL-2.0-only
/* Where requests end, what the CPU addresses, and what happens after a WARN. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/hardening.h"
#include "kernel/memory.h"
#include "layout/layout_internal.h"

/* struct resource { start; end; ... }, include/linux/ioport.h, 5.10 to 7.2. */
#define RESOURCE_END 8

/* min(iomem_resource.end, PHYSMEM_END): kernel/resource.c, 6.1.192 and 6.12.117. */
void vmw_read_phys_end(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		       struct vmw_memory *memory)
{
	const char *how = "derived: (1 << MAX_PHYSMEM_BITS) - 1";
	u64 bits, iomem, at = layout->anchors.iomem_resource;

	if (ret->fix == VMW_FIX_PRESENT) {
		how = "derived: the end of the linear map, __pa(PAGE_END - 1)";
		ret->phys_end = vmw_layout_linear_last(layout);
	} else if (ret->fix == VMW_FIX_MISSING &&
		   vmw_layout_get(layout, VMW_VALUE_MAX_PHYS, &bits) && bits < 64) {
		ret->phys_end = (1ULL << bits) - 1;
	}
	if (!ret->phys_end) {
		if (!ret->fix)
			snprintf(ret->phys_end_why, sizeof(ret->phys_end_why),
				 "it is not known whether it has the fix: %s", ret->fix_why);
		else
			snprintf(ret->phys_end_why, sizeof(ret->phys_end_why), "%s%s",
				 ret->fix == VMW_FIX_PRESENT ? "the linear map is not known" :
							       "MAX_PHYSMEM_BITS is not known",
				 memory || ret->fix == VMW_FIX_PRESENT ?
					 "" :
					 ": add a line \"MAX_PHYSMEM_BITS: 48\"");
		return;
	}
	snprintf(ret->phys_end_why, sizeof(ret->phys_end_why), "%s", how);
	if (at && !vmw_memory_read(memory, at + RESOURCE_END, &iomem, sizeof(iomem)) && iomem &&
	    iomem < ret->phys_end) {
		ret->phys_end = iomem;
		snprintf(ret->phys_end_why, sizeof(ret->phys_end_why),
			 "the end of iomem_resource, read %s", vmw_memory_how(memory));
	}
}

/*
 * ID_AA64MMFR0_EL1.PARange of the CPU that booted, which is the one that linear map
 * randomisation asks (arch/arm64/mm/init.c, 6.1.192). User space cannot: there the
 * field is masked (arch/arm64/kernel/cpufeature.c).
 */
void vmw_read_parange(struct vmw_kernel_facts *ret, const struct vmw_layout *layout,
		      struct vmw_memory *memory)
{
	static const unsigned char bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	const struct vmw_anchors *a = &layout->anchors;
	const char *why = NULL;
	u64 mmfr0;

	if (!a->listed) {
		vmw_why_kallsyms(ret->parange_why, sizeof(ret->parange_why));
		return;
	}
	if (!a->boot_cpu_data)
		why = "kallsyms has no boot_cpu_data (CONFIG_KALLSYMS_ALL)";
	else if (!a->mmfr0_offset)
		why = "BTF has no cpuinfo_arm64.reg_id_aa64mmfr0";
	else if (vmw_memory_read(memory, a->boot_cpu_data + a->mmfr0_offset, &mmfr0,
				 sizeof(mmfr0)))
		why = "boot_cpu_data cannot be read";
	else if (!mmfr0 || (mmfr0 & 15) >= sizeof(bits))
		why = "boot_cpu_data.reg_id_aa64mmfr0 makes no sense";
	else
		ret->parange_bits = bits[mmfr0 & 15];
	snprintf(ret->parange_why, sizeof(ret->parange_why), "%s%s",
		 why ? why : "boot_cpu_data.reg_id_aa64mmfr0, read ",
		 why ? "" : vmw_memory_how(memory));
}

/* Is @word one of the words of the kernel's command line? */
static bool on_cmdline(const char *word)
{
	size_t length = strlen(word), n;
	char line[4096];
	const char *at;
	FILE *file = fopen("/proc/cmdline", "re");

	if (!file)
		return false;
	n = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[n] = '\0';
	for (at = strstr(line, word); at; at = strstr(at + 1, word)) {
		if ((at == line || isspace((unsigned char)at[-1])) &&
		    (!at[length] || isspace((unsigned char)at[length])))
			return true;
	}
	return false;
}

/* arch/arm64/include/asm/boot.h, 6.1.192 and 6.12.117 */
#define MIN_KIMG_ALIGN (2ULL << 20)

/*
 * A kernel that is not moved runs where it was linked, at KIMAGE_VADDR, the end of
 * modules (arch/arm64/include/asm/memory.h, 5.10 to 7.2), but for where the loader put
 * it within MIN_KIMG_ALIGN (__primary_switch, arch/arm64/kernel/head.S 6.1.192;
 * early_map_kernel(), arch/arm64/kernel/pi/map_kernel.c 6.12.117).
 */
void vmw_kaslr_by_image(struct vmw_kernel_facts *ret, const struct vmw_layout *layout)
{
	u64 text, link;

	ret->kaslr_known = true;
	if (vmw_layout_get(layout, VMW_VALUE_IMAGE_START, &text) &&
	    vmw_layout_get(layout, VMW_VALUE_MODULES_END, &link)) {
		ret->kaslr = text - link >= MIN_KIMG_ALIGN;
		snprintf(ret->kaslr_why, sizeof(ret->kaslr_why),
			 "_text is at 0x%llx, and was linked for 0x%llx", text, link);
		return;
	}
	ret->kaslr_known = false;
	snprintf(ret->kaslr_why, sizeof(ret->kaslr_why), "kallsyms does not list _text");
}

void vmw_read_kaslr(struct vmw_kernel_facts *ret, const struct vmw_layout *layout)
{
	if (!on_cmdline("nokaslr")) {
		vmw_kaslr_by_image(ret, layout);
		return;
	}
	ret->kaslr_known = true;
	snprintf(ret->kaslr_why, sizeof(ret->kaslr_why), "nokaslr in /proc/cmdline");
}

static long read_sysctl(const char *path)
{
	FILE *file = fopen(path, "re");
	long value = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%ld", &value) != 1)
		value = -1;
	fclose(file);
	return value;
}

/* kernel.warn_limit: 6.2 on, and in 6.1's stable updates (kernel/panic.c 6.1.192). */
void vmw_read_sysctls(struct vmw_kernel_facts *ret)
{
	ret->panic_on_warn = read_sysctl("/proc/sys/kernel/panic_on_warn");
	ret->panic_on_oops = read_sysctl("/proc/sys/kernel/panic_on_oops");
	ret->warn_limit = read_sysctl("/proc/sys/kernel/warn_limit");
}
