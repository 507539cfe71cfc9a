/* SPDX-License-Identifier: GPL-2.0-only */
/* What keeps this process from the kernel: privileges, sysctls, lockdown. */
#ifndef VMEMMAPWATCH_KERNEL_HARDENING_H
#define VMEMMAPWATCH_KERNEL_HARDENING_H

#include <stdbool.h>
#include <stddef.h>

/* Numbers from include/uapi/linux/capability.h. */
enum {
	VMW_CAP_SYS_RAWIO = 17,
	VMW_CAP_SYS_ADMIN = 21,
	VMW_CAP_SYSLOG = 34,
};

/* Is capability @number effective? False also where /proc cannot tell. */
bool vmw_has_capability(int number);

/* kernel.kptr_restrict, 0 where it cannot be read. */
int vmw_kptr_restrict(void);

/* Is lockdown=confidentiality in force? */
bool vmw_is_confidential(void);

/*
 * One line in @why (of @size bytes): what stops us and what would help, for
 * the negative errno @err of opening /proc/kcore; for a /proc/kallsyms of
 * zeros; for the negative errno @err of loading a BPF program.
 */
void vmw_why_kcore(int err, char *why, size_t size);
void vmw_why_kallsyms(char *why, size_t size);
void vmw_why_bpf(int err, char *why, size_t size);

#endif
