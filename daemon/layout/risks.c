// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "kernel/btf.h"
#include "layout/risks.h"

#define PSEUDO_NMI "irqchip.gicv3_pseudo_nmi="

bool vmw_ftrace_is_off(const char *path)
{
	FILE *file = fopen(path, "re");
	int value = 1;

	if (!file)
		return false;
	if (fscanf(file, "%d", &value) != 1)
		value = 1;
	fclose(file);
	return !value;
}

bool vmw_asks_for_pseudo_nmi(const char *cmdline)
{
	const char *at = cmdline;
	bool asks = false;

	while ((at = strstr(at, PSEUDO_NMI))) {
		bool starts = at == cmdline || at[-1] == ' ';

		at += strlen(PSEUDO_NMI);
		if (!starts)
			continue;
		asks = (*at && strchr("1yYtT", *at)) ||
		       ((at[0] == 'o' || at[0] == 'O') && (at[1] == 'n' || at[1] == 'N'));
	}
	return asks;
}

static const char *type_name(const struct btf *btf, int id)
{
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, id) : NULL;

	return t ? btf__name_by_offset(btf, t->name_off) : "";
}

/*
 * kernel/bpf/ringbuf.c: spinlock_t up to 6.11.5, raw_spinlock_t in 6.1.192, 6.6.87
 * and 6.11.11. With PREEMPT_RT a spinlock_t is an rt_mutex_base
 * (include/linux/spinlock_types.h, 6.1.192).
 */
bool vmw_has_sleeping_ring(const struct btf *btf)
{
	int ring = btf__find_by_name_kind(btf, "bpf_ringbuf", BTF_KIND_STRUCT);
	int lock = ring > 0 ? vmw_btf_member(btf, ring, "spinlock") : -1;
	int mutex;

	if (strcmp(type_name(btf, lock), "spinlock_t"))
		return false;
	mutex = vmw_btf_member(btf, lock, "lock");
	return !strcmp(type_name(btf, mutex), "rt_mutex_base");
}

static bool cmdline_asks_for_pseudo_nmi(void)
{
	FILE *file = fopen(VMW_CMDLINE, "re");
	char text[4096];
	size_t n;

	if (!file)
		return false;
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	return vmw_asks_for_pseudo_nmi(text);
}

void vmw_risks_read(struct vmw_risks *ret, const struct btf *btf)
{
	ret->ftrace_off = vmw_ftrace_is_off(VMW_FTRACE_ENABLED);
	ret->sleeping_ring = btf && vmw_has_sleeping_ring(btf);
	ret->pseudo_nmi = cmdline_asks_for_pseudo_nmi();
}

void vmw_each_risk(const struct vmw_risks *risks, vmw_risk_fn fn, void *context)
{
	if (risks->ftrace_off)
		fn("kernel.ftrace_enabled=0",
		   "fentry attaches and never fires, so kprobes are used in its place: sysctl kernel.ftrace_enabled=1. Where it stays 0, ftrace has switched itself off after a bug, and before 6.12.35 reading /proc/kallsyms after a module has left can crash the kernel: reboot",
		   context);
	if (risks->sleeping_ring)
		fn("PREEMPT_RT with a BPF ring buffer that takes a sleeping lock",
		   "each record can end in \"scheduling while atomic\" or a hang: do not trace on this kernel, update it (fixed in 6.1.192, 6.6.87, 6.11.6)",
		   context);
	if (risks->pseudo_nmi)
		fn("irqchip.gicv3_pseudo_nmi=1",
		   "on kernels before 7.2.13 an NMI that faults while a kprobe steps over its instruction can crash the kernel: no perf record -g beside kprobes; fentry is not affected",
		   context);
}
