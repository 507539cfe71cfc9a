// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cure.h"

const char *const vmw_cure_names[VMW_NR_CURES] = {
	[VMW_CURE_UNKNOWN] = "unknown",
	[VMW_CURED] = "cured",
	[VMW_UNCURED] = "uncured",
};

void vmw_kernel_read(struct vmw_kernel *ret, const struct vmw_layout *layout)
{
	(void)layout;
	memset(ret, 0, sizeof(*ret));
	ret->panic_on_warn = ret->panic_on_oops = -1;
	ret->warn_limit = -1;
}
