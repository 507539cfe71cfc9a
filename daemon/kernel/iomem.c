// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/iomem.h"
#include "kernel/shared_file.h"

#define MAX_RESOURCES 65536

/* "    40080000-4166ffff : Kernel code", two blanks for each level. */
static int parse_line(char *line, struct vmw_resource *resource)
{
	char *at = line + strspn(line, " "), *end;
	size_t blanks = at - line;

	memset(resource, 0, sizeof(*resource));
	errno = 0;
	resource->depth = blanks / 2;
	resource->start = strtoull(at, &end, 16);
	if (errno || end == at || *end != '-')
		return -EBADMSG;
	at = end + 1;
	resource->last = strtoull(at, &end, 16);
	if (errno || end == at || strncmp(end, " : ", 3) || resource->last < resource->start)
		return -EBADMSG;
	end += 3;
	end[strcspn(end, "\n")] = '\0';
	snprintf(resource->name, sizeof(resource->name), "%s", end);
	return 0;
}

static int append(struct vmw_iomem *iomem, const struct vmw_resource *resource)
{
	struct vmw_resource *more;

	/* Doubled whenever it is full, which it is at each power of two. */
	if (!(iomem->nr & (iomem->nr - 1))) {
		more = realloc(iomem->resources, (iomem->nr ? 2 * iomem->nr : 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		iomem->resources = more;
	}
	iomem->resources[iomem->nr++] = *resource;
	return 0;
}

int vmw_iomem_read(struct vmw_iomem *iomem, const char *path)
{
	struct vmw_resource resource;
	char line[512];
	u64 seen = 0;
	FILE *file;
	int err = 0;

	memset(iomem, 0, sizeof(*iomem));
	file = vmw_open(path);
	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file)) {
		err = iomem->nr < MAX_RESOURCES ? parse_line(line, &resource) : -E2BIG;
		if (!err)
			err = append(iomem, &resource);
		seen |= resource.last;
	}
	if (!err && ferror(file))
		err = -EIO;
	if (!err && !seen)
		err = iomem->nr ? -EPERM : -ENODATA;
	fclose(file);
	if (err)
		vmw_iomem_free(iomem);
	return err;
}

void vmw_iomem_why(const char *path, int err, char *why, size_t size)
{
	if (err == -EPERM)
		snprintf(why, size,
			 "%s: every address is zero: run as root, with CAP_SYS_ADMIN", path);
	else if (err == -EBADMSG || err == -ENODATA || err == -EIO || err == -EISDIR)
		snprintf(why, size, "%s: expected lines START-LAST : NAME, as in " VMW_IOMEM,
			 path);
	else
		snprintf(why, size, "%s: %s", path, strerror(-err));
}

void vmw_iomem_free(struct vmw_iomem *iomem)
{
	free(iomem->resources);
	memset(iomem, 0, sizeof(*iomem));
}

enum vmw_ram vmw_iomem_ram(const struct vmw_iomem *iomem, u64 start, u64 last)
{
	u64 next = start; /* all before it is RAM */
	bool some = false;
	size_t i;

	for (i = 0; i < iomem->nr; i++) {
		const struct vmw_resource *r = &iomem->resources[i];

		if (strncmp(r->name, "System RAM", 10) || r->last < start || r->start > last)
			continue;
		some = true;
		if (r->start <= next && r->last >= last)
			return VMW_RAM_YES;
		if (r->start <= next && r->last >= next)
			next = r->last + 1;
	}
	return some ? VMW_RAM_PARTLY : VMW_RAM_NO;
}
