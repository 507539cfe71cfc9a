// SPDX-License-Identifier: GPL-2.0-only
#include "found.h"

void vmw_found_into(struct vmw_watch *watch)
{
	(void)watch;
}
