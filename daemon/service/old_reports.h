/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports of this boot and of older ones, in the state directory. */
#ifndef VMEMMAPWATCH_SERVICE_OLD_REPORTS_H
#define VMEMMAPWATCH_SERVICE_OLD_REPORTS_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

struct vmw_old_reports_config {
	const char *directory;
	u64 max_reports; /* of older boots */
	u64 max_bytes;	 /* of these together */
};

/* Where the report of the boot @boot_id is kept. */
void vmw_report_path(const struct vmw_old_reports_config *config, const char *boot_id,
		     char *path, size_t size);

/*
 * Remove reports of older boots, the oldest first, until there are no more than
 * --keep-reports and they take no more than --keep-size together. That of
 * @boot_id stays. What cannot be removed is said.
 */
void vmw_old_reports_prune(const struct vmw_old_reports_config *config, const char *boot_id);

#endif
