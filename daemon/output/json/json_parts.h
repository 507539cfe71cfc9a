/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts that documents and lines are made of, shared by the files of JSON. */
#ifndef VMEMMAPWATCH_EXPORT_JSON_PARTS_H
#define VMEMMAPWATCH_EXPORT_JSON_PARTS_H

#include "output/export.h"
#include "output/json/json_build.h"
#include "report/redact.h"
#include "report/report.h"

#define VMW_REPORT_SCHEMA "vmemmapwatch.report/1"

/* Of json_parts.c. What would be empty is left out. */
void js_add_time(json *object, const struct vmw_report *report, const char *key, u64 time_ns);
void js_add_task(json *object, const struct vmw_header *header);
void js_add_range(json *object, const struct vmw_report *report, const struct vmw_range *range);
void js_add_pages(json *object, const struct vmw_report *report, const struct vmw_range *range);
/* js_add_range() without pfns and physical addresses. */
void js_add_judged(json *object, const struct vmw_report *report, const struct vmw_range *range);
void js_add_stack(json *object, const struct vmw_report *report, const struct vmw_frames *stack);
void js_add_errno(json *object, int error);
void js_add_limit(json *object, const struct vmw_report *report, const struct vmw_limit *limit);
void js_add_memory(json *object, const struct vmw_report *report,
		   const struct vmw_request *request);

/* Numbers and symbols, redacted where the report is: redact.h. */
json *js_secret(const struct vmw_report *report, enum vmw_secret secret, u64 value);
json *js_place(const struct vmw_report *report, u64 value);
json *js_address(const struct vmw_report *report, u64 address);
json *js_symbol(const struct vmw_report *report, const char *symbol);

/*
 * Of json_seen.c: add what was seen to @object, which a line has put its type
 * in and which is returned.
 */
json *js_request(json *object, const struct vmw_report *report,
		 const struct vmw_request *request);
json *js_offender(json *object, const struct vmw_report *report,
		  const struct vmw_offender *offender);
json *js_used(json *object, const struct vmw_report *report, const struct vmw_used *used);
json *js_observation(json *object, const struct vmw_report *report,
		     const struct vmw_observation *o);
json *js_warn(json *object, const struct vmw_report *report, const struct vmw_warn *warn);

/* Of json_status.c: how well the watching itself goes. */
json *js_probes(const struct vmw_report *report);
json *js_probe_counts(const struct vmw_report *report);
json *js_losses(const struct vmw_report *report);
json *js_firing(const struct vmw_report *report);
/* In json_story.c: who @request is for, and its timeline. */
struct vmw_request;
void js_add_requester(json *object, const struct vmw_report *report,
		      const struct vmw_request *request);
void js_add_timeline(json *object, const struct vmw_report *report,
		     const struct vmw_request *request);

/* Of the service: since when without a gap, and what is known of before. */
void js_add_watch(json *object, const struct vmw_report *report);
json *js_kmsg(const struct vmw_report *report);
json *js_self(const struct vmw_report *report);
json *js_add_counts(json *object, const struct vmw_report *report);
json *js_command(const struct vmw_command *command);

/* Of json.c: add who speaks of what kernel, and since when, to @object. */
json *js_hello(json *object, const struct vmw_report *report, const char *schema);

/* Of layout_json.c. */
json *js_layout(const struct vmw_layout *layout, bool redact);
json *js_bounds(const struct vmw_layout *layout, bool redact);

/* The names of @kinds of regions, a bit each. */
json *js_regions(u32 kinds);

/* Of explain_json.c: the struct pages of @e, and their verdict. */
void js_add_explained(json *object, const struct vmw_explained *x,
		      const struct vmw_explanation *e);

/* Of support.c: what is known of the kernel besides its layout. */
json *js_kernel(const struct vmw_kernel_facts *kernel, bool redact);

/* A document of the running kernel, or of a file's: its schema, our version, its release. */
json *js_document(const char *schema, const struct vmw_layout *layout);

#endif
