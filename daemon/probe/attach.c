// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "../layout/kallsyms.h"
#include "../log.h"
#include "attach.h"
#include "prototype.h"

/* Not an errno that user space has a name for: the kernel's ENOTSUPP. */
#define KERNEL_ENOTSUPP 524

/* Program name prefixes for a point, best first; the status word of each. */
struct way {
	const char *prefix;
	const char *how;
	bool is_fentry;
};

#define MAX_WAYS 2

static const struct way ways[][MAX_WAYS] = {
	[VMW_POINT_ENTRY] = {
		{ "fentry__", "fentry", true }, { "kprobe__", "kprobe", false },
	},
	[VMW_POINT_RETURN] = {
		{ "fexit__", "fentry", true }, { "kretprobe__", "kprobe", false },
	},
	[VMW_POINT_TRACEPOINT] = {
		{ "raw_tp__", "tracepoint", false },
	},
};

static struct bpf_program *find_program(const struct bpf_object *object,
					const struct vmw_probe_info *info,
					const struct way *way)
{
	char name[128];

	if (!way->prefix)
		return NULL;
	snprintf(name, sizeof(name), "%s%s", way->prefix, info->name);
	return bpf_object__find_program_by_name(object, name);
}

/*
 * Try it: load a program that does nothing for this function, attach it, and
 * let go. arm64 loads such programs from 6.0 on but attaches them only with
 * CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS (seen: 6.1.192 says 524, 6.12 not),
 * and never to a notrace function.
 */
static int try_fentry(int btf_id)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = btf_id);
	int program_fd, link_fd;

	program_fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "vmw_try", "GPL", program,
				   sizeof(program) / sizeof(*program), &opts);
	if (program_fd < 0)
		return program_fd;
	link_fd = bpf_raw_tracepoint_open(NULL, program_fd);
	close(program_fd);
	if (link_fd < 0)
		return link_fd;
	close(link_fd);
	return 0;
}

/* Which functions exist: BTF has most, kallsyms the static ones of old kernels. */
struct functions {
	const struct btf *btf;
	struct vmw_symbol symbols[VMW_NR_PROBES];
	bool listed;		/* symbols[] has been filled */
	bool no_fentry;		/* the kernel has said 524 once */
};

static bool is_listed(struct functions *functions, int id)
{
	struct vmw_kallsyms_totals totals;
	int i;

	if (!functions->listed) {
		for (i = 0; i < VMW_NR_PROBES; i++)
			functions->symbols[i].name = vmw_probe_infos[i].symbol;
		vmw_kallsyms_find(VMW_KALLSYMS, functions->symbols, VMW_NR_PROBES,
				  &totals);
		functions->listed = true;
	}
	return functions->symbols[id].start != 0;
}

static const struct way *choose_way(struct functions *functions, int id,
				    const struct bpf_object *object)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	const struct way *choices = ways[info->point];
	int btf_id, err;

	if (info->point == VMW_POINT_TRACEPOINT)
		return &choices[0];
	btf_id = btf__find_by_name_kind(functions->btf, info->symbol, BTF_KIND_FUNC);
	if (btf_id < 0 && !is_listed(functions, id))
		return NULL;
	if (btf_id > 0 && !functions->no_fentry &&
	    find_program(object, info, &choices[0])) {
		err = try_fentry(btf_id);
		if (!err)
			return &choices[0];
		vmw_debug("fentry on %s: %d", info->symbol, err);
		functions->no_fentry = err == -KERNEL_ENOTSUPP;
	}
	return &choices[1];
}

/* Why the row of a caller is not for this kernel; NULL: it is. */
static const char *why_not_caller(struct functions *functions, int id, bool left_out)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	int btf_id = btf__find_by_name_kind(functions->btf, info->symbol, BTF_KIND_FUNC);

	/* No pass over all symbols for the sake of what nobody asked for. */
	if (btf_id < 0 && left_out)
		return "the kernel's BTF does not have it";
	if (btf_id < 0 && is_listed(functions, id))
		return "the kernel's BTF does not have it, so its parameters are not known";
	if (btf_id < 0)
		return "this kernel has no such function, or inlines it";
	return vmw_prototype_fits(functions->btf, btf_id, info->prototypes) ? NULL :
		"unknown prototype";
}

