// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "../log.h"
#include "attach.h"
#include "missed.h"
#include "probe.h"
#include "vmemmapwatch.skel.h"

const struct vmw_probe_info vmw_probe_infos[VMW_NR_PROBES] = {
#define VMW_PROBE(id, symbol, point, class, meaning) \
	[VMW_PROBE_##id] = { #symbol, #symbol, VMW_POINT_##point, VMW_CLASS_##class, \
			     meaning, 0, 0, 0, 0, NULL },
	VMW_PROBES(VMW_PROBE)
#undef VMW_PROBE
#define VMW_CALLER(name, symbol, kind, a, b, class, heat, prototypes, meaning) \
	[VMW_PROBE_##name] = { #name, #symbol, VMW_POINT_ENTRY, VMW_CLASS_##class, \
			       meaning, VMW_KIND_##kind, a, b, VMW_HEAT_##heat, prototypes },
	VMW_CALLERS(VMW_CALLER)
#undef VMW_CALLER
};

const char *const vmw_point_names[] = { "entry", "return", "tracepoint" };
const char *const vmw_class_names[] = { "certain", "use", "lookup", "context" };
const char *const vmw_kind_names[] = {
	"request", "pfn", "pfn range", "phys range", "page", "page range",
};
const char *const vmw_heat_names[] = { "request", "section", "fault", "page" };

const char *const vmw_loss_names[VMW_NR_LOSSES] = {
	[VMW_LOST_RING] = "ring buffer full",
	[VMW_LOST_RANGES] = "ranges of one request beyond the limit",
	[VMW_LOST_REQUESTS] = "requests under way beyond the limit",
	[VMW_LOST_READS] = "kernel memory that could not be read",
	[VMW_LOST_RETURNS] = "returns of requests that went by unseen",
	[VMW_LOST_USES] = "hits of callers beyond the limit of keys",
};

struct vmw_probes {
	struct vmemmapwatch_bpf *skeleton;
	struct ring_buffer *ring;
	struct btf *btf;
	vmw_record_fn fn;
	void *context;
	struct vmw_probe_status status[VMW_NR_PROBES];
	struct bpf_link *links[VMW_NR_PROBES];
};

static int on_record(void *context, void *data, size_t size)
{
	const struct vmw_header *header = data;
	struct vmw_probes *probes = context;

	if (size < sizeof(*header) || header->size > size ||
	    header->probe >= VMW_NR_PROBES)
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
		if (probes->links[id] &&
		    vmw_probe_infos[id].class == VMW_CLASS_CERTAIN && !vmw_is_caller(id))
			certain++;
	}
	return certain ? 0 : -ENOTSUP;
}

static void set_constants(struct vmemmapwatch_bpf *skeleton,
			  const struct vmw_probes_setup *setup)
{
	struct vmw_windows *windows = (struct vmw_windows *)&skeleton->rodata->windows;

	skeleton->rodata->bounds = setup->bounds;
	memcpy(skeleton->rodata->warn_text, setup->warn_text,
	       sizeof(skeleton->rodata->warn_text));
	windows->page_start = setup->bounds.start;
	windows->page_end = setup->bounds.end;
	windows->pfn_start = vmw_good_pfns(&setup->bounds, &windows->nr_pfns);
	skeleton->rodata->section_shift = setup->section_shift;
	skeleton->rodata->sample_rate = setup->sample_rate;
}

static int load(struct vmw_probes *probes, const struct vmw_probes_setup *setup)
{
	struct vmemmapwatch_bpf *skeleton;
	int err;

	probes->btf = btf__load_vmlinux_btf();
	if (!probes->btf)
		return -errno;
	skeleton = vmemmapwatch_bpf__open();
	if (!skeleton)
		return -errno;
	probes->skeleton = skeleton;
	set_constants(skeleton, setup);
	err = bpf_map__set_max_entries(skeleton->maps.ring, setup->ring_size);
	if (err)
		return err;
	err = vmw_choose_programs(skeleton->obj, probes->btf, setup->chosen, probes->status);
	if (err)
		return err;
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
	*ret = probes;
	return err;
}

