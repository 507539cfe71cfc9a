// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names, and the search for them. All that is searched for is at least SHORTEST
 * bytes long, so that one of any STEP positions in a row lies within it, with the GRAM
 * bytes that follow: only those are looked at.
 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "klog/names.h"
#include "layout/layout.h"

/*
 * Where struct pages are written and read first, besides the functions whose WARNs
 * are ours: mm/mm_init.c, mm/page_alloc.c and mm/memremap.c, 6.1.192 and 6.12.117.
 */
static const char *const fault_functions[] = {
	"__init_single_page",	   "__init_zone_device_page",
	"memmap_init_range",	   "memmap_init_compound",
	"init_reserved_page",	   "prep_compound_head",
	"prep_compound_page",	   "set_pageblock_migratetype",
	"get_pfnblock_flags_mask", "set_pfnblock_flags_mask",
	"pagemap_range",	   "pageunmap_range",
	"zone_device_page_init",   "free_zone_device_page",
	"free_zone_device_folio",  "memremap_pages",
	"memunmap_pages",
};

/* What else is on the way of a request: same files, and kernel/resource.c. */
static const char *const hotplug_functions[] = {
	"__add_pages",
	"__remove_pages",
	"add_pages",
	"arch_add_memory",
	"arch_remove_memory",
	"add_memory_resource",
	"try_remove_memory",
	"mhp_range_allowed",
	"check_pfn_span",
	"check_hotplug_memory_addressable",
	"sparse_add_section",
	"sparse_remove_section",
	"section_activate",
	"section_deactivate",
	"move_pfn_range_to_zone",
	"__populate_section_memmap",
	"devm_memremap_pages",
	"get_free_mem_region",
	"__request_free_mem_region",
	"request_free_mem_region",
	"devm_request_free_mem_region",
};

#define GRAM	 4
#define SHORTEST 12
#define STEP	 (SHORTEST - GRAM + 1)
#define SLOTS	 2048

struct needle {
	const char *text;
	enum vmw_mention kind;
	bool reference; /* counts only where an offset or nothing follows */
};

/* Names that no prose of a kernel has; of the others only "NAME+0x" counts. */
static const struct needle needles[] = {
	{ "vmemmap_populate", VMW_MENTION_NAME, false },
	{ "vmemmap_free", VMW_MENTION_NAME, false },
	{ "__init_single_page", VMW_MENTION_NAME, false },
	{ "__init_zone_device_page", VMW_MENTION_NAME, false },
	{ "memmap_init_zone_device", VMW_MENTION_NAME, false },
	{ "__add_pages+", VMW_MENTION_NAME, false },
	{ "Unable to handle kernel", VMW_MENTION_HEAD, false },
	{ "WARNING: CPU:", VMW_MENTION_HEAD, false },
	{ "WARNING: arch/", VMW_MENTION_HEAD, false },
	{ "arch/arm64/mm/mmu.c", VMW_MENTION_HEAD, false },
	{ "-----[ cut here ]", VMW_MENTION_HEAD, false },
	{ "Hotplug memory [", VMW_MENTION_REFUSAL, false },
	{ "Hotplugged memory exceeds", VMW_MENTION_REFUSAL, false },
	/* Traces of tasks that are well, or whose trouble has another head. */
	{ "BUG: soft lockup", VMW_MENTION_OTHER, false },
	{ "detected hard LOCKUP", VMW_MENTION_OTHER, false },
	{ "workqueue lockup", VMW_MENTION_OTHER, false },
	{ "detected stall", VMW_MENTION_OTHER, false },
	{ "self-detected stall", VMW_MENTION_OTHER, false },
	{ "NMI backtrace", VMW_MENTION_OTHER, false },
	{ "sysrq: Show ", VMW_MENTION_OTHER, false },
	{ "blocked for more than", VMW_MENTION_OTHER, false },
	{ "page allocation failure", VMW_MENTION_OTHER, false },
	{ "sleeping function called", VMW_MENTION_OTHER, false },
	{ "scheduling while atomic", VMW_MENTION_OTHER, false },
	{ "invoked oom-killer", VMW_MENTION_OTHER, false },
	{ "circular locking", VMW_MENTION_OTHER, false },
	{ "recursive locking", VMW_MENTION_OTHER, false },
	{ "suspicious RCU usage", VMW_MENTION_OTHER, false },
	{ "inconsistent lock state", VMW_MENTION_OTHER, false },
	/* See arch.c, which has the last word on them. */
	{ "BUG: unable to handle", VMW_MENTION_ARCH, false },
	{ "BUG: kernel NULL pointer dereference, address", VMW_MENTION_ARCH, false },
	{ "BUG: Unable to handle kernel", VMW_MENTION_ARCH, false },
	{ "BUG: Kernel NULL pointer dereference", VMW_MENTION_ARCH, false },
	{ "Faulting instruction address", VMW_MENTION_ARCH, false },
	{ "kernel pointer dereference in virtual", VMW_MENTION_ARCH, false },
	{ "SBI specification", VMW_MENTION_ARCH, false },
};

