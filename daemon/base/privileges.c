// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cap-ng.h>
#include <linux/bpf.h>

#include "base/log.h"
#include "base/privileges.h"

#define UNPRIVILEGED_PATH "/proc/sys/kernel/unprivileged_bpf_disabled"

/* Headers of a kernel before 5.8 do not have it. */
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

int vmw_keep_capabilities(const int *capabilities, size_t n)
{
	const capng_type_t kept = CAPNG_EFFECTIVE | CAPNG_PERMITTED;
	bool had[n + 1], bounds;
	int err = 0;
	size_t i;

	if (capng_get_caps_process())
		return -EPERM;
	bounds = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	for (i = 0; i < n; i++)
		had[i] = capng_have_capability(CAPNG_PERMITTED, capabilities[i]);
	capng_clear(CAPNG_SELECT_BOTH);
	for (i = 0; i < n; i++) {
		if (!had[i])
			err = -EPERM;
		else
			capng_update(CAPNG_ADD, kept | CAPNG_BOUNDING_SET, capabilities[i]);
	}
	/* libcap-ng before 0.8 does not know of the ambient set. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return -errno;
	/* In that order: without CAP_SETPCAP the bounding set is closed. */
	if (bounds && capng_apply(CAPNG_SELECT_BOUNDS))
		return -EPERM;
	if (capng_apply(CAPNG_SELECT_CAPS))
		return -EPERM;
	return err;
}

/*
 * Before 5.19, every command of bpf() asks for CAP_BPF where the sysctl is set
 * (c8644cd0efe7 "bpf: refine kernel.unprivileged_bpf_disabled behaviour"); that
 * comes before a look at the fd, and so the errno shows it.
 */
static bool asks_for_bpf(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = -1;
	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) && errno == EPERM;
}

static bool asks_for_bpf_unprivileged(void)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(vmw_keep_capabilities(NULL, 0) || asks_for_bpf());
	/* Where it cannot be tried, keeping it is the safe side. */
	return pid < 0 || waitpid(pid, &status, 0) != pid || status;
}

/* The sysctl may be set after our start, by systemd-sysctl.service as well. */
static bool may_ask_later(void)
{
	unsigned int major, minor;
	struct utsname name;
	FILE *file;
	int value;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return true;
	if (major > 5 || (major == 5 && minor >= 19))
		return false;
	file = fopen(UNPRIVILEGED_PATH, "re");
	/* Not there: this kernel is older than the sysctl, and never asks. */
	value = file && fgetc(file) == '0';
	if (file)
		fclose(file);
	return value;
}

static void need(struct vmw_needs *needs, int capability, const char *words)
{
	size_t n = strlen(needs->words);

	needs->capabilities[needs->nr++] = capability;
	snprintf(needs->words + n, sizeof(needs->words) - n, "%s%s", n ? ", " : "keeps ", words);
}

void vmw_needed_capabilities(struct vmw_needs *needs, bool reads_kallsyms)
{
	memset(needs, 0, sizeof(*needs));
	if (asks_for_bpf_unprivileged() || may_ask_later())
		need(needs, CAP_BPF, "CAP_BPF (to read counts, before Linux 5.19)");
	if (reads_kallsyms)
		need(needs, CAP_SYSLOG,
		     "CAP_SYSLOG (for names of the kernel, before Linux 5.13)");
}

void vmw_hurry(bool hurry)
{
	const struct sched_param priority = { .sched_priority = hurry ? 1 : 0 };
	int policy = hurry ? SCHED_RR | SCHED_RESET_ON_FORK : SCHED_OTHER;

	if (sched_setscheduler(0, policy, &priority))
		vmw_debug("scheduling policy: %s", strerror(errno));
}
