// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "service/paths.h"

void vmw_path_beside_feed(const char *feed, const char *name, char path[VMW_PATH_LEN])
{
	const char *slash = strrchr(feed, '/');

	snprintf(path, VMW_PATH_LEN, "%.*s%s", slash ? (int)(slash - feed + 1) : 0, feed, name);
}
