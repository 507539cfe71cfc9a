// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include "explain/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vmw_bounds bounds = {
		.vmemmap = 0xfffffbfffe000000,
		.start = 0xfffffc0000000000,
		.end = 0xfffffe0000000000,
		.nominal_start = 0xfffffc0000000000,
		.page_struct_size = 64,
		.page_shift = 12,
		.va_bits = 48,
	};
	char *text = strndup((const char *)data, size);
	static struct vmw_layout layout;
	struct vmw_explanation e;
	struct vmw_what what;
	char why[256] = "";

	promise(text != NULL);
	if (!vmw_what_parse(&what, text, 12, why, sizeof(why))) {
		promise(what.first <= what.last);
		vmw_explain(&e, &what, &layout, &bounds);
		promise(!e.has_pages || e.nr_pages);
	} else {
		promise(*why);
	}
	free(text);
	return 0;
}
