/* SPDX-License-Identifier: GPL-2.0-only */
/* --sites: which inlined pfn_to_page() are probed, and whether their code is what was searched. */
#ifndef VMEMMAPWATCH_WATCH_WATCH_SITES_H
#define VMEMMAPWATCH_WATCH_WATCH_SITES_H

#include "watch/watch.h"

/*
 * Search the modules that @watch's configuration names for sites, once its bounds are
 * settled. 0, or an exit code after one line.
 */
enum vmw_exit vmw_watch_find_sites(struct vmw_watch *watch);

/*
 * A module came: is it the one that was searched? If not, hits in its sites do not count
 * from now on, and are lost.
 */
void vmw_watch_sites_on_module(struct vmw_watch *watch, const struct vmw_module *module);

/* How often each site was run until now, into the set. */
void vmw_watch_read_sites(struct vmw_watch *watch);

/* Sites were asked for, and none is probed: that, in @text of @size bytes; else it stays. */
void vmw_watch_sites_untested(const struct vmw_watch *watch, char *text, size_t size);

/* Hits that do not count, and instructions of theirs that could not be searched. */
u64 vmw_watch_lost_at_sites(const struct vmw_site_set *set);

/* @watch has the sites of @from from now on, which is empty then; and are two sets the same? */
void vmw_watch_take_sites(struct vmw_watch *watch, struct vmw_site_set *from);
bool vmw_watch_same_sites(const struct vmw_site_set *a, const struct vmw_site_set *b);

/* Are its modules those of @names, as in --sites=NAMES? NULL and "": none. */
bool vmw_watch_sites_are(const struct vmw_site_set *set, const char *names);

void vmw_watch_free_sites(struct vmw_watch *watch);

#endif
