// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "layout/layout_internal.h"
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

/*
 * The fix came with 6.12 (eeb8fdfcf090); 6.1.192, 6.6.87 and 6.11.11 have none. What
 * distributions added cannot be seen from here.
 */
static void guess_fix(struct vmw_kernel_facts *ret, const struct vmw_release *r)
{
	if (!r->major) {
		snprintf(ret->fix_why, sizeof(ret->fix_why),
			 "the file does not state the release: add a line \"kernel: 6.1.0\"");
		return;
	}
	ret->fix = r->major > 6 || (r->major == 6 && r->minor >= 12) ? VMW_FIX_PRESENT :
								       VMW_FIX_MISSING;
	snprintf(ret->fix_why, sizeof(ret->fix_why),
		 "by its release, %u.%u, not by its code: the fix came with 6.12", r->major,
		 r->minor);
}

void vmw_kernel_guess(struct vmw_kernel_facts *ret, const struct vmw_layout *layout)
{
	memset(ret, 0, sizeof(*ret));
	guess_fix(ret, &layout->release);
	snprintf(ret->device_private_why, sizeof(ret->device_private_why),
		 "unknown from a file: assumed");
	vmw_read_phys_end(ret, layout, NULL);
	snprintf(ret->parange_why, sizeof(ret->parange_why), "unknown from a file");
	vmw_kaslr_by_image(ret, layout);
	ret->panic_on_warn = ret->panic_on_oops = -1;
	ret->warn_limit = -1;
}
