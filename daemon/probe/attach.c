// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "base/log.h"
#include "kernel/kallsyms.h"
#include "kernel/probeable.h"
#include "layout/risks.h"
#include "probe/attach.h"
#include "probe/canary.h"
#include "probe/guard.h"
#include "probe/modules.h"
#include "probe/prototype.h"
#include "probe/refusal.h"
#include "probe/trampoline.h"
#include "probe/unfixed.h"

/* Program name prefixes for a point, best first; the status word of each. */
struct way {
	const char *prefix;
	const char *how;
	bool is_kprobe;
};

#define MAX_WAYS 2

static const struct way ways[][MAX_WAYS] = {
	[VMW_POINT_ENTRY] = {
		{ "fentry__", "fentry", false }, { "kprobe__", "kprobe", true },
	},
	[VMW_POINT_RETURN] = {
		{ "fexit__", "fentry", false }, { "kretprobe__", "kprobe", true },
	},
	[VMW_POINT_TRACEPOINT] = {
		{ "raw_tp__", "tracepoint", false },
	},
};

static struct bpf_program *find_prefixed(const struct bpf_object *object,
					 const struct vmw_probe_info *info, const char *prefix)
{
	char name[128];

	if (!prefix)
		return NULL;
	snprintf(name, sizeof(name), "%s%s", prefix, info->name);
	return bpf_object__find_program_by_name(object, name);
}

static struct bpf_program *find_program(const struct bpf_object *object,
					const struct vmw_probe_info *info, const struct way *way)
{
	return find_prefixed(object, info, way->prefix);
}

/* A kretprobe of a caller needs a kprobe that keeps the argument. */
static struct bpf_program *find_save(const struct bpf_object *object,
				     const struct vmw_probe_info *info, const struct way *way)
{
	if (way != &ways[VMW_POINT_RETURN][1])
		return NULL;
	return find_prefixed(object, info, "save__");
}

/*
 * Try it: load a program that does nothing for this function, and where @attach
 * is set attach it and let go. arm64 loads such programs from 6.0 on but attaches
 * them only with CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS (seen: 6.1.192 says 524,
 * 6.12 not), and never to a notrace function.
 */
static int try_fentry(int btf_id, bool attach)
{
	int program_fd, link_fd;
	char why[240];

	if (attach && !vmw_may_attach(why, sizeof(why)))
		return -EAGAIN;
	program_fd = vmw_load_nothing(btf_id);
	if (program_fd < 0)
		return program_fd;
	link_fd = attach ? bpf_raw_tracepoint_open(NULL, program_fd) : -1;
	if (link_fd >= 0)
		close(link_fd);
	close(program_fd);
	return attach && link_fd < 0 ? link_fd : 0;
}

/* Which functions exist: BTF has most, kallsyms the static ones of old kernels. */
struct functions {
	const struct btf *btf;
	int ids[VMW_NR_PROBES]; /* in @btf; 0: it has none */
	enum vmw_attach_with attach_with;
	struct vmw_symbol symbols[VMW_NR_PROBES + 1]; /* the last one: VMW_NOTRACE_CHECK */
	bool listed;				      /* symbols[] has been filled */
	bool no_fentry;				      /* the kernel has said 524 once */
	bool ftrace_off;			      /* kernel.ftrace_enabled is 0 */
	bool fentry;				      /* it has attached one */
	/* By ftrace's list, where there is one: the rest is notrace. */
	bool traceable[VMW_NR_PROBES];
	bool marked;  /* traceable[] has been filled */
	bool unknown; /* there is no list */
};

static void note_id(struct functions *functions, const char *name, int btf_id)
{
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		const char *symbol = vmw_probe_infos[id].symbol;

		if (*name == *symbol && !functions->ids[id] && !strcmp(name, symbol))
			functions->ids[id] = btf_id;
	}
}

