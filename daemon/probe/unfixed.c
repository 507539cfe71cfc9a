// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/log.h"
#include "kernel/kallsyms.h"
#include "kernel/memory.h"
#include "probe/unfixed.h"

#define KPROBES "/sys/kernel/debug/kprobes/list"

/* Releases that were read and have the fix, from the patch level on. */
static const struct fixed {
	enum vmw_bug bug;
	unsigned int major, minor, patch;
} fixed[] = {
	{ VMW_BUG_SECOND_KPROBE, 6, 1, 192 }, { VMW_BUG_SECOND_KPROBE, 6, 12, 54 },
	{ VMW_BUG_FTRACE_WALK, 6, 1, 192 },   { VMW_BUG_FTRACE_WALK, 6, 6, 87 },
	{ VMW_BUG_FTRACE_WALK, 6, 8, 12 },
};

/* And all later ones: 7.2.13 and 6.11.11 were read. */
static const struct fixed later[] = {
	[VMW_BUG_SECOND_KPROBE] = { VMW_BUG_SECOND_KPROBE, 7, 2, 0 },
	[VMW_BUG_FTRACE_WALK] = { VMW_BUG_FTRACE_WALK, 6, 11, 0 },
};

bool vmw_bug_by_release(enum vmw_bug bug, const char *release)
{
	unsigned int major = 0, minor = 0, patch = 0;
	size_t i;

	if (sscanf(release, "%u.%u.%u", &major, &minor, &patch) < 2)
		return true;
	if (major > later[bug].major || (major == later[bug].major && minor >= later[bug].minor))
		return false;
	for (i = 0; i < ARRAY_SIZE(fixed); i++) {
		if (fixed[i].bug == bug && fixed[i].major == major && fixed[i].minor == minor)
			return patch < fixed[i].patch;
	}
	return true;
}

/* LDAR and LDAPR of 32 bits: Arm ARM DDI 0487, C6.2. */
bool vmw_has_acquire(const u32 *code, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if ((code[i] & 0xfffffc00) == 0x88dffc00 || (code[i] & 0xfffffc00) == 0xb8bfc000)
			return true;
	}
	return false;
}

/* 1: the code has the acquire load, 0: it does not, negative: it cannot be read. */
static int dispatcher_acquires(void)
{
	struct vmw_symbol dispatcher = { .name = "kprobe_dispatcher" };
	struct vmw_kallsyms_totals totals;
	struct vmw_memory memory;
	u32 code[64];
	size_t n;
	int err;

	err = vmw_kallsyms_find(VMW_KALLSYMS, &dispatcher, 1, &totals);
	if (err || !dispatcher.start || dispatcher.end <= dispatcher.start)
		return -1;
	n = (dispatcher.end - dispatcher.start) / sizeof(*code);
	if (n > ARRAY_SIZE(code))
		n = ARRAY_SIZE(code);
	vmw_memory_open(&memory);
	err = vmw_memory_read(&memory, dispatcher.start, code, n * sizeof(*code));
	vmw_memory_close(&memory);
	/* Where nothing is mapped, /proc/kcore may hand out zeros. */
	return err || !code[0] ? -1 : vmw_has_acquire(code, n);
}

bool vmw_second_kprobe_is_unsafe(void)
{
	static enum {
		NOT_ASKED,
		SAFE,
		UNSAFE
	} answer;
	struct utsname running;
	int acquires;

	if (answer != NOT_ASKED)
		return answer == UNSAFE;
	acquires = dispatcher_acquires();
	if (acquires >= 0)
		answer = acquires ? SAFE : UNSAFE;
	else
		answer = uname(&running) || vmw_bug_by_release(VMW_BUG_SECOND_KPROBE,
							       running.release) ?
				 UNSAFE :
				 SAFE;
	vmw_debug("two kprobes on one function: %s by %s", answer == SAFE ? "safe" : "unsafe",
		  acquires >= 0 ? "the code of kprobe_dispatcher()" : "the kernel's release");
	return answer == UNSAFE;
}

/* A line of the list: "ADDRESS  k  symbol+0x0    [FLAGS]". */
static bool has_kprobe(const char *symbol)
{
	FILE *file = fopen(KPROBES, "re");
	char line[512], wanted[160];
	bool found = false;

	if (!file)
		return false;
	snprintf(wanted, sizeof(wanted), "  %s+0x0 ", symbol);
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, wanted);
	fclose(file);
	return found;
}

bool vmw_refuse_second_kprobe(const struct vmw_probe_info *info, bool pair, char *why, size_t size)
{
	if (info->heat < VMW_HEAT_FAULT || !(pair || has_kprobe(info->symbol)) ||
	    !vmw_second_kprobe_is_unsafe())
		return false;
	snprintf(why, size,
		 "it would be a second kprobe on a function that runs often, which can crash this kernel (its kprobe_dispatcher() lacks an acquire load; fixed in 6.1.192, 6.12.54, 7.2)");
	return true;
}
