// SPDX-License-Identifier: GPL-2.0-only
/* Programs that are attached: read what they send and count. File descriptors do. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "kernel/btf.h"
#include "probe/probe.h"
#include "probe/probe_internal.h"
#include "probe/site_probes.h"

/* Counts of callers that are read at a time. */
#define USES_BATCH 512

struct vmw_probes *vmw_probes_allocate(vmw_record_fn fn, void *context)
{
	struct vmw_probes *probes = calloc(1, sizeof(*probes));
	int i;

	if (!probes)
		return NULL;
	probes->fn = fn;
	probes->context = context;
	for (i = 0; i < VMW_NR_MAPS; i++)
		probes->maps[i] = -1;
	probes->guard = -1;
	probes->site_calls = probes->site_program = -1;
	for (i = 0; i < VMW_MAX_SITES; i++)
		probes->site_links[i] = -1;
	for (i = 0; i < VMW_MAX_PROBES; i++)
		probes->fds[i] = (struct vmw_probe_fds){ -1, -1, -1 };
	return probes;
}

struct vmw_windows vmw_windows_of(const struct vmw_bounds *bounds)
{
	struct vmw_windows windows = { .page_start = bounds->start, .page_end = bounds->end };

	windows.pfn_start = vmw_good_pfns(bounds, &windows.nr_pfns);
	return windows;
}

static int on_record(void *context, void *data, size_t size)
{
	const struct vmw_header *header = data;
	struct vmw_probes *probes = context;

	if (size < sizeof(*header) || header->size > size || header->probe >= VMW_MAX_PROBES)
		return -EBADMSG;
	probes->fn(header, probes->context);
	/* What ends libbpf's loop; this record is taken. */
	return --probes->budget ? 0 : -EAGAIN;
}