/* All of them in one pass: libbpf goes through all types for each name that it is asked for. */
static void find_ids(struct functions *functions)
{
	const struct btf *btf = functions->btf;
	int i, n = btf__type_cnt(btf);

	for (i = 1; i < n; i++) {
		const struct btf_type *type = btf__type_by_id(btf, i);

		if (btf_is_func(type))
			note_id(functions, btf__name_by_offset(btf, type->name_off), i);
	}
}

/* All that is asked of kallsyms, in one pass. */
static bool is_listed(struct functions *functions, int id)
{
	struct vmw_kallsyms_totals totals;
	int i;

	if (!functions->listed) {
		functions->symbols[VMW_NR_PROBES].name = VMW_NOTRACE_CHECK;
		for (i = 0; i < VMW_NR_PROBES; i++)
			functions->symbols[i].name = vmw_probe_infos[i].symbol;
		vmw_kallsyms_find(VMW_KALLSYMS, functions->symbols, VMW_NR_PROBES + 1, &totals);
		functions->listed = true;
	}
	return functions->symbols[id].start != 0;
}

/*
 * Attaching takes a tenth of a second to undo, so it is tried once: what the kernel
 * can do, and which functions ftrace has, is the answer for all others.
 */
static bool takes_fentry(struct functions *functions, int id)
{
	bool attach;
	int err;

	if (functions->no_fentry)
		return false;
	if (!functions->unknown && !functions->traceable[id])
		return false;
	attach = functions->unknown || !functions->fentry;
	err = try_fentry(functions->ids[id], attach);
	if (err)
		vmw_debug("fentry on %s: %d", vmw_probe_infos[id].symbol, err);
	functions->fentry |= attach && !err;
	/* It attaches then, and never fires (ftrace_startup(), kernel/trace/ftrace.c 6.12.117). */
	functions->ftrace_off = !err && vmw_ftrace_is_off(VMW_FTRACE_ENABLED);
	functions->no_fentry = err == -VMW_ENOTSUPP || functions->ftrace_off;
	return !err && !functions->ftrace_off;
}

/* Each tracepoint has a type, by which BPF programs know its arguments. */
static bool has_tracepoint(const struct btf *btf, const char *name)
{
	char type[128];

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return btf__find_by_name_kind(btf, type, BTF_KIND_TYPEDEF) > 0;
}

/* Of --attach-with=fentry: why there is none. */
static const char *why_no_fentry(const struct functions *functions, int id)
{
	if (!functions->ids[id])
		return "the kernel's BTF does not have the function";
	if (functions->ftrace_off)
		return "kernel.ftrace_enabled is 0";
	if (functions->no_fentry)
		return "this kernel attaches no fentry program (524)";
	if (!functions->unknown && !functions->traceable[id])
		return "notrace in this kernel";
	return "this kernel does not take one here";
}

/* Of a function that exists: fentry or kprobe. NULL: neither, by --attach-with. */
static const struct way *choose_function_way(struct functions *functions, int id,
					     const struct bpf_object *object,
					     struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	const struct way *choices = ways[info->point];
	bool forced = functions->attach_with == VMW_ATTACH_FENTRY;
	const char *refused = NULL;

	if (!functions->marked)
		functions->unknown = vmw_mark_traceable(functions->traceable);
	functions->marked = true;
	if (functions->attach_with == VMW_ATTACH_KPROBE)
		return &choices[1];
	if (!find_program(object, info, &choices[0])) {
		if (forced)
			status->note = "a kprobe: there is no fentry program for it";
		return &choices[1];
	}
	if (functions->ids[id] && takes_fentry(functions, id)) {
		refused = info->point == VMW_POINT_RETURN ? vmw_fexit_refused() : NULL;
		if (!refused)
			return &choices[0];
	}
	if (forced) {
		snprintf(status->problem, sizeof(status->problem), "--attach-with=fentry: %s",
			 refused ? refused : why_no_fentry(functions, id));
		return NULL;
	}
	if (refused)
		status->note = refused;
	return &choices[1];
}

