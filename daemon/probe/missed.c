// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>

#include "kernel/btf.h"
#include "probe/missed.h"

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
