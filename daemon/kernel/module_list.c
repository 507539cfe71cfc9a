// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/module_list.h"

static int parse_line(const char *line, struct vmw_loaded_module *ret)
{
	/* NAME SIZE USERS_COUNT USERS,|- STATE ADDRESS (kernel/module/procfs.c, 6.1.192). */
	if (sscanf(line, "%55s %*s %*s %1023s", ret->name, ret->users) != 2)
		return -EBADMSG;
	if (!strcmp(ret->users, "-"))
		*ret->users = '\0';
	return 0;
}

static int read_lines(struct vmw_module_list *ret, FILE *file)
{
	struct vmw_loaded_module *bigger;
	char line[2048];
	int err;

	while (fgets(line, sizeof(line), file)) {
		bigger = reallocarray(ret->modules, ret->nr + 1, sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		ret->modules = bigger;
		err = parse_line(line, &ret->modules[ret->nr]);
		if (err)
			return err;
		ret->nr++;
	}
	return ferror(file) ? -EIO : 0;
}

int vmw_module_list_read(struct vmw_module_list *ret, const char *path)
{
	FILE *file = fopen(path, "re");
	int err;

	memset(ret, 0, sizeof(*ret));
	if (!file)
		return -errno;
	err = read_lines(ret, file);
	fclose(file);
	if (err)
		vmw_module_list_free(ret);
	return err;
}

void vmw_module_list_free(struct vmw_module_list *modules)
{
	free(modules->modules);
	memset(modules, 0, sizeof(*modules));
}

bool vmw_same_module(const char *name, const char *other, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		char a = name[i] == '-' ? '_' : name[i], b = other[i] == '-' ? '_' : other[i];

		if (a != b)
			return false;
	}
	return true;
}

const struct vmw_loaded_module *vmw_module_find(const struct vmw_module_list *modules,
						const char *name)
{
	size_t i;

	for (i = 0; i < modules->nr; i++) {
		if (strlen(modules->modules[i].name) == strlen(name) &&
		    vmw_same_module(modules->modules[i].name, name, strlen(name)))
			return &modules->modules[i];
	}
	return NULL;
}

bool vmw_module_needs(const struct vmw_loaded_module *module, const char *user)
{
	const char *at;
	size_t length;

	for (at = module->users; *at; at += length + (at[length] == ',')) {
		length = strcspn(at, ",");
		if (length == strlen(user) && vmw_same_module(at, user, length))
			return true;
	}
	return false;
}
