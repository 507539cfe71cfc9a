// SPDX-License-Identifier: GPL-2.0-only
/* Modules that came and went, and who a request is for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/aggregate_internal.h"

static struct vmw_module_seen *find(const struct vmw_aggregate *agg, const char *name)
{
	struct vmw_module_seen *seen;

	/* The newest life of it is the one that counts. */
	for (seen = agg->modules; seen; seen = seen->next) {
		if (!strncmp(seen->name, name, VMW_MODULE_LEN - 1))
			break;
	}
	return seen;
}

static void drop_oldest(struct vmw_aggregate *agg)
{
	struct vmw_module_seen **at = &agg->modules;

	while ((*at)->next)
		at = &(*at)->next;
	free(*at);
	*at = NULL;
	agg->nr_modules--;
}

/* The newest first. */
struct vmw_module_seen *vmw_agg_add_module(struct vmw_aggregate *agg)
{
	struct vmw_module_seen *seen;

	if (agg->nr_modules == VMW_MAX_MODULES)
		drop_oldest(agg);
	seen = vmw_agg_allocate(agg, sizeof(*seen));
	if (!seen)
		return NULL;
	seen->next = agg->modules;
	agg->modules = seen;
	agg->nr_modules++;
	return seen;
}

static struct vmw_module_seen *new_life(struct vmw_aggregate *agg, const struct vmw_module *m)
{
	struct vmw_module_seen *seen = vmw_agg_add_module(agg);

	if (!seen)
		return NULL;
	snprintf(seen->name, sizeof(seen->name), "%.*s", VMW_MODULE_LEN - 1, m->name);
	snprintf(seen->version, sizeof(seen->version), "%.*s", VMW_VERSION_LEN - 1, m->version);
	snprintf(seen->srcversion, sizeof(seen->srcversion), "%.*s", VMW_VERSION_LEN - 1,
		 m->srcversion);
	seen->core = m->core;
	seen->core_size = m->core_size;
	seen->init = m->init;
	seen->init_size = m->init_size;
	seen->taints = m->taints;
	return seen;
}

void vmw_agg_module(struct vmw_aggregate *agg, const struct vmw_module *m)
{
	struct vmw_module_seen *seen = find(agg, m->name);

	if (!seen || m->event == VMW_MODULE_LOADED)
		seen = new_life(agg, m);
	if (!seen)
		return;
	switch (m->event) {
	case VMW_MODULE_LOADED:
		seen->loaded_ns = m->header.time_ns;
		break;
	case VMW_MODULE_STARTED:
	case VMW_MODULE_DIED:
		seen->started_ns = m->header.time_ns;
		seen->result = (int)m->result;
		seen->died = m->event == VMW_MODULE_DIED;
		break;
	case VMW_MODULE_FREED:
		seen->freed_ns = m->header.time_ns;
		break;
	}
	if (agg->on_module)
		agg->on_module(m, agg->context);
}

const struct vmw_module_seen *vmw_aggregate_module(const struct vmw_aggregate *agg,
						   const char *name, u64 time_ns)
{
	const struct vmw_module_seen *seen, *best = NULL;

	for (seen = agg->modules; seen; seen = seen->next) {
		if (strcmp(seen->name, name))
			continue;
		best = seen;
		if (seen->loaded_ns <= time_ns)
			break;
	}
	return best;
}

/* Another one may have been there before, or be there now. */
static bool was_there(const struct vmw_module_seen *seen, u64 time_ns)
{
	return seen->loaded_ns <= time_ns && (!seen->freed_ns || time_ns <= seen->freed_ns);
}

const struct vmw_module_seen *vmw_agg_name_by_module(const struct vmw_aggregate *agg, u64 address,
						     u64 time_ns, char name[VMW_SYMBOL_LEN])
{
	const struct vmw_module_seen *seen;

	for (seen = agg->modules; seen; seen = seen->next) {
		bool in_core = address - seen->core < seen->core_size;

		if ((!in_core && address - seen->init >= seen->init_size) ||
		    !was_there(seen, time_ns))
			continue;
		snprintf(name, VMW_SYMBOL_LEN, "%s+0x%llx [%s]", in_core ? "text" : "init text",
			 (address - (in_core ? seen->core : seen->init)), seen->name);
		return seen;
	}
	return NULL;
}

void vmw_agg_rename_by_module(const struct vmw_aggregate *agg, u64 address, u64 time_ns,
			      char name[VMW_SYMBOL_LEN])
{
	const struct vmw_module_seen *seen;
	char then[VMW_SYMBOL_LEN], module[VMW_MODULE_LEN + 2];

	seen = vmw_agg_name_by_module(agg, address, time_ns, then);
	if (!seen)
		return;
	snprintf(module, sizeof(module), "[%s]", seen->name);
	if (!strstr(name, module))
		memcpy(name, then, sizeof(then));
}

/*
 * A container's id is the longest run of hex digits that its runtime names the
 * cgroup by: docker-ID.scope, cri-containerd-ID.scope, libpod-ID.scope, or ID alone.
 */
static void find_container(const char *name, char id[VMW_CONTAINER_LEN])
{
	const char *at = name;

	while (*at) {
		size_t n = strspn(at, "0123456789abcdef");

		if (n >= 64 - 1) {
			snprintf(id, VMW_CONTAINER_LEN, "%.*s", (int)n, at);
			return;
		}
		at += n ? n : 1;
	}
}

/* "/system.slice/foo.service": what was cut off at the front is "...". */
static void join_levels(const struct vmw_requester *who, char *path, size_t size)
{
	u32 nr = who->nr_levels < VMW_CGROUP_LEVELS ? who->nr_levels : VMW_CGROUP_LEVELS;
	size_t n = 0;

	if (nr == VMW_CGROUP_LEVELS)
		n = snprintf(path, size, "/...");
	else
		snprintf(path, size, "/");
	while (nr-- && n < size)
		n += snprintf(path + n, size - n, "/%.*s", VMW_CGROUP_LEN - 1, who->level[nr]);
}

void vmw_agg_requester(struct vmw_request *request, const struct vmw_requester *who)
{
	u32 i;

	request->cgroup_id = who->cgroup;
	join_levels(who, request->cgroup, sizeof(request->cgroup));
	for (i = 0; i < who->nr_levels && i < VMW_CGROUP_LEVELS && !*request->container; i++) {
		char level[VMW_CGROUP_LEN];

		snprintf(level, sizeof(level), "%.*s", VMW_CGROUP_LEN - 1, who->level[i]);
		find_container(level, request->container);
	}
	snprintf(request->device, sizeof(request->device), "%.*s", VMW_DEVICE_LEN - 1,
		 who->device);
	snprintf(request->bus, sizeof(request->bus), "%.*s", VMW_DEVICE_LEN - 1, who->bus);
}

void vmw_agg_free_modules(struct vmw_aggregate *agg)
{
	while (agg->modules)
		drop_oldest(agg);
}