int vmw_probes_list(struct vmw_probe_status *status)
{
	struct vmemmapwatch_bpf *skeleton = NULL;
	bool chosen[VMW_NR_PROBES];
	struct btf *btf;
	int err, id;

	btf = btf__load_vmlinux_btf();
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
	btf__free(btf);
	return err;
}

void vmw_probes_free(struct vmw_probes *probes)
{
	int id;

	if (!probes)
		return;
	for (id = 0; id < VMW_NR_PROBES; id++)
		bpf_link__destroy(probes->links[id]);
	ring_buffer__free(probes->ring);
	vmemmapwatch_bpf__destroy(probes->skeleton);
	btf__free(probes->btf);
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

bool vmw_probes_runs(const struct vmw_probes *probes, enum vmw_probe_id id, u64 *ret)
{
	const struct bpf_program *program = vmw_chosen_program(probes->skeleton->obj,
							       &vmw_probe_infos[id]);
	struct bpf_prog_info info = { 0 };
	u32 size = sizeof(info);

	if (!probes->links[id] || !program ||
	    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
		return false;
	*ret = info.run_cnt;
	return info.run_cnt;
}

static bool is_kprobe(const struct vmw_probe_status *status)
{
	return status->how && !strcmp(status->how, "kprobe");
}

/*
 * Runs that the kernel skipped. For fentry the count is in bpf_prog_info since
 * 5.12; for kprobes it is in there and in the link's information, or nowhere
 * (6.1.192).
 */
int vmw_probes_losses(const struct vmw_probes *probes, struct vmw_losses_read *ret)
{
	int fd = bpf_map__fd(probes->skeleton->maps.losses);
	struct bpf_program *program;
	bool kernel_counts;
	u32 place;
	int id;

	memset(ret, 0, sizeof(*ret));
	for (place = 0; place < VMW_NR_LOSSES; place++) {
		if (bpf_map_lookup_elem(fd, &place, &ret->count[place]))
			return -errno;
	}
	kernel_counts = vmw_kernel_counts_missed(probes->btf);
	ret->missed_known = true;
	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (!is_kprobe(&probes->status[id]))
			continue;
		if (kernel_counts)
			ret->missed += vmw_missed_by_kprobe(probes->links[id]);
		else
			ret->missed_known = false;
	}
	bpf_object__for_each_program(program, probes->skeleton->obj) {
		struct bpf_prog_info info = { 0 };
		u32 size = sizeof(info);

		if (bpf_program__fd(program) < 0)
			continue;
		if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			return -errno;
		ret->missed += info.recursion_misses;
	}
	return 0;
}

/* "MEMORY_DEVICE_FS_DAX" -> "fs-dax" */
static void our_word(const char *enumerator, char *name, size_t size)
{
	static const char prefix[] = "MEMORY_DEVICE_";
	size_t i;

	if (!strncmp(enumerator, prefix, sizeof(prefix) - 1))
		enumerator += sizeof(prefix) - 1;
	for (i = 0; i + 1 < size && enumerator[i]; i++)
		name[i] = enumerator[i] == '_' ? '-' : tolower((unsigned char)enumerator[i]);
	name[i] = '\0';
}

void vmw_probes_memory_type(const struct vmw_probes *probes, u32 type,
			    char *name, size_t size)
{
	const struct btf_enum *value;
	const struct btf_type *t;
	int id, i;

	snprintf(name, size, "type %u", type);
	id = btf__find_by_name_kind(probes->btf, "memory_type", BTF_KIND_ENUM);
	if (id < 0)
		return;
	t = btf__type_by_id(probes->btf, id);
	value = btf_enum(t);
	for (i = 0; i < btf_vlen(t); i++) {
		if ((u32)value[i].val == type)
			our_word(btf__name_by_offset(probes->btf, value[i].name_off),
				 name, size);
	}
}
