// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "explain/site_listing.h"
#include "kernel/a64.h"
#include "kernel/kallsyms.h"
#include "kernel/module_list.h"
#include "kernel/object_live.h"
#include "watch/watch_sites.h"

/*
 * Those with a site that ran more than 100 times a second while programs were started and
 * files copied, measured on 6.1.192 (vm_normal_page() 30,000 times), and what 6.12.117 and
 * 7.2.13 have in their places.
 */
static const char *const hot[] = {
	"vm_normal_page",    "vm_normal_folio",	 "__vm_normal_page",  "__sync_icache_dcache",
	"__handle_mm_fault", "handle_pte_fault", "do_anonymous_page", "do_wp_page",
	"wp_page_copy",	     "finish_fault",	 "filemap_map_pages", "next_uptodate_folio",
	"set_pte_range",     "unmap_page_range", "zap_pte_range",     "copy_page_range",
	"copy_present_ptes", "free_pgd_range",
};

/* What the compiler appends, such as ".isra.0", does not matter. */
static bool is_hot(const char *name)
{
	size_t length = strcspn(name, "."), i;

	for (i = 0; i < ARRAY_SIZE(hot); i++) {
		if (strlen(hot[i]) == length && !strncmp(hot[i], name, length))
			return true;
	}
	return false;
}

static void code_of(const struct vmw_site *site, struct vmw_site_code *ret)
{
	static const u8 ops[] = {
		[VMW_A64_ADD] = VMW_SITE_ADD,	      [VMW_A64_SUB] = VMW_SITE_SUB,
		[VMW_A64_ADD_IMM] = VMW_SITE_ADD_IMM, [VMW_A64_MADD] = VMW_SITE_MADD,
		[VMW_A64_MSUB] = VMW_SITE_MSUB,	      [VMW_A64_LSL] = VMW_SITE_LSL,
		[VMW_A64_MEMORY_RM] = VMW_SITE_ADD,
	};
	struct vmw_a64 insn;

	vmw_a64_decode(site->insn, site->at, &insn);
	*ret = (struct vmw_site_code){
		.imm = insn.imm,
		.displacement = site->displacement,
		.op = insn.op < ARRAY_SIZE(ops) ? ops[insn.op] : 0,
		.rn = insn.rn,
		.rm = insn.rm,
		.ra = insn.ra,
		.shift = insn.shift,
		.right = insn.right == VMW_A64_SHIFT_LSR ? VMW_SITE_LSR :
			 insn.right == VMW_A64_SHIFT_ASR ? VMW_SITE_ASR :
							   VMW_SITE_LEFT,
		.extend = insn.extends ? insn.extend : VMW_SITE_UXTX,
		.reads = site->in_address && !vmw_a64_is_prefetch(site->insn),
	};
}

static void add_site(struct vmw_site_set *set, const struct vmw_listed_object *o,
		     const struct vmw_site *site)
{
	struct vmw_site_probe *probe = &set->sites[set->nr++];
	const char *module = set->objects[set->nr_objects - 1].module;

	probe->object = set->nr_objects - 1;
	probe->offset = site->at - site->function->start;
	probe->address = o->object.is_file ? 0 : site->at;
	snprintf(probe->function, sizeof(probe->function), "%s", site->function->name);
	snprintf(probe->name, sizeof(probe->name), "%.70s+0x%llx%s%.20s%s", site->function->name,
		 probe->offset, *module ? " [" : "", module, *module ? "]" : "");
	code_of(site, &probe->code);
}

/* Of vmlinux, what runs for each page that is allocated or mapped is left alone. */
static bool is_wanted(const struct vmw_listed_object *o, const struct vmw_site *site)
{
	if (site->kind != VMW_CODE_PFN_TO_PAGE || !site->function)
		return false;
	return strcmp(o->object.name, VMW_VMLINUX) || !is_hot(site->function->name);
}