/* NULL: with the reason in @status. */
static const struct way *choose_way(struct functions *functions, int id,
				    const struct bpf_object *object,
				    struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];

	if (info->point == VMW_POINT_TRACEPOINT) {
		if (has_tracepoint(functions->btf, info->symbol))
			return &ways[info->point][0];
		snprintf(status->problem, sizeof(status->problem),
			 "this kernel has no such tracepoint");
		return NULL;
	}
	if (functions->ids[id] || is_listed(functions, id))
		return choose_function_way(functions, id, object, status);
	snprintf(status->problem, sizeof(status->problem),
		 "this kernel has no such function, or inlines it");
	return NULL;
}

/* Does the running release say what the BTF does not? */
static bool is_by_release(int id)
{
	static const struct {
		int id;
		const char *release;
	} rows[] = {
#define VMW_BY_RELEASE(name, release) { VMW_PROBE_##name, release },
		VMW_BY_RELEASES(VMW_BY_RELEASE)
#undef VMW_BY_RELEASE
	};
	struct utsname running;
	size_t i, length;

	if (uname(&running))
		return false;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		length = strlen(rows[i].release);
		if (rows[i].id == id && !strncmp(running.release, rows[i].release, length) &&
		    running.release[length] == '.')
			return true;
	}
	return false;
}

/* Why the row of a caller is not for this kernel; NULL: it is. */
static const char *why_not_caller(struct functions *functions, int id,
				  struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	int btf_id = functions->ids[id];

	/* No pass over all symbols for the sake of what nobody asked for. */
	if (!btf_id && status->left_out)
		return "the kernel's BTF does not have it";
	if (!btf_id && is_by_release(id) && is_listed(functions, id)) {
		status->note = "by its release: the kernel's BTF does not have it";
		return NULL;
	}
	if (!btf_id && is_listed(functions, id))
		return "the kernel's BTF does not have it, so its parameters are not known";
	if (!btf_id)
		return "this kernel has no such function, or inlines it";
	return vmw_prototype_fits(functions->btf, btf_id, info->prototypes) ?
		       NULL :
		       "unknown prototype";
}

/* The one way that row @id, of VMW_WAYS, has a program for. */
static const struct way *way_of_canary(const struct bpf_object *object, int id)
{
	const struct way *choices = ways[vmw_probe_infos[id].point];
	int i;

	for (i = 0; i < MAX_WAYS; i++) {
		if (find_program(object, &vmw_probe_infos[id], &choices[i]))
			return &choices[i];
	}
	return NULL;
}

static struct bpf_program *find_chosen(const struct bpf_object *object,
				       const struct vmw_probe_info *info, const struct way **way)
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

static bool is_used(const struct bpf_object *object, const struct way *wanted)
{
	const struct way *way;
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (vmw_canary_way(id) == VMW_NR_WAYS &&
		    find_chosen(object, &vmw_probe_infos[id], &way) && way == wanted)
			return true;
	}
	return false;
}

/* Those that check a way which other rows attach by. */
static void choose_canary(struct functions *functions, struct bpf_object *object, int id,
			  struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	const struct way *way = way_of_canary(object, id);
	const char *why = NULL;
	int btf_id = functions->ids[id];

	status->left_out = !way || !is_used(object, way);
	if (status->left_out)
		return;
	if (info->point == VMW_POINT_TRACEPOINT && !has_tracepoint(functions->btf, info->symbol))
		why = "this kernel has no such tracepoint";
	else if (info->point != VMW_POINT_TRACEPOINT && !btf_id && !is_listed(functions, id))
		why = "this kernel has no such system call";
	else if (info->point != VMW_POINT_TRACEPOINT && !way->is_kprobe &&
		 (!btf_id || !takes_fentry(functions, id)))
		why = "this kernel does not take fentry here";
	if (why)
		snprintf(status->problem, sizeof(status->problem), "%s", why);
	else
		bpf_program__set_autoload(find_program(object, info, way), true);
}

/* A kprobe on what ftrace does not list. */
static bool is_notrace(const struct functions *functions, int id, const struct way *way)
{
	return way->is_kprobe && functions->marked && !functions->unknown &&
	       !functions->traceable[id];
}

