// SPDX-License-Identifier: GPL-2.0-only
/*
 * How far the log's clock is ahead of CLOCK_BOOTTIME. printk() takes local_clock()
 * (kernel/printk/printk.c, 5.10.223 to 7.2.13), which begins to count earlier: seen
 * 160 ms ahead on 6.1.192, and a second on a stock 6.12. perf takes the same clock
 * (kernel/events/core.c, perf_event_clock()), and is easy to ask: a task that gives
 * itself the name that it has gets a record of it, with the time.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "kernel/log_clock.h"

#define ROUNDS 3

struct reading {
	s64 ahead;
	u64 doubt; /* how long the reading took */
};

/* One record and its time, which is the last that a record of sample_id_all has. */
static int take_record(const struct perf_event_mmap_page *control, size_t page, u64 *ret)
{
	const char *data = (const char *)control + page;
	u64 head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
	struct perf_event_header header;

	if (head < sizeof(header))
		return -ENODATA;
	memcpy(&header, data, sizeof(header));
	if (header.type != PERF_RECORD_COMM || header.size < sizeof(header) + sizeof(u64) ||
	    header.size > head || header.size > page)
		return -EBADMSG;
	memcpy(ret, data + header.size - sizeof(u64), sizeof(u64));
	return 0;
}

static int name_ourselves(const struct perf_event_mmap_page *control, size_t page,
			  struct reading *ret)
{
	u64 before, after, time;
	char name[16];
	int err;

	if (prctl(PR_GET_NAME, name))
		return -errno;
	before = vmw_clock_ns(CLOCK_BOOTTIME);
	if (prctl(PR_SET_NAME, name))
		return -errno;
	after = vmw_clock_ns(CLOCK_BOOTTIME);
	err = take_record(control, page, &time);
	if (err)
		return err;
	ret->doubt = after - before;
	ret->ahead = (s64)(time - (before + ret->doubt / 2));
	return 0;
}

static int read_once(struct reading *ret)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(attr),
		.sample_type = PERF_SAMPLE_TIME,
		.sample_id_all = 1,
		.comm = 1,
		.exclude_kernel = 1,
	};
	size_t page = sysconf(_SC_PAGESIZE);
	void *control;
	int fd, err;

	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	control = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	err = control == MAP_FAILED ? -errno : name_ourselves(control, page, ret);
	if (control != MAP_FAILED)
		munmap(control, 2 * page);
	close(fd);
	return err;
}

int vmw_log_clock_ahead(s64 *ret)
{
	struct reading best = { .doubt = ~0ULL }, reading = { 0 };
	int i, err = 0;

	for (i = 0; i < ROUNDS && !err; i++) {
		err = read_once(&reading);
		if (!err && reading.doubt < best.doubt)
			best = reading;
	}
	if (!err)
		*ret = best.ahead;
	return err;
}
