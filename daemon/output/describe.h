/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What each thing consists of, for all writers: to add a field, add it here. Members go
 * into the object that is open; a card is whole.
 */
#ifndef VMEMMAPWATCH_OUTPUT_DESCRIBE_H
#define VMEMMAPWATCH_OUTPUT_DESCRIBE_H

#include "output/writer.h"
#include "report/report.h"
#include "report/why.h"

#define VMW_REPORT_SCHEMA "vmemmapwatch.report/1"

/* describe_parts.c: what most things have. What would be empty is left out. */
void vmw_describe_time(struct vmw_writer *w, const struct vmw_report *report, const char *name,
		       u64 time_ns);
void vmw_describe_task(struct vmw_writer *w, const struct vmw_report *report,
		       const struct vmw_header *header);
void vmw_describe_pages(struct vmw_writer *w, const struct vmw_range *range);
/* From the struct pages on: for a range whose pfns are not known. */
void vmw_describe_judged(struct vmw_writer *w, const struct vmw_report *report,
			 const struct vmw_range *range);
/* For people: what else lies where struct pages are out of bounds, and who notices. */
void vmw_say_lies_in(struct vmw_writer *w, const struct vmw_layout *layout, u32 kinds,
		     bool kernel_warns);
void vmw_describe_range(struct vmw_writer *w, const struct vmw_report *report,
			const struct vmw_range *range);
void vmw_describe_pfn(struct vmw_writer *w, const struct vmw_range *range);
void vmw_describe_stack(struct vmw_writer *w, const struct vmw_frames *stack);
void vmw_describe_errno(struct vmw_writer *w, int error);
void vmw_describe_limit(struct vmw_writer *w, const struct vmw_limit *limit);
void vmw_describe_regions(struct vmw_writer *w, const char *name, u32 kinds);

/* "above VMEMMAP_END": what follows "struct pages". */
extern const char *const vmw_verdict_words[VMW_NR_VERDICTS];

/*
 * describe_verdict.c, for people: what and who, why, and what to do next, a headline
 * each; and two of these alone. @facts may be NULL; @does is what the kernel does, or "";
 * @verdicts has a bit for each.
 */
#define VMW_FIX_NAME "eeb8fdfcf090, 6.12"
void vmw_describe_verdict(struct vmw_writer *w, const struct vmw_report *report);
void vmw_say_fix(struct vmw_writer *w, const struct vmw_kernel_facts *facts,
		 const char *release, const char *does);
void vmw_say_next(struct vmw_writer *w, const struct vmw_kernel_facts *facts, u32 verdicts,
		  const char *who);

/* describe_seen.c: @n is the offender's number in the report. */
void vmw_describe_offender(struct vmw_writer *w, const struct vmw_report *report,
			   const struct vmw_offender *offender, unsigned int n);
void vmw_describe_use(struct vmw_writer *w, const struct vmw_report *report,
		      const struct vmw_used *used, unsigned int n);
void vmw_describe_request(struct vmw_writer *w, const struct vmw_report *report,
			  const struct vmw_request *request);
void vmw_describe_observation(struct vmw_writer *w, const struct vmw_report *report,
			      const struct vmw_observation *o);
void vmw_describe_warn(struct vmw_writer *w, const struct vmw_report *report,
		       const struct vmw_warn *warn);

/* describe_site_probes.c */
void vmw_describe_site_probes(struct vmw_writer *w, const struct vmw_report *report);

/* describe_request.c: who it is for, and what came after what. */
void vmw_describe_requester(struct vmw_writer *w, const struct vmw_report *report,
			    const struct vmw_request *request);
void vmw_describe_timeline(struct vmw_writer *w, const struct vmw_report *report,
			   const struct vmw_request *request);
void vmw_describe_memory(struct vmw_writer *w, const struct vmw_report *report,
			 const struct vmw_request *request);
void vmw_describe_outcome(struct vmw_writer *w, const struct vmw_report *report,
			  const struct vmw_request *request);
void vmw_say_outcome(struct vmw_writer *w, const struct vmw_report *report,
		     const struct vmw_request *request);

/* describe_status.c: how well the watching itself goes. */
void vmw_describe_probes(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_probe_counts(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_losses(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_firing(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_watch(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_kmsg(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_self(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_counts(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_command(struct vmw_writer *w, const struct vmw_command *command);

/* describe_layout.c */
void vmw_describe_layout(struct vmw_writer *w, const struct vmw_layout *layout);
void vmw_describe_bounds(struct vmw_writer *w, const struct vmw_layout *layout);
/* For people: by which values struct pages are judged, and who says so. */
void vmw_say_bounds(struct vmw_writer *w, const struct vmw_layout *layout);

/* The values that bounds are made of, in the order in which people are told them. */
#define VMW_NR_BOUNDS_VALUES 4
extern const enum vmw_value_id vmw_bounds_values[VMW_NR_BOUNDS_VALUES];

/* describe_why.c: each verdict that there is, and refusals, with what to do. */
void vmw_describe_why(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_why_range(struct vmw_writer *w, const char *name,
			    const struct vmw_report *report, const struct vmw_range *range);
void vmw_describe_statements(struct vmw_writer *w, const char *name, const char *heading,
			     const struct vmw_statement *statements, int n);

/* describe_report.c: all of it; and what a document and a stream say first. */
void vmw_describe_report(struct vmw_writer *w, const struct vmw_report *report);
void vmw_describe_hello(struct vmw_writer *w, const struct vmw_report *report,
			const char *schema);

/* A document of the running kernel, or of a file's: its schema, our version, its release. */
void vmw_describe_document(struct vmw_writer *w, const char *schema,
			   const struct vmw_layout *layout);

/*
 * Is @request listed for people besides what is out of bounds: with @refused among
 * those that the kernel refused, else among those whose ranges are all in bounds?
 */
bool vmw_request_is_listed(const struct vmw_request *request, bool refused);

#endif
