// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "base/log.h"
#include "kernel/btf.h"
#include "probe/guard.h"
#include "probe/modules.h"

/*
 * net/bpf/test_run.c, 5.10.223 to 7.2.13, has bpf_fentry_test1() to 6. Another link
 * on the same function would keep ours from waiting: one without is taken.
 */
#define FIRST_FUNCTION 2
#define NR_FUNCTIONS   5

/* Has anybody a link there? Kernels before 5.13 do not say. */
static bool is_taken(__u32 function)
{
	struct bpf_link_info info;
	bool taken = false;
	__u32 id = 0, size;
	int fd;

	while (!taken && !bpf_link_get_next_id(id, &id)) {
		fd = bpf_link_get_fd_by_id(id);
		if (fd < 0)
			continue;
		memset(&info, 0, sizeof(info));
		size = sizeof(info);
		taken = !bpf_obj_get_info_by_fd(fd, &info, &size) &&
			info.type == BPF_LINK_TYPE_TRACING &&
			info.tracing.target_btf_id == function;
		close(fd);
	}
	return taken;
}

__u32 vmw_guard_function(const struct btf *btf)
{
	int aux = btf__find_by_name_kind(btf, "bpf_prog_aux", BTF_KIND_STRUCT);
	int function = -1, i;
	char name[32];

	if (aux > 0 && vmw_btf_member(btf, aux, "tramp_linked") > 0)
		return 0;
	for (i = 0; i < NR_FUNCTIONS; i++) {
		snprintf(name, sizeof(name), "bpf_fentry_test%d", FIRST_FUNCTION + i);
		function = btf__find_by_name_kind(btf, name, BTF_KIND_FUNC);
		if (function > 0 && !is_taken(function))
			break;
	}
	if (function < 0)
		vmw_debug("no guard: the kernel's BTF does not have %s()", name);
	return function < 0 ? 0 : function;
}

int vmw_load_nothing(__u32 function)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = function);

	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "vmw_nothing", "GPL", program,
			     ARRAY_SIZE(program), &opts);
}

int vmw_guard_attach(__u32 function)
{
	int program, link;
	char why[240];

	if (!function || !vmw_may_attach(why, sizeof(why)))
		return -1;
	program = vmw_load_nothing(function);
	if (program < 0)
		return -1;
	link = bpf_raw_tracepoint_open(NULL, program);
	if (link < 0)
		vmw_debug("no guard: %s", strerror(-link));
	/* It takes the program's number: one that is free below it would be a link's. */
	if (link < 0 || dup3(link, program, O_CLOEXEC) < 0) {
		close(program);
		return link < 0 ? -1 : link;
	}
	close(link);
	return program;
}
