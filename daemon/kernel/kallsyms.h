/* SPDX-License-Identifier: GPL-2.0-only */
/* Symbols of the running kernel, from /proc/kallsyms. */
#ifndef VMEMMAPWATCH_KERNEL_KALLSYMS_H
#define VMEMMAPWATCH_KERNEL_KALLSYMS_H

#include <stddef.h>
#include <stdio.h>

#include <vmemmapwatch/types.h>

#define VMW_KALLSYMS "/proc/kallsyms"

/* One wanted symbol: name in, addresses out. */
struct vmw_symbol {
	const char *name;
	u64 start; /* 0: not listed */
	u64 end;   /* the next symbol's start: 0 where it is the last */
};

struct vmw_kallsyms_totals {
	size_t lines;
	size_t addresses; /* lines whose address is not zero */
};

/*
 * Find @wanted in one pass over @path, vmlinux symbols only (modules' come
 * behind and carry a [name]). The first of several symbols of one name wins.
 * Relies on the file being sorted by address, as kallsyms has been since it
 * exists, for end. Returns 0, or a negative errno where @path cannot be read
 * or a line is not "ADDRESS TYPE NAME" (-EBADMSG).
 */
int vmw_kallsyms_find(const char *path, struct vmw_symbol *wanted, size_t n,
		      struct vmw_kallsyms_totals *totals);

/* Functions of one name, of vmlinux and of modules. */
struct vmw_functions {
	size_t nr;
	char module[64];   /* of the last one, "" for vmlinux */
	char variant[128]; /* "name.isra.0" where there is one, else "" */
};

/* Find them in @path. Returns as vmw_kallsyms_find() does. */
int vmw_kallsyms_functions(const char *path, const char *name, struct vmw_functions *found);

/*
 * Where the code @name that the kernel made for BPF begins. As vmw_kallsyms_find(), and
 * -ENOENT where it is not listed or has no address: net.core.bpf_jit_kallsyms=0, or
 * bpf_jit_harden (kernel/bpf/core.c, 6.12.117).
 */
int vmw_kallsyms_find_bpf(const char *path, const char *name, u64 *ret);

/*
 * Name @n addresses as "symbol+0xoffset [module]" into @names (each of @size
 * bytes, empty where no symbol is below), in one pass and without keeping the
 * table. For kernels whose programs cannot name frames themselves.
 */
int vmw_kallsyms_name(const char *path, const u64 *addresses, size_t n, char *names, size_t size);

/* One line: of vmlinux where @module is "". */
struct vmw_kallsyms_line {
	u64 address;
	char type; /* as nm prints it */
	const char *name;
	const char *module;
};

/*
 * Call @fn for each line of @path. A value other than 0 from @fn ends the walk and is
 * returned; else as vmw_kallsyms_find().
 */
typedef int vmw_kallsyms_fn(const struct vmw_kallsyms_line *line, void *data);
int vmw_kallsyms_walk(const char *path, vmw_kallsyms_fn *fn, void *data);

#endif
