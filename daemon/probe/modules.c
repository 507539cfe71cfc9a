// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "probe/modules.h"
#include "probe/unfixed.h"

#define PAUSE_NS 20000000

static u64 add_to_hash(u64 hash, const char *text)
{
	return vmw_hash(vmw_hash(hash, text, strlen(text)), " ", 1);
}

/* Since when has @name been Loading or Unloading? @now_ns, where it is new. */
static u64 moving_since(const struct vmw_modules *seen, const char *name, u64 now_ns)
{
	size_t i;

	for (i = 0; i < seen->nr; i++) {
		if (!strcmp(seen->moving[i].name, name))
			return seen->moving[i].first_ns;
	}
	return now_ns;
}

/* One more line. Returns whether its module counts as one that comes or goes. */
static bool take_line(struct vmw_modules *next, const struct vmw_modules *seen,
		      const char *line, u64 now_ns, char *who)
{
	char name[64], state[16];
	struct vmw_moving *moving;
	u64 since;

	if (sscanf(line, "%63s %*s %*s %*s %15s", name, state) != 2)
		return false;
	next->list = add_to_hash(add_to_hash(next->list, name), state);
	if (!strcmp(state, "Live"))
		return false;
	since = moving_since(seen, name, now_ns);
	if (next->nr < VMW_MAX_MOVING) {
		moving = &next->moving[next->nr++];
		strcpy(moving->name, name);
		moving->first_ns = since;
	}
	if (now_ns - since >= VMW_MODULES_WAIT_NS)
		return false;
	strcpy(who, name);
	return true;
}

bool vmw_modules_look(struct vmw_modules *seen, const char *path, u64 now_ns, char *who)
{
	struct vmw_modules next = { .changed_ns = seen->changed_ns };
	FILE *file = fopen(path, "re");
	bool moves = false;
	char line[4096];

	*who = '\0';
	/* A kernel without modules. */
	if (!file)
		return true;
	while (fgets(line, sizeof(line), file))
		moves |= take_line(&next, seen, line, now_ns, who);
	fclose(file);
	if (moves || next.list != seen->list || !next.changed_ns)
		next.changed_ns = now_ns;
	*seen = next;
	return now_ns - next.changed_ns >= VMW_MODULES_STILL_NS;
}

static bool has_bug(void)
{
	struct utsname running;

	return uname(&running) || vmw_bug_by_release(VMW_BUG_FTRACE_WALK, running.release);
}

bool vmw_may_attach(char *why, size_t size)
{
	static struct vmw_modules seen;
	static u64 waited_ns;
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	char who[64];

	if (!has_bug())
		return true;
	while (!vmw_modules_look(&seen, VMW_MODULES, vmw_clock_ns(CLOCK_MONOTONIC), who)) {
		if (waited_ns >= VMW_MODULES_WAIT_NS) {
			snprintf(why, size,
				 "modules were being loaded or unloaded%s%s, and attaching then can crash this kernel (ftrace_location(), fixed by e60b613df8b6: 6.8.12, 6.10)",
				 *who ? ", the last one seen: " : "", who);
			return false;
		}
		nanosleep(&pause, NULL);
		waited_ns += PAUSE_NS;
	}
	return true;
}
