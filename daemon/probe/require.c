// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "kernel/hardening.h"
#include "probe/require.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"

int vmw_require_arm64(char *why, size_t size)
{
	struct utsname name;

	if (!uname(&name) && !strcmp(name.machine, "aarch64"))
		return 0;
	snprintf(why, size, "live modes need an arm64 kernel, this one is %s", name.machine);
	return -ENOTSUP;
}

/* What each capability is needed for. */
static const struct {
	int number;
	const char *name;
	const char *reason;
} capabilities[] = {
	{ VMW_CAP_SYS_ADMIN, "CAP_SYS_ADMIN", "to attach kprobes" },
	{ VMW_CAP_SYS_RAWIO, "CAP_SYS_RAWIO", "to read /proc/kcore" },
	{ VMW_CAP_SYSLOG, "CAP_SYSLOG", "to see addresses in /proc/kallsyms" },
};

static int check_capabilities(char *why, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(capabilities); i++) {
		if (vmw_has_capability(capabilities[i].number))
			continue;
		snprintf(why, size, "%s is missing (%s): run as root", capabilities[i].name,
			 capabilities[i].reason);
		return -ENOTSUP;
	}
	return 0;
}

static int check_btf(char *why, size_t size)
{
	if (!access(BTF_PATH, R_OK))
		return 0;
	snprintf(why, size, BTF_PATH ": %s: the kernel needs CONFIG_DEBUG_INFO_BTF=y",
		 strerror(errno));
	return -ENOTSUP;
}

/* Confidentiality closes kprobes, kcore and bpf_probe_read_kernel() alike. */
static int check_lockdown(char *why, size_t size)
{
	if (!vmw_is_confidential())
		return 0;
	snprintf(why, size,
		 "lockdown=confidentiality closes kprobes and /proc/kcore: boot with lockdown=integrity or none");
	return -ENOTSUP;
}

static int check_kptr_restrict(char *why, size_t size)
{
	if (vmw_kptr_restrict() < 2)
		return 0;
	snprintf(why, size,
		 "kernel.kptr_restrict=%d hides all kernel addresses: sysctl kernel.kptr_restrict=1",
		 vmw_kptr_restrict());
	return -ENOTSUP;
}

int vmw_require_tracing(char *why, size_t size)
{
	static int (*const checks[])(char *, size_t) = {
		vmw_require_arm64, check_capabilities,	check_btf,
		check_lockdown,	   check_kptr_restrict,
	};
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		err = checks[i](why, size);
		if (err)
			return err;
	}
	return 0;
}