int vmw_probes_open_ring(struct vmw_probes *probes)
{
	probes->ring = ring_buffer__new(probes->maps[VMW_MAP_RING], on_record, probes, NULL);
	return probes->ring ? 0 : -errno;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_links(struct vmw_probes *probes)
{
	int i;

	for (i = 0; i < VMW_MAX_PROBES; i++) {
		close_fd(&probes->fds[i].save);
		close_fd(&probes->fds[i].link);
	}
	for (i = 0; i < VMW_MAX_SITES; i++)
		close_fd(&probes->site_links[i]);
}

static void close_programs(struct vmw_probes *probes)
{
	int i;

	for (i = 0; i < VMW_MAX_PROBES; i++)
		close_fd(&probes->fds[i].program);
	for (i = 0; i < VMW_NR_MAPS; i++)
		close_fd(&probes->maps[i]);
	close_fd(&probes->site_program);
	close_fd(&probes->site_calls);
}

/* All links, then the guard (guard.h), then programs and maps. */
void vmw_probes_free(struct vmw_probes *probes)
{
	if (!probes)
		return;
	ring_buffer__free(probes->ring);
	if (probes->loaded)
		vmw_loaded_detach(probes->loaded);
	else
		close_links(probes);
	close_fd(&probes->guard);
	if (probes->loaded)
		vmw_loaded_free(probes->loaded);
	else
		close_programs(probes);
	free(probes->told);
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

u64 vmw_probes_ring_size(const struct vmw_probes *probes)
{
	struct bpf_map_info info = { 0 };
	u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(probes->maps[VMW_MAP_RING], &info, &size) ?
		       0 :
		       info.max_entries;
}

int vmw_probes_consume(struct vmw_probes *probes, unsigned int most)
{
	int n;

	probes->budget = most;
	n = ring_buffer__consume(probes->ring);
	if (n == -EAGAIN)
		return 1;
	return n < 0 ? n : 0;
}

int vmw_probes_set_sample_rate(struct vmw_probes *probes, u64 rate)
{
	struct vmw_sampling sampling = { .rate = rate };
	u32 zero = 0;

	return bpf_map_update_elem(probes->maps[VMW_MAP_SAMPLINGS], &zero, &sampling, BPF_ANY) ?
		       -errno :
		       0;
}

/* Keys are never taken out, so a pass that is under way misses none. */
int vmw_probes_uses(const struct vmw_probes *probes, vmw_use_fn fn, void *context)
{
	int fd = probes->maps[VMW_MAP_USES];
	struct vmw_use_key keys[USES_BATCH];
	struct vmw_use uses[USES_BATCH];
	u32 batch = 0, i, n;
	bool first = true;
	int err;

	do {
		n = USES_BATCH;
		err = bpf_map_lookup_batch(fd, first ? NULL : &batch, &batch, keys, uses, &n,
					   NULL) ?
			      -errno :
			      0;
		if (err && err != -ENOENT)
			return err;
		for (i = 0; i < n; i++)
			fn(&keys[i], &uses[i], context);
		first = false;
	} while (!err);
	return 0;
}

/* What the kernel counts in the program itself. */
static bool info_of(int program, struct bpf_prog_info *info)
{
	u32 size = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return program >= 0 && !bpf_obj_get_info_by_fd(program, info, &size);
}

static bool read_info(const struct vmw_probes *probes, int id, struct bpf_prog_info *info)
{
	return info_of(probes->fds[id].program, info);
}

int vmw_probes_read_sites(const struct vmw_probes *probes, struct vmw_site_set *set)
{
	return probes->site_calls < 0 ? 0 : vmw_site_calls_read(probes->site_calls, set);
}

static u64 missed_at_sites(const struct vmw_probes *probes)
{
	struct bpf_prog_info info;
	u64 missed = 0;
	int i;

	if (info_of(probes->site_program, &info))
		missed = info.recursion_misses;
	for (i = 0; i < VMW_MAX_SITES; i++)
		missed += vmw_missed_by_kprobe(probes->site_links[i]);
	return missed;
}

bool vmw_probes_runs(const struct vmw_probes *probes, enum vmw_probe_id id, u64 *ret)
{
	struct bpf_prog_info info;

	if (!probes->status[id].how)
		return false;
	if (!probes->live)
		*ret = probes->told->probe[id].runs;
	else
		*ret = read_info(probes, id, &info) ? info.run_cnt : 0;
	return *ret;
}

bool vmw_probes_run_time(const struct vmw_probes *probes, enum vmw_probe_id id, u64 *ret_ns)
{
	struct bpf_prog_info info;

	if (!probes->status[id].how)
		return false;
	if (!probes->live)
		*ret_ns = probes->told->probe[id].run_ns;
	else
		*ret_ns = read_info(probes, id, &info) ? info.run_time_ns : 0;
	return *ret_ns;
}

/*
 * Runs that the kernel skipped. For fentry the count is in bpf_prog_info (5.12 on);
 * for kprobes it is in there and in the link's information, or nowhere (6.1.192).
 */
static void add_missed(const struct vmw_probes *probes, struct vmw_losses_read *ret)
{
	struct bpf_prog_info info;
	int id;

	ret->missed_known = true;
	ret->missed = missed_at_sites(probes);
	for (id = 0; id < vmw_nr_probes; id++) {
		const char *how = probes->status[id].how;

		if (!how)
			continue;
		if (read_info(probes, id, &info))
			ret->missed += info.recursion_misses;
		if (strcmp(how, "kprobe"))
			continue;
		if (!probes->kernel_counts_missed)
			ret->missed_known = false;
		else
			ret->missed += vmw_missed_by_kprobe(probes->fds[id].link) +
				       vmw_missed_by_kprobe(probes->fds[id].save);
	}
}

int vmw_probes_losses(const struct vmw_probes *probes, struct vmw_losses_read *ret)
{
	u32 place;

	memset(ret, 0, sizeof(*ret));
	for (place = 0; place < VMW_NR_LOSSES; place++) {
		if (bpf_map_lookup_elem(probes->maps[VMW_MAP_LOSSES], &place, &ret->count[place]))
			return -errno;
	}
	add_missed(probes, ret);
	return 0;
}

void vmw_probes_memory_type(const struct vmw_probes *probes, u32 type, char *name, size_t size)
{
	vmw_memory_type_name(&probes->memory_types, type, name, size);
}

/* Asked of the type: bpf_link_info.perf_event.kprobe.missed. */
bool vmw_kernel_counts_missed(const struct btf *btf)
{
	static const char *const path[] = { "perf_event", "kprobe", "missed" };
	int id = btf__find_by_name_kind(btf, "bpf_link_info", BTF_KIND_STRUCT);
	size_t i;

	for (i = 0; id > 0 && i < ARRAY_SIZE(path); i++)
		id = vmw_btf_member(btf, id, path[i]);
	return id > 0;
}

/*
 * struct bpf_link_info of a kprobe, include/uapi/linux/bpf.h in 6.12.117: the
 * header that we build with may be older.
 */
struct kprobe_link_info {
	u32 type, id, prog_id, pad;
	u32 perf_type, pad2;
	u64 func_name;
	u32 name_len, offset;
	u64 address;
	u64 missed;
};

u64 vmw_missed_by_kprobe(int link_fd)
{
	struct kprobe_link_info info = { 0 };
	u32 size = sizeof(info);

	if (link_fd < 0 || bpf_obj_get_info_by_fd(link_fd, &info, &size) || size < sizeof(info))
		return 0;
	return info.missed;
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

void vmw_memory_types_read(struct vmw_memory_types *types, const struct btf *btf)
{
	const struct btf_enum *value;
	const struct btf_type *t;
	int id, i;

	memset(types, 0, sizeof(*types));
	id = btf__find_by_name_kind(btf, "memory_type", BTF_KIND_ENUM);
	if (id < 0)
		return;
	t = btf__type_by_id(btf, id);
	value = btf_enum(t);
	for (i = 0; i < btf_vlen(t); i++) {
		if (value[i].val >= 0 && value[i].val < VMW_MAX_MEMORY_TYPES)
			our_word(btf__name_by_offset(btf, value[i].name_off),
				 types->name[value[i].val], sizeof(types->name[0]));
	}
}

void vmw_memory_type_name(const struct vmw_memory_types *types, u32 type, char *name, size_t size)
{
	if (type < VMW_MAX_MEMORY_TYPES && *types->name[type])
		snprintf(name, size, "%s", types->name[type]);
	else
		snprintf(name, size, "type %u", type);
}
