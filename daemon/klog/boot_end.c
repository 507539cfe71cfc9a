// SPDX-License-Identifier: GPL-2.0-only
/* What is to be told of a boot that has ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/klog_internal.h"

static void give_up(struct vmw_boot *boot)
{
	char why[256];
	size_t i;

	snprintf(why, sizeof(why), "no verdict: %.180s", boot->told->bounds_why);
	for (i = 0; i < boot->nr_waiting; i++)
		vmw_boot_unjudged(boot, &boot->waiting[i].event, why);
	boot->nr_waiting = 0;
}

/* Where lines of the log say different things of what verdicts rest on. */
static void note_contradiction(struct vmw_decoded_boot *told)
{
	int id;

	for (id = 0; id < VMW_NR_VALUES && !*told->note; id++) {
		const struct vmw_value *value = &told->layout.values[id];
		unsigned int i = 1;

		if (!vmw_layout_matters(id) || !vmw_layout_disagrees(&told->layout, id))
			continue;
		while (i + 1 < value->nr && value->readings[i].value == value->readings[0].value)
			i++;
		told->contradicts = true;
		snprintf(told->note, sizeof(told->note),
			 "the layout contradicts itself about %s: 0x%llx by %.70s, 0x%llx by %.70s",
			 vmw_value_infos[id].name, value->readings[0].value,
			 value->readings[0].where, value->readings[i].value,
			 value->readings[i].where);
	}
}

/* Verdicts that no request gets where the kernel has the fix. */
#define BEYOND \
	(1U << VMW_ABOVE | 1U << VMW_USER | 1U << VMW_NON_CANONICAL | 1U << VMW_STRADDLES)

/* It came with 6.12; and where it is, no range beyond the linear map is accepted. */
static void tell_fix(struct vmw_boot *boot)
{
	struct vmw_kernel_facts *kernel = &boot->told->kernel;
	const struct vmw_layout *stated = &boot->stated.layout;
	struct vmw_release release = { 0, 0 };
	size_t i;

	sscanf(stated->kernel, "%u.%u", &release.major, &release.minor);
	kernel->fix = VMW_FIX_UNKNOWN;
	snprintf(kernel->fix_why, sizeof(kernel->fix_why),
		 "that is in the kernel's code, which a log does not have");
	if (release.major && (release.major < 6 || (release.major == 6 && release.minor < 12))) {
		kernel->fix = VMW_FIX_MISSING;
		snprintf(kernel->fix_why, sizeof(kernel->fix_why), "%.60s is older than 6.12",
			 stated->kernel);
		return;
	}
	for (i = 0; i < boot->told->nr_offenders; i++) {
		const struct vmw_decoded_offender *o = &boot->told->offenders[i];

		if (!(BEYOND >> o->range.verdict & 1))
			continue;
		kernel->fix = VMW_FIX_MISSING;
		snprintf(kernel->fix_why, sizeof(kernel->fix_why),
			 "it accepted a range beyond the linear map, line %llu", o->first_line);
		return;
	}
}

static void tell_kernel(struct vmw_boot *boot)
{
	struct vmw_kernel_facts *kernel = &boot->told->kernel;
	const struct vmw_stated *stated = &boot->stated;

	tell_fix(boot);
	kernel->panic_on_warn = kernel->panic_on_oops = -1;
	kernel->warn_limit = -1;
	kernel->kaslr_known = stated->kaslr_known;
	kernel->kaslr = stated->kaslr;
	if (stated->kaslr_known)
		snprintf(kernel->kaslr_why, sizeof(kernel->kaslr_why), "line %llu",
			 stated->kaslr_line);
}

static bool are_same(const struct vmw_bounds *a, const struct vmw_bounds *b)
{
	return a->start == b->start && a->end == b->end && a->nominal_start == b->nominal_start &&
	       a->page_struct_size == b->page_struct_size && a->page_shift == b->page_shift &&
	       a->va_bits == b->va_bits;
}

/*
 * Lines behind the dumps state other bounds than those that the dumps were judged by,
 * which is no log of one boot: the verdicts stay, pfns would be made up.
 */
static void keep_settled(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;

	told->bounds = boot->bounds;
	told->has_bounds = true;
	told->has_vmemmap = false;
	told->contradicts = true;
	told->bounds_why[0] = '\0';
	snprintf(told->note, sizeof(told->note),
		 "behind the first dump the log states another layout than before it: verdicts are by 0x%llx-0x%llx, that stood before",
		 told->bounds.start, told->bounds.end);
}

/* FILE has the bounds of every boot of a kernel, but vmemmap of only one boot. */
static void compare_vmemmap(struct vmw_boot *boot)
{
	static struct vmw_layout stated;
	const struct vmw_reading *reading = &stated.values[VMW_VALUE_VMEMMAP].readings[0];
	u64 own, by_file;

	if (*boot->told->note || !boot->settled)
		return;
	vmw_layout_of_log(&stated, vmw_boot_stated(boot), &boot->inferred, &boot->candidates);
	if (!vmw_layout_get(&stated, VMW_VALUE_VMEMMAP, &own) ||
	    !vmw_layout_get(boot->from, VMW_VALUE_VMEMMAP, &by_file) || own == by_file ||
	    reading->origin == VMW_FORMULA)
		return;
	snprintf(boot->told->note, sizeof(boot->told->note),
		 "FILE is of another boot: vmemmap is 0x%llx by the log (%s), which pfns and physical ranges are by",
		 own, reading->where);
	boot->told->contradicts = true;
	boot->told->bounds.vmemmap = own;
}

