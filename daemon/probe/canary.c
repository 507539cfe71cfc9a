// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "probe/canary.h"
#include "probe/probe_internal.h"

/* A run may be skipped where another program runs on this CPU just then. */
#define TRIES 3

const char *const vmw_way_names[VMW_NR_WAYS] = {
#define VMW_WAY(id, row, name, remedy) [VMW_WAY_##id] = name,
	VMW_WAYS(VMW_WAY)
#undef VMW_WAY
};

const char *const vmw_way_remedies[VMW_NR_WAYS] = {
#define VMW_WAY(id, row, name, remedy) [VMW_WAY_##id] = remedy,
	VMW_WAYS(VMW_WAY)
#undef VMW_WAY
};

static const int rows[VMW_NR_WAYS] = {
#define VMW_WAY(id, row, name, remedy) [VMW_WAY_##id] = VMW_PROBE_##row,
	VMW_WAYS(VMW_WAY)
#undef VMW_WAY
};

enum vmw_attach_way vmw_canary_way(int id)
{
	int way;

	for (way = 0; way < VMW_NR_WAYS && rows[way] != id; way++)
		;
	return way;
}

/* By syscall(): the C library may know the answer. False: a filter does not let us. */
static bool call(enum vmw_attach_way way)
{
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct itimerval timer;
	struct timespec interval;

	switch (way) {
	case VMW_WAY_KPROBE:
		return syscall(SYS_sched_get_priority_min, 0) >= 0;
	case VMW_WAY_KRETPROBE:
		return syscall(SYS_sched_get_priority_max, 0) >= 0;
	case VMW_WAY_FENTRY:
		return !syscall(SYS_getitimer, ITIMER_VIRTUAL, &timer);
	case VMW_WAY_FEXIT:
		return !syscall(SYS_sched_rr_get_interval, 0, &interval);
	case VMW_WAY_TRACEPOINT:
		/* We have no such timer: it stays off. */
		return !syscall(SYS_setitimer, ITIMER_VIRTUAL, &never, NULL);
	default:
		return false;
	}
}

/* 1: it is seen, 0: it is not, negative: that cannot be told. */
static int is_seen(int map, enum vmw_attach_way way)
{
	u64 before, after;
	u32 key = way;
	int i;

	for (i = 0; i < TRIES; i++) {
		if (bpf_map_lookup_elem(map, &key, &before) || !call(way) ||
		    bpf_map_lookup_elem(map, &key, &after))
			return -1;
		if (after != before)
			return 1;
	}
	return 0;
}

bool vmw_probes_checks(const struct vmw_probes *probes, enum vmw_attach_way way)
{
	return probes && probes->status[rows[way]].how;
}

void vmw_probes_look(const struct vmw_probes *probes, struct vmw_sight *sight, u64 start_ns,
		     u64 now_ns)
{
	int way, seen;

	for (way = 0; way < VMW_NR_WAYS; way++) {
		if (!vmw_probes_checks(probes, way))
			continue;
		seen = is_seen(probes->maps[VMW_MAP_CANARIES], way);
		if (seen >= 0)
			vmw_sight_note(&sight[way], seen, start_ns, now_ns);
	}
}

static void end_silence(struct vmw_sight *sight, u64 now_ns)
{
	sight->lost_ns = vmw_sight_lost_ns(sight, now_ns);
	sight->silent_ns = 0;
}

void vmw_sight_note(struct vmw_sight *sight, bool seen, u64 start_ns, u64 now_ns)
{
	/* Since we looked last, for all we know. */
	u64 since = sight->fired_ns > start_ns ? sight->fired_ns : start_ns;

	if (!seen && !sight->silent_ns) {
		sight->silent_ns = since;
		sight->times++;
		if (!sight->first_ns)
			sight->first_ns = since;
	}
	if (sight->silent_ns)
		sight->last_ns = now_ns;
	if (!seen)
		return;
	if (sight->silent_ns)
		end_silence(sight, now_ns);
	sight->fired_ns = now_ns;
}

void vmw_sight_restart(struct vmw_sight *sight, u64 now_ns)
{
	int way;

	for (way = 0; way < VMW_NR_WAYS; way++) {
		if (sight[way].silent_ns)
			end_silence(&sight[way], now_ns);
		sight[way].fired_ns = 0;
	}
}

u64 vmw_sight_lost_ns(const struct vmw_sight *sight, u64 now_ns)
{
	bool lasts = sight->silent_ns && now_ns > sight->silent_ns;

	return sight->lost_ns + (lasts ? now_ns - sight->silent_ns : 0);
}

bool vmw_sight_silent(const struct vmw_sight *sight, char text[VMW_SILENT_LEN])
{
	size_t n = 0;
	int way;

	*text = '\0';
	for (way = 0; way < VMW_NR_WAYS; way++) {
		if (sight[way].silent_ns)
			n += snprintf(text + n, VMW_SILENT_LEN - n, "%s%s", n ? ", " : "",
				      vmw_way_names[way]);
	}
	return n;
}
