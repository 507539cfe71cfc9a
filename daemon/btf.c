// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>

#include "btf.h"

static struct btf *kernel;

struct btf *vmw_btf(void)
{
	if (!kernel)
		kernel = btf__load_vmlinux_btf();
	return kernel;
}

void vmw_btf_drop(void)
{
	btf__free(kernel);
	kernel = NULL;
}
