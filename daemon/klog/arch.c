// SPDX-License-Identifier: GPL-2.0-only
/*
 * What show_regs(), die() and the page fault handlers of other architectures print
 * (arch/ARCH/kernel/{process,traps,dumpstack}.c and arch/ARCH/mm/fault.c, 6.1 to 6.12),
 * and no arm64 kernel does.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <vmemmapwatch/types.h>

#include "klog/arch.h"

struct mark {
	enum vmw_arch arch;
	const char *text;
};

/* Beginnings of lines; those that begin like another one come first. */
static const struct mark begins[] = {
	{ VMW_ARCH_X86, "RIP: " },
	{ VMW_ARCH_X86, "EIP: " },
	{ VMW_ARCH_X86, "RSP: 00" },
	{ VMW_ARCH_X86, "RAX: " },
	{ VMW_ARCH_X86, "RDX: " },
	{ VMW_ARCH_X86, "RBP: " },
	{ VMW_ARCH_X86, "R10: " },
	{ VMW_ARCH_X86, "R13: " },
	{ VMW_ARCH_X86, "EAX: " },
	{ VMW_ARCH_X86, "ESI: " },
	{ VMW_ARCH_X86, "CR2: " },
	{ VMW_ARCH_X86, "#PF: " },
	{ VMW_ARCH_X86, "<TASK>" },
	{ VMW_ARCH_X86, "BUG: unable to handle " },
	{ VMW_ARCH_X86, "BUG: kernel NULL pointer dereference, address" },
	{ VMW_ARCH_X86, "BIOS-e820: " },
	{ VMW_ARCH_RISCV, "epc : " },
	{ VMW_ARCH_RISCV, "epc: " },
	{ VMW_ARCH_RISCV, "gp : " },
	{ VMW_ARCH_RISCV, "Oops [#" },
	{ VMW_ARCH_LOONGARCH, "ERA: " },
	{ VMW_ARCH_LOONGARCH, "BADV: " },
	{ VMW_ARCH_LOONGARCH, "PRMD: " },
	{ VMW_ARCH_LOONGARCH, "CRMD: " },
	{ VMW_ARCH_LOONGARCH, "EUEN: " },
	{ VMW_ARCH_LOONGARCH, "ECFG: " },
	{ VMW_ARCH_LOONGARCH, "ESTAT: " },
	{ VMW_ARCH_POWERPC, "NIP [" },
	{ VMW_ARCH_POWERPC, "NIP: " },
	{ VMW_ARCH_POWERPC, "LR [c" },
	{ VMW_ARCH_POWERPC, "MSR:  " },
	{ VMW_ARCH_POWERPC, "CFAR: " },
	{ VMW_ARCH_POWERPC, "GPR0" },
	{ VMW_ARCH_POWERPC, "BUG: Unable to handle kernel " },
	{ VMW_ARCH_POWERPC, "BUG: Kernel NULL pointer dereference on " },
	{ VMW_ARCH_POWERPC, "Faulting instruction address: " },
	{ VMW_ARCH_POWERPC, "Kernel attempted to " },
	{ VMW_ARCH_POWERPC, "Oops: Kernel access of bad area" },
	{ VMW_ARCH_S390, "Krnl PSW : " },
	{ VMW_ARCH_S390, "Krnl GPRS: " },
	{ VMW_ARCH_S390, "Krnl Code: " },
	{ VMW_ARCH_S390, "Failing address: " },
	{ VMW_ARCH_S390, "Unable to handle kernel pointer dereference in virtual" },
	{ VMW_ARCH_S390, "Last Breaking-Event-Address" },
	{ VMW_ARCH_MIPS, "epc   : " },
	{ VMW_ARCH_MIPS, "BadVA : " },
	{ VMW_ARCH_ARM, "r10: " },
	{ VMW_ARCH_ARM, "r3 : " },
	/* LoongArch and MIPS, of which the former is alive. */
	{ VMW_ARCH_LOONGARCH, "Oops[#" },
	/* arm64 writes "trace". */
	{ VMW_ARCH_OTHER, "Call Trace:" },
};

/* Words that may stand anywhere in a line. */
static const struct mark words[] = {
	{ VMW_ARCH_X86, "RIP: 0010:" },	       { VMW_ARCH_X86, "EIP: 0060:" },
	{ VMW_ARCH_X86, " arch/x86/" },	       { VMW_ARCH_X86, "general protection fault" },
	{ VMW_ARCH_RISCV, " badaddr: " },      { VMW_ARCH_RISCV, " arch/riscv/" },
	{ VMW_ARCH_RISCV, "K pagesize, " },    { VMW_ARCH_RISCV, "SBI specification" },
	{ VMW_ARCH_LOONGARCH, ", era == " },   { VMW_ARCH_LOONGARCH, " arch/loongarch/" },
	{ VMW_ARCH_POWERPC, "E PAGE_SIZE=" },  { VMW_ARCH_POWERPC, " arch/powerpc/" },
	{ VMW_ARCH_S390, " arch/s390/" },      { VMW_ARCH_MIPS, ", epc == " },
	{ VMW_ARCH_MIPS, " arch/mips/" },      { VMW_ARCH_ARM, "] SMP ARM" },
	{ VMW_ARCH_ARM, "] PREEMPT SMP ARM" }, { VMW_ARCH_ARM, " arch/arm/" },
};

