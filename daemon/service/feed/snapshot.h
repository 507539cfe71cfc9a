/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that is known, for readers, who share it. A child process makes it of its copy
 * of our memory, at ordinary priority (CPUSchedulingResetOnFork=): the watch goes on
 * meanwhile. What readers do costs a bounded time and a bounded memory: there is a
 * pause between two of them, in which readers wait for the next one together, and the
 * oldest is emptied when there are too many, whoever still holds it.
 */
#ifndef VMEMMAPWATCH_SERVICE_FEED_SNAPSHOT_H
#define VMEMMAPWATCH_SERVICE_FEED_SNAPSHOT_H

#include <stdbool.h>

#include <systemd/sd-event.h>

#include <vmemmapwatch/types.h>

struct vmw_snapshot {
	struct vmw_snapshot *next; /* an older one */
	unsigned int users;
	int fd;	       /* a sealed memfd */
	int reader_fd; /* the same, for others: read only */
	u64 size;      /* bytes */
	u64 changes;   /* as vmw_snapshots_ask() was told when it was begun */
	u64 begun_us;  /* CLOCK_MONOTONIC */
	u64 mark;      /* as begin() returned it */
};

struct vmw_snapshot_maker {
	/* Before the child is made: bring up to date what only we can. Returns a mark. */
	u64 (*begin)(void *context);
	/* In the child: write all of it to @fd. Negative errno. */
	int (*write)(int fd, void *context);
	/* There is a new one, or none could be made: those who wait are served now. */
	void (*made)(void *context);
};

struct vmw_snapshots;

int vmw_snapshots_new(struct vmw_snapshots **ret, sd_event *loop,
		      const struct vmw_snapshot_maker *maker, void *context);

/*
 * Ask for one that has all of now; @changes is another number after each change. Returns
 * the number of the one that will have it, to compare with vmw_snapshots_made().
 */
/*
 * Begin again what is being made: the child that makes it has the links and programs
 * of the probes open, which are about to be closed in order. NULL is fine.
 */
void vmw_snapshots_restart(struct vmw_snapshots *s);

u64 vmw_snapshots_ask(struct vmw_snapshots *s, u64 changes);

/* The number of the last one that was made, or could not be. */
u64 vmw_snapshots_made(const struct vmw_snapshots *s);

/* The last one, with one user more; NULL with a negative errno in *@ret_err. */
struct vmw_snapshot *vmw_snapshots_use(struct vmw_snapshots *s, int *ret_err);

/* NULL is fine. */
void vmw_snapshot_drop(struct vmw_snapshot *snapshot);

/* Ends the child. Calls nobody. NULL is fine. */
void vmw_snapshots_free(struct vmw_snapshots *s);

#endif
