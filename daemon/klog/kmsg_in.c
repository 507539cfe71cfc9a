// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's log since boot, from /dev/kmsg, whose readers each see all of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "klog/klog_internal.h"

/* CONSOLE_EXT_LOG_MAX, 8192: what the kernel makes of a record at most. */
#define MAX_RECORD 16384

/* Somebody who never stops writing shall not keep us here: more than a log holds. */
#define MAX_RECORDS (1 << 20)

static void take_record(struct vmw_scan *scan, struct vmw_klog *klog, char *record, bool first)
{
	struct vmw_founds *ret = scan->ret;
	struct vmw_klog_line line;

	if (vmw_klog_record(klog, record, &line))
		return;
	if (first) {
		ret->log_first_ns = vmw_found_time(ret, line.time_ns);
		ret->log_first_seq = line.seq;
		ret->log_cut = line.seq > 0;
	} else if (line.seq > ret->log_next_seq) {
		ret->log_lost += line.seq - ret->log_next_seq;
	}
	ret->log_next_seq = line.seq + 1;
}

/* All records that are there by now: 0, or a negative errno. */
static int read_records(struct vmw_scan *scan, struct vmw_klog *klog, int fd)
{
	char record[MAX_RECORD];
	int n = 0;

	while (n < MAX_RECORDS && !scan->err) {
		ssize_t size = read(fd, record, sizeof(record) - 1);

		/* Overwritten before we came to it: the next read goes on behind. */
		if (size < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (size < 0 && errno == EAGAIN)
			return 0;
		if (size < 0)
			return -errno;
		if (!size)
			return 0;
		record[size] = '\0';
		take_record(scan, klog, record, !n++);
	}
	return 0;
}

void vmw_found_log(struct vmw_scan *scan, const char *path)
{
	struct vmw_founds *ret = scan->ret;
	struct vmw_klog klog;
	int fd, err;

	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	err = fd < 0 ? -errno : 0;
	if (!err) {
		vmw_klog_init(&klog, vmw_found_event, scan);
		err = read_records(scan, &klog, fd);
		vmw_klog_end(&klog);
		close(fd);
	}
	ret->log_read = !err;
	if (err)
		snprintf(ret->log_why, sizeof(ret->log_why), "%s: %s%s", path, strerror(-err),
			 err == -EPERM ? " (kernel.dmesg_restrict is set: needs CAP_SYSLOG)" :
					 "");
}
