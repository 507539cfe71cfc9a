// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "explain/site_listing.h"
#include "kernel/converting.h"
#include "kernel/kallsyms.h"
#include "kernel/memory.h"
#include "kernel/memstart.h"
#include "kernel/module_file.h"
#include "kernel/module_list.h"
#include "kernel/object_file.h"
#include "kernel/object_live.h"
#include "kernel/probeable.h"

/* What reading a running kernel takes. */
struct live {
	struct vmw_site_listing *listing;
	struct vmw_memory memory;
	struct vmw_module_list modules;
	struct utsname name;
	u64 memstart; /* 0: not known yet */
	bool checks_notrace;
	char *why;
	size_t size;
};

static struct vmw_listed_object *add(struct vmw_site_listing *listing)
{
	struct vmw_listed_object *bigger;

	bigger = reallocarray(listing->objects, listing->nr + 1, sizeof(*bigger));
	if (!bigger)
		return NULL;
	listing->objects = bigger;
	memset(&bigger[listing->nr], 0, sizeof(*bigger));
	return &bigger[listing->nr++];
}

static void drop_last(struct vmw_site_listing *listing)
{
	struct vmw_listed_object *last = &listing->objects[--listing->nr];

	vmw_sites_free(&last->sites);
	vmw_object_free(&last->object);
}

int vmw_site_listing_file(struct vmw_site_listing *ret, const char *path, char *why, size_t size)
{
	struct vmw_listed_object *o;
	int err;

	memset(ret, 0, sizeof(*ret));
	o = add(ret);
	if (!o) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	err = vmw_object_read(&o->object, path, why, size);
	if (!err) {
		err = vmw_sites_find(&o->object, &o->sites);
		if (err)
			snprintf(why, size, "%s", strerror(-err));
	}
	return err;
}

/* Where kallsyms lists no variables, the kernel's own code tells. */
static int find_memstart(struct live *live)
{
	struct vmw_symbol functions[VMW_NR_CONVERTING] = { 0 };
	struct vmw_kallsyms_totals totals;
	struct vmw_object code;
	size_t hits, i;
	int err;

	if (live->memstart)
		return 0;
	for (i = 0; i < VMW_NR_CONVERTING; i++)
		functions[i].name = vmw_converting[i];
	err = vmw_kallsyms_find(VMW_KALLSYMS, functions, VMW_NR_CONVERTING, &totals);
	if (!err)
		err = vmw_converting_read(&code, functions, &live->memory);
	if (!err) {
		err = vmw_guess_memstart(&code, &live->memstart, &hits);
		vmw_object_free(&code);
	}
	if (err)
		snprintf(live->why, live->size,
			 "the address of memstart_addr is neither in kallsyms nor clear from code");
	return err;
}

/* One module, or vmlinux, is added at the end. */
static int list_one(struct live *live, const char *name, const char *needed_by)
{
	bool kernel = !strcmp(name, VMW_VMLINUX);
	struct vmw_listed_object *o = add(live->listing);
	int err;

	if (!o)
		return -ENOMEM;
	snprintf(o->needed_by, sizeof(o->needed_by), "%s", needed_by);
	if (!kernel && !vmw_module_find(&live->modules, name))
		err = vmw_module_file_read(&o->object, name, NULL, live->name.release,
					   live->why, live->size);
	else
		err = vmw_object_live(&o->object, name, VMW_KALLSYMS, &live->memory, live->why,
				      live->size);
	if (!err)
		o->object.has_ftrace = live->checks_notrace;
	if (!err && !o->object.memstart && !o->object.is_file) {
		err = find_memstart(live);
		o->object.memstart = live->memstart;
	}
	if (err)
		return err;
	return vmw_sites_find(&o->object, &o->sites);
}

static bool is_listed(const struct live *live, const char *name)
{
	size_t i;

	for (i = 0; i < live->listing->nr; i++) {
		const char *listed = live->listing->objects[i].object.name;

		if (strlen(listed) == strlen(name) && vmw_same_module(listed, name, strlen(name)))
			return true;
	}
	return false;
}

static bool last_has_sites(const struct vmw_site_listing *listing)
{
	return listing->objects[listing->nr - 1].sites.nr;
}

