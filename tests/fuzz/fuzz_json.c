// SPDX-License-Identifier: GPL-2.0-only
#include "../../daemon/layout/from.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct vmw_layout layout;
	char why[256] = "";

	promise(text != NULL);
	vmw_layout_init(&layout, VMW_NR_SOURCES);
	if (!vmw_from_json(&layout, text, strlen(text), why, sizeof(why)))
		fuzz_layout(&layout);
	else
		promise(*why);
	free(text);
	return 0;
}
