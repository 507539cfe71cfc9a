/* SPDX-License-Identifier: GPL-2.0-only */
/* Logs of kernels of other architectures: they are named, and not judged. */
#ifndef VMEMMAPWATCH_KLOG_ARCH_H
#define VMEMMAPWATCH_KLOG_ARCH_H

enum vmw_arch {
	VMW_ARCH_NONE, /* nothing that an arm64 kernel would not print */
	VMW_ARCH_X86,
	VMW_ARCH_RISCV,
	VMW_ARCH_LOONGARCH,
	VMW_ARCH_POWERPC,
	VMW_ARCH_S390,
	VMW_ARCH_MIPS,
	VMW_ARCH_ARM,
	VMW_ARCH_OTHER, /* some other one */
	VMW_NR_ARCHES,
};

/*
 * The architecture whose kernel alone prints the line @text, that has no front: by the
 * names of its registers, the words of its dumps, its source files and its modules.
 */
enum vmw_arch vmw_arch_of(const char *text);

/* Call @fn with each beginning of a line that tells one. */
void vmw_arch_fronts(void (*fn)(const char *front));

#endif
