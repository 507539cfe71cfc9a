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

struct vmw_boot *vmw_boot_new(const struct vmw_layout *from, struct vmw_unparsed *unparsed,
			      u64 line)
{
	struct vmw_boot *boot = calloc(1, sizeof(*boot));

	if (boot)
		boot->told = calloc(1, sizeof(*boot->told));
	if (!boot || !boot->told) {
		free(boot);
		return NULL;
	}
	boot->from = from;
	boot->unparsed = unparsed;
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

/* The pfn of @page: as the argument beside it, or in two registers. */
static bool is_known_pfn(const struct vmw_klog_event *event, unsigned int reg, u64 page)
{
	unsigned int i;

	if (reg == 1 && event->registers & 1 && event->x[0] == page)
		return true;
	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (i != reg && event->registers >> i & 1 && event->x[i] == event->x[reg])
			return true;
	}
	return false;
}

/* An oops shows one section; its registers may have all that was asked for. */
static void take_request(struct vmw_boot *boot, struct vmw_found *found,
			 const struct vmw_klog_event *event)
{
	struct vmw_decoded_offender *detail = &boot->details[found - boot->founds.found];
	const struct vmw_bounds *b = &boot->bounds;
	u64 offset, first, end, pfn;
	unsigned int reg;

	if (event->kind != VMW_KLOG_OOPS || boot->err || *detail->range_by)
		return;
	/* Where the range begins, by whichever register has the pfn of the faulting page. */
	offset = (event->address - vmw_page_of(b, found->pfn)) / b->page_struct_size;
	for (reg = 0; reg < VMW_KLOG_REGISTERS; reg++) {
		pfn = event->x[reg] - offset;
		if (event->registers >> reg & 1 && event->x[reg] >= offset &&
		    is_known_pfn(event, reg, vmw_page_of(b, found->pfn + offset)) &&
		    vmw_request_of(event, b, pfn, &first, &end, detail->range_by,
				   sizeof(detail->range_by)))
			break;
	}
	if (reg == VMW_KLOG_REGISTERS || end - first <= found->nr_pages)
		return;
	found->nr_pages = end - first;
	found->judgement = vmw_judge_pfns(b, found->pfn, found->nr_pages);
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

/* Are all registers there that an oops prints, so that what none has is nowhere? */
static bool has_registers(const struct vmw_klog_event *event)
{
	return __builtin_popcount(event->registers) >= 29;
}

/*
 * Can @address be in a struct page out of bounds: of a pfn that arm64 can have? What
 * is near NULL may fault for many reasons.
 */
static bool can_be_page(const struct vmw_boot *boot, u64 address)
{
	u64 pfn = vmw_pfn_of(&boot->bounds, address);

	return address >= 1ULL << boot->bounds.page_shift &&
	       pfn >> (boot->scan.phys_bits - boot->bounds.page_shift) == 0 &&
	       vmw_place(&boot->bounds, address) != VMW_IN_BOUNDS;
}

static void fold_faultless(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	bool page = can_be_page(boot, event->address), ours = !event->other;

	if (page && (ours || !event->registers)) {
		vmw_boot_unjudged(
			boot, event,
			event->registers ?
				"no verdict: no register has the struct page of that address" :
				"no verdict: its registers are not in the log");
		return;
	}
	boot->told->oopses--;
	if (!event->ended || (ours && !has_registers(event) && event->registers))
		vmw_unparsed_note(boot->unparsed, VMW_UNPARSED_INCOMPLETE, event->seq);
	vmw_boot_other(boot, event, NULL);
}

static void fold_rangeless(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (event->kind == VMW_KLOG_OOPS) {
		fold_faultless(boot, event);
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
	take_request(boot, found, event);
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

/* How the log shows that FILE is of another kernel; false where it does not. */
static bool is_other_kernel(const struct vmw_boot *boot, char *why, size_t size)
{
	const struct vmw_stated *stated = vmw_boot_stated(boot);
	const struct vmw_inferred *inferred = &boot->inferred;
	const char *release = boot->stated.layout.kernel;
	u64 start, end, value;

	if (*release && *boot->from->kernel && strcmp(release, boot->from->kernel)) {
		snprintf(why, size, "FILE is of another kernel: %.60s, the log is of %.60s",
			 boot->from->kernel, release);
		return true;
	}
	if (inferred->done && inferred->start_register >= 0 &&
	    vmw_layout_get(boot->from, VMW_VALUE_START, &start) &&
	    vmw_layout_get(boot->from, VMW_VALUE_END, &end) &&
	    (inferred->start != start || inferred->end != end)) {
		snprintf(why, size,
			 "FILE is of another kernel: by registers in line %llu, VMEMMAP_START and VMEMMAP_END are 0x%llx and 0x%llx",
			 inferred->line, inferred->start, inferred->end);
		return true;
	}
	if (stated->page_shift && vmw_layout_get(boot->from, VMW_VALUE_PAGE_SHIFT, &value) &&
	    value != stated->page_shift) {
		snprintf(why, size, "FILE is of another kernel: line %llu has pages of %u KiB",
			 stated->pages_line, (1U << stated->page_shift) / 1024);
		return true;
	}
	if (stated->va_bits && vmw_layout_get(boot->from, VMW_VALUE_VA_BITS_ACTUAL, &value) &&
	    value != stated->va_bits) {
		snprintf(why, size, "FILE is of another kernel: line %llu has %u-bit VAs",
			 stated->pages_line, stated->va_bits);
		return true;
	}
	return false;
}

/* Then FILE says nothing of this log, and the log's own words have to do. */
static void leave_file(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;

	if (!boot->from || !is_other_kernel(boot, told->note, sizeof(told->note)))
		return;
	told->contradicts = true;
	boot->from = NULL;
	boot->settled = false;
}

static void infer(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	struct vmw_inferred *inferred = &boot->inferred;
	bool conflict = inferred->conflict;

	if (inferred->done)
		return;
	vmw_infer_build(event, vmw_boot_stated(boot), inferred);
	inferred->conflict |= conflict;
}

static void take_ours(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (event->kind == VMW_KLOG_WARN)
		boot->told->warns++;
	else
		boot->told->oopses++;
	infer(boot, event);
	leave_file(boot);
	if (event->no_address || boot->inferred.conflict) {
		vmw_boot_unjudged(boot, event,
				  event->no_address ?
					  "no verdict: its address is not in the log" :
					  "no verdict: registers have bounds of several layouts");
		return;
	}
	if (!boot->settled)
		vmw_boot_judge_waiting(boot);
	if (boot->settled)
		fold(boot, event);
	else
		wait(boot, event);
}

/* Any function may be the one that steps on a struct page that WARNs have told of. */
static bool take_use(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	struct vmw_found *found;

	if (event->kind != VMW_KLOG_OOPS || event->no_address || !boot->settled)
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

/* An oops elsewhere may be on a struct page of nothing: settle, if that is possible. */
static bool take_stray(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (event->kind != VMW_KLOG_OOPS || event->hotplug || !event->registers)
		return false;
	infer(boot, event);
	leave_file(boot);
	if (!boot->settled)
		vmw_boot_judge_waiting(boot);
	return vmw_boot_stray(boot, event);
}

/*
 * A dump of others; one that has lost its end does not tell all that it is about, and of
 * lines that were cut and joined anything may have come.
 */
static void take_other(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (!event->ended &&
	    (event->hotplug || !event->sure || (event->cut && event->kind == VMW_KLOG_OOPS)))
		vmw_unparsed_note(boot->unparsed, VMW_UNPARSED_CUT, event->seq);
	else if (!event->sure)
		vmw_unparsed_note(boot->unparsed,
				  event->kind == VMW_KLOG_WARN ? VMW_UNPARSED_BROKEN :
								 VMW_UNPARSED_NAMELESS,
				  event->seq);
	if (event->hotplug)
		vmw_boot_other(boot, event, NULL);
	else if (event->kind == VMW_KLOG_WARN)
		boot->told->other_warns++;
	else
		boot->told->other_oopses++;
}

void vmw_boot_event(struct vmw_boot *boot, const struct vmw_klog_event *event)
{
	if (event->arch) {
		vmw_unparsed_note_arch(boot->unparsed, event->arch, event->seq);
		return;
	}
	if (event->kind == VMW_KLOG_OOPS && !*event->function) {
		vmw_unparsed_note(boot->unparsed,
				  event->cut ? VMW_UNPARSED_CUT : VMW_UNPARSED_NAMELESS,
				  event->seq);
		return;
	}
	if (*event->release && !*boot->stated.layout.kernel)
		vmw_layout_set_release(&boot->stated.layout, event->release);
	if (*event->release && !*boot->quoted.layout.kernel)
		vmw_layout_set_release(&boot->quoted.layout, event->release);
	if (take_stray(boot, event))
		return;
	if (!event->other || (event->kind == VMW_KLOG_OOPS && is_page_user(event->function)))
		take_ours(boot, event);
	else if (!take_use(boot, event))
		take_other(boot, event);
}