#define NR_NEEDLES \
	(ARRAY_SIZE(needles) + ARRAY_SIZE(fault_functions) + ARRAY_SIZE(hotplug_functions))

/* Chains of the places in needles whose GRAM bytes have the same hash. */
static struct {
	bool ready;
	uint32_t filter[65536 / 32]; /* a bit for each hash that any of them has */
	uint16_t head[SLOTS];	     /* number of the first link, from 1 */
	struct {
		uint16_t next;
		uint8_t needle, offset;
	} link[NR_NEEDLES * STEP + 1];
	uint16_t nr;
	struct needle needle[NR_NEEDLES];
	uint8_t length[NR_NEEDLES];
	unsigned int nr_needles;
} table;

static unsigned int hash_of(const char *text)
{
	uint32_t gram;

	memcpy(&gram, text, GRAM);
	return gram * 2654435761U >> 16;
}

static unsigned int slot_of(const char *text)
{
	return hash_of(text) % SLOTS;
}

static void add_needle(const char *text, enum vmw_mention kind, bool reference)
{
	unsigned int n = table.nr_needles, offset, slot;

	if (strlen(text) < SHORTEST)
		return;
	table.nr_needles++;
	table.needle[n] = (struct needle){ text, kind, reference };
	table.length[n] = strlen(text);
	for (offset = 0; offset < STEP; offset++) {
		slot = slot_of(text + offset);
		table.filter[hash_of(text + offset) / 32] |= 1U << hash_of(text + offset) % 32;
		table.link[++table.nr].next = table.head[slot];
		table.link[table.nr].needle = n;
		table.link[table.nr].offset = offset;
		table.head[slot] = table.nr;
	}
}

static void make_table(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(needles); i++)
		add_needle(needles[i].text, needles[i].kind, needles[i].reference);
	for (i = 0; i < ARRAY_SIZE(fault_functions); i++)
		add_needle(fault_functions[i], VMW_MENTION_NAME, true);
	for (i = 0; i < ARRAY_SIZE(hotplug_functions); i++)
		add_needle(hotplug_functions[i], VMW_MENTION_NAME, true);
	table.ready = true;
}

/* Behind a name: its offset, a compiler's suffix, or the end of a line that was cut. */
static bool is_reference(const char *behind, const char *end)
{
	return behind == end || *behind == '+' || *behind == '.' || *behind == '\n' ||
	       *behind == '\r' || !*behind;
}

/* The needle that lies across @at, by the chain of what is there; NULL: none. */
static const char *find_across(const char *at, const char *from, const char *end,
			       unsigned int *ret)
{
	const char *found = NULL;
	uint16_t i;

	for (i = table.head[slot_of(at)]; i; i = table.link[i].next) {
		unsigned int n = table.link[i].needle, offset = table.link[i].offset;
		const char *begin = at - offset;

		if (at - from < (ptrdiff_t)offset || end - begin < table.length[n] ||
		    *begin != *table.needle[n].text || begin[7] != table.needle[n].text[7] ||
		    memcmp(begin, table.needle[n].text, table.length[n]))
			continue;
		if (table.needle[n].reference && !is_reference(begin + table.length[n], end))
			continue;
		if (found && begin >= found)
			continue;
		found = begin;
		*ret = n;
	}
	return found;
}