static void add_object(struct vmw_site_set *set, const struct vmw_listed_object *o)
{
	struct vmw_site_object *object = &set->objects[set->nr_objects++];
	bool kernel = !strcmp(o->object.name, VMW_VMLINUX);
	size_t i;

	snprintf(object->module, sizeof(object->module), "%.*s", VMW_MODULE_LEN - 1,
		 kernel ? "" : o->object.name);
	memcpy(object->srcversion, o->object.srcversion, sizeof(object->srcversion));
	memcpy(object->build_id, o->object.build_id, sizeof(object->build_id));
	object->asked = !*o->needed_by;
	object->found = o->sites.nr_kind[VMW_CODE_PFN_TO_PAGE];
	object->hidden = o->sites.hidden;
	for (i = 0; i < o->sites.nr; i++) {
		const struct vmw_site *site = &o->sites.sites[i];

		if (is_wanted(o, site) && !site->why)
			add_site(set, o, site);
	}
	if (o->sites.hidden)
		vmw_error("--sites: active probes hide %zu instructions of %s: sites may be missing",
			  o->sites.hidden, o->object.name);
}

/* What its code was compiled for has to be this kernel. */
static bool fits(const struct vmw_listed_object *o, const struct vmw_bounds *bounds)
{
	const struct vmw_code_model *model = &o->sites.model;

	if (!o->sites.nr_kind[VMW_CODE_PFN_TO_PAGE] ||
	    (model->start == bounds->nominal_start && model->page_shift == bounds->page_shift &&
	     model->page_struct_size == bounds->page_struct_size))
		return true;
	vmw_error("--sites: %s is compiled for VMEMMAP_START 0x%llx and sizeof(struct page) %u, which this kernel does not have",
		  o->object.name, model->start, model->page_struct_size);
	return false;
}

static enum vmw_exit fill(struct vmw_site_set *set, const struct vmw_site_listing *listing,
			  const struct vmw_bounds *bounds)
{
	size_t i, j, n = 0;

	for (i = 0; i < listing->nr; i++) {
		for (j = 0; j < listing->objects[i].sites.nr; j++)
			n += is_wanted(&listing->objects[i], &listing->objects[i].sites.sites[j]);
	}
	if (n > VMW_MAX_SITES) {
		vmw_error("--sites: %zu sites: expected at most %d; name fewer modules", n,
			  VMW_MAX_SITES);
		return VMW_EXIT_USAGE;
	}
	set->sites = calloc(n + 1, sizeof(*set->sites));
	set->objects = calloc(listing->nr + 1, sizeof(*set->objects));
	if (!set->sites || !set->objects) {
		vmw_error("%s", strerror(ENOMEM));
		return VMW_EXIT_UNTRACEABLE;
	}
	for (i = 0; i < listing->nr; i++) {
		if (!fits(&listing->objects[i], bounds))
			return VMW_EXIT_BOUNDS;
		add_object(set, &listing->objects[i]);
	}
	return VMW_EXIT_CLEAN;
}

enum vmw_exit vmw_watch_find_sites(struct vmw_watch *watch)
{
	char *names[] = { (char *)watch->config->sites, NULL };
	struct vmw_site_listing listing;
	enum vmw_exit code;
	char why[300];
	int err;

	if (!watch->config->sites || !*watch->config->sites)
		return VMW_EXIT_CLEAN;
	err = vmw_site_listing_live(&listing, names, why, sizeof(why));
	if (err) {
		vmw_error("--sites: %s", why);
		code = err == -EPERM || err == -EACCES ? VMW_EXIT_UNTRACEABLE : VMW_EXIT_USAGE;
	} else {
		code = fill(&watch->sites, &listing, &watch->bounds);
	}
	vmw_site_listing_free(&listing);
	if (!code && !watch->sites.nr)
		vmw_notice("--sites: no pfn_to_page() in the code of %s can be probed",
			   watch->config->sites);
	watch->aggregate.sites = &watch->sites;
	return code;
}

/* "A is B, and C was searched", where both are known and differ. */
static void compare(struct vmw_site_object *object, const char *what, const char *loaded,
		    const char *searched)
{
	if (*object->wrong || !*loaded || !*searched || !strcmp(loaded, searched))
		return;
	snprintf(object->wrong, sizeof(object->wrong),
		 "its %s is %.40s, of the code that was searched %.40s", what, loaded, searched);
	vmw_error("--sites: %s: %s: hits in its sites are lost", object->module, object->wrong);
}

struct placing {
	struct vmw_site_set *set;
	const char *module;
};

