// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "base/log.h"
#include "kernel/kallsyms.h"
#include "layout/risks.h"
#include "probe/attach.h"
#include "probe/extra.h"
#include "probe/modules.h"
#include "probe/prototype.h"
#include "probe/refusal.h"
#include "probe/unfixed.h"
#include "extra.skel.h"

/* By which name a kind's programs end, and what its arguments are (prototype.h). */
static const struct kind {
	const char *program;
	char first;	    /* 'i' integer, 'p' any pointer */
	char second;	    /* 0: has none */
	bool optional;	    /* the second */
	const char *single; /* programs for one argument each, or NULL */
} kinds[VMW_NR_ENTRY_KINDS] = {
	[VMW_KIND_PFN] = { "PFN", 'i', 0, false, "PFN" },
	[VMW_KIND_PFN_RANGE] = { "PFN_RANGE", 'i', 'i', false, NULL },
	[VMW_KIND_PHYS_RANGE] = { "PHYS_RANGE", 'i', 'i', false, NULL },
	[VMW_KIND_PAGE] = { "PAGE", 'p', 'p', true, "PAGE" },
	[VMW_KIND_FOLIO] = { "FOLIO", 'p', 'p', true, "PAGE" },
	[VMW_KIND_PAGE_RANGE] = { "PAGE_RANGE", 'i', 'i', false, NULL },
	[VMW_KIND_PAGE_ARRAY] = { "PAGE_ARRAY", 'p', 'i', false, NULL },
	[VMW_KIND_PFN_ARRAY] = { "PFN_ARRAY", 'p', 'i', false, NULL },
	[VMW_KIND_MIGRATE_PFNS] = { "MIGRATE_PFNS", 'p', 'i', false, NULL },
	[VMW_KIND_MIGRATE_VMA] = { "MIGRATE_VMA", 'p', 0, false, NULL },
};

#define MAX_ARGUMENT 8 /* what comes in registers on arm64 */

struct vmw_extra {
	int id;
	bool fentry; /* the program is for that, or for a kprobe */
	struct vmw_extra_maps maps;
	struct extra_bpf *skeleton;
	struct bpf_program *program;
	struct bpf_link *link;
};

/* "page-range" and "page range" are one. */
static bool is_kind(const char *name, const char *word, size_t length)
{
	size_t i;

	if (strlen(name) != length)
		return false;
	for (i = 0; i < length; i++) {
		if (word[i] != name[i] && !(word[i] == '-' && name[i] == ' '))
			return false;
	}
	return true;
}

static int find_kind(const char *word, size_t length)
{
	int kind;

	for (kind = VMW_KIND_NONE + 1; kind < VMW_NR_ENTRY_KINDS; kind++) {
		if (is_kind(vmw_kind_names[kind], word, length))
			return kind;
	}
	return VMW_KIND_NONE;
}

/* One digit from 1 to 8, with what follows in *@rest. */
static unsigned int parse_argument(const char *text, const char **rest)
{
	*rest = text + 1;
	return *text >= '1' && *text <= '0' + MAX_ARGUMENT ? *text - '0' : 0;
}

/* "A" or "A,B" as the kind wants it. */
static bool parse_arguments(struct vmw_probe_info *info, const char *text)
{
	const struct kind *kind = &kinds[info->kind];

	info->a = parse_argument(text, &text);
	if (!info->a)
		return false;
	if (!*text)
		return !kind->second || kind->optional;
	if (*text != ',' || !kind->second)
		return false;
	info->b = parse_argument(text + 1, &text);
	/* One array or two, with their number behind. */
	if (kind->first == 'p' && kind->second == 'i' &&
	    (info->b <= info->a || info->b > info->a + 2))
		return false;
	return info->b && !*text;
}

static const struct vmw_probe_info new_row = {
	.point = VMW_POINT_ENTRY,
	.class = VMW_CLASS_USE,
	.heat = VMW_HEAT_PAGE,
	.meaning = "asked for by --probe",
};

static int add_row(struct vmw_probe_info *info, const char *symbol, size_t length)
{
	if (vmw_nr_probes == VMW_PROBE_SITE)
		return -ENOSPC;
	info->name = kinds[info->kind].program;
	info->symbol = strndup(symbol, length);
	if (!info->symbol)
		return -ENOMEM;
	vmw_probe_infos[vmw_nr_probes++] = *info;
	return 0;
}

