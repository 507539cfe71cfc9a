// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "../btf.h"
#include "../log.h"
#include "attach.h"
#include "extra.h"
#include "memory_type.h"
#include "missed.h"
#include "probe.h"
#include "vmemmapwatch.skel.h"

struct vmw_probes {
	struct vmemmapwatch_bpf *skeleton;
	struct ring_buffer *ring;
	vmw_record_fn fn;
	void *context;
	struct vmw_probe_status status[VMW_MAX_PROBES];
	struct vmw_links links[VMW_MAX_PROBES];
	struct vmw_extra *extras[VMW_MAX_EXTRA_PROBES];
	/* What the kernel's BTF said, which is not kept. */
	struct vmw_memory_types memory_types;
	bool kernel_counts_missed;
};

static int on_record(void *context, void *data, size_t size)
{
	const struct vmw_header *header = data;
	struct vmw_probes *probes = context;

	if (size < sizeof(*header) || header->size > size ||
	    header->probe >= VMW_MAX_PROBES)
		return -EBADMSG;
	probes->fn(header, probes->context);
	return 0;
}

static int attach_all(struct vmw_probes *probes)
{
	int certain = 0;
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (probes->status[id].left_out)
			continue;
		vmw_attach(probes->skeleton->obj, &vmw_probe_infos[id],
			   &probes->status[id], &probes->links[id]);
		if (probes->links[id].link &&
		    vmw_probe_infos[id].class == VMW_CLASS_CERTAIN && !vmw_is_caller(id))
			certain++;
	}
	return certain ? 0 : -ENOTSUP;
}

/* Those of --probe: whoever asks for one by name wants that one. */
static int attach_extras(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct vmw_extra_maps maps = {
		.ring = bpf_map__fd(probes->skeleton->maps.ring),
		.losses = bpf_map__fd(probes->skeleton->maps.losses),
		.uses = bpf_map__fd(probes->skeleton->maps.uses),
		.samplings = bpf_map__fd(probes->skeleton->maps.samplings),
	};
	int id;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		if (vmw_extra_attach(&probes->extras[id - VMW_NR_PROBES], id, setup, &maps,
				     &probes->status[id]))
			return -ENOENT;
	}
	return 0;
}

static int check_extras(struct vmw_probes *probes, const struct btf *btf)
{
	int id;

	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++) {
		if (vmw_extra_check(id, btf, &probes->status[id]))
			return -ENOENT;
	}
	return 0;
}

struct vmw_windows vmw_windows_of(const struct vmw_bounds *bounds)
{
	struct vmw_windows windows = { .page_start = bounds->start, .page_end = bounds->end };

	windows.pfn_start = vmw_good_pfns(bounds, &windows.nr_pfns);
	return windows;
}

static void set_constants(struct vmemmapwatch_bpf *skeleton,
			  const struct vmw_probes_setup *setup)
{
	const struct vmw_windows windows = vmw_windows_of(&setup->bounds);

	skeleton->rodata->bounds = setup->bounds;
	memcpy(skeleton->rodata->warn_text, setup->warn_text,
	       sizeof(skeleton->rodata->warn_text));
	memcpy((void *)&skeleton->rodata->windows, &windows, sizeof(windows));
	skeleton->rodata->section_shift = setup->section_shift;
	skeleton->rodata->sample_rate = setup->sample_rate;
}

/* Everything that the kernel's BTF is asked for. */
static int choose(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct btf *btf = vmw_btf();
	int err;

	if (!btf)
		return -errno;
	err = check_extras(probes, btf);
	if (err)
		return err;
	vmw_memory_types_read(&probes->memory_types, btf);
	probes->kernel_counts_missed = vmw_kernel_counts_missed(btf);
	return vmw_choose_programs(probes->skeleton->obj, btf, setup->chosen, probes->status);
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

static int load(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct vmemmapwatch_bpf *skeleton;
	int err;

	skeleton = vmemmapwatch_bpf__open();
	if (!skeleton)
		return -errno;
	probes->skeleton = skeleton;
	set_constants(skeleton, setup);
	err = bpf_map__set_max_entries(skeleton->maps.ring, setup->ring_size);
	if (!err)
		err = choose(probes, setup);
	vmw_btf_drop();
	if (err)
		return err;
	make_room(skeleton->skeleton);
	err = vmemmapwatch_bpf__load(skeleton);
	if (err)
		return err;
	probes->ring = ring_buffer__new(bpf_map__fd(skeleton->maps.ring), on_record,
					probes, NULL);
	return probes->ring ? 0 : -errno;
}

int vmw_probes_new(struct vmw_probes **ret, const struct vmw_probes_setup *setup,
		   vmw_record_fn fn, void *context)
{
	struct vmw_probes *probes;
	int err;

	probes = calloc(1, sizeof(*probes));
	if (!probes)
		return -ENOMEM;
	probes->fn = fn;
	probes->context = context;
	err = load(probes, setup);
	if (!err)
		err = attach_all(probes);
	if (!err)
		err = attach_extras(probes, setup);
	*ret = probes;
	return err;
}

int vmw_probes_list(struct vmw_probe_status *status)
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
		err = vmw_choose_programs(skeleton->obj, btf, chosen, status);
	for (id = 0; !err && id < VMW_NR_PROBES; id++)
		status[id].how = vmw_chosen_way(skeleton->obj, &vmw_probe_infos[id]);
	vmemmapwatch_bpf__destroy(skeleton);
	vmw_btf_drop();
	return err;
}