/* A module that is loaded, unless there is nothing in it. */
static int list_if_any(struct live *live, const char *name, const char *needed_by)
{
	int err;

	if (is_listed(live, name))
		return 0;
	err = list_one(live, name, needed_by);
	/* It may have gone just now. */
	if (err == -ENOENT || (!err && !last_has_sites(live->listing))) {
		drop_last(live->listing);
		return 0;
	}
	return err;
}

/* Does @user need @module, by others if need be? @depth ends what is a circle. */
static bool needs(const struct live *live, const struct vmw_loaded_module *module,
		  const char *user, unsigned int depth)
{
	size_t i;

	if (vmw_module_needs(module, user))
		return true;
	for (i = 0; depth && i < live->modules.nr; i++) {
		const struct vmw_loaded_module *between = &live->modules.modules[i];

		if (vmw_module_needs(module, between->name) &&
		    needs(live, between, user, depth - 1))
			return true;
	}
	return false;
}

/*
 * A module that is read from its file says itself which ones it needs: @depends, names
 * with commas. Those need others in turn; @depth ends what is a circle.
 */
static int list_depends(struct live *live, const char *depends, const char *user,
			unsigned int depth)
{
	char names[sizeof(((struct vmw_object *)0)->depends)], *at, *name, *rest;
	int err = 0;

	snprintf(names, sizeof(names), "%s", depends);
	for (at = names; !err && (name = strtok_r(at, ",", &rest)); at = NULL) {
		char more[sizeof(names)];

		if (is_listed(live, name))
			continue;
		err = list_one(live, name, user);
		if (!err)
			memcpy(more, live->listing->objects[live->listing->nr - 1].object.depends,
			       sizeof(more));
		if (err == -ENOENT || (!err && !last_has_sites(live->listing)))
			drop_last(live->listing);
		if (!err && depth)
			err = list_depends(live, more, user, depth - 1);
		if (err == -ENOENT)
			err = 0;
	}
	return err;
}

static int list_needed(struct live *live, const char *user)
{
	size_t i;
	int err = 0;

	for (i = 0; i < live->modules.nr && !err; i++) {
		const struct vmw_loaded_module *module = &live->modules.modules[i];

		if (needs(live, module, user, 3))
			err = list_if_any(live, module->name, user);
	}
	return err;
}

/* With what its file says that it needs, where it is read from that. */
static int list_named(struct live *live, const char *name)
{
	char depends[sizeof(((struct vmw_object *)0)->depends)];
	int err = list_one(live, name, "");

	if (err)
		return err;
	memcpy(depends, live->listing->objects[live->listing->nr - 1].object.depends,
	       sizeof(depends));
	return list_depends(live, depends, name, 3);
}

/* "amdgpu,xe". */
static int list_names(struct live *live, char *names)
{
	char *copy = strdup(names), *at, *name, *rest;
	int err = copy ? 0 : -ENOMEM;

	for (at = copy; !err && (name = strtok_r(at, ",", &rest)); at = NULL) {
		if (!is_listed(live, name))
			err = list_named(live, name);
		if (!err && strcmp(name, VMW_VMLINUX))
			err = list_needed(live, name);
	}
	free(copy);
	return err;
}

static int list_all(struct live *live)
{
	size_t i;
	int err = 0;

	for (i = 0; i < live->modules.nr && !err; i++)
		err = list_if_any(live, live->modules.modules[i].name, "");
	return err;
}

int vmw_site_listing_live(struct vmw_site_listing *ret, char **names, char *why, size_t size)
{
	struct live live = { .listing = ret, .why = why, .size = size };
	size_t i;
	int err;

	memset(ret, 0, sizeof(*ret));
	ret->live = true;
	*why = '\0';
	uname(&live.name);
	live.checks_notrace = vmw_checks_notrace();
	vmw_memory_open(&live.memory);
	err = vmw_module_list_read(&live.modules, VMW_MODULE_LIST);
	/* A kernel without modules has no such file. */
	if (err == -ENOENT)
		err = 0;
	for (i = 0; !err && names && names[i]; i++)
		err = list_names(&live, names[i]);
	if (!err && !names)
		err = list_all(&live);
	if (err && !*why)
		snprintf(why, size, "%s", strerror(-err));
	vmw_module_list_free(&live.modules);
	vmw_memory_close(&live.memory);
	return err;
}

void vmw_site_listing_free(struct vmw_site_listing *listing)
{
	while (listing->nr)
		drop_last(listing);
	free(listing->objects);
	listing->objects = NULL;
}