/* All of @ret but the symbol, which is the first @ret_length bytes of @text. */
static int parse_row(struct vmw_probe_info *ret, const char *text, size_t *ret_length,
		     char *why, size_t size)
{
	struct vmw_probe_info info = new_row;
	size_t length = strcspn(text, ":");
	const char *word = text[length] ? text + length + 1 : "";
	size_t word_length = strcspn(word, ":");

	if (!length || length >= 128 || !word[word_length]) {
		snprintf(why, size, "expected SYMBOL:KIND:ARG[,ARG], as vm_insert_page:page:3");
		return -EINVAL;
	}
	info.kind = find_kind(word, word_length);
	if (info.kind == VMW_KIND_NONE) {
		snprintf(why, size,
			 "%.*s: expected a kind: pfn, pfn-range, phys-range, page, folio, "
			 "page-range, page-array, pfn-array, migrate-pfns or migrate_vma",
			 (int)word_length, word);
		return -EINVAL;
	}
	if (!parse_arguments(&info, word + word_length + 1)) {
		snprintf(why, size, "%s: expected %s from 1 to %d", word + word_length + 1,
			 !kinds[info.kind].second      ? "one argument" :
			 kinds[info.kind].optional     ? "one or two arguments" :
			 kinds[info.kind].first == 'p' ? "ARRAY,NUMBER of arguments" :
							 "two arguments",
			 MAX_ARGUMENT);
		return -EINVAL;
	}
	*ret = info;
	*ret_length = length;
	return 0;
}

int vmw_extra_valid(const char *text, char *why, size_t size)
{
	struct vmw_probe_info info;
	size_t length;

	return parse_row(&info, text, &length, why, size);
}

int vmw_extra_add(const char *text, char *why, size_t size)
{
	struct vmw_probe_info info;
	size_t length;

	if (parse_row(&info, text, &length, why, size))
		return -EINVAL;
	if (!add_row(&info, text, length))
		return 0;
	snprintf(why, size, "expected at most %d of them", VMW_MAX_EXTRA_PROBES);
	return -EINVAL;
}

void vmw_extra_pack(int id, struct vmw_packed_extra *told)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];

	snprintf(told->symbol, sizeof(told->symbol), "%s", info->symbol);
	told->kind = info->kind;
	told->a = info->a;
	told->b = info->b;
}

bool vmw_extra_can_be(const struct vmw_packed_extra *told)
{
	return told->kind != VMW_KIND_NONE && told->kind < VMW_NR_ENTRY_KINDS && told->a &&
	       told->a <= MAX_ARGUMENT && told->b <= MAX_ARGUMENT;
}

int vmw_extra_take(const struct vmw_packed_extra *told)
{
	struct vmw_probe_info info = new_row;

	if (!vmw_extra_can_be(told))
		return -EINVAL;
	info.kind = told->kind;
	info.a = told->a;
	info.b = told->b;
	return add_row(&info, told->symbol, strnlen(told->symbol, sizeof(told->symbol) - 1));
}

void vmw_extra_forget_last(void)
{
	free((char *)vmw_probe_infos[--vmw_nr_probes].symbol);
}

void vmw_extra_reset(void)
{
	while (vmw_nr_probes > VMW_NR_PROBES)
		vmw_extra_forget_last();
}

/*
 * Is argument @n of the function @id of @btf a pointer, or a number, as @wanted
 * says? A pfn or an address has 8 bytes; how many entries an array has may be an
 * int.
 */
static bool check_parameter(const struct vmw_probe_info *info, const struct btf *btf, int id,
			    unsigned int n, char wanted, char *why, size_t size)
{
	const struct btf_type *function = btf__type_by_id(btf, id);
	const struct btf_type *proto = btf__type_by_id(btf, function->type);
	bool is_number_of = wanted == 'i' && kinds[info->kind].first == 'p';
	char letters[VMW_MAX_PARAMETERS + 1] = "";
	bool is_number;

	vmw_prototype(btf, id, letters);
	is_number = letters[n - 1] == 'i';
	if (is_number != (wanted == 'i')) {
		snprintf(why, size, "argument %u is a %s, expected a %s for %s", n,
			 is_number ? "number" : "pointer", is_number ? "pointer" : "number",
			 vmw_kind_names[info->kind]);
		return false;
	}
	if (is_number && !is_number_of &&
	    btf__resolve_size(btf, btf_params(proto)[n - 1].type) != sizeof(u64)) {
		snprintf(why, size, "argument %u has not the 8 bytes of a pfn or an address", n);
		return false;
	}
	return true;
}

/* The arguments that a row judges, one after the other; 0: no more. */
static unsigned int next_argument(const struct vmw_probe_info *info, unsigned int n)
{
	bool arrays = kinds[info->kind].first == 'p' && kinds[info->kind].second == 'i';

	if (n == info->b)
		return 0;
	return arrays ? n + 1 : info->b;
}