void vmw_probes_free(struct vmw_probes *probes)
{
	int id;

	if (!probes)
		return;
	for (id = 0; id < VMW_NR_PROBES; id++) {
		bpf_link__destroy(probes->links[id].save);
		bpf_link__destroy(probes->links[id].link);
	}
	for (id = 0; id < VMW_MAX_EXTRA_PROBES; id++)
		vmw_extra_free(probes->extras[id]);
	ring_buffer__free(probes->ring);
	vmemmapwatch_bpf__destroy(probes->skeleton);
	free(probes);
}

const struct vmw_probe_status *vmw_probes_status(const struct vmw_probes *probes,
						 enum vmw_probe_id id)
{
	return &probes->status[id];
}

int vmw_probes_fd(const struct vmw_probes *probes)
{
	return ring_buffer__epoll_fd(probes->ring);
}

int vmw_probes_consume(struct vmw_probes *probes)
{
	int n = ring_buffer__consume(probes->ring);

	return n < 0 ? n : 0;
}

int vmw_probes_uses(const struct vmw_probes *probes, vmw_use_fn fn, void *context)
{
	int fd = bpf_map__fd(probes->skeleton->maps.uses);
	struct vmw_use_key key, *previous = NULL;
	struct vmw_use use;

	while (!bpf_map_get_next_key(fd, previous, &key)) {
		/* Keys are never taken out, so the next one is always there. */
		if (bpf_map_lookup_elem(fd, &key, &use))
			return -errno;
		fn(&key, &use, context);
		previous = &key;
	}
	return errno == ENOENT ? 0 : -errno;
}

static const struct bpf_program *program_of(const struct vmw_probes *probes, int id)
{
	if (id >= VMW_NR_PROBES)
		return vmw_extra_program(probes->extras[id - VMW_NR_PROBES]);
	return vmw_chosen_program(probes->skeleton->obj, &vmw_probe_infos[id]);
}

bool vmw_probes_runs(const struct vmw_probes *probes, enum vmw_probe_id id, u64 *ret)
{
	const struct bpf_program *program = program_of(probes, id);
	struct bpf_prog_info info = { 0 };
	u32 size = sizeof(info);

	if (!probes->status[id].how || !program ||
	    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
		return false;
	*ret = info.run_cnt;
	return info.run_cnt;
}

/* What the kernel counts in the program itself: for fentry all, since 5.12. */
static u64 recursion_misses(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	u32 size = sizeof(info);

	if (!program || bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
		return 0;
	return info.recursion_misses;
}

/*
 * Runs that the kernel skipped. For fentry the count is in bpf_prog_info; for
 * kprobes it is in there and in the link's information, or nowhere (6.1.192).
 */
static void add_missed(const struct vmw_probes *probes, struct vmw_losses_read *ret)
{
	int id;

	ret->missed_known = true;
	for (id = 0; id < vmw_nr_probes; id++) {
		const char *how = probes->status[id].how;

		if (!how)
			continue;
		ret->missed += recursion_misses(program_of(probes, id));
		if (strcmp(how, "kprobe"))
			continue;
		if (!probes->kernel_counts_missed)
			ret->missed_known = false;
		else if (id >= VMW_NR_PROBES)
			ret->missed += vmw_missed_by_kprobe(
				vmw_extra_link(probes->extras[id - VMW_NR_PROBES]));
		else
			ret->missed += vmw_missed_by_kprobe(probes->links[id].link) +
				       vmw_missed_by_kprobe(probes->links[id].save);
	}
}

int vmw_probes_losses(const struct vmw_probes *probes, struct vmw_losses_read *ret)
{
	int fd = bpf_map__fd(probes->skeleton->maps.losses);
	u32 place;

	memset(ret, 0, sizeof(*ret));
	for (place = 0; place < VMW_NR_LOSSES; place++) {
		if (bpf_map_lookup_elem(fd, &place, &ret->count[place]))
			return -errno;
	}
	add_missed(probes, ret);
	return 0;
}

void vmw_probes_memory_type(const struct vmw_probes *probes, u32 type,
			    char *name, size_t size)
{
	vmw_memory_type_name(&probes->memory_types, type, name, size);
}
