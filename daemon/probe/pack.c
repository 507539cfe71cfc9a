// SPDX-License-Identifier: GPL-2.0-only
/* Programs that another process attached: what it tells of them, and their fds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "probe/extra.h"
#include "probe/probe_internal.h"

static const char *const map_names[VMW_NR_MAPS] = {
	[VMW_MAP_RING] = "map.ring",	       [VMW_MAP_LOSSES] = "map.losses",
	[VMW_MAP_INFLIGHTS] = "map.inflights", [VMW_MAP_WARNEDS] = "map.warneds",
	[VMW_MAP_USES] = "map.uses",	       [VMW_MAP_SAMPLINGS] = "map.samplings",
	[VMW_MAP_CALLS] = "map.calls",	       [VMW_MAP_BINDINGS] = "map.bindings",
	[VMW_MAP_LOADINGS] = "map.loadings",   [VMW_MAP_ASKS] = "map.asks",
	[VMW_MAP_CANARIES] = "map.canaries",
};

#define GUARD_NAME   "guard"
#define SITE_CALLS   "sitecalls"
#define SITE_PROGRAM "siteprogram"
#define SITE_LINK    "sitelink"

static u32 count_site_links(const struct vmw_probes *probes)
{
	u32 n = 0, i;

	for (i = 0; i < VMW_MAX_SITES; i++)
		n += probes->site_links[i] >= 0;
	return n;
}

static const char *const ways[] = { "fentry", "kprobe", "tracepoint" };

void vmw_probes_pack(const struct vmw_probes *probes, struct vmw_packed_probes *told)
{
	int id;

	memset(told, 0, sizeof(*told));
	told->nr_probes = vmw_nr_probes;
	told->nr_site_links = probes->told ? probes->told->nr_site_links :
					     count_site_links(probes);
	told->kernel_counts_missed = probes->kernel_counts_missed;
	told->memory_types = probes->memory_types;
	for (id = 0; id < vmw_nr_probes; id++) {
		const struct vmw_probe_status *status = &probes->status[id];
		struct vmw_packed_probe *p = &told->probe[id];

		snprintf(p->how, sizeof(p->how), "%s", status->how ? status->how : "");
		snprintf(p->note, sizeof(p->note), "%s", status->note ? status->note : "");
		snprintf(p->problem, sizeof(p->problem), "%s", status->problem);
		p->left_out = status->left_out;
		p->missing = status->missing;
		if (!vmw_probes_runs(probes, id, &p->runs))
			p->runs = 0;
		if (!vmw_probes_run_time(probes, id, &p->run_ns))
			p->run_ns = 0;
	}
	for (id = VMW_NR_PROBES; id < vmw_nr_probes; id++)
		vmw_extra_pack(id, &told->extra[id - VMW_NR_PROBES]);
}

/* A word of ours, or NULL. */
static const char *way_of(const char *how)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!strcmp(ways[i], how))
			return ways[i];
	}
	return NULL;
}

/* It came from another process, and may be anything: texts end, numbers are ours. */
static bool is_told_well(struct vmw_packed_probes *told)
{
	int id;

	if (told->nr_probes < VMW_NR_PROBES || told->nr_probes > VMW_PROBE_SITE)
		return false;
	vmw_tidy_bool(&told->kernel_counts_missed);
	for (id = 0; id < VMW_MAX_PROBES; id++) {
		struct vmw_packed_probe *p = &told->probe[id];

		vmw_tidy_bool(&p->left_out);
		vmw_tidy_bool(&p->missing);
		p->how[sizeof(p->how) - 1] = '\0';
		p->note[sizeof(p->note) - 1] = '\0';
		p->problem[sizeof(p->problem) - 1] = '\0';
	}
	for (id = 0; id < VMW_MAX_MEMORY_TYPES; id++)
		told->memory_types.name[id][sizeof(told->memory_types.name[id]) - 1] = '\0';
	return true;
}

static int check_rows(const struct vmw_packed_probes *told)
{
	u32 i;

	for (i = VMW_NR_PROBES; i < told->nr_probes; i++) {
		if (!vmw_extra_can_be(&told->extra[i - VMW_NR_PROBES]))
			return -EBADMSG;
	}
	return 0;
}

void vmw_probes_use_rows(const struct vmw_probes *probes)
{
	u32 i;

	vmw_extra_reset();
	for (i = VMW_NR_PROBES; probes->told && i < probes->told->nr_probes; i++)
		vmw_extra_take(&probes->told->extra[i - VMW_NR_PROBES]);
}

bool vmw_probes_has_row(const struct vmw_probes *probes, int id)
{
	struct vmw_packed_extra row;

	if (!probes->told || id < VMW_NR_PROBES || id >= (int)probes->told->nr_probes ||
	    id >= vmw_nr_probes)
		return false;
	memset(&row, 0, sizeof(row));
	vmw_extra_pack(id, &row);
	return !strcmp(row.symbol, probes->told->extra[id - VMW_NR_PROBES].symbol) &&
	       row.kind == probes->told->extra[id - VMW_NR_PROBES].kind &&
	       row.a == probes->told->extra[id - VMW_NR_PROBES].a &&
	       row.b == probes->told->extra[id - VMW_NR_PROBES].b;
}

int vmw_probes_nr(const struct vmw_probes *probes)
{
	return probes->told ? (int)probes->told->nr_probes : vmw_nr_probes;
}

