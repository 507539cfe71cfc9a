// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "kernel/taints.h"
#include "watch/wait_driver.h"

static bool is_loaded(const char *name)
{
	char path[128];
	struct stat status;

	/* What is built in has a folder there, too, but no state. */
	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return !stat(path, &status);
}

int vmw_drivers_check(const struct vmw_driver_names *names)
{
	struct stat status;
	char path[128];
	unsigned int i;

	for (i = 0; i < names->nr; i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", names->name[i]);
		if (stat(path, &status) || is_loaded(names->name[i]))
			continue;
		vmw_error("--driver=%s: expected a module: it is built into this kernel, and its init has run",
			  names->name[i]);
		return -EINVAL;
	}
	return 0;
}

void vmw_drivers_begin(struct vmw_drivers *drivers, const struct vmw_driver_names *names)
{
	unsigned int i;

	memset(drivers, 0, sizeof(*drivers));
	drivers->names = names;
	for (i = 0; i < names->nr; i++) {
		if (is_loaded(names->name[i]))
			vmw_notice("%s is already loaded: waiting until it is loaded again",
				   names->name[i]);
	}
}

bool vmw_drivers_on(struct vmw_drivers *drivers, const struct vmw_module *module)
{
	unsigned int i;
	bool changed = false, all = true;

	if (module->event != VMW_MODULE_STARTED && module->event != VMW_MODULE_DIED)
		return false;
	for (i = 0; i < drivers->names->nr; i++) {
		if (!drivers->done[i] &&
		    !strncmp(drivers->names->name[i], module->name, VMW_MODULE_LEN))
			changed = drivers->done[i] = true;
		all = all && drivers->done[i];
	}
	return changed && all;
}

void vmw_drivers_missing(const struct vmw_drivers *drivers, char *text, size_t size)
{
	unsigned int i;
	size_t n = 0;

	text[0] = '\0';
	for (i = 0; drivers->names && i < drivers->names->nr && n < size; i++) {
		if (!drivers->done[i])
			n += snprintf(text + n, size - n, "%s%s", n ? ", " : "",
				      drivers->names->name[i]);
	}
}

static bool read_attribute(const char *name, const char *attribute, char *text, size_t size)
{
	char path[160];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/%s", name, attribute);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(text, size, file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return true;
}

static void describe(struct vmw_aggregate *agg, const char *name)
{
	struct vmw_module_seen seen = { 0 };
	char taints[32] = "";

	if (vmw_aggregate_module(agg, name, 0) || strchr(name, '/') || !is_loaded(name))
		return;
	snprintf(seen.name, sizeof(seen.name), "%.*s", VMW_MODULE_LEN - 1, name);
	read_attribute(name, "version", seen.version, sizeof(seen.version));
	read_attribute(name, "srcversion", seen.srcversion, sizeof(seen.srcversion));
	read_attribute(name, "taint", taints, sizeof(taints));
	seen.taints = vmw_parse_taints(taints);
	vmw_aggregate_restore_module(agg, &seen);
}

void vmw_drivers_describe(struct vmw_watch *watch)
{
	const struct vmw_request *request;

	for (request = watch->aggregate.requests; request; request = request->next)
		describe(&watch->aggregate, request->driver);
}
