/* SPDX-License-Identifier: GPL-2.0-only */
/* Probes at places where pfn_to_page() is inlined: one program, a kprobe each. */
#ifndef VMEMMAPWATCH_PROBE_SITE_PROBES_H
#define VMEMMAPWATCH_PROBE_SITE_PROBES_H

#include <vmemmapwatch/site.h>

#include "kernel/module_identity.h"
#include "probe/extra.h"
#include "probe/probe.h"

#define VMW_FUNCTION_LEN 128

/* One site, and what became of its probe. Flat. */
struct vmw_site_probe {
	char name[VMW_SYMBOL_LEN]; /* "function+0x2ac [module]" */
	char function[VMW_FUNCTION_LEN];
	u64 offset;
	u64 address; /* 0: its module is not loaded yet */
	u32 object;  /* of the set */
	struct vmw_site_code code;
	bool attached;
	char problem[120]; /* why not */
	u64 calls;
};

/* A module that sites are in, or vmlinux. Flat. */
struct vmw_site_object {
	char module[VMW_MODULE_LEN]; /* "" for vmlinux */
	/* Of what was searched; "" where it has none. */
	char srcversion[VMW_VERSION_LEN];
	char build_id[VMW_BUILD_ID_LEN];
	char wrong[160]; /* what was loaded is something else: its hits mean nothing; or "" */
	u32 asked;	 /* for by its name; else another one needs it */
	u32 found;	 /* sites in its code, with those that no probe can be at */
	u64 hidden;	 /* instructions of it that other probes hid from the search */
};

struct vmw_site_set {
	struct vmw_site_probe *sites; /* number N is sites[N - 1] */
	u32 nr;
	struct vmw_site_object *objects;
	u32 nr_objects;
};

static inline const struct vmw_site_object *vmw_site_object(const struct vmw_site_set *set,
							    u32 number)
{
	return &set->objects[set->sites[number - 1].object];
}

struct vmw_site_links;

/*
 * Load the program for @set; with @by_place for a kernel without cookies of probes, which
 * came in 5.15. Returns 0 or a negative errno; *@ret is to be freed if
 * set.
 */
int vmw_site_probes_load(struct vmw_site_links **ret, const struct vmw_site_set *set,
			 const struct vmw_probes_setup *setup,
			 const struct vmw_extra_maps *maps, bool by_place);

/*
 * Attach it to all sites of @set, which says of each whether that worked. Returns how
 * many are attached, or -EMFILE, -ENOMEM and their like.
 */
int vmw_site_probes_attach(struct vmw_site_links *links, struct vmw_site_set *set);

/* Is a site known by its address? */
bool vmw_site_probes_by_place(const struct vmw_site_links *links);

/* Of these: where sites are, by @set's addresses, which may be known only now. */
void vmw_site_probes_place(struct vmw_site_links *links, const struct vmw_site_set *set);

/* How often each was run, by the map @calls, into @set. Negative errno. */
int vmw_site_calls_read(int calls, struct vmw_site_set *set);

/* What keeps them attached: fds that stay theirs; -1 in @ret_links for what is not. */
void vmw_site_probes_fds(const struct vmw_site_links *links, int *ret_calls, int *ret_program,
			 int *ret_links);

/* Others have these fds, and its events: it takes nothing down. */
void vmw_site_probes_disown(struct vmw_site_links *links);

/* Closes its links and removes its events, but keeps the program. NULL is fine. */
void vmw_site_probes_detach(struct vmw_site_links *links);
void vmw_site_probes_free(struct vmw_site_links *links);

#endif
