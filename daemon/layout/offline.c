// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "layout/layout_internal.h"
#include "layout/offline.h"

/*
 * The cure came with 6.12 (eeb8fdfcf090); 6.1.192, 6.6.87 and 6.11.11 have none. What
 * distributions added cannot be seen from here.
 */
static void guess_fix(struct vmw_kernel_facts *ret, const struct vmw_release *r)
{
	if (!r->major) {
		snprintf(ret->fix_why, sizeof(ret->fix_why),
			 "the file does not tell the release: add a line \"kernel: 6.1.0\"");
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
		 "a file does not tell, so it is taken to be there");
	vmw_read_phys_end(ret, layout, NULL);
	snprintf(ret->parange_why, sizeof(ret->parange_why), "a file does not tell PARange");
	vmw_kaslr_by_image(ret, layout);
	ret->panic_on_warn = ret->panic_on_oops = -1;
	ret->warn_limit = -1;
}
