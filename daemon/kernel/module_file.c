// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/module_file.h"
#include "kernel/module_list.h"
#include "kernel/object_file.h"

/* "kernel/drivers/gpu/drm/xe/xe.ko.xz": is that @name? In names "-" is "_". */
static bool is_file_of(const char *path, size_t length, const char *name)
{
	const char *base = memrchr(path, '/', length), *end;
	size_t n;

	base = base ? base + 1 : path;
	end = memmem(base, path + length - base, ".ko", 3);
	n = end ? (size_t)(end - base) : 0;
	return n == strlen(name) && vmw_same_module(base, name, n);
}

/* Its path in @modules, by the line "PATH: PATH..." that begins with it; to be freed. */
static int find(const char *name, const char *modules, char **ret)
{
	char *list, *line = NULL;
	size_t room = 0;
	int err = -ENOENT;
	FILE *file;

	if (asprintf(&list, "%s/modules.dep", modules) < 0)
		return -ENOMEM;
	file = fopen(list, "re");
	free(list);
	if (!file)
		return -errno;
	while (err == -ENOENT && getline(&line, &room, file) > 0) {
		size_t length = strcspn(line, ":\n");

		if (!is_file_of(line, length, name))
			continue;
		line[length] = '\0';
		/* Relative to the folder, but for those that depmod was told of elsewhere. */
		err = asprintf(ret, "%s%s%s", *line == '/' ? "" : modules,
			       *line == '/' ? "" : "/", line) < 0 ?
			      -ENOMEM :
			      0;
	}
	free(line);
	fclose(file);
	return err;
}

static int read_path(struct vmw_object *ret, const char *path, const char *release, char *why,
		     size_t size)
{
	size_t length = strlen(release);
	char reason[160];
	int err = vmw_object_read(ret, path, reason, sizeof(reason));

	if (err) {
		snprintf(why, size, "%s: %s", path, reason);
		return err;
	}
	if (!strncmp(ret->vermagic, release, length) && ret->vermagic[length] == ' ')
		return 0;
	snprintf(why, size, "%s: it is for another kernel, %.*s", path,
		 (int)strcspn(ret->vermagic, " "), ret->vermagic);
	vmw_object_free(ret);
	return -EBADMSG;
}

int vmw_module_file_read(struct vmw_object *ret, const char *name, const char *modules,
			 const char *release, char *why, size_t size)
{
	char folder[160], *path;
	int err;

	snprintf(folder, sizeof(folder), "/lib/modules/%s", release);
	if (!modules)
		modules = folder;
	err = find(name, modules, &path);
	if (err) {
		snprintf(why, size, "%s: not loaded, and not in %s/modules.dep", name, modules);
		return err;
	}
	err = read_path(ret, path, release, why, size);
	free(path);
	return err;
}
