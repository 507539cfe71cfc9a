/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel wants to have of device-private memory that nobody uses. */
#include <linux/memremap.h>
#include <linux/mm.h>

static void page_free(struct page *page)
{
}

static vm_fault_t migrate_to_ram(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}

static const struct dev_pagemap_ops ops = {
	.page_free = page_free,
	.migrate_to_ram = migrate_to_ram,
};
