// SPDX-License-Identifier: GPL-2.0-only
/* Open, load and attach the programs: all that needs privileges. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "kernel/btf.h"
#include "probe/attach.h"
#include "probe/canary.h"
#include "probe/extra.h"
#include "probe/guard.h"
#include "probe/probe.h"
#include "probe/probe_internal.h"
#include "probe/site_probes.h"
#include "vmemmapwatch.skel.h"

struct vmw_loaded {
	struct vmemmapwatch_bpf *skeleton;
	struct vmw_links links[VMW_NR_PROBES];
	struct vmw_extra *extras[VMW_MAX_EXTRA_PROBES];
	struct vmw_site_links *sites; /* NULL: none */
	bool by_place;		      /* a probe has no cookie (before 5.15) */
	u32 guard_function;
};

static int fd_of(const struct bpf_link *link)
{
	return link ? bpf_link__fd(link) : -1;
}

static bool is_skipped(const struct vmw_probes_setup *setup, int id)
{
	return setup->skip && setup->skip[id];
}

/* It says nothing about the kernel, and comes to other rows as well. */
static bool is_shortage(int err)
{
	return err == -EMFILE || err == -ENFILE || err == -ENOMEM;
}

static int attach_all(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct bpf_object *object = probes->loaded->skeleton->obj;
	int certain = 0;
	int id, err;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		struct vmw_links *links = &probes->loaded->links[id];
		struct bpf_program *program;

		if (probes->status[id].left_out || is_skipped(setup, id)) {
			certain += is_skipped(setup, id);
			continue;
		}
		err = vmw_attach(object, &vmw_probe_infos[id], &probes->status[id], links);
		if (is_shortage(err))
			return err;
		if (!links->link)
			continue;
		program = vmw_chosen_program(object, &vmw_probe_infos[id]);
		probes->fds[id].link = fd_of(links->link);
		probes->fds[id].save = fd_of(links->save);
		probes->fds[id].program = bpf_program__fd(program);
		certain += vmw_probe_infos[id].class == VMW_CLASS_CERTAIN && !vmw_is_caller(id);
	}
	return certain ? 0 : -ENOTSUP;
}

static struct vmw_extra_maps maps_of(const struct vmw_probes *probes)
{
	return (struct vmw_extra_maps){
		.ring = probes->maps[VMW_MAP_RING],
		.losses = probes->maps[VMW_MAP_LOSSES],
		.uses = probes->maps[VMW_MAP_USES],
		.samplings = probes->maps[VMW_MAP_SAMPLINGS],
	};
}

/* Those of --probe: whoever asks for one by name wants that one. */
static int load_extras(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct vmw_extra_maps maps = maps_of(probes);
	int id, err;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		if (is_skipped(setup, id))
			continue;
		err = vmw_extra_load(&probes->loaded->extras[id - VMW_NR_PROBES], id, setup,
				     &maps, &probes->status[id]);
		if (err)
			return is_shortage(err) ? err : -ENOENT;
	}
	return 0;
}

static int attach_extras(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	int id, err;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		struct vmw_extra *extra = probes->loaded->extras[id - VMW_NR_PROBES];

		if (is_skipped(setup, id))
			continue;
		err = vmw_extra_attach(extra, setup, &probes->status[id]);
		if (err)
			return is_shortage(err) ? err : -ENOENT;
		probes->fds[id].link = fd_of(vmw_extra_link(extra));
		probes->fds[id].program = bpf_program__fd(vmw_extra_program(extra));
	}
	return 0;
}

static bool has_sites(const struct vmw_probes_setup *setup)
{
	return setup->sites && setup->sites->nr;
}

static int load_sites(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct vmw_extra_maps maps = maps_of(probes);

	if (!has_sites(setup))
		return 0;
	return vmw_site_probes_load(&probes->loaded->sites, setup->sites, setup, &maps,
				    probes->loaded->by_place);
}

