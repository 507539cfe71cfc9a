/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a decoder. */
#ifndef VMEMMAPWATCH_KLOG_KLOG_INTERNAL_H
#define VMEMMAPWATCH_KLOG_KLOG_INTERNAL_H

#include "kernel/iomem.h"
#include "klog/decode.h"
#include "klog/found.h"
#include "klog/klog.h"
#include "klog/stated.h"
#include "klog/strip.h"

/* The parts of a scan: sections, their claims, the log, and what joins them. */

/* A scan under way. */
struct vmw_scan {
	struct vmw_founds *ret;
	const struct vmw_bounds *bounds;
	struct vmw_iomem iomem;	   /* empty where it was not read */
	u64 until_ns;		   /* dumps from then on do not count */
	unsigned int section_bits; /* 0: not known */
	unsigned int phys_bits;
	int taint_bit; /* of section_mem_map; negative: not known */
	int online_bit;
	struct vmw_found open; /* the range that sections still make longer */
	u64 open_flags;	       /* what they have in common */
	/* The dump before, if it was of a range that is gone now. */
	struct vmw_found *last;
	struct vmw_klog_event last_event;
	int err; /* -ENOMEM */
};

/*
 * A new range of @scan->ret, with its judgement; NULL where there is no room,
 * which is counted, or no memory.
 */
struct vmw_found *vmw_found_add(struct vmw_scan *scan, u64 pfn, u64 nr_pages);

/* Walk mem_section[]; each section goes to vmw_found_section(). */
void vmw_found_sections(struct vmw_scan *scan);

/*
 * The section @nr is present, its section_mem_map being @map; in order of their
 * numbers, and vmw_found_sections_end() behind the last.
 */
void vmw_found_section(struct vmw_scan *scan, u64 nr, u64 map);
void vmw_found_sections_end(struct vmw_scan *scan);

/* Cut @range by the claims in @scan->iomem, and add what comes out. */
void vmw_found_split(struct vmw_scan *scan, const struct vmw_found *range);

/* A time of the log as CLOCK_BOOTTIME; never 0, which stands for none. */
u64 vmw_found_time(const struct vmw_founds *founds, u64 log_ns);

/* Read the log from @path; each event goes to vmw_found_event(). */
void vmw_found_log(struct vmw_scan *scan, const char *path);

/* A vmw_klog_fn; @data is the scan. All live ranges are known by now. */
void vmw_found_event(void *data, const struct vmw_klog_event *event);

/* Dumps that wait for a layout to be stated further down. */
#define VMW_MAX_WAITING 64

/* What registers have told of how the kernel was built. */
struct vmw_inferred {
	bool done;
	struct vmw_release release; /* by whose formulas; as stated, where it was */
	unsigned int va_bits, page_shift, struct_page;
	u64 start, end;			  /* as the registers have them */
	int start_register, end_register; /* negative: not in a register */
	bool oops;			  /* registers of an oops, not of a WARN */
	bool differs;			  /* from what the release that is stated would have */
	bool conflict; /* registers have bounds of several layouts: not done */
	bool paired;   /* both ends of a section were in registers, too */
	u64 line;
	char function[VMW_KLOG_FUNCTION_LEN];
};

/*
 * Of which build is the kernel that @event is of? By VMEMMAP_START and VMEMMAP_END, that
 * the check of a WARN compares with, both in registers; or, where the oops or its mail
 * states pages and VA bits, by one of them. @stated narrows the choice, but registers
 * beat the release. False where none fits, or more than one.
 */
bool vmw_infer_build(const struct vmw_klog_event *event, const struct vmw_stated *stated,
		     struct vmw_inferred *ret);

/*
 * What could be memstart_addr by registers that have a pfn beside its struct page:
 * the same value by several dumps of different pages is no coincidence.
 */
#define VMW_MAX_CANDIDATES 64
struct vmw_candidates {
	struct {
		u64 memstart;
		unsigned int votes;
		u64 first_page; /* that it was first seen with */
		u64 line;
		int reg;
		bool argument; /* page and pfn are the arguments of the function */
	} at[VMW_MAX_CANDIDATES];
	size_t nr;
	u64 dropped;
};

/* ARM64_MEMSTART_ALIGN: asm/kernel-pgtable.h, 6.1.192 lines 129-148. Bytes. */
u64 vmw_memstart_align(unsigned int page_shift);

/* @page is a struct page that @event is about; @bounds need not have vmemmap. */
void vmw_candidates_add(struct vmw_candidates *candidates, const struct vmw_klog_event *event,
			const struct vmw_bounds *bounds, u64 page);

