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
#include "probe/trampoline.h"
#include "probe/unfixed.h"

/* Not an errno that user space has a name for: the kernel's ENOTSUPP. */
#define KERNEL_ENOTSUPP 524

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

/* ftrace's list of functions that can be traced; NULL where there is none. */
static FILE *open_traceable(void)
{
	static const char *const lists[] = {
		"/sys/kernel/tracing/available_filter_functions",
		"/sys/kernel/debug/tracing/available_filter_functions",
	};
	FILE *file = NULL;
	size_t i;

	for (i = 0; !file && i < ARRAY_SIZE(lists); i++)
		file = fopen(lists[i], "re");
	return file;
}

/* Is @line of that list "@symbol" or "@symbol [module]"? */
static bool is_line_of(const char *line, const char *symbol)
{
	size_t length;

	if (*line != *symbol)
		return false;
	length = strlen(symbol);
	return !strncmp(line, symbol, length) && strchr(" \t\n", line[length]);
}

/* 1: ftrace lists the function, 0: it does not, negative: no list to read. */
static int is_traceable(const char *symbol)
{
	FILE *file = open_traceable();
	char line[512];
	int found = 0;

	if (!file)
		return -ENOENT;
	while (!found && fgets(line, sizeof(line), file))
		found = is_line_of(line, symbol);
	fclose(file);
	return found;
}

/* Which functions exist: BTF has most, kallsyms the static ones of old kernels. */
struct functions {
	const struct btf *btf;
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

bool vmw_is_refused_notrace(const char *symbol)
{
	return !is_traceable(symbol) && vmw_checks_notrace();
}

/* On the list of functions that kprobes themselves run through. */
static bool is_blacklisted(const char *symbol)
{
	FILE *file = fopen("/sys/kernel/debug/kprobes/blacklist", "re");
	char line[512], *name;
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		name = strchr(line, '\t');
		found = name && is_line_of(name + 1, symbol);
	}
	fclose(file);
	return found;
}

static void mark_traceable(struct functions *functions)
{
	FILE *file = open_traceable();
	char line[512];
	int id;

	functions->marked = true;
	functions->unknown = !file;
	if (!file)
		return;
	while (fgets(line, sizeof(line), file)) {
		for (id = 0; id < VMW_NR_PROBES; id++) {
			if (is_line_of(line, vmw_probe_infos[id].symbol))
				functions->traceable[id] = true;
		}
	}
	fclose(file);
}

/*
 * Attaching takes a tenth of a second to undo, so it is tried once: what the kernel
 * can do, and which functions ftrace has, is the answer for all others.
 */