int vmw_probes_unpack(struct vmw_probes **ret, const struct vmw_packed_probes *from)
{
	struct vmw_probes *probes = vmw_probes_allocate(NULL, NULL);
	struct vmw_packed_probes *told = malloc(sizeof(*told));
	int id, err = -ENOMEM;

	if (!probes || !told)
		goto fail;
	probes->told = told;
	*told = *from;
	err = is_told_well(told) ? check_rows(told) : -EBADMSG;
	if (err)
		goto fail;
	probes->kernel_counts_missed = told->kernel_counts_missed;
	probes->memory_types = told->memory_types;
	for (id = 0; id < (int)told->nr_probes; id++) {
		struct vmw_probe_status *status = &probes->status[id];
		struct vmw_packed_probe *p = &told->probe[id];

		status->how = way_of(p->how);
		status->left_out = p->left_out;
		status->missing = p->missing;
		status->note = *p->note ? p->note : NULL;
		memcpy(status->problem, p->problem, sizeof(status->problem));
	}
	*ret = probes;
	return 0;
fail:
	if (!probes || !probes->told)
		free(told);
	vmw_probes_free(probes);
	return err;
}

static size_t name_one(struct vmw_named_fd *named, size_t n, int fd, const char *name)
{
	if (fd < 0)
		return n;
	named[n].fd = fd;
	snprintf(named[n].name, sizeof(named->name), "%s", name);
	return n + 1;
}

static size_t name_fd(struct vmw_named_fd *named, size_t n, int fd, const char *kind, int id)
{
	if (fd < 0)
		return n;
	named[n].fd = fd;
	snprintf(named[n].name, sizeof(named->name), "%s.%d", kind, id);
	return n + 1;
}

size_t vmw_probes_name_fds(const struct vmw_probes *probes, struct vmw_named_fd *named)
{
	const struct vmw_probe_fds *fds = probes->fds;
	int nr = vmw_probes_nr(probes), i;
	size_t n = 0;

	for (i = 0; i < VMW_NR_MAPS; i++) {
		named[n].fd = probes->maps[i];
		snprintf(named[n++].name, sizeof(named->name), "%s", map_names[i]);
	}
	for (i = 0; i < nr; i++)
		n = name_fd(named, n, fds[i].program, "program", i);
	n = name_one(named, n, probes->site_calls, SITE_CALLS);
	n = name_one(named, n, probes->site_program, SITE_PROGRAM);
	n = name_one(named, n, probes->guard, GUARD_NAME);
	for (i = 0; i < VMW_MAX_SITES; i++) {
		char name[sizeof(named->name)];

		snprintf(name, sizeof(name), SITE_LINK "%d", i);
		n = name_one(named, n, probes->site_links[i], name);
	}
	for (i = 0; i < nr; i++) {
		n = name_fd(named, n, fds[i].link, "link", i);
		n = name_fd(named, n, fds[i].save, "save", i);
	}
	return n;
}

unsigned int vmw_probes_close_turn(const char *name)
{
	if (!strncmp(name, "link.", 5) || !strncmp(name, "save.", 5) ||
	    !strncmp(name, SITE_LINK, strlen(SITE_LINK)))
		return 0;
	return strcmp(name, GUARD_NAME) ? 2 : 1;
}

/* Where the fd of that name belongs; NULL: nowhere. */
static int *place_of(struct vmw_probes *probes, const char *name)
{
	unsigned int id;
	int i;

	for (i = 0; i < VMW_NR_MAPS; i++) {
		if (!strcmp(name, map_names[i]))
			return &probes->maps[i];
	}
	if (!strcmp(name, GUARD_NAME))
		return &probes->guard;
	if (!strcmp(name, SITE_CALLS))
		return &probes->site_calls;
	if (!strcmp(name, SITE_PROGRAM))
		return &probes->site_program;
	if (sscanf(name, SITE_LINK "%u", &id) == 1 && id < VMW_MAX_SITES)
		return &probes->site_links[id];
	if (sscanf(name, "link.%u", &id) == 1 && id < VMW_MAX_PROBES)
		return &probes->fds[id].link;
	if (sscanf(name, "save.%u", &id) == 1 && id < VMW_MAX_PROBES)
		return &probes->fds[id].save;
	if (sscanf(name, "program.%u", &id) == 1 && id < VMW_MAX_PROBES)
		return &probes->fds[id].program;
	return NULL;
}

bool vmw_probes_take_fd(struct vmw_probes *probes, struct vmw_named_fd *named)
{
	int *place = place_of(probes, named->name);

	if (!place || *place >= 0)
		return false;
	*place = named->fd;
	named->fd = -1;
	return true;
}

bool vmw_probes_complete(const struct vmw_probes *probes)
{
	int i;

	for (i = 0; i < VMW_NR_MAPS; i++) {
		if (probes->maps[i] < 0)
			return false;
	}
	if (probes->told && count_site_links(probes) != probes->told->nr_site_links)
		return false;
	if (count_site_links(probes) && (probes->site_calls < 0 || probes->site_program < 0))
		return false;
	for (i = 0; i < vmw_probes_nr(probes); i++) {
		bool kept = probes->fds[i].link >= 0 && probes->fds[i].program >= 0;

		if (kept != !!probes->status[i].how)
			return false;
	}
	return true;
}

int vmw_probes_watch(struct vmw_probes *probes, vmw_record_fn fn, void *context)
{
	int err;

	probes->fn = fn;
	probes->context = context;
	err = vmw_probes_open_ring(probes);
	if (err)
		return err;
	/* The notes of the statuses are in there: it stays, but asks the kernel again. */
	probes->live = true;
	return 0;
}
