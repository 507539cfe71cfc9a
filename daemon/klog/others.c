// SPDX-License-Identifier: GPL-2.0-only
/* Dumps that are not judged: of ours, and those that only look alike. */
#include <stdio.h>
#include <string.h>

#include "klog/klog_internal.h"

/* What memremap_pages() and its callees say of a request: no check of vmemmap. */
static const struct {
	const char *message;
	const char *why;
} messages[] = {
	{ "Device private memory not supported",
	  "this kernel has no CONFIG_DEVICE_PRIVATE and refused the request (memremap_pages(), mm/memremap.c 6.12.117)" },
	{ "File system DAX not supported",
	  "this kernel has no CONFIG_FS_DAX and refused the request (memremap_pages(), mm/memremap.c 6.12.117)" },
	{ "Missing ",
	  "the driver's dev_pagemap lacks what its type needs, and the request was refused (memremap_pages(), mm/memremap.c 6.12.117)" },
	{ "Unknown memory type",
	  "the driver's dev_pagemap is of no type that there is, and the request was refused (memremap_pages(), mm/memremap.c 6.12.117)" },
	{ "Misaligned ",
	  "the range does not begin or end where a section does, and was refused (check_pfn_span(), mm/memory_hotplug.c 5.10.223)" },
	{ "Hotplugged memory exceeds",
	  "the range is beyond what the kernel allows, and was refused (check_hotplug_memory_addressable(), mm/memory_hotplug.c 5.10.223)" },
};

static const char *why_other(const struct vmw_klog_event *event)
{
	size_t i;

	if (event->kind == VMW_KLOG_OOPS)
		return "its address is none of a struct page out of bounds";
	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		if (!strncmp(event->message, messages[i].message, strlen(messages[i].message)))
			return messages[i].why;
	}
	return "it is no check of the bounds of vmemmap";
}

static bool is_same(const struct vmw_decoded_other *other, const struct vmw_klog_event *event,
		    const char *why)
{
	return other->kind == event->kind && !strcmp(other->place, event->place) &&
	       !strcmp(other->message, event->message) && !strcmp(other->why, why);
}

void vmw_boot_other(struct vmw_boot *boot, const struct vmw_klog_event *event, const char *why)
{
	struct vmw_decoded_boot *told = boot->told;
	struct vmw_decoded_other *other;
	size_t i;

	if (!why)
		why = why_other(event);
	for (i = 0; i < told->nr_others; i++) {
		if (is_same(&told->others[i], event, why)) {
			told->others[i].count++;
			told->others[i].last_line = event->seq;
			return;
		}
	}
	if (told->nr_others == VMW_MAX_DECODED) {
		told->dropped++;
		return;
	}
	other = &told->others[told->nr_others++];
	other->kind = event->kind;
	other->count = 1;
	other->first_line = other->last_line = event->seq;
	memcpy(other->place, event->place, sizeof(other->place));
	memcpy(other->driver, event->driver, sizeof(other->driver));
	memcpy(other->message, event->message, sizeof(other->message));
	snprintf(other->why, sizeof(other->why), "%s", why);
}

void vmw_boot_unjudged(struct vmw_boot *boot, const struct vmw_klog_event *event, const char *why)
{
	struct vmw_decoded_boot *told = boot->told;
	struct vmw_decoded_unjudged *u;
	size_t i;

	for (i = 0; i < told->nr_unjudged; i++) {
		u = &told->unjudged[i];
		if (u->kind == event->kind && !strcmp(u->place, event->place) &&
		    !strcmp(u->driver, event->driver) && !strcmp(u->why, why)) {
			u->count++;
			u->last_line = event->seq;
			return;
		}
	}
	if (told->nr_unjudged == VMW_MAX_DECODED) {
		told->dropped++;
		return;
	}
	u = &told->unjudged[told->nr_unjudged++];
	u->kind = event->kind;
	u->count = 1;
	u->address = event->address;
	u->first_line = u->last_line = event->seq;
	memcpy(u->place, event->place, sizeof(u->place));
	memcpy(u->driver, event->driver, sizeof(u->driver));
	snprintf(u->why, sizeof(u->why), "%s", why);
}

/*
 * A line of mhp_range_allowed() (mm/memory_hotplug.c 6.1.192), of
 * check_hotplug_memory_addressable() there in 5.10.223, or of arch_add_memory()
 * (arch/arm64/mm/mmu.c 5.10.223)? False where it is none of them.
 */
static bool parse_refusal(const char *text, struct vmw_decoded_refusal *r)
{
	unsigned long long first, last, low, high;

	if (sscanf(text,
		   "Hotplug memory [0x%llx-0x%llx] exceeds maximum addressable range [%llx-%llx]",
		   &first, &last, &low, &high) == 4 &&
	    last) {
		/* The range's end is behind it, the limit's is not. */
		*r = (struct vmw_decoded_refusal){ first, last - 1, low, high, .has_limit = true };
	} else if (sscanf(text,
			  "Hotplugged memory exceeds maximum addressable address, range=0x%llx-0x%llx, maximum=0x%llx",
			  &first, &last, &high) == 3) {
		*r = (struct vmw_decoded_refusal){ first, last, 0, high, .has_limit = true };
	} else if (strstr(text, "] is outside linear mapping region") &&
		   sscanf(text, "[%llx %llx] is outside", &first, &last) == 2 && last) {
		*r = (struct vmw_decoded_refusal){ first, last - 1, 0, 0, .has_limit = false };
	} else {
		return false;
	}
	return r->last >= r->first;
}

/* A line of the kernel's sources has no numbers in it. */
bool vmw_is_refusal(const char *text)
{
	const char *hotplugged = strstr(text, "Hotplugged memory exceeds");

	return strstr(text, "Hotplug memory [0x") || (hotplugged && !strchr(hotplugged, '%'));
}

bool vmw_boot_refusal(struct vmw_boot *boot, const char *text, u64 line)
{
	struct vmw_decoded_boot *told = boot->told;
	struct vmw_decoded_refusal r;
	size_t i;

	if ((*text != 'H' && *text != '[') || !parse_refusal(text, &r))
		return false;
	for (i = 0; i < told->nr_refusals; i++) {
		struct vmw_decoded_refusal *known = &told->refusals[i];

		if (known->first == r.first && known->last == r.last &&
		    known->limit_first == r.limit_first && known->limit_last == r.limit_last) {
			known->count++;
			known->last_line = line;
			return true;
		}
	}
	if (told->nr_refusals == VMW_MAX_DECODED) {
		told->dropped++;
		return true;
	}
	r.count = 1;
	r.first_line = r.last_line = line;
	told->refusals[told->nr_refusals++] = r;
	return true;
}