static int attach_sites(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	int n;

	if (!has_sites(setup))
		return 0;
	n = vmw_site_probes_attach(probes->loaded->sites, setup->sites);
	if (n < 0)
		return n;
	vmw_site_probes_fds(probes->loaded->sites, &probes->site_calls, &probes->site_program,
			    probes->site_links);
	return 0;
}

static bool uses_fentry(const struct vmw_loaded *loaded)
{
	bool found = false;
	int id;

	for (id = 0; !found && id < VMW_NR_PROBES; id++) {
		const char *how = vmw_chosen_way(loaded->skeleton->obj, &vmw_probe_infos[id]);

		found = how && !strcmp(how, "fentry");
	}
	for (id = 0; !found && id < VMW_MAX_EXTRA_PROBES; id++)
		found = vmw_extra_is_fentry(loaded->extras[id]);
	return found;
}

/* In the order that guard.h asks for: all programs are loaded, none is attached. */
static int attach(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	int err;

	err = load_extras(probes, setup);
	if (!err)
		err = load_sites(probes, setup);
	if (err)
		return err;
	/* A change needs one for the rows that go: the old one is closed behind their links. */
	if (setup->maps_of || uses_fentry(probes->loaded))
		probes->guard = vmw_guard_attach(probes->loaded->guard_function);
	err = attach_all(probes, setup);
	if (!err)
		err = attach_extras(probes, setup);
	return err ? err : attach_sites(probes, setup);
}

bool vmw_probes_sites_by_place(const struct vmw_probes *probes)
{
	return probes->loaded && probes->loaded->sites &&
	       vmw_site_probes_by_place(probes->loaded->sites);
}

void vmw_probes_place_sites(const struct vmw_probes *probes, const struct vmw_site_set *set)
{
	vmw_site_probes_place(probes->loaded->sites, set);
}

static int check_extras(struct vmw_probes *probes, const struct vmw_probes_setup *setup,
			const struct btf *btf)
{
	int id;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		if (!is_skipped(setup, id) && vmw_extra_check(id, btf, &probes->status[id]))
			return -ENOENT;
	}
	return 0;
}

static void set_constants(struct vmemmapwatch_bpf *skeleton, const struct vmw_probes_setup *setup)
{
	const struct vmw_windows windows = vmw_windows_of(&setup->bounds);

	skeleton->rodata->bounds = setup->bounds;
	memcpy(skeleton->rodata->warn_text, setup->warn_text,
	       sizeof(skeleton->rodata->warn_text));
	memcpy((void *)skeleton->rodata->trampolines, setup->trampolines,
	       sizeof(skeleton->rodata->trampolines));
	memcpy((void *)&skeleton->rodata->windows, &windows, sizeof(windows));
	skeleton->rodata->section_shift = setup->section_shift;
}

/* What is attached already stays as it is. */
static void leave_skipped(struct bpf_object *object, const struct vmw_probes_setup *setup)
{
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (is_skipped(setup, id))
			vmw_unchoose_program(object, &vmw_probe_infos[id]);
	}
}

/* Everything that the kernel's BTF is asked for. */
static int choose(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct btf *btf = vmw_btf();
	int err;

	if (!btf)
		return -errno;
	err = check_extras(probes, setup, btf);
	if (err)
		return err;
	vmw_memory_types_read(&probes->memory_types, btf);
	probes->kernel_counts_missed = vmw_kernel_counts_missed(btf);
	probes->loaded->guard_function = vmw_guard_function(btf);
	/* It came with bpf_get_attach_cookie(). */
	probes->loaded->by_place =
		btf__find_by_name_kind(btf, "bpf_trace_run_ctx", BTF_KIND_STRUCT) < 0;
	err = vmw_choose_programs(probes->loaded->skeleton->obj, btf, setup->chosen,
				  setup->attach_with, probes->status);
	leave_skipped(probes->loaded->skeleton->obj, setup);
	return err;
}

/*
 * Libbpf reads the kernel's BTF next, twice its size at a time. It has copied what it
 * needs of the object, whose pages are those of our executable; what the layout took
 * is free again.
 */
