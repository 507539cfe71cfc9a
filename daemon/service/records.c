// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/log.h"
#include "service/records.h"

/* Some thousand requests: a state that cannot be written has said so long before. */
#define MOST_BYTES  (4 << 20)
#define MOST_RECORD 8192

void vmw_records_open(struct vmw_records *records)
{
	if (records->fd < 0)
		records->fd = memfd_create("vmemmapwatch-records", MFD_CLOEXEC);
	if (records->fd < 0)
		vmw_error("records of requests cannot be kept over a crash: %s", strerror(errno));
}

static bool is_last(struct vmw_records *records, const struct vmw_header *record)
{
	bool same = records->last && records->last->size == record->size &&
		    !memcmp(records->last, record, record->size);

	/* Only the first one that comes can be it. */
	free(records->last);
	records->last = NULL;
	return same;
}

bool vmw_records_keep(struct vmw_records *records, const struct vmw_header *record)
{
	u64 number = records->taken + 1;
	const struct iovec iov[] = {
		{ .iov_base = &number, .iov_len = sizeof(number) },
		{ .iov_base = (void *)record, .iov_len = record->size },
	};
	size_t size = sizeof(number) + record->size;

	if (is_last(records, record))
		return false;
	records->taken = number;
	if (records->fd < 0 || records->full)
		return true;
	if (records->size + size > MOST_BYTES ||
	    pwritev(records->fd, iov, 2, records->size) != (ssize_t)size) {
		records->full = true;
		vmw_error("records of requests: no more are kept over a crash, until the state is written again");
		return true;
	}
	records->size += size;
	return true;
}

void vmw_records_saved(struct vmw_records *records)
{
	if (records->fd >= 0 && records->size)
		records->full = ftruncate(records->fd, 0);
	records->size = 0;
}

/* The next of them at @at; its size, or 0 at the end, which a crash may have cut. */
static size_t read_next(const struct vmw_records *records, u64 at, u64 *number, void *record)
{
	struct vmw_header header;

	if (pread(records->fd, number, sizeof(*number), at) != sizeof(*number) ||
	    pread(records->fd, &header, sizeof(header), at + sizeof(*number)) != sizeof(header) ||
	    header.size < sizeof(header) || header.size > MOST_RECORD ||
	    pread(records->fd, record, header.size, at + sizeof(*number)) != header.size)
		return 0;
	return header.size;
}

void vmw_records_replay(struct vmw_records *records, u64 taken,
			void (*fn)(const struct vmw_header *record, void *context), void *context)
{
	u64 at = 0, number;
	char *record = malloc(MOST_RECORD);
	size_t size;

	records->taken = taken;
	while (record && records->fd >= 0 && (size = read_next(records, at, &number, record))) {
		at += sizeof(number) + size;
		free(records->last);
		records->last = malloc(size);
		if (records->last)
			memcpy(records->last, record, size);
		if (number <= records->taken)
			continue;
		records->taken = number;
		fn((const struct vmw_header *)record, context);
	}
	records->size = at;
	free(record);
}

void vmw_records_close(struct vmw_records *records)
{
	if (records->fd >= 0)
		close(records->fd);
	records->fd = -1;
	free(records->last);
	records->last = NULL;
}
