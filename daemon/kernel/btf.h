/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's type information: read once, and given back early. */
#ifndef VMEMMAPWATCH_KERNEL_BTF_H
#define VMEMMAPWATCH_KERNEL_BTF_H

#include <bpf/btf.h>

/*
 * Read it, on the first call, or NULL with errno set. It is as large as the file
 * (4 to 7 MiB), and libbpf reads one of its own while it loads programs: whoever
 * is the last to ask gives it back before that.
 */
struct btf *vmw_btf(void);

/*
 * The type of the member @name of struct or union @id, also in anonymous ones; -1:
 * it has none.
 */
int vmw_btf_member(const struct btf *btf, int id, const char *name);

/* Give it back. What came out of it is gone then. */
void vmw_btf_drop(void);

#endif