static void make_room(const struct bpf_object_skeleton *skeleton)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)skeleton->data;
	uintptr_t end = (start + skeleton->data_sz) & -page;

	start = (start + page - 1) & -page;
	if (start < end)
		madvise((void *)start, end - start, MADV_DONTNEED);
	malloc_trim(0);
}

static struct bpf_map *map_of(const struct vmemmapwatch_bpf *skeleton, enum vmw_bpf_map map)
{
	struct bpf_map *const maps[VMW_NR_MAPS] = {
		[VMW_MAP_RING] = skeleton->maps.ring,
		[VMW_MAP_LOSSES] = skeleton->maps.losses,
		[VMW_MAP_INFLIGHTS] = skeleton->maps.inflights,
		[VMW_MAP_WARNEDS] = skeleton->maps.warneds,
		[VMW_MAP_USES] = skeleton->maps.uses,
		[VMW_MAP_SAMPLINGS] = skeleton->maps.samplings,
		[VMW_MAP_CALLS] = skeleton->maps.calls,
		[VMW_MAP_BINDINGS] = skeleton->maps.bindings,
		[VMW_MAP_LOADINGS] = skeleton->maps.loadings,
		[VMW_MAP_ASKS] = skeleton->maps.asks,
		[VMW_MAP_CANARIES] = skeleton->maps.canaries,
	};

	return maps[map];
}

/* The maps of programs that run already, or new ones. */
static int set_maps(const struct vmemmapwatch_bpf *skeleton, const struct vmw_probes_setup *setup)
{
	int err = 0;
	int map;

	if (!setup->maps_of)
		return bpf_map__set_max_entries(skeleton->maps.ring, setup->ring_size);
	for (map = 0; !err && map < VMW_NR_MAPS; map++)
		err = bpf_map__reuse_fd(map_of(skeleton, map), setup->maps_of->maps[map]);
	return err;
}

static int load(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct vmemmapwatch_bpf *skeleton;
	int err, map;

	skeleton = vmemmapwatch_bpf__open();
	if (!skeleton)
		return -errno;
	probes->loaded->skeleton = skeleton;
	set_constants(skeleton, setup);
	err = set_maps(skeleton, setup);
	if (!err)
		err = choose(probes, setup);
	vmw_btf_drop();
	if (err)
		return err;
	make_room(skeleton->skeleton);
	err = vmemmapwatch_bpf__load(skeleton);
	if (err)
		return err;
	for (map = 0; map < VMW_NR_MAPS; map++)
		probes->maps[map] = bpf_map__fd(map_of(skeleton, map));
	if (setup->maps_of)
		return 0;
	err = vmw_probes_set_sample_rate(probes, setup->sample_rate);
	return err ? err : vmw_probes_open_ring(probes);
}

/* Those that this kernel has, of all that are wanted. */
static int count_wanted(const struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	int n = has_sites(setup) ? setup->sites->nr : 0, id;

	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *status = &probes->status[id];

		n += !status->left_out && !*status->problem && !is_skipped(setup, id);
	}
	return n;
}

int vmw_probes_new(struct vmw_probes **ret, const struct vmw_probes_setup *setup,
		   vmw_record_fn fn, void *context)
{
	struct vmw_probes *probes = vmw_probes_allocate(fn, context);
	int err;

	if (!probes)
		return -ENOMEM;
	*ret = probes;
	probes->live = true;
	probes->loaded = calloc(1, sizeof(*probes->loaded));
	if (!probes->loaded)
		return -ENOMEM;
	err = load(probes, setup);
	if (err)
		return err;
	vmw_progress("attaching %d probes", count_wanted(probes, setup));
	return attach(probes, setup);
}

