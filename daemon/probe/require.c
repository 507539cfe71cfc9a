// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "require.h"

#define BTF_PATH	"/sys/kernel/btf/vmlinux"
#define LOCKDOWN_PATH	"/sys/kernel/security/lockdown"
#define KPTR_PATH	"/proc/sys/kernel/kptr_restrict"

int vmw_require_arm64(char *why, size_t size)
{
	struct utsname name;

	if (!uname(&name) && !strcmp(name.machine, "aarch64"))
		return 0;
	snprintf(why, size, "live modes need an arm64 kernel, this one is %s",
		 name.machine);
	return -ENOTSUP;
}

/* Numbers from include/uapi/linux/capability.h; what each is needed for. */
static const struct {
	int number;
	const char *name;
	const char *reason;
} capabilities[] = {
	{ 21, "CAP_SYS_ADMIN", "to attach kprobes" },
	{ 17, "CAP_SYS_RAWIO", "to read /proc/kcore" },
	{ 34, "CAP_SYSLOG", "to see addresses in /proc/kallsyms" },
};

static u64 effective_capabilities(void)
{
	unsigned long long mask = 0;
	char line[256];
	FILE *file;

	file = fopen("/proc/self/status", "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "CapEff: %llx", &mask) == 1)
			break;
	}
	fclose(file);
	return mask;
}

static int check_capabilities(char *why, size_t size)
{
	u64 have = effective_capabilities();
	size_t i;

	for (i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++) {
		if (have >> capabilities[i].number & 1)
			continue;
		snprintf(why, size, "%s is missing (%s): run as root",
			 capabilities[i].name, capabilities[i].reason);
		return -ENOTSUP;
	}
	return 0;
}

static int check_btf(char *why, size_t size)
{
	if (!access(BTF_PATH, R_OK))
		return 0;
	snprintf(why, size,
		 BTF_PATH ": %s: the kernel needs CONFIG_DEBUG_INFO_BTF=y",
		 strerror(errno));
	return -ENOTSUP;
}

static int read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	if (!fgets(line, size, file))
		line[0] = '\0';
	fclose(file);
	return 0;
}

/* Confidentiality closes kprobes, kcore and bpf_probe_read_kernel() alike. */
static int check_lockdown(char *why, size_t size)
{
	char line[128];

	if (read_line(LOCKDOWN_PATH, line, sizeof(line)) ||
	    !strstr(line, "[confidentiality]"))
		return 0;
	snprintf(why, size,
		 "lockdown=confidentiality closes kprobes and /proc/kcore: boot with lockdown=integrity or none");
	return -ENOTSUP;
}

static int check_kptr_restrict(char *why, size_t size)
{
	char line[32];

	if (read_line(KPTR_PATH, line, sizeof(line)) || atoi(line) < 2)
		return 0;
	snprintf(why, size,
		 "kernel.kptr_restrict=%d hides all kernel addresses: sysctl kernel.kptr_restrict=1",
		 atoi(line));
	return -ENOTSUP;
}

int vmw_require_tracing(char *why, size_t size)
{
	static int (*const checks[])(char *, size_t) = {
		vmw_require_arm64, check_capabilities, check_btf, check_lockdown,
		check_kptr_restrict,
	};
	size_t i;
	int err;

	for (i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		err = checks[i](why, size);
		if (err)
			return err;
	}
	return 0;
}