/* The parameters of the function in its BTF, where there is one. */
static int check_parameters(const struct vmw_probe_info *info, const struct btf *btf, char *why,
			    size_t size)
{
	const struct kind *kind = &kinds[info->kind];
	int id = btf ? btf__find_by_name_kind(btf, info->symbol, BTF_KIND_FUNC) : -ENOENT;
	char letters[VMW_MAX_PARAMETERS + 1];
	unsigned int last = info->b > info->a ? info->b : info->a;
	const char *by_value;
	unsigned int n;

	if (id < 0 || !vmw_prototype(btf, id, letters))
		return 0;
	if (last > strlen(letters)) {
		snprintf(why, size, "it has %zu parameters, there is no argument %u",
			 strlen(letters), last);
		return -ENOENT;
	}
	by_value = strchr(letters, 's');
	if (by_value && by_value < letters + last) {
		snprintf(why, size,
			 "argument %d is a struct by value, those from it on cannot be told",
			 (int)(by_value - letters) + 1);
		return -ENOENT;
	}
	for (n = info->a; n; n = next_argument(info, n)) {
		char wanted = n == info->b ? kind->second : kind->first;

		if (!check_parameter(info, btf, id, n, wanted, why, size))
			return -ENOENT;
	}
	return 0;
}

int vmw_extra_check(int id, const struct btf *kernel, struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	const size_t size = sizeof(status->problem);
	char *why = status->problem;
	struct vmw_functions found;
	struct btf *module = NULL;
	int err;

	if (vmw_kallsyms_functions(VMW_KALLSYMS, info->symbol, &found)) {
		snprintf(why, size, "%s cannot be read", VMW_KALLSYMS);
		return -ENOENT;
	}
	if (!found.nr && *found.variant) {
		snprintf(why, size,
			 "the compiler made %s of it, whose arguments are not those of the source",
			 found.variant);
		return -ENOENT;
	}
	if (!found.nr) {
		snprintf(why, size,
			 "no such function in this kernel or a loaded module, or it is inlined");
		return -ENOENT;
	}
	if (found.nr > 1) {
		snprintf(why, size, "%zu functions have this name: a probe would be ambiguous",
			 found.nr);
		return -ENOENT;
	}
	if (*found.module)
		module = btf__load_module_btf(found.module, (struct btf *)kernel);
	if (*found.module && !module)
		status->note = "its module has no BTF, so its arguments are taken on trust";
	err = check_parameters(info, *found.module ? module : kernel, why, size);
	btf__free(module);
	return err;
}

static void set_constants(struct extra_bpf *skeleton, int id, const struct vmw_probes_setup *setup)
{
	const struct vmw_windows windows = vmw_windows_of(&setup->bounds);
	const struct vmw_probe_info *info = &vmw_probe_infos[id];

	skeleton->rodata->bounds = setup->bounds;
	memcpy((void *)skeleton->rodata->trampolines, setup->trampolines,
	       sizeof(skeleton->rodata->trampolines));
	memcpy((void *)&skeleton->rodata->windows, &windows, sizeof(windows));
	skeleton->rodata->section_shift = setup->section_shift;
	skeleton->rodata->extra_arguments = info->a | info->b << 8;
	skeleton->rodata->extra_probe = id;
}

int vmw_extra_share_maps(struct bpf_object *object, const struct vmw_extra_maps *maps)
{
	const struct {
		const char *name;
		int fd;
	} shared[] = {
		{ "ring", maps->ring },
		{ "losses", maps->losses },
		{ "uses", maps->uses },
		{ "samplings", maps->samplings },
	};
	size_t i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(shared); i++)
		err = bpf_map__reuse_fd(bpf_object__find_map_by_name(object, shared[i].name),
					shared[i].fd);
	return err;
}

/* Switch the one program on, whose name is @prefix and the kind. */
static struct bpf_program *choose(struct extra_bpf *skeleton, const char *prefix, int id)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	struct bpf_program *program;
	char name[64];

	bpf_object__for_each_program(program, skeleton->obj)
		bpf_program__set_autoload(program, false);
	if (kinds[info->kind].single && !info->b)
		snprintf(name, sizeof(name), "%s%s_%u", prefix, kinds[info->kind].single,
			 info->a);
	else
		snprintf(name, sizeof(name), "%s%s", prefix, info->name);
	program = bpf_object__find_program_by_name(skeleton->obj, name);
	bpf_program__set_autoload(program, true);
	return program;
}

static void unload(struct vmw_extra *extra)
{
	extra_bpf__destroy(extra->skeleton);
	extra->skeleton = NULL;
	extra->program = NULL;
}