int vmw_probes_list(struct vmw_probe_status *status, enum vmw_attach_with attach_with)
{
	struct vmemmapwatch_bpf *skeleton = NULL;
	bool chosen[VMW_MAX_PROBES];
	struct btf *btf = vmw_btf();
	int err, id;

	if (!btf)
		return -errno;
	skeleton = vmemmapwatch_bpf__open();
	err = skeleton ? 0 : -errno;
	memset(status, 0, VMW_NR_PROBES * sizeof(*status));
	memset(chosen, true, sizeof(chosen));
	if (!err)
		err = vmw_choose_programs(skeleton->obj, btf, chosen, attach_with, status);
	for (id = 0; !err && id < VMW_NR_PROBES; id++)
		status[id].how = vmw_chosen_way(skeleton->obj, &vmw_probe_infos[id]);
	vmemmapwatch_bpf__destroy(skeleton);
	vmw_btf_drop();
	return err;
}

/* Of what @skeleton has for this kernel, the rows of VMW_WAYS only. */
static int choose_canaries(struct vmemmapwatch_bpf *skeleton, struct vmw_probe_status *status)
{
	struct btf *btf = vmw_btf();
	int err, id;

	err = btf ? vmw_choose_programs(skeleton->obj, btf, NULL, VMW_ATTACH_AUTO, status) :
		    -errno;
	vmw_btf_drop();
	for (id = 0; !err && id < VMW_NR_PROBES; id++) {
		if (vmw_canary_way(id) == VMW_NR_WAYS)
			vmw_unchoose_program(skeleton->obj, &vmw_probe_infos[id]);
	}
	return err;
}

int vmw_canaries_try(u32 *ret_silent)
{
	struct vmw_probes *probes = vmw_probes_allocate(NULL, NULL);
	struct vmw_sight sight[VMW_NR_WAYS] = { 0 };
	int err = -ENOMEM, id, way;

	*ret_silent = 0;
	if (!probes)
		return err;
	probes->loaded = calloc(1, sizeof(*probes->loaded));
	if (!probes->loaded)
		goto out;
	probes->loaded->skeleton = vmemmapwatch_bpf__open();
	err = probes->loaded->skeleton ?
		      choose_canaries(probes->loaded->skeleton, probes->status) :
		      -errno;
	if (!err)
		err = vmemmapwatch_bpf__load(probes->loaded->skeleton);
	if (err)
		goto out;
	probes->maps[VMW_MAP_CANARIES] =
		bpf_map__fd(map_of(probes->loaded->skeleton, VMW_MAP_CANARIES));
	for (id = 0; id < VMW_NR_PROBES; id++) {
		int failed = vmw_attach(probes->loaded->skeleton->obj, &vmw_probe_infos[id],
					&probes->status[id], &probes->loaded->links[id]);

		err = err ? err : failed;
	}
	vmw_probes_look(probes, sight, 1, 2);
	for (way = 0; way < VMW_NR_WAYS; way++)
		*ret_silent |= sight[way].silent_ns ? 1U << way : 0;
out:
	vmw_probes_free(probes);
	return err;
}

static void disconnect(struct bpf_link *link)
{
	/* Libbpf would switch a kprobe off, which is switched on for all. */
	if (link)
		bpf_link__disconnect(link);
}

void vmw_probes_disown(struct vmw_probes *probes)
{
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		disconnect(probes->loaded->links[id].save);
		disconnect(probes->loaded->links[id].link);
	}
	for (id = 0; id < VMW_MAX_EXTRA_PROBES; id++)
		disconnect(vmw_extra_link(probes->loaded->extras[id]));
	vmw_site_probes_disown(probes->loaded->sites);
}

void vmw_loaded_detach(struct vmw_loaded *loaded)
{
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		bpf_link__destroy(loaded->links[id].save);
		bpf_link__destroy(loaded->links[id].link);
		loaded->links[id] = (struct vmw_links){ NULL, NULL };
	}
	for (id = 0; id < VMW_MAX_EXTRA_PROBES; id++)
		vmw_extra_detach(loaded->extras[id]);
	vmw_site_probes_detach(loaded->sites);
}

void vmw_loaded_free(struct vmw_loaded *loaded)
{
	int id;

	for (id = 0; id < VMW_MAX_EXTRA_PROBES; id++)
		vmw_extra_free(loaded->extras[id]);
	vmw_site_probes_free(loaded->sites);
	vmemmapwatch_bpf__destroy(loaded->skeleton);
	free(loaded);
}
