// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "base/clock.h"
#include "base/log.h"
#include "probe/modules.h"
#include "probe/site_probes.h"
#include "probe/trace_event.h"
#include "site.skel.h"

struct vmw_site_links {
	struct site_bpf *skeleton;
	struct bpf_link **links;
	u32 nr;
	bool events; /* of tracefs, to be removed */
};

static void set_constants(struct site_bpf *skeleton, const struct vmw_probes_setup *setup,
			  bool by_place)
{
	const struct vmw_windows windows = vmw_windows_of(&setup->bounds);

	skeleton->rodata->bounds = setup->bounds;
	memcpy((void *)skeleton->rodata->trampolines, setup->trampolines,
	       sizeof(skeleton->rodata->trampolines));
	memcpy((void *)&skeleton->rodata->windows, &windows, sizeof(windows));
	skeleton->rodata->section_shift = setup->section_shift;
	skeleton->rodata->by_place = by_place;
}

static int tell_codes(struct site_bpf *skeleton, const struct vmw_site_set *set)
{
	int fd = bpf_map__fd(skeleton->maps.site_codes);
	u32 number;

	for (number = 1; number <= set->nr; number++) {
		if (bpf_map_update_elem(fd, &number, &set->sites[number - 1].code, BPF_ANY))
			return -errno;
	}
	return 0;
}

bool vmw_site_probes_by_place(const struct vmw_site_links *links)
{
	return links->skeleton->rodata->by_place;
}

void vmw_site_probes_place(struct vmw_site_links *links, const struct vmw_site_set *set)
{
	int fd = bpf_map__fd(links->skeleton->maps.site_places);
	u32 number;

	for (number = 1; vmw_site_probes_by_place(links) && number <= set->nr; number++) {
		u64 address = set->sites[number - 1].address;

		if (address)
			bpf_map_update_elem(fd, &address, &number, BPF_ANY);
	}
}

int vmw_site_probes_load(struct vmw_site_links **ret, const struct vmw_site_set *set,
			 const struct vmw_probes_setup *setup,
			 const struct vmw_extra_maps *maps, bool by_place)
{
	struct vmw_site_links *links = calloc(1, sizeof(*links));
	int err;

	*ret = links;
	if (!links)
		return -ENOMEM;
	links->links = calloc(set->nr, sizeof(*links->links));
	if (!links->links)
		return -ENOMEM;
	links->nr = set->nr;
	links->skeleton = site_bpf__open();
	if (!links->skeleton)
		return -errno;
	set_constants(links->skeleton, setup, by_place);
	err = vmw_extra_share_maps(links->skeleton->obj, maps);
	if (!err)
		err = site_bpf__load(links->skeleton);
	if (!err)
		err = tell_codes(links->skeleton, set);
	if (!err)
		vmw_site_probes_place(links, set);
	return err;
}

/* Of a module by name, which also holds for the next time that it is loaded. */
static int attach_event(struct vmw_site_links *links, u32 number,
			const struct vmw_site_set *set, const struct bpf_perf_event_opts *opts)
{
	const struct vmw_site_probe *site = &set->sites[number - 1];
	char place[VMW_MODULE_LEN + VMW_FUNCTION_LEN + 32];
	struct bpf_link *link;
	int fd, err;

	links->events = true;
	snprintf(place, sizeof(place), "%s:%s+0x%llx", vmw_site_object(set, number)->module,
		 site->function, site->offset);
	fd = vmw_trace_event_open(number, place);
	if (fd < 0)
		return fd;
	link = bpf_program__attach_perf_event_opts(links->skeleton->progs.kprobe__site, fd, opts);
	err = link ? 0 : -errno;
	if (err)
		close(fd);
	links->links[number - 1] = link;
	return err;
}

static int attach_address(struct vmw_site_links *links, u32 number, u64 address, u64 cookie)
{
	LIBBPF_OPTS(bpf_kprobe_opts, opts, .offset = address, .bpf_cookie = cookie);
	struct bpf_link *link;

	link = bpf_program__attach_kprobe_opts(links->skeleton->progs.kprobe__site, NULL, &opts);
	links->links[number - 1] = link;
	return link ? 0 : -errno;
}

