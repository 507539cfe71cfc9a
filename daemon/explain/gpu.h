/* SPDX-License-Identifier: GPL-2.0-only */
/* The GPUs of this machine, and how much memory they have. */
#ifndef VMEMMAPWATCH_EXPLAIN_GPU_H
#define VMEMMAPWATCH_EXPLAIN_GPU_H

#include <stdio.h>

#include "explain/preflight.h"

#define VMW_PCI_DEVICES "/sys/bus/pci/devices"

/*
 * A planned request for each PCI device of class display (0x03xxxx) or accelerator (0x12xxxx)
 * under @path that tells a size, in the order of their addresses, into @planned requests, at
 * most @max. The size is what the driver says (amdgpu's mem_info_vram_total), else the
 * largest BAR: a lower bound, since without resizable BARs it is a window. Returns how
 * many; or a negative errno after one line in @why (of @size bytes).
 */
int vmw_gpus_read(const char *path, struct vmw_planned *planned, size_t max, char *why,
		  size_t size);

/*
 * The largest memory BAR of @file, lines "START LAST FLAGS" as sysfs has them
 * (drivers/pci/pci-sysfs.c), into bar, bar_size and from of @planned request.
 */
void vmw_bars_read(FILE *file, struct vmw_planned *planned);

#endif
