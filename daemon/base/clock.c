// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

#define ROUNDS 3

u64 vmw_clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (u64)t.tv_sec * 1000000000 + t.tv_nsec;
}

u64 vmw_now_ns(void)
{
	return vmw_clock_ns(CLOCK_BOOTTIME);
}

s64 vmw_clock_offset(void)
{
	u64 before, between, after, shortest = ~0ULL;
	s64 offset = 0;
	int i;

	/* Others may run in between: the quickest reading is the best. */
	for (i = 0; i < ROUNDS; i++) {
		before = vmw_clock_ns(CLOCK_BOOTTIME);
		between = vmw_clock_ns(CLOCK_REALTIME);
		after = vmw_clock_ns(CLOCK_BOOTTIME);
		if (after - before >= shortest)
			continue;
		shortest = after - before;
		offset = (s64)(between - (before + shortest / 2));
	}
	return offset;
}

int vmw_clock_open(void)
{
	/* It never expires: it is there to be cancelled. */
	const struct itimerspec never = { .it_value.tv_sec = INT64_MAX };
	int fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	if (!timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

void vmw_clock_was_set(int fd)
{
	u64 expirations;

	/* ECANCELED, and it waits again (timerfd_canceled(), fs/timerfd.c 6.1.192). */
	if (read(fd, &expirations, sizeof(expirations)) < 0)
		return;
}
