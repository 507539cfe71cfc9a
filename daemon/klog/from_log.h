/* SPDX-License-Identifier: GPL-2.0-only */
/* A layout from a kernel's log that states one, or from debugfs' kernel_page_tables. */
#ifndef VMEMMAPWATCH_KLOG_FROM_LOG_H
#define VMEMMAPWATCH_KLOG_FROM_LOG_H

#include "layout/layout.h"

/*
 * Read @path, a log in any form that --decode reads, into @layout, which is initialised
 * here. 0, or a negative errno after one line in @why (of @size bytes).
 */
int vmw_layout_from_log(struct vmw_layout *layout, enum vmw_source_id trust, const char *path,
			char *why, size_t size);

#endif
