/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each user may ask of the service: connections at once, and new ones a second.
 * Root, and whoever we are, has no limit. What is refused is counted.
 */
#ifndef VMEMMAPWATCH_SERVICE_FEED_LIMIT_H
#define VMEMMAPWATCH_SERVICE_FEED_LIMIT_H

#include <stdbool.h>

#include <vmemmapwatch/types.h>

/* So many users with a connection, or with a recent one. */
#define VMW_MAX_READERS 64

/* Connections of all users together: of what the kernel keeps for each is the sum. */
#define VMW_MAX_CONNECTIONS 512

/* What a user may have saved up of new connections: of so many seconds. */
#define VMW_READER_BURST_S 5

enum vmw_excess {
	VMW_EXCESS_NONE,
	VMW_EXCESS_CONNECTIONS,
	VMW_EXCESS_RATE,
	VMW_NR_EXCESSES,
};

struct vmw_reader {
	u32 uid;
	bool exempt;
	bool told; /* that it is refused something */
	u64 connections;
	u64 spent_us; /* CLOCK_MONOTONIC: when it has saved up everything again */
};

struct vmw_limits {
	u64 connections; /* of one user at once */
	u64 rate;	 /* new ones of one user a second */
	u64 refused[VMW_NR_EXCESSES];
	struct vmw_reader reader[VMW_MAX_READERS];
};

/*
 * The peer of @fd has connected. Returns who it is, for vmw_limits_leave() when it is
 * gone; NULL where it is refused, and why in *@ret.
 */
struct vmw_reader *vmw_limits_enter(struct vmw_limits *limits, int fd, enum vmw_excess *ret);

/* NULL is fine. */
void vmw_limits_leave(struct vmw_reader *reader);

/* A line for people. */
const char *vmw_excess_text(enum vmw_excess excess);

#endif