static int attach(struct vmw_site_links *links, u32 number, const struct vmw_site_set *set)
{
	const struct vmw_site_probe *site = &set->sites[number - 1];
	u64 cookie = vmw_site_probes_by_place(links) ? 0 : number;
	LIBBPF_OPTS(bpf_perf_event_opts, opts, .bpf_cookie = cookie);
	int err = -EADDRNOTAVAIL;

	if (*vmw_site_object(set, number)->module)
		err = attach_event(links, number, set, &opts);
	/* Of several functions of one name it is this one; as long as it stays there. */
	if ((err == -EADDRNOTAVAIL || err == -ENOENT) && site->address)
		err = attach_address(links, number, site->address, cookie);
	return err;
}

static const char *why_not(int err)
{
	switch (err) {
	case -EADDRNOTAVAIL:
		return "several functions of this name: load the module first";
	case -EINVAL:
		return "the kernel refuses a kprobe here (EINVAL)";
	case -ENOENT:
		return "no kprobe events in tracefs: load the module first";
	default:
		return strerror(-err);
	}
}

static bool is_shortage(int err)
{
	return err == -EMFILE || err == -ENFILE || err == -ENOMEM;
}

/* Sites that are attached before it is said how long all of them take. */
#define FEW 8

/* Each stops all CPUs for a moment; to take them away takes about twice as long. */
static void say_cost(u32 nr, u64 ns_of_few)
{
	double seconds = ns_of_few / 1e9 / FEW * nr;

	vmw_notice("probing %u sites takes about %.1f s, and letting go of them %.1f s", nr,
		   seconds, 2 * seconds);
}

int vmw_site_probes_attach(struct vmw_site_links *links, struct vmw_site_set *set)
{
	u64 begin_ns = vmw_now_ns();
	int attached = 0, err;
	u32 number;

	/* What a killed process has left is nobody's. */
	vmw_trace_events_remove();
	for (number = 1; number <= set->nr; number++) {
		struct vmw_site_probe *site = &set->sites[number - 1];

		if (*site->problem || !vmw_may_attach(site->problem, sizeof(site->problem)))
			continue;
		if (number == FEW + 1)
			say_cost(set->nr, vmw_now_ns() - begin_ns);
		err = attach(links, number, set);
		if (is_shortage(err))
			return err;
		site->attached = !err;
		attached += !err;
		if (err)
			snprintf(site->problem, sizeof(site->problem), "%s", why_not(err));
	}
	return attached;
}

int vmw_site_calls_read(int calls, struct vmw_site_set *set)
{
	int cpus = libbpf_num_possible_cpus(), cpu, err = 0;
	u64 *counts = cpus > 0 ? calloc(cpus, sizeof(*counts)) : NULL;
	u32 number;

	if (!counts)
		return cpus > 0 ? -ENOMEM : cpus;
	for (number = 1; !err && number <= set->nr; number++) {
		u64 sum = 0;

		err = bpf_map_lookup_elem(calls, &number, counts) ? -errno : 0;
		for (cpu = 0; !err && cpu < cpus; cpu++)
			sum += counts[cpu];
		set->sites[number - 1].calls = sum;
	}
	free(counts);
	return err;
}

void vmw_site_probes_fds(const struct vmw_site_links *links, int *ret_calls, int *ret_program,
			 int *ret_links)
{
	u32 i;

	*ret_calls = bpf_map__fd(links->skeleton->maps.site_calls);
	*ret_program = bpf_program__fd(links->skeleton->progs.kprobe__site);
	for (i = 0; i < links->nr; i++)
		ret_links[i] = links->links[i] ? bpf_link__fd(links->links[i]) : -1;
}

void vmw_site_probes_disown(struct vmw_site_links *links)
{
	u32 i;

	for (i = 0; links && i < links->nr; i++) {
		/* Libbpf would switch a kprobe off, which is switched on for all. */
		if (links->links[i])
			bpf_link__disconnect(links->links[i]);
	}
	if (links)
		links->events = false;
}

void vmw_site_probes_detach(struct vmw_site_links *links)
{
	u32 i;

	for (i = 0; links && i < links->nr; i++) {
		bpf_link__destroy(links->links[i]);
		links->links[i] = NULL;
	}
	if (links && links->events)
		vmw_trace_events_remove();
}

void vmw_site_probes_free(struct vmw_site_links *links)
{
	vmw_site_probes_detach(links);
	if (!links)
		return;
	site_bpf__destroy(links->skeleton);
	free(links->links);
	free(links);
}
