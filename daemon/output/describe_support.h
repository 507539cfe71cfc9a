/* SPDX-License-Identifier: GPL-2.0-only */
/* What --support has found out, and its two forms. */
#ifndef VMEMMAPWATCH_OUTPUT_DESCRIBE_SUPPORT_H
#define VMEMMAPWATCH_OUTPUT_DESCRIBE_SUPPORT_H

#include "layout/possible.h"
#include "layout/risks.h"
#include "output/describe.h"

struct vmw_support {
	const struct vmw_layout *layout;
	bool redact;
	bool verbose; /* people are shown each probe */
	struct vmw_kernel_facts kernel;
	enum vmw_possible possible;
	char possible_why[400];
	bool has_bounds;
	bool formula_only; /* of what verdicts rest on, something is no reading */
	bool disagree;
	bool can_trace;
	char trace_why[256]; /* why not; "" */
	struct vmw_risks risks;
	bool listed; /* the kernel was asked for each row */
	struct vmw_probe_status probes[VMW_NR_PROBES];
	u32 silent;	  /* ways of VMW_WAYS that do not fire, a bit each */
	int silent_error; /* negative errno: that could not be tried */
	enum vmw_exit code;
};

/*
 * The exit code. Without bounds that are read and that nobody contradicts, and a probe of
 * class certain, it cannot be watched: VMW_EXIT_UNTRACEABLE or VMW_EXIT_BOUNDS, and one
 * line in @why (of @size bytes). Else it is the answer to whether the kernel can hit the
 * bug: VMW_EXIT_CLEAN (it cannot), VMW_EXIT_OFFENDER (it can) or VMW_EXIT_LOST (unknown),
 * and @why is empty. A 0 is given only where all could be looked at.
 */
enum vmw_exit vmw_support_code(const struct vmw_support *support, char *why, size_t size);

/* Called for each thing that is missing, with what would help. */
typedef void (*vmw_missing_fn)(const char *missing, const char *help, void *context);
void vmw_support_missing(const struct vmw_support *support, vmw_missing_fn fn, void *context);

/* A part of that: what is known of the kernel besides its layout. */
void vmw_describe_kernel(struct vmw_writer *w, const struct vmw_kernel_facts *kernel,
			 const char *release);

/* Returns 0 or a negative errno. */
int vmw_export_support_text(const struct vmw_support *support, FILE *file);
int vmw_export_support_json(const struct vmw_support *support, FILE *file);

#endif
