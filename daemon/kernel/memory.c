// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include <vmemmapwatch/peek.h>

#include "kernel/hardening.h"
#include "kernel/memory.h"
#include "layout.skel.h"

void vmw_memory_open(struct vmw_memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	memory->kcore_error = vmw_kcore_open(&memory->kcore, VMW_KCORE);
}

void vmw_memory_close(struct vmw_memory *memory)
{
	vmw_kcore_close(&memory->kcore);
	layout_bpf__destroy(memory->bpf);
	memory->bpf = NULL;
}

static int load(struct vmw_memory *memory)
{
	struct layout_bpf *bpf;

	if (memory->bpf || memory->bpf_error)
		return memory->bpf_error;
	bpf = layout_bpf__open();
	if (!bpf)
		return memory->bpf_error = -errno;
	bpf_program__set_autoload(bpf->progs.page_alloc, false);
	memory->bpf_error = layout_bpf__load(bpf);
	if (memory->bpf_error)
		layout_bpf__destroy(bpf);
	else
		memory->bpf = bpf;
	return memory->bpf_error;
}

/* One piece that the program can hold. */
static int peek(struct vmw_memory *memory, u64 address, void *buffer, size_t size)
{
	u64 args[2] = { address, size };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args, .ctx_size_in = sizeof(args), );
	int err;

	err = bpf_prog_test_run_opts(bpf_program__fd(memory->bpf->progs.peek), &opts);
	if (err)
		return err;
	if ((s32)opts.retval)
		return -EFAULT;
	memcpy(buffer, memory->bpf->bss->peeked.bytes, size);
	return 0;
}

int vmw_memory_read(struct vmw_memory *memory, u64 address, void *buffer, size_t size)
{
	char *at = buffer;
	int err;

	if (!memory->kcore_error)
		return vmw_kcore_read(&memory->kcore, address, buffer, size);
	err = load(memory);
	while (!err && size) {
		size_t piece = size < VMW_PEEK_SIZE ? size : VMW_PEEK_SIZE;

		err = peek(memory, address, at, piece);
		address += piece;
		at += piece;
		size -= piece;
	}
	return err;
}

const char *vmw_memory_how(const struct vmw_memory *memory)
{
	return memory->kcore_error ? "by BPF" : "through kcore";
}

void vmw_memory_why(const struct vmw_memory *memory, int err, char *why, size_t size)
{
	if (memory->kcore_error && memory->bpf_error)
		vmw_why_bpf(memory->bpf_error, why, size);
	else
		snprintf(why, size, "kernel memory %s: %s", vmw_memory_how(memory),
			 strerror(-err));
}