int vmw_choose_programs(struct bpf_object *object, const struct btf *btf,
			const bool *chosen, struct vmw_probe_status *status)
{
	struct functions functions = { .btf = btf };
	struct bpf_program *program;
	int id;

	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, false);
	for (id = 0; id < VMW_NR_PROBES; id++) {
		const struct way *way;
		const char *why = NULL;

		if (vmw_is_caller(id)) {
			status[id].left_out = !chosen || !chosen[id];
			why = why_not_caller(&functions, id, status[id].left_out);
		}
		if (why)
			snprintf(status[id].problem, sizeof(status[id].problem), "%s", why);
		if (why || status[id].left_out)
			continue;
		way = choose_way(&functions, id, object);
		if (!way) {
			snprintf(status[id].problem, sizeof(status[id].problem),
				 "this kernel has no such function, or inlines it");
			continue;
		}
		program = find_program(object, &vmw_probe_infos[id], way);
		if (!program)
			return -ENOENT;
		bpf_program__set_autoload(program, true);
	}
	return 0;
}

static struct bpf_program *find_chosen(const struct bpf_object *object,
				       const struct vmw_probe_info *info,
				       const struct way **way)
{
	int i;

	for (i = 0; i < MAX_WAYS; i++) {
		struct bpf_program *program = find_program(object, info, &ways[info->point][i]);

		*way = &ways[info->point][i];
		if (program && bpf_program__autoload(program))
			return program;
	}
	return NULL;
}

struct bpf_program *vmw_chosen_program(const struct bpf_object *object,
				       const struct vmw_probe_info *info)
{
	const struct way *way;

	return find_chosen(object, info, &way);
}

const char *vmw_chosen_way(const struct bpf_object *object,
			   const struct vmw_probe_info *info)
{
	const struct way *way;

	return find_chosen(object, info, &way) ? way->how : NULL;
}

/* 1: ftrace lists the function, 0: it does not, negative: no list to read. */
static int is_traceable(const char *symbol)
{
	static const char *const lists[] = {
		"/sys/kernel/tracing/available_filter_functions",
		"/sys/kernel/debug/tracing/available_filter_functions",
	};
	size_t length = strlen(symbol);
	char line[512];
	FILE *file = NULL;
	int found = 0;
	size_t i;

	for (i = 0; !file && i < sizeof(lists) / sizeof(*lists); i++)
		file = fopen(lists[i], "re");
	if (!file)
		return -errno;
	while (!found && fgets(line, sizeof(line), file))
		found = !strncmp(line, symbol, length) && line[length] == '\n';
	fclose(file);
	return found;
}

/* An errno of an attach, in words that say what to make of it. */
static void explain(const struct vmw_probe_info *info, int err,
		    struct vmw_probe_status *status)
{
	const char *text = strerror(-err);

	if (info->point == VMW_POINT_TRACEPOINT && err == -ENOENT)
		text = "this kernel has no such tracepoint";
	else if (err == -EINVAL && is_traceable(info->symbol) == 0)
		text = "notrace in this kernel, so it refuses kprobes (EINVAL)";
	else if (err == -EINVAL)
		text = "the kernel refuses a kprobe here (EINVAL), as for notrace functions";
	else if (err == -EADDRNOTAVAIL)
		text = "several functions of this name: a probe would be ambiguous";
	else if (err == -EPERM || err == -EACCES)
		text = "not permitted (lockdown, or a missing capability)";
	snprintf(status->problem, sizeof(status->problem), "%s", text);
}

void vmw_attach(struct bpf_object *object, const struct vmw_probe_info *info,
		struct vmw_probe_status *status, struct bpf_link **ret)
{
	int i;

	for (i = 0; i < MAX_WAYS; i++) {
		const struct way *way = &ways[info->point][i];
		struct bpf_program *program = find_program(object, info, way);

		if (!program || !bpf_program__autoload(program))
			continue;
		*ret = bpf_program__attach(program);
		if (*ret)
			status->how = way->how;
		else
			explain(info, -errno, status);
	}
}
