/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of requests that are taken from the ring buffer, and not in the saved state
 * yet: kept by systemd like the maps, so that a crash in between loses none of them.
 * The state is written once a second; a driver is gone in less.
 */
#ifndef VMEMMAPWATCH_SERVICE_RECORDS_H
#define VMEMMAPWATCH_SERVICE_RECORDS_H

#include <stdbool.h>

#include <vmemmapwatch/event.h>

struct vmw_records {
	int fd;	   /* a memfd, or -1: nothing is kept */
	u64 taken; /* records, ever in this boot */
	u64 size;  /* bytes in it */
	bool full; /* the state could not be written for long */
	/* The last one of an earlier daemon, which may come out of the ring once more. */
	struct vmw_header *last;
};

/* Make one, where @records has none. */
void vmw_records_open(struct vmw_records *records);

/*
 * Before @record is made use of: keep it. False where an earlier daemon has done so,
 * and it has been replayed already.
 */
bool vmw_records_keep(struct vmw_records *records, const struct vmw_header *record);

/* All that were taken are in the saved state now. */
void vmw_records_saved(struct vmw_records *records);

/*
 * Give @fn each record of an earlier daemon that came behind the first @taken ones,
 * which its state has.
 */
void vmw_records_replay(struct vmw_records *records, u64 taken,
			void (*fn)(const struct vmw_header *record, void *context),
			void *context);

void vmw_records_close(struct vmw_records *records);

#endif
