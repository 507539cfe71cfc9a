// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "service/feed/limit.h"

#define SECOND_US 1000000ULL

/* A reader without connections that has saved up everything is as good as a new one. */
static struct vmw_reader *find(struct vmw_limits *limits, u32 uid, u64 now)
{
	struct vmw_reader *reader, *unused = NULL;

	for (reader = limits->reader; reader < limits->reader + VMW_MAX_READERS; reader++) {
		bool idle = !reader->connections && reader->spent_us <= now;

		if (reader->uid == uid && (!idle || reader->told))
			return reader;
		if (idle && (!unused || unused->told))
			unused = reader;
	}
	if (unused)
		*unused = (struct vmw_reader){ .uid = uid, .exempt = !uid || uid == geteuid() };
	return unused;
}

/* One connection costs the time in which @rate lets one be. */
static bool may_spend(struct vmw_reader *reader, u64 rate, u64 now)
{
	u64 from = reader->spent_us > now ? reader->spent_us : now;

	if (from + SECOND_US / rate > now + VMW_READER_BURST_S * SECOND_US)
		return false;
	reader->spent_us = from + SECOND_US / rate;
	return true;
}

static bool is_full(const struct vmw_limits *limits, const struct vmw_reader *reader)
{
	u64 all = 0;
	size_t i;

	for (i = 0; i < VMW_MAX_READERS; i++)
		all += limits->reader[i].exempt ? 0 : limits->reader[i].connections;
	return reader->connections >= limits->connections || all >= VMW_MAX_CONNECTIONS;
}

struct vmw_reader *vmw_limits_enter(struct vmw_limits *limits, int fd, enum vmw_excess *ret)
{
	u64 now = vmw_clock_ns(CLOCK_MONOTONIC) / 1000;
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(peer);
	struct vmw_reader *reader = NULL;

	if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		reader = find(limits, peer.uid, now);
	*ret = VMW_EXCESS_NONE;
	if (!reader || (!reader->exempt && is_full(limits, reader)))
		*ret = VMW_EXCESS_CONNECTIONS;
	else if (!reader->exempt && !may_spend(reader, limits->rate, now))
		*ret = VMW_EXCESS_RATE;
	if (*ret == VMW_EXCESS_NONE) {
		reader->connections++;
		return reader;
	}
	limits->refused[*ret]++;
	/* Once for each, until it has been quiet and others have come. */
	if (reader && !reader->told)
		vmw_notice("connections of user %u are refused: %s", peer.uid,
			   vmw_excess_text(*ret));
	if (reader)
		reader->told = true;
	return NULL;
}

void vmw_limits_leave(struct vmw_reader *reader)
{
	if (reader)
		reader->connections--;
}

const char *vmw_excess_text(enum vmw_excess excess)
{
	return excess == VMW_EXCESS_RATE ? "too many connections a second (reader-rate)" :
					   "too many connections at once (reader-connections)";
}
