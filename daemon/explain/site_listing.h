/* SPDX-License-Identifier: GPL-2.0-only */
/* What --sites lists: the conversions in the code of some modules, or of the kernel. */
#ifndef VMEMMAPWATCH_EXPLAIN_SITE_LISTING_H
#define VMEMMAPWATCH_EXPLAIN_SITE_LISTING_H

#include "kernel/object.h"
#include "kernel/sites.h"

/* One module, or vmlinux. */
struct vmw_listed_object {
	struct vmw_object object;
	struct vmw_sites sites;
	char needed_by[64]; /* it is listed since that module needs it; "" */
};

struct vmw_site_listing {
	struct vmw_listed_object *objects;
	size_t nr;
	bool live; /* sites say which module they are in */
};

/*
 * List the sites of the file @path. Returns 0, or a negative errno with one line in @why
 * (of @size bytes); vmw_site_listing_free() in any case.
 */
int vmw_site_listing_file(struct vmw_site_listing *ret, const char *path, char *why, size_t size);

/*
 * The same of the running kernel: of the modules @names (NULL-terminated; each may be some
 * with commas between them, or "vmlinux"; NULL: all that are loaded and have any), and of
 * those loaded modules that they need and that have any. A module that is not loaded is
 * read from its file. -ENOENT where there is no such module, -EPERM where the kernel shows
 * no code or no addresses.
 */
int vmw_site_listing_live(struct vmw_site_listing *ret, char **names, char *why, size_t size);

void vmw_site_listing_free(struct vmw_site_listing *listing);

#endif
