/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_KERNEL_LOG_CLOCK_H
#define VMEMMAPWATCH_KERNEL_LOG_CLOCK_H

#include <vmemmapwatch/types.h>

/*
 * How far the clock of the kernel's log is ahead of CLOCK_BOOTTIME, ns. 0, or a negative
 * errno: perf is not there, or not for us.
 */
int vmw_log_clock_ahead(s64 *ret);

#endif