/* Where a function of the module is now; of several of one name it is not known. */
static int place(const struct vmw_kallsyms_line *line, void *context)
{
	struct placing *placing = context;
	u32 i;

	if (strcmp(line->module, placing->module))
		return 0;
	for (i = 0; i < placing->set->nr; i++) {
		struct vmw_site_probe *site = &placing->set->sites[i];

		if (!strcmp(site->function, line->name) &&
		    !strcmp(placing->set->objects[site->object].module, placing->module))
			site->address = line->address + site->offset;
	}
	return 0;
}

void vmw_watch_sites_on_module(struct vmw_watch *watch, const struct vmw_module *module)
{
	struct vmw_module_identity identity;
	u32 i;

	if (module->event != VMW_MODULE_LOADED)
		return;
	for (i = 0; i < watch->sites.nr_objects; i++) {
		struct vmw_site_object *object = &watch->sites.objects[i];

		if (strcmp(object->module, module->name))
			continue;
		compare(object, "srcversion", module->srcversion, object->srcversion);
		/* It may have gone already; then its srcversion has to do. */
		vmw_module_identity_read(module->name, &identity);
		compare(object, "build id", identity.build_id, object->build_id);
		if (vmw_probes_sites_by_place(watch->probes)) {
			struct placing placing = { &watch->sites, object->module };

			vmw_kallsyms_walk(VMW_KALLSYMS, place, &placing);
			vmw_probes_place_sites(watch->probes, &watch->sites);
		}
	}
}

void vmw_watch_read_sites(struct vmw_watch *watch)
{
	struct vmw_site_set *set = &watch->sites;
	int err = set->nr ? vmw_probes_read_sites(watch->probes, set) : 0;

	if (!err)
		return;
	if (!watch->report.read_error)
		vmw_error("reading the counts of sites: %s", strerror(-err));
	watch->report.read_error = err;
}

void vmw_watch_sites_untested(const struct vmw_watch *watch, char *text, size_t size)
{
	u32 i;

	for (i = 0; i < watch->sites.nr; i++) {
		if (watch->sites.sites[i].attached)
			return;
	}
	if (watch->sites.nr_objects)
		snprintf(text, size, "no site of %.100s could be probed", watch->config->sites);
}

u64 vmw_watch_lost_at_sites(const struct vmw_site_set *set)
{
	u64 lost = 0;
	u32 i;

	for (i = 0; i < set->nr_objects; i++)
		lost += set->objects[i].hidden;
	for (i = 0; i < set->nr; i++) {
		if (*set->objects[set->sites[i].object].wrong)
			lost += set->sites[i].calls;
	}
	return lost;
}

void vmw_watch_take_sites(struct vmw_watch *watch, struct vmw_site_set *from)
{
	vmw_watch_free_sites(watch);
	watch->sites = *from;
	memset(from, 0, sizeof(*from));
	watch->aggregate.sites = &watch->sites;
}

bool vmw_watch_same_sites(const struct vmw_site_set *a, const struct vmw_site_set *b)
{
	u32 i;

	for (i = 0; i < a->nr && a->nr == b->nr; i++) {
		if (strcmp(a->sites[i].name, b->sites[i].name))
			return false;
	}
	return a->nr == b->nr;
}

static bool is_called(const struct vmw_site_object *object, const char *name, size_t length)
{
	const char *module = *object->module ? object->module : VMW_VMLINUX;

	return strlen(module) == length && vmw_same_module(module, name, length);
}

static bool has_object(const struct vmw_site_set *set, const char *name, size_t length)
{
	u32 i;

	for (i = 0; i < set->nr_objects && !is_called(&set->objects[i], name, length); i++)
		;
	return i < set->nr_objects;
}

static bool is_named(const struct vmw_site_object *object, const char *names)
{
	size_t length;

	for (; *names; names += length + (names[length] == ',')) {
		length = strcspn(names, ",");
		if (is_called(object, names, length))
			return true;
	}
	return false;
}

bool vmw_watch_sites_are(const struct vmw_site_set *set, const char *names)
{
	const char *name;
	size_t length;
	u32 i;

	names = names ? names : "";
	for (name = names; *name; name += length + (name[length] == ',')) {
		length = strcspn(name, ",");
		if (length && !has_object(set, name, length))
			return false;
	}
	for (i = 0; i < set->nr_objects; i++) {
		if (set->objects[i].asked && !is_named(&set->objects[i], names))
			return false;
	}
	return true;
}

void vmw_watch_free_sites(struct vmw_watch *watch)
{
	free(watch->sites.sites);
	free(watch->sites.objects);
}
