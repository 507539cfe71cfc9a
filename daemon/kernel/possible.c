// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "possible.h"

const char *const vmw_possible_names[VMW_NR_POSSIBLE] = {
	[VMW_POSSIBLE_UNKNOWN] = "unknown",
	[VMW_POSSIBLE] = "yes",
	[VMW_IMPOSSIBLE] = "no",
};

static enum vmw_possible compare(const struct vmw_kernel *kernel,
				 const struct vmw_bounds *bounds, char *why, size_t size)
{
	u64 nr, last, first = vmw_good_pfns(bounds, &nr);

	last = ((first + nr) << bounds->page_shift) - 1;
	if (kernel->phys_end <= last) {
		snprintf(why, size,
			 "This kernel cannot hit it, because requests for device-private memory end at physical 0x%llx, and vmemmap reaches to 0x%llx.",
			 (unsigned long long)kernel->phys_end, (unsigned long long)last);
		return VMW_IMPOSSIBLE;
	}
	snprintf(why, size,
		 "This kernel can hit it: requests for device-private memory begin at the top, at physical 0x%llx, and vmemmap reaches to 0x%llx only (%s).",
		 (unsigned long long)kernel->phys_end, (unsigned long long)last,
		 kernel->cure_why);
	return VMW_POSSIBLE;
}

enum vmw_possible vmw_possible(const struct vmw_kernel *kernel, const struct vmw_bounds *bounds,
			       char *why, size_t size)
{
	if (kernel->device_private_known && !kernel->device_private) {
		snprintf(why, size,
			 "This kernel cannot hit it, because it has no device-private memory: %s.",
			 kernel->device_private_why);
		return VMW_IMPOSSIBLE;
	}
	if (kernel->phys_end && bounds &&
	    (kernel->cure == VMW_CURED || kernel->device_private_known))
		return compare(kernel, bounds, why, size);
	if (kernel->cure == VMW_CURED) {
		snprintf(why, size,
			 "This kernel cannot hit it, because it has the cure: %s.",
			 kernel->cure_why);
		return VMW_IMPOSSIBLE;
	}
	snprintf(why, size, "Whether this kernel can hit it is not known: %s.",
		 kernel->cure == VMW_CURE_UNKNOWN ? kernel->cure_why :
		 !kernel->device_private_known ? kernel->device_private_why :
		 !kernel->phys_end ? kernel->phys_end_why :
		 "where vmemmap ends is not known");
	return VMW_POSSIBLE_UNKNOWN;
}