/* Load for one way. Negative errno, and nothing left, where it fails. */
static int load_for(struct vmw_extra *extra, bool fentry, const struct vmw_probes_setup *setup)
{
	int id = extra->id, err;

	extra->fentry = fentry;
	extra->skeleton = extra_bpf__open();
	if (!extra->skeleton)
		return -errno;
	set_constants(extra->skeleton, id, setup);
	extra->program = choose(extra->skeleton, fentry ? "fentry__" : "kprobe__", id);
	err = vmw_extra_share_maps(extra->skeleton->obj, &extra->maps);
	if (!err && fentry)
		err = bpf_program__set_attach_target(extra->program, 0,
						     vmw_probe_infos[id].symbol);
	if (!err)
		err = extra_bpf__load(extra->skeleton);
	if (err)
		unload(extra);
	return err;
}

static int explain(const struct vmw_extra *extra, int err, struct vmw_probe_status *status)
{
	vmw_explain_attach(&vmw_probe_infos[extra->id], err, status);
	return err;
}

static bool may_use_fentry(const struct vmw_probes_setup *setup)
{
	return setup->attach_with != VMW_ATTACH_KPROBE && !vmw_ftrace_is_off(VMW_FTRACE_ENABLED);
}

/* It was forced, and cannot be had. */
static int no_fentry(int err, struct vmw_probe_status *status)
{
	snprintf(status->problem, sizeof(status->problem),
		 "--attach-with=fentry: this kernel does not take one here (%d)", err);
	return err;
}

int vmw_extra_load(struct vmw_extra **ret, int id, const struct vmw_probes_setup *setup,
		   const struct vmw_extra_maps *maps, struct vmw_probe_status *status)
{
	struct vmw_extra *extra = calloc(1, sizeof(*extra));
	int err = -ENOTSUP;

	if (!extra)
		return -ENOMEM;
	*ret = extra;
	extra->id = id;
	extra->maps = *maps;
	if (may_use_fentry(setup))
		err = load_for(extra, true, setup);
	if (!err)
		return 0;
	vmw_debug("fentry on %s: %d", vmw_probe_infos[id].symbol, err);
	if (setup->attach_with == VMW_ATTACH_FENTRY)
		return no_fentry(err, status);
	err = load_for(extra, false, setup);
	if (err)
		return explain(extra, err, status);
	return 0;
}

/* By the way that it was loaded for. Negative errno, with the reason in @status. */
static int attach(struct vmw_extra *extra, struct vmw_probe_status *status)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[extra->id];

	if (!extra->fentry &&
	    vmw_refuse_second_kprobe(info, false, status->problem, sizeof(status->problem)))
		return -EBUSY;
	if (!extra->fentry && vmw_is_refused_notrace(info->symbol))
		return explain(extra, -EINVAL, status);
	extra->link = extra->fentry ?
			      bpf_program__attach_trace(extra->program) :
			      bpf_program__attach_kprobe(extra->program, false, info->symbol);
	if (!extra->link)
		return explain(extra, -errno, status);
	*status->problem = '\0';
	status->how = extra->fentry ? "fentry" : "kprobe";
	return 0;
}

int vmw_extra_attach(struct vmw_extra *extra, const struct vmw_probes_setup *setup,
		     struct vmw_probe_status *status)
{
	int err;

	if (!vmw_may_attach(status->problem, sizeof(status->problem)))
		return -EAGAIN;
	err = attach(extra, status);
	if (!err || !extra->fentry)
		return err;
	vmw_debug("fentry on %s: %d", vmw_probe_infos[extra->id].symbol, err);
	unload(extra);
	if (setup->attach_with == VMW_ATTACH_FENTRY)
		return no_fentry(err, status);
	err = load_for(extra, false, setup);
	return err ? explain(extra, err, status) : attach(extra, status);
}

bool vmw_extra_is_fentry(const struct vmw_extra *extra)
{
	return extra && extra->fentry;
}

const struct bpf_program *vmw_extra_program(const struct vmw_extra *extra)
{
	return extra ? extra->program : NULL;
}

struct bpf_link *vmw_extra_link(const struct vmw_extra *extra)
{
	return extra ? extra->link : NULL;
}

void vmw_extra_detach(struct vmw_extra *extra)
{
	if (!extra)
		return;
	bpf_link__destroy(extra->link);
	extra->link = NULL;
}

void vmw_extra_free(struct vmw_extra *extra)
{
	vmw_extra_detach(extra);
	if (extra)
		extra_bpf__destroy(extra->skeleton);
	free(extra);
}

void vmw_extra_use(const char *const *texts, unsigned int nr)
{
	unsigned int i;
	char why[256];

	vmw_extra_reset();
	/* Only memory can be short. */
	for (i = 0; i < nr; i++) {
		if (vmw_extra_add(texts[i], why, sizeof(why)))
			vmw_error("--probe=%s: %s", texts[i], why);
	}
}