/* Of "Linux version": what a distribution calls it, or its compiler. */
static const struct mark versions[] = {
	{ VMW_ARCH_X86, "amd64" },	     { VMW_ARCH_X86, "x86_64" },
	{ VMW_ARCH_X86, "-generic-x86" },    { VMW_ARCH_RISCV, "riscv64" },
	{ VMW_ARCH_LOONGARCH, "loongarch" }, { VMW_ARCH_LOONGARCH, "loong64" },
	{ VMW_ARCH_POWERPC, "ppc64" },	     { VMW_ARCH_POWERPC, "powerpc64" },
	{ VMW_ARCH_S390, "s390x" },
};

/* Modules that are built for one architecture only. */
static const struct mark modules[] = {
	{ VMW_ARCH_X86, "kvm_intel" },
	{ VMW_ARCH_X86, "kvm_amd" },
	{ VMW_ARCH_X86, "aesni_intel" },
	{ VMW_ARCH_X86, "ghash_clmulni_intel" },
	{ VMW_ARCH_X86, "crc32_pclmul" },
	{ VMW_ARCH_X86, "crct10dif_pclmul" },
	{ VMW_ARCH_X86, "intel_rapl_msr" },
	{ VMW_ARCH_X86, "x86_pkg_temp_thermal" },
	{ VMW_ARCH_X86, "intel_powerclamp" },
	{ VMW_ARCH_X86, "edac_mce_amd" },
	{ VMW_ARCH_X86, "amd64_edac" },
	{ VMW_ARCH_X86, "iTCO_wdt" },
	{ VMW_ARCH_POWERPC, "vmx_crypto" },
	{ VMW_ARCH_POWERPC, "pseries_rng" },
	{ VMW_ARCH_POWERPC, "powernv_rng" },
	{ VMW_ARCH_POWERPC, "ibmpowernv" },
	{ VMW_ARCH_POWERPC, "opal_prd" },
	{ VMW_ARCH_S390, "qeth_l2" },
	{ VMW_ARCH_S390, "dasd_eckd_mod" },
	{ VMW_ARCH_S390, "s390_trng" },
	{ VMW_ARCH_S390, "vfio_ccw" },
	{ VMW_ARCH_S390, "zcrypt" },
	{ VMW_ARCH_S390, "zcrypt_cex4" },
	{ VMW_ARCH_RISCV, "sbi_cpuidle" },
	{ VMW_ARCH_LOONGARCH, "loongson3_cpufreq" },
	{ VMW_ARCH_LOONGARCH, "kvm_loongarch" },
};

static enum vmw_arch find(const struct mark *marks, size_t nr, const char *text)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (strstr(text, marks[i].text))
			return marks[i].arch;
	}
	return VMW_ARCH_NONE;
}

static enum vmw_arch of_modules(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modules); i++) {
		const char *at = strstr(text, modules[i].text);
		size_t length = strlen(modules[i].text);

		if (at && at[-1] == ' ' && (!at[length] || strchr(" (", at[length])))
			return modules[i].arch;
	}
	return VMW_ARCH_NONE;
}

/* "a0 HEX a1 HEX" of LoongArch, " s1 : HEX a0 : HEX" of RISC-V. */
static enum vmw_arch of_registers(const char *text)
{
	size_t digits;

	if (!strchr("ast", *text) || text[1] < '0' || text[1] > '9')
		return VMW_ARCH_NONE;
	text += text[2] >= '0' && text[2] <= '9' ? 3 : 2;
	if (!strncmp(text, " : ", 3) || !strncmp(text, ": ", 2))
		return strspn(text + 3, "0123456789abcdef") >= 14 ? VMW_ARCH_RISCV :
								    VMW_ARCH_NONE;
	digits = *text == ' ' ? strspn(text + 1, "0123456789abcdef") : 0;
	return digits == 16 ? VMW_ARCH_LOONGARCH : VMW_ARCH_NONE;
}

enum vmw_arch vmw_arch_of(const char *text)
{
	enum vmw_arch arch;
	size_t i;

	text += strspn(text, " \t");
	for (i = 0; i < ARRAY_SIZE(begins); i++) {
		if (!strncmp(text, begins[i].text, strlen(begins[i].text)))
			return begins[i].arch;
	}
	if (!strncmp(text, "Modules linked in: ", 19))
		return of_modules(text);
	if (!strncmp(text, "Linux version ", 14))
		return find(versions, ARRAY_SIZE(versions), text);
	if (!strncmp(text, "ra : ", 5) || !strncmp(text, "ra: 9", 5))
		return text[2] == ' ' ? VMW_ARCH_RISCV : VMW_ARCH_LOONGARCH;
	arch = *text ? of_registers(text) : VMW_ARCH_NONE;
	return arch ? arch : find(words, ARRAY_SIZE(words), text);
}

void vmw_arch_fronts(void (*fn)(const char *front))
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++)
		fn(begins[i].text);
	fn("Modules linked in: ");
}
