// SPDX-License-Identifier: GPL-2.0-only
/*
 * One boot in a log. Dumps wait until its bounds are known, by a WARN's registers at
 * the latest as a rule, and are then what a scan of a live log makes of them
 * (found.c): ranges of struct pages out of bounds.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/klog_internal.h"
#include "probe/probe.h"

struct vmw_boot *vmw_boot_new(const struct vmw_layout *from, u64 line)
{
	struct vmw_boot *boot = calloc(1, sizeof(*boot));

	if (boot)
		boot->told = calloc(1, sizeof(*boot->told));
	if (!boot || !boot->told) {
		free(boot);
		return NULL;
	}
	boot->from = from;
	boot->told->first_line = line;
	vmw_stated_init(&boot->stated);
	vmw_stated_init(&boot->quoted);
	boot->scan.ret = &boot->founds;
	boot->scan.bounds = &boot->bounds;
	boot->scan.until_ns = ~0ULL;
	return boot;
}

void vmw_decoded_boot_free(struct vmw_decoded_boot *told)
{
	size_t i;

	if (!told)
		return;
	for (i = 0; i < told->nr_offenders; i++)
		free(told->offenders[i].stack);
	free(told->offenders);
	free(told);
}

void vmw_boot_free(struct vmw_boot *boot)
{
	size_t i;

	if (!boot)
		return;
	for (i = 0; i < boot->nr_details; i++)
		free(boot->details[i].stack);
	free(boot->details);
	vmw_founds_free(&boot->founds);
	vmw_decoded_boot_free(boot->told);
	free(boot);
}

const struct vmw_stated *vmw_boot_stated(const struct vmw_boot *boot)
{
	return boot->stated.any || !boot->quoted.any ? &boot->stated : &boot->quoted;
}

static void settle_layout(struct vmw_boot *boot, struct vmw_layout *ret)
{
	if (boot->from)
		*ret = *boot->from;
	else
		vmw_layout_of_log(ret, vmw_boot_stated(boot), &boot->inferred, &boot->candidates);
}

/* By asm/sparsemem.h 6.1.192 where no formula tells. */
static unsigned int section_bits(const struct vmw_layout *layout, unsigned int page_shift)
{
	u64 bits;

	if (vmw_layout_get(layout, VMW_VALUE_SECTION_BITS, &bits) &&
	    vmw_layout_is_sane(VMW_VALUE_SECTION_BITS, bits))
		return bits;
	return page_shift == 16 ? 29 : 27;
}

static void fold(struct vmw_boot *boot, const struct vmw_klog_event *event);

void vmw_boot_judge_waiting(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;
	size_t i;

	settle_layout(boot, &told->layout);
	if (!vmw_relative_bounds(&told->layout, &boot->bounds, told->bounds_why,
				 sizeof(told->bounds_why)))
		return;
	boot->settled = true;
	boot->scan.phys_bits = vmw_relative_bits(&told->layout);
	boot->scan.section_bits = section_bits(&told->layout, boot->bounds.page_shift);
	for (i = 0; i < boot->nr_waiting; i++) {
		struct vmw_klog_event *event = &boot->waiting[i].event;

		if (event->stack)
			event->stack = &boot->waiting[i].stack;
		fold(boot, event);
	}
	boot->nr_waiting = 0;
}

/* The struct page that a fault is in, where that is out of bounds: its range. */
static struct vmw_found *find_fault(struct vmw_boot *boot, u64 address)
{
	u64 pfn = vmw_pfn_of(&boot->bounds, address);
	size_t i;

	for (i = 0; i < boot->founds.nr; i++) {
		struct vmw_found *found = &boot->founds.found[i];

		if (pfn >= found->pfn && pfn - found->pfn < found->nr_pages)
			return found;
	}
	return NULL;
}

static struct vmw_decoded_stack *copy_stack(const struct vmw_stack *stack)
{
	struct vmw_decoded_stack *copy = stack && stack->nr_frames ? calloc(1, sizeof(*copy)) :
								     NULL;

	if (!copy)
		return NULL;
	copy->nr = stack->nr_frames;
	memcpy(copy->name, stack->name, sizeof(copy->name));
	return copy;
}

static int grow_details(struct vmw_boot *boot)
{
	size_t nr = boot->founds.nr;
	struct vmw_decoded_offender *details;

	if (nr <= boot->nr_details)
		return 0;
	details = reallocarray(boot->details, nr, sizeof(*details));
	if (!details)
		return -ENOMEM;
	memset(details + boot->nr_details, 0, (nr - boot->nr_details) * sizeof(*details));
	boot->details = details;
	boot->nr_details = nr;
	return 0;
}

/* What a range does not keep of its dumps. */
static void take_details(struct vmw_boot *boot, const struct vmw_found *found,
			 const struct vmw_klog_event *event)
{
	struct vmw_decoded_offender *detail;

	if (grow_details(boot)) {
		boot->err = -ENOMEM;
		return;
	}
	detail = &boot->details[found - boot->founds.found];
	if (event->kind == VMW_KLOG_OOPS && !detail->oopses++) {
		memcpy(detail->fault_place, event->place, sizeof(detail->fault_place));
		detail->fault_address = event->address;
		detail->fault_line = event->seq;
	}
	/* Who has made them says more than who takes them down. */
	if (*detail->place && (!detail->removal || event->removal))
		return;
	memcpy(detail->place, event->place, sizeof(detail->place));
	detail->pid = event->pid;
	detail->removal = event->removal;
	free(detail->stack);
	detail->stack = copy_stack(event->stack);
}

