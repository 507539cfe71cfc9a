/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times. Records, reports and what the kernel counts carry CLOCK_BOOTTIME, which goes
 * on in suspend: UTC is a constant away from it until somebody sets the clock.
 */
#ifndef VMEMMAPWATCH_BASE_CLOCK_H
#define VMEMMAPWATCH_BASE_CLOCK_H

#include <time.h>

#include <vmemmapwatch/types.h>

/* In nanoseconds. */
u64 vmw_clock_ns(clockid_t clock);

/* CLOCK_BOOTTIME, which is what "now" is everywhere. */
u64 vmw_now_ns(void);

/* CLOCK_REALTIME - CLOCK_BOOTTIME as of now, ns. */
s64 vmw_clock_offset(void);

/*
 * A file descriptor that is readable when the clock was set, or after a suspend:
 * vmw_clock_was_set() makes it wait for the next time. Negative errno.
 */
int vmw_clock_open(void);
void vmw_clock_was_set(int fd);

#endif