static unsigned int may_be(const char *at)
{
	unsigned int hash = hash_of(at);

	return table.filter[hash / 32] >> hash % 32 & 1;
}

/* The first position, in steps from @at, at which a needle may lie; or behind the last. */
static const char *skip(const char *at, const char *end)
{
	/* Four at a time: there is nothing at nearly all of them. */
	while (end - at >= GRAM + 3 * STEP) {
		if (may_be(at) | may_be(at + STEP) | may_be(at + 2 * STEP) | may_be(at + 3 * STEP))
			break;
		at += 4 * STEP;
	}
	while (end - at >= GRAM && !may_be(at))
		at += STEP;
	return at;
}

/* The first needle from @from to before @end, and which in *@ret; NULL: none. */
static const char *next_needle(const char *from, const char *end, unsigned int *ret)
{
	const char *at = from, *found;

	if (!table.ready)
		make_table();
	for (; end - (at = skip(at, end)) >= GRAM; at += STEP) {
		found = find_across(at, from, end, ret);
		if (found)
			return found;
	}
	return NULL;
}

const char *vmw_next_mention(const char *from, const char *end, enum vmw_mention *ret)
{
	unsigned int n;
	const char *found = next_needle(from, end, &n);

	*ret = found ? table.needle[n].kind : VMW_MENTION_NONE;
	return found;
}

bool vmw_mentions(const char *text, enum vmw_mention kind)
{
	const char *end = text + strlen(text);
	enum vmw_mention found;

	while ((text = vmw_next_mention(text, end, &found))) {
		if (found == kind)
			return true;
		text++;
	}
	return false;
}

/* What prose about a function does not have: an offset, or digits of registers. */
static bool is_of_dump(const char *text)
{
	const char *begin = text;
	size_t n;

	if (strstr(text, "+0x") || strstr(text, " = 0") || !strncmp(text, "pc :", 4) ||
	    !strncmp(text, "lr :", 4))
		return true;
	for (; *text; text += n + !n) {
		n = strspn(text, "0123456789abcdef");
		if (n == 16 && (text == begin || text[-1] != 'x'))
			return true;
	}
	return false;
}

/* Is what stands behind a name no offset, no end, and no other line? */
static bool is_prose(const char *behind)
{
	const char *word = behind + strspn(behind, "_abcdefghijklmnopqrstuvwxyz");

	/* Names that begin with one of ours go on with "_"; lines do not. */
	if (behind[-1] == '+' || (word > behind && *behind != '_'))
		return false;
	return *word && strchr(" (),;\"'`", *word);
}

/* A name, one blank, and one word: two frames that were cut. */
static bool is_two_words(const char *text)
{
	const char *second = text + strcspn(text, " ");
	size_t length = *second ? strcspn(second + 1, " (,:;") : 0;

	return length && !second[1 + length] && second[length] != '.';
}

bool vmw_refers_to(const char *text)
{
	const char *begin = text, *end = text + strlen(text);
	unsigned int n;

	while ((text = next_needle(text, end, &n))) {
		if (table.needle[n].kind == VMW_MENTION_NAME &&
		    (table.needle[n].reference || !is_prose(text + table.length[n]) ||
		     is_of_dump(begin) || (text == begin && is_two_words(text))))
			return true;
		text++;
	}
	return false;
}

bool vmw_is_function(const char *name, const char *plain)
{
	size_t length = strlen(plain);

	return !strncmp(name, plain, length) && (!name[length] || name[length] == '.');
}

static bool is_one_of(const char *name, const char *const *names, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (vmw_is_function(name, names[i]))
			return true;
	}
	return false;
}

bool vmw_is_fault_function(const char *name)
{
	return is_one_of(name, fault_functions, ARRAY_SIZE(fault_functions)) ||
	       vmw_is_warn_function(name, strcspn(name, "."));
}

bool vmw_is_hotplug_function(const char *name)
{
	return vmw_is_fault_function(name) ||
	       is_one_of(name, hotplug_functions, ARRAY_SIZE(hotplug_functions));
}
