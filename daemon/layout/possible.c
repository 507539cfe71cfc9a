// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "layout/possible.h"

const char *const vmw_possible_names[VMW_NR_POSSIBLE] = {
	[VMW_POSSIBLE_UNKNOWN] = "unknown",
	[VMW_POSSIBLE] = "yes",
	[VMW_IMPOSSIBLE] = "no",
};

static enum vmw_possible compare(const struct vmw_kernel_facts *kernel,
				 const struct vmw_bounds *bounds, bool redact, char *why,
				 size_t size)
{
	u64 nr, last, first = vmw_good_pfns(bounds, &nr);
	char requests[40] = "", vmemmap[40] = "";

	last = ((first + nr) << bounds->page_shift) - 1;
	if (!redact) {
		snprintf(requests, sizeof(requests), " at physical 0x%llx", kernel->phys_end);
		snprintf(vmemmap, sizeof(vmemmap), " 0x%llx", last);
	}
	if (kernel->phys_end <= last) {
		snprintf(why, size,
			 "This kernel cannot hit it, because requests for device-private memory end%s, and vmemmap reaches %s%s.",
			 requests, redact ? "as far" : "to", vmemmap);
		return VMW_IMPOSSIBLE;
	}
	snprintf(why, size,
		 "This kernel can hit it: requests for device-private memory begin at the top%s%s, and vmemmap %s%s%s (%s).",
		 *requests ? "," : "", requests,
		 redact ? "does not reach that far" : "reaches to", vmemmap,
		 redact ? "" : " only", kernel->fix_why);
	return VMW_POSSIBLE;
}

enum vmw_possible vmw_possible(const struct vmw_kernel_facts *kernel,
			       const struct vmw_bounds *bounds, bool redact, char *why,
			       size_t size)
{
	if (kernel->device_private_known && !kernel->device_private) {
		snprintf(why, size,
			 "This kernel cannot hit it, because it has no device-private memory: %s.",
			 kernel->device_private_why);
		return VMW_IMPOSSIBLE;
	}
	if (kernel->phys_end && bounds &&
	    (kernel->fix == VMW_FIX_PRESENT || kernel->device_private_known))
		return compare(kernel, bounds, redact, why, size);
	if (kernel->fix == VMW_FIX_PRESENT) {
		snprintf(why, size, "This kernel cannot hit it, because it has the fix: %s.",
			 kernel->fix_why);
		return VMW_IMPOSSIBLE;
	}
	snprintf(why, size, "Whether this kernel can hit it is not known: %s.",
		 kernel->fix == VMW_FIX_UNKNOWN ? kernel->fix_why :
		 !kernel->device_private_known	? kernel->device_private_why :
		 !kernel->phys_end		? kernel->phys_end_why :
						  "where vmemmap ends is not known");
	return VMW_POSSIBLE_UNKNOWN;
}