/*
 * Settle @ret from what a boot has stated and @inferred, with vmemmap itself where
 * @candidates or @stated tell. vmw_layout_bounds() says what is missing.
 * @candidates may be NULL.
 */
void vmw_layout_of_log(struct vmw_layout *ret, const struct vmw_stated *stated,
		       const struct vmw_inferred *inferred,
		       const struct vmw_candidates *candidates);

/*
 * Bounds of @layout that need no vmemmap: where it is not known, one that numbers
 * struct pages from far below VMEMMAP_START on takes its place. False, and why, where verdicts
 * cannot be had.
 */
bool vmw_relative_bounds(const struct vmw_layout *layout, struct vmw_bounds *ret, char *why,
			 size_t size);

/*
 * The physical bits, in the words of vmw_klog_range(), that number all struct pages
 * there can be by such bounds.
 */
unsigned int vmw_relative_bits(const struct vmw_layout *layout);

/* Addresses in lines of a mail that are about pages. */
struct vmw_addresses {
	struct {
		u64 address, line;
	} at[VMW_MAX_ADDRESSES];
	size_t nr;
	bool pages; /* the line before was about pages */
};

void vmw_addresses_line(struct vmw_addresses *addresses, const char *text, u64 number);

/* The boot that is being read. */
struct vmw_boot {
	struct vmw_unparsed *unparsed; /* the log's */
	struct vmw_addresses addresses;
	const struct vmw_layout *from;
	struct vmw_decoded_boot *told; /* what is to be told of it */
	struct vmw_stated stated;
	struct vmw_stated quoted; /* by lines that a mail quotes */
	struct vmw_inferred inferred;
	struct vmw_candidates candidates;
	bool settled;		  /* its bounds are known, as far as verdicts need them */
	struct vmw_bounds bounds; /* relative */
	struct vmw_scan scan;
	struct vmw_founds founds;
	struct vmw_decoded_offender *details; /* one for each of founds */
	size_t nr_details;
	struct {
		struct vmw_klog_event event;
		struct vmw_stack stack;
	} waiting[VMW_MAX_WAITING];
	size_t nr_waiting;
	bool any; /* it has had a line of the kernel */
	int err;  /* -ENOMEM */
};

struct vmw_boot *vmw_boot_new(const struct vmw_layout *from, struct vmw_unparsed *unparsed,
			      u64 line);
void vmw_boot_free(struct vmw_boot *boot);

/* A vmw_klog_fn's work: one dump. */
void vmw_boot_event(struct vmw_boot *boot, const struct vmw_klog_event *event);

/* Try to settle by what is known; dumps that waited are judged then. */
void vmw_boot_judge_waiting(struct vmw_boot *boot);

/* A line that refuses a range of memory? Then it is counted. Cheap for others. */
bool vmw_boot_refusal(struct vmw_boot *boot, const char *text, u64 line);

/* Is @text, in whatever form, a refusal? */
bool vmw_is_refusal(const char *text);

/*
 * Is @event an oops on a struct page out of bounds, made from an address that has no
 * struct page, as its registers prove? Then it becomes a finding. Bounds are settled.
 */
bool vmw_boot_stray(struct vmw_boot *boot, const struct vmw_klog_event *event);

/* Judge the addresses that a mail states, where it has no dump. */
void vmw_boot_addresses(struct vmw_boot *boot);

/*
 * Where the registers of @event, an oops on the struct page of @pfn, have where the
 * request begins and ends: the pfns of that, and which registers. False where not.
 */
bool vmw_request_of(const struct vmw_klog_event *event, const struct vmw_bounds *bounds,
		    u64 pfn, u64 *ret_first, u64 *ret_end, char *by, size_t size);

/* All that is to be told of it, the caller's own then. NULL where there is nothing. */
struct vmw_decoded_boot *vmw_boot_end(struct vmw_boot *boot, u64 last_line);
void vmw_decoded_boot_free(struct vmw_decoded_boot *told);

/* What is known by now, of lines that nobody quotes or else of those. */
const struct vmw_stated *vmw_boot_stated(const struct vmw_boot *boot);

/* In others.c: a dump that is none of ours, and why; or ours without a verdict. */
void vmw_boot_other(struct vmw_boot *boot, const struct vmw_klog_event *event, const char *why);
void vmw_boot_unjudged(struct vmw_boot *boot, const struct vmw_klog_event *event,
		       const char *why);

#endif
