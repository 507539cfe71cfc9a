/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What decides, beside the layout, whether this kernel can hit the bug and what it
 * does about it then: told by its own code, configuration and sysctls, never by
 * its version.
 */
#ifndef VMEMMAPWATCH_LAYOUT_KERNEL_FACTS_H
#define VMEMMAPWATCH_LAYOUT_KERNEL_FACTS_H

#include <stdbool.h>

#include "layout/layout.h"

/*
 * Does it have arm64's end of the linear map for device-private requests (6.12,
 * eeb8fdfcf090 "arm64: Expose the end of the linear map in PHYSMEM_END")?
 */
enum vmw_fix {
	VMW_FIX_UNKNOWN,
	VMW_FIX_PRESENT,
	VMW_FIX_MISSING,
	VMW_NR_FIXES,
};

/* "unknown", "yes", "no". */
extern const char *const vmw_fix_names[VMW_NR_FIXES];

/*
 * Flat: the service's state holds it as it is. Each _why is one line: the source
 * of the answer, or why there is none and what would help.
 */
struct vmw_kernel_facts {
	enum vmw_fix fix;
	char fix_why[160];
	bool device_private_known;
	bool device_private; /* CONFIG_DEVICE_PRIVATE */
	char device_private_why[160];
	bool no_zone_device; /* nor memory of any driver: CONFIG_ZONE_DEVICE is off */
	/*
	 * The last physical address that request_free_mem_region(&iomem_resource)
	 * may hand out here; 0: unknown.
	 */
	u64 phys_end;
	char phys_end_why[256];
	int panic_on_warn; /* sysctls of kernel.; -1: unknown */
	int panic_on_oops;
	long warn_limit;	   /* 0: none; -1: unknown */
	unsigned int parange_bits; /* of the boot CPU: physical bits; 0: unknown */
	char parange_why[160];
	bool kaslr_known;
	bool kaslr; /* of this boot, the linear map's where it has any */
	char kaslr_why[160];
};

/*
 * Ask the running kernel, that @layout was read from. Never fails: what cannot be
 * told is unknown.
 */
void vmw_kernel_facts_read(struct vmw_kernel_facts *ret, const struct vmw_layout *layout);

#endif
