// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "kernel/hardening.h"

#define LOCKDOWN_PATH "/sys/kernel/security/lockdown"
#define KPTR_PATH     "/proc/sys/kernel/kptr_restrict"

#define CONFIDENTIAL "lockdown=confidentiality closes %s: boot with lockdown=integrity or none"

bool vmw_has_capability(int number)
{
	unsigned long long mask = 0;
	char line[256];
	FILE *file;

	file = fopen("/proc/self/status", "re");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "CapEff: %llx", &mask) == 1)
			break;
	}
	fclose(file);
	return mask >> number & 1;
}

static int read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	char *got;

	if (!file)
		return -errno;
	got = fgets(line, size, file);
	fclose(file);
	return got ? 0 : -EIO;
}

int vmw_kptr_restrict(void)
{
	char line[32];

	return read_line(KPTR_PATH, line, sizeof(line)) ? 0 : atoi(line);
}

bool vmw_is_confidential(void)
{
	char line[128];

	return !read_line(LOCKDOWN_PATH, line, sizeof(line)) && strstr(line, "[confidentiality]");
}

void vmw_why_kcore(int err, char *why, size_t size)
{
	if (err == -ENOENT)
		snprintf(why, size, "/proc/kcore: not there (CONFIG_PROC_KCORE is off)");
	else if (err == -EPERM && vmw_is_confidential())
		snprintf(why, size, CONFIDENTIAL, "/proc/kcore");
	else if (err == -EACCES || !vmw_has_capability(VMW_CAP_SYS_RAWIO))
		snprintf(why, size, "/proc/kcore: %s: run as root, with CAP_SYS_RAWIO",
			 strerror(-err));
	else
		snprintf(why, size, "/proc/kcore: %s", strerror(-err));
}

/* kallsyms_show_value() of kernel/kallsyms.c (6.1.192). */
void vmw_why_kallsyms(char *why, size_t size)
{
	int restricted = vmw_kptr_restrict();

	if (restricted > 1)
		snprintf(why, size,
			 "every address is zero: kernel.kptr_restrict=%d hides them: sysctl kernel.kptr_restrict=1",
			 restricted);
	else
		snprintf(why, size, "every address is zero: run as root, with CAP_SYSLOG");
}

void vmw_why_bpf(int err, char *why, size_t size)
{
	if (vmw_is_confidential())
		snprintf(why, size, CONFIDENTIAL, "reading kernel memory by BPF");
	else if (err == -EPERM)
		snprintf(why, size, "BPF: %s: run as root, with CAP_BPF and CAP_PERFMON",
			 strerror(-err));
	else
		snprintf(why, size,
			 "BPF: %s (CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS are needed; --verbose tells more)",
			 strerror(-err));
}