/* The range that has counted the dump at that line. */
static struct vmw_found *find_counted(struct vmw_boot *boot, u64 line)
{
	size_t i;

	for (i = boot->founds.nr; i; i--) {
		if (boot->founds.found[i - 1].last_seq == line)
			return &boot->founds.found[i - 1];
	}
	return NULL;
}

/* The first struct page that @event is about: of its section, or the one it faulted on. */
static u64 page_of(const struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	u64 pfn, nr;

	if (event->kind == VMW_KLOG_OOPS)
		return vmw_page_of(&boot->bounds, vmw_pfn_of(&boot->bounds, event->address));
	if (!vmw_klog_range(event, &boot->bounds, boot->scan.section_bits, boot->scan.phys_bits,
			    &pfn, &nr))
		return 0;
	return vmw_page_of(&boot->bounds, pfn);
}

static void fold_rangeless(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (event->kind == VMW_KLOG_OOPS) {
		boot->told->oopses--;
		vmw_boot_other(boot, event, NULL);
	} else if (!event->registers) {
		vmw_boot_unjudged(boot, event, "no verdict: its registers are not in the log");
	} else {
		vmw_boot_unjudged(
			boot, event,
			boot->from ?
				"no verdict: no register has a range that is out of bounds by FILE: is it of this boot?" :
				"no verdict: which range it is about is not in its registers");
	}
}

/* One dump of ours, by bounds that are settled. */
static void fold(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	u32 rangeless = boot->founds.rangeless;
	struct vmw_found *found;
	u64 page;

	/* Anything may fault near NULL: only what WARNs have told of makes it ours. */
	if (event->kind == VMW_KLOG_OOPS && event->address < 1ULL << boot->bounds.page_shift &&
	    !find_fault(boot, event->address)) {
		fold_rangeless(boot, event);
		return;
	}
	vmw_found_event(&boot->scan, event);
	if (boot->scan.err) {
		boot->err = boot->scan.err;
		return;
	}
	if (boot->founds.rangeless != rangeless) {
		fold_rangeless(boot, event);
		return;
	}
	found = find_counted(boot, event->seq);
	if (!found) {
		boot->told->dropped++;
		return;
	}
	take_details(boot, found, event);
	page = page_of(boot, event);
	if (page)
		vmw_candidates_add(&boot->candidates, event, &boot->bounds, page);
}

/* Until something further down states a layout. */
static void wait(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (boot->nr_waiting == VMW_MAX_WAITING) {
		boot->told->dropped++;
		return;
	}
	boot->waiting[boot->nr_waiting].event = *event;
	if (event->stack)
		boot->waiting[boot->nr_waiting].stack = *event->stack;
	boot->nr_waiting++;
}

/* FILE is of another kernel than the log, where the WARN's registers say so. */
static void compare_with_file(struct vmw_boot *boot)
{
	const struct vmw_inferred *inferred = &boot->inferred;

	if (!boot->from ||
	    (inferred->start == boot->bounds.nominal_start && inferred->end == boot->bounds.end))
		return;
	snprintf(boot->told->note, sizeof(boot->told->note),
		 "FILE is of another kernel: VMEMMAP_START and VMEMMAP_END in registers of the WARN in line %llu are 0x%llx and 0x%llx",
		 inferred->line, inferred->start, inferred->end);
}

static void take_ours(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (event->kind == VMW_KLOG_WARN)
		boot->told->warns++;
	else
		boot->told->oopses++;
	if (!boot->inferred.done && event->kind == VMW_KLOG_WARN)
		vmw_infer_build(event, vmw_boot_stated(boot), &boot->inferred);
	if (!boot->settled)
		vmw_boot_judge_waiting(boot);
	if (!boot->settled) {
		wait(boot, event);
		return;
	}
	if (boot->inferred.done && boot->inferred.line == event->seq)
		compare_with_file(boot);
	fold(boot, event);
}

/* Any function may be the one that steps on a struct page that WARNs have told of. */
static bool take_use(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	struct vmw_found *found;

	if (event->kind != VMW_KLOG_OOPS || !boot->settled)
		return false;
	found = find_fault(boot, event->address);
	if (!found)
		return false;
	boot->told->oopses++;
	found->oops = true;
	found->last_seq = event->seq;
	take_details(boot, found, event);
	return true;
}

/* A function that works with struct pages that it is given, by the probe table. */
static bool is_page_user(const char *function)
{
	size_t length = strcspn(function, ".");
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		const struct vmw_probe_info *probe = &vmw_probe_infos[id];

		if ((probe->class == VMW_CLASS_CERTAIN || probe->class == VMW_CLASS_USE) &&
		    strlen(probe->symbol) == length && !memcmp(probe->symbol, function, length))
			return true;
	}
	return false;
}

void vmw_boot_event(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (*event->release && !*boot->stated.layout.kernel)
		vmw_layout_set_release(&boot->stated.layout, event->release);
	if (*event->release && !*boot->quoted.layout.kernel)
		vmw_layout_set_release(&boot->quoted.layout, event->release);
	if (!event->other || (event->kind == VMW_KLOG_OOPS && is_page_user(event->function))) {
		take_ours(boot, event);
	} else if (!take_use(boot, event)) {
		if (event->hotplug)
			vmw_boot_other(boot, event, NULL);
		else if (event->kind == VMW_KLOG_WARN)
			boot->told->other_warns++;
		else
			boot->told->other_oopses++;
	}
}