static bool takes_fentry(struct functions *functions, int id, int btf_id)
{
	bool attach;
	int err;

	if (functions->no_fentry)
		return false;
	if (!functions->unknown && !functions->traceable[id])
		return false;
	attach = functions->unknown || !functions->fentry;
	err = try_fentry(btf_id, attach);
	if (err)
		vmw_debug("fentry on %s: %d", vmw_probe_infos[id].symbol, err);
	functions->fentry |= attach && !err;
	/* It attaches then, and never fires (ftrace_startup(), kernel/trace/ftrace.c 6.12.117). */
	functions->ftrace_off = !err && vmw_ftrace_is_off(VMW_FTRACE_ENABLED);
	functions->no_fentry = err == -KERNEL_ENOTSUPP || functions->ftrace_off;
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
static const char *why_no_fentry(const struct functions *functions, int id, int btf_id)
{
	if (btf_id < 0)
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
static const struct way *choose_function_way(struct functions *functions, int id, int btf_id,
					     const struct bpf_object *object,
					     struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	const struct way *choices = ways[info->point];
	bool forced = functions->attach_with == VMW_ATTACH_FENTRY;
	const char *refused = NULL;

	if (!functions->marked)
		mark_traceable(functions);
	if (functions->attach_with == VMW_ATTACH_KPROBE)
		return &choices[1];
	if (!find_program(object, info, &choices[0])) {
		if (forced)
			status->note = "a kprobe: there is no fentry program for it";
		return &choices[1];
	}
	if (btf_id > 0 && takes_fentry(functions, id, btf_id)) {
		refused = info->point == VMW_POINT_RETURN ? vmw_fexit_refused() : NULL;
		if (!refused)
			return &choices[0];
	}
	if (forced) {
		snprintf(status->problem, sizeof(status->problem), "--attach-with=fentry: %s",
			 refused ? refused : why_no_fentry(functions, id, btf_id));
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
	int btf_id;

	if (info->point == VMW_POINT_TRACEPOINT) {
		if (has_tracepoint(functions->btf, info->symbol))
			return &ways[info->point][0];
		snprintf(status->problem, sizeof(status->problem),
			 "this kernel has no such tracepoint");
		return NULL;
	}
	btf_id = btf__find_by_name_kind(functions->btf, info->symbol, BTF_KIND_FUNC);
	if (btf_id > 0 || is_listed(functions, id))
		return choose_function_way(functions, id, btf_id, object, status);
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
	int btf_id = btf__find_by_name_kind(functions->btf, info->symbol, BTF_KIND_FUNC);

	/* No pass over all symbols for the sake of what nobody asked for. */
	if (btf_id < 0 && status->left_out)
		return "the kernel's BTF does not have it";
	if (btf_id < 0 && is_by_release(id) && is_listed(functions, id)) {
		status->note = "by its release: the kernel's BTF does not have it";
		return NULL;
	}
	if (btf_id < 0 && is_listed(functions, id))
		return "the kernel's BTF does not have it, so its parameters are not known";
	if (btf_id < 0)
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
	int btf_id;

	btf_id = btf__find_by_name_kind(functions->btf, info->symbol, BTF_KIND_FUNC);
	status->left_out = !way || !is_used(object, way);
	if (status->left_out)
		return;
	if (info->point == VMW_POINT_TRACEPOINT && !has_tracepoint(functions->btf, info->symbol))
		why = "this kernel has no such tracepoint";
	else if (info->point != VMW_POINT_TRACEPOINT && btf_id < 0 && !is_listed(functions, id))
		why = "this kernel has no such system call";
	else if (info->point != VMW_POINT_TRACEPOINT && !way->is_kprobe &&
		 (btf_id < 0 || !takes_fentry(functions, id, btf_id)))
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
			vmw_explain_attach(&vmw_probe_infos[id], -EINVAL, &status[id]);
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

/* A kernel that has the function, and can probe it: what failed is a shortage or a lock. */
static bool should_work(int err)
{
	return err != -EINVAL && err != -EADDRNOTAVAIL && err != -ENOENT &&
	       err != -EOPNOTSUPP && err != -KERNEL_ENOTSUPP;
}

void vmw_explain_attach(const struct vmw_probe_info *info, int err,
			struct vmw_probe_status *status)
{
	const char *text = strerror(-err);

	if (err == -EINVAL && is_blacklisted(info->symbol))
		text = "blacklisted: kprobes themselves run through it (EINVAL)";
	else if (err == -EINVAL && is_traceable(info->symbol) == 0)
		text = "notrace in this kernel, so it refuses kprobes (EINVAL)";
	else if (err == -EINVAL)
		text = "the kernel refuses a kprobe here (EINVAL), as for notrace functions";
	else if (err == -EADDRNOTAVAIL)
		text = "several functions of this name: a probe would be ambiguous";
	else if (err == -EPERM || err == -EACCES)
		text = "not permitted (lockdown, or a missing capability)";
	else if (err == -EMFILE)
		text = "too many open files: expected a higher RLIMIT_NOFILE (ulimit -n, LimitNOFILE=)";
	status->missing = should_work(err);
	snprintf(status->problem, sizeof(status->problem), "%s", text);
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
