// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "../btf.h"
#include "../log.h"
#include "guard.h"
#include "modules.h"

/*
 * net/bpf/test_run.c, 5.10.223 to 7.2.13, has bpf_fentry_test1() to 6. Another guard
 * on the same function would keep ours from waiting: two processes rarely take the
 * same one.
 */
#define FIRST_FUNCTION	2
#define NR_FUNCTIONS	5

__u32 vmw_guard_function(const struct btf *btf)
{
	int aux = btf__find_by_name_kind(btf, "bpf_prog_aux", BTF_KIND_STRUCT);
	char name[32];
	int function;

	if (aux > 0 && vmw_btf_member(btf, aux, "tramp_linked") > 0)
		return 0;
	snprintf(name, sizeof(name), "bpf_fentry_test%d",
		 FIRST_FUNCTION + getpid() % NR_FUNCTIONS);
	function = btf__find_by_name_kind(btf, name, BTF_KIND_FUNC);
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
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = function);

	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "vmw_nothing", "GPL", program,
			     sizeof(program) / sizeof(*program), &opts);
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
	close(program);
	return link < 0 ? -1 : link;
}