int vmw_choose_programs(struct bpf_object *object, const struct btf *btf, const bool *chosen,
			enum vmw_attach_with attach_with, struct vmw_probe_status *status)
{
	struct functions functions = { .btf = btf, .attach_with = attach_with };
	struct bpf_program *program;
	int id;

	find_ids(&functions);
	bpf_object__for_each_program(program, object) bpf_program__set_autoload(program, false);
	for (id = 0; id < VMW_NR_PROBES; id++) {
		const struct way *way;
		const char *why = NULL;

		if (vmw_canary_way(id) != VMW_NR_WAYS)
			continue;
		if (vmw_is_caller(id)) {
			status[id].left_out = !chosen || !chosen[id];
			why = why_not_caller(&functions, id, &status[id]);
		}
		if (why)
			snprintf(status[id].problem, sizeof(status[id].problem), "%s", why);
		if (why || status[id].left_out)
			continue;
		way = choose_way(&functions, id, object, &status[id]);
		if (!way)
			continue;
		if (is_notrace(&functions, id, way) && is_listed(&functions, VMW_NR_PROBES)) {
			vmw_explain_notrace(&vmw_probe_infos[id], &status[id]);
			continue;
		}
		if (way->is_kprobe &&
		    vmw_refuse_second_kprobe(&vmw_probe_infos[id],
					     find_save(object, &vmw_probe_infos[id], way),
					     status[id].problem, sizeof(status[id].problem)))
			continue;
		if (way->is_kprobe && functions.ftrace_off)
			status[id].note = "a kprobe, since kernel.ftrace_enabled is 0";
		else if (is_notrace(&functions, id, way))
			status[id].note = "notrace: only with CONFIG_KPROBE_EVENTS_ON_NOTRACE";
		program = find_program(object, &vmw_probe_infos[id], way);
		if (!program)
			return -ENOENT;
		bpf_program__set_autoload(program, true);
		program = find_save(object, &vmw_probe_infos[id], way);
		if (program)
			bpf_program__set_autoload(program, true);
	}
	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (vmw_canary_way(id) != VMW_NR_WAYS)
			choose_canary(&functions, object, id, &status[id]);
	}
	return 0;
}

struct bpf_program *vmw_chosen_program(const struct bpf_object *object,
				       const struct vmw_probe_info *info)
{
	const struct way *way;

	return find_chosen(object, info, &way);
}

void vmw_unchoose_program(struct bpf_object *object, const struct vmw_probe_info *info)
{
	const struct way *way;
	struct bpf_program *program = find_chosen(object, info, &way), *save;

	if (!program)
		return;
	bpf_program__set_autoload(program, false);
	save = find_save(object, info, way);
	if (save)
		bpf_program__set_autoload(save, false);
}

const char *vmw_chosen_way(const struct bpf_object *object, const struct vmw_probe_info *info)
{
	const struct way *way;

	return find_chosen(object, info, &way) ? way->how : NULL;
}

int vmw_attach(struct bpf_object *object, const struct vmw_probe_info *info,
	       struct vmw_probe_status *status, struct vmw_links *ret)
{
	const struct way *way;
	struct bpf_program *program = find_chosen(object, info, &way), *save;
	int err;

	if (!program)
		return 0;
	/* A tracepoint is found without ftrace. */
	if (info->point != VMW_POINT_TRACEPOINT &&
	    !vmw_may_attach(status->problem, sizeof(status->problem))) {
		status->missing = true;
		status->note = NULL;
		return -EAGAIN;
	}
	ret->link = bpf_program__attach(program);
	if (!ret->link)
		goto fail;
	save = find_save(object, info, way);
	if (save) {
		ret->save = bpf_program__attach(save);
		if (!ret->save)
			goto fail;
	}
	status->how = way->how;
	return 0;
fail:
	err = -errno;
	vmw_explain_attach(info, err, status);
	status->note = NULL;
	bpf_link__destroy(ret->link);
	ret->link = NULL;
	return err;
}