/* Where registers and release are of different layouts. */
static void note_registers(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;
	const struct vmw_inferred *i = &boot->inferred;

	if (*told->note || boot->from)
		return;
	if (i->conflict) {
		told->contradicts = true;
		snprintf(told->note, sizeof(told->note),
			 "registers hold the bounds of vmemmap of more than one layout: none can be trusted");
	} else if (i->done && i->differs) {
		snprintf(told->note, sizeof(told->note),
			 "%.60s is not the layout of that release: %s is in x%d in line %llu, as in %s, and counts",
			 boot->stated.layout.kernel,
			 i->start_register >= 0 ? "VMEMMAP_START" : "VMEMMAP_END",
			 i->start_register >= 0 ? i->start_register : i->end_register, i->line,
			 *told->layout.era ? told->layout.era : "other releases");
	}
}

static void send_layout(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;
	u64 vmemmap;

	if (boot->from)
		told->layout = *boot->from;
	else
		vmw_layout_of_log(&told->layout, vmw_boot_stated(boot), &boot->inferred,
				  &boot->candidates);
	if (!*told->layout.kernel)
		memcpy(told->layout.kernel, boot->stated.layout.kernel,
		       sizeof(told->layout.kernel));
	told->has_bounds = vmw_relative_bounds(&told->layout, &told->bounds, told->bounds_why,
					       sizeof(told->bounds_why));
	told->has_vmemmap = told->has_bounds &&
			    vmw_layout_get(&told->layout, VMW_VALUE_VMEMMAP, &vmemmap);
	if (told->has_vmemmap)
		told->bounds.vmemmap = vmemmap;
	if (boot->settled && !are_same(&boot->bounds, &told->bounds))
		keep_settled(boot);
	if (boot->from)
		compare_vmemmap(boot);
	note_registers(boot);
	if (!told->has_vmemmap)
		snprintf(told->vmemmap_why, sizeof(told->vmemmap_why),
			 "memstart_addr is not in the log: PHYS_OFFSET of a panic, RAM of a boot without KASLR, or two dumps with a pfn would tell it");
	note_contradiction(told);
}

static void tell_range(struct vmw_decoded_offender *o, const struct vmw_decoded_boot *told,
		       const struct vmw_found *found)
{
	const struct vmw_bounds *b = &told->bounds;
	struct vmw_judgement j = vmw_judge_pages(b, found->judgement.start,
						 found->nr_pages * b->page_struct_size);
	u64 pfn = vmw_pfn_of(b, j.start);

	o->range = vmw_judged_range(0, found->nr_pages, &j);
	if (!told->has_vmemmap || vmw_page_of(b, pfn) != j.start ||
	    (pfn + found->nr_pages - 1) >> (52 - b->page_shift))
		return;
	o->has_phys = true;
	o->range.pfn = pfn;
}

static u64 time_of(u64 ns)
{
	/* vmw_found_time() has no 0. */
	return ns > 1 ? ns : 0;
}

static void send_offender(struct vmw_decoded_offender *o, const struct vmw_decoded_boot *told,
			  const struct vmw_found *found)
{
	tell_range(o, told, found);
	o->at_least = !found->warns && !*o->range_by;
	memcpy(o->driver, found->driver, sizeof(o->driver));
	memcpy(o->module, found->module, sizeof(o->module));
	memcpy(o->comm, found->comm, sizeof(o->comm));
	o->warns = found->warns;
	o->removal = found->removal;
	o->first_line = found->first_seq;
	o->last_line = found->last_seq;
	o->first_ns = time_of(found->first_ns);
	o->last_ns = time_of(found->last_ns);
}

static void send_offenders(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;
	size_t i;

	told->offenders = boot->details;
	told->nr_offenders = boot->nr_details;
	boot->details = NULL;
	boot->nr_details = 0;
	for (i = 0; i < told->nr_offenders; i++)
		send_offender(&told->offenders[i], told, &boot->founds.found[i]);
	told->dropped += boot->founds.dropped;
}

struct vmw_decoded_boot *vmw_boot_end(struct vmw_boot *boot, u64 last_line)
{
	struct vmw_decoded_boot *told = boot->told;

	bool any = told->warns || told->oopses || told->nr_refusals || told->nr_others ||
		   told->nr_strays;

	if (!any && (!boot->addresses.nr || !vmw_boot_stated(boot)->any))
		return NULL;
	if (boot->nr_waiting)
		vmw_boot_judge_waiting(boot);
	if (boot->nr_waiting)
		give_up(boot);
	told->last_line = last_line;
	send_layout(boot);
	send_offenders(boot);
	tell_kernel(boot);
	if (!any)
		vmw_boot_addresses(boot);
	if (!any && !told->nr_addresses)
		return NULL;
	boot->told = NULL;
	return told;
}

size_t vmw_decoded_findings(const struct vmw_decoded_boot *boot)
{
	size_t n = boot->nr_offenders + boot->nr_unjudged + boot->nr_strays, i;

	for (i = 0; i < boot->nr_addresses; i++)
		n += boot->addresses[i].range.verdict != VMW_IN_BOUNDS;
	return n;
}

enum vmw_exit vmw_decoded_code(const struct vmw_decoded *decoded)
{
	size_t findings = decoded->boots_dropped, i;
	u64 line;

	for (i = 0; i < decoded->nr_boots; i++) {
		if (decoded->boots[i]->contradicts)
			return VMW_EXIT_BOUNDS;
		findings += vmw_decoded_findings(decoded->boots[i]);
	}
	if (findings)
		return VMW_EXIT_OFFENDER;
	if (vmw_unparsed_first(&decoded->unparsed, &line) != VMW_NR_UNPARSED)
		return VMW_EXIT_LOST;
	return VMW_EXIT_CLEAN;
}
