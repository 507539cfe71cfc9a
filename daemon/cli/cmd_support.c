// SPDX-License-Identifier: GPL-2.0-only
/* --support: can the bug happen on this kernel, can it be watched, what would help. */
#include <stdlib.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "kernel/btf.h"
#include "output/describe_support.h"
#include "probe/require.h"
#include "watch/require_layout.h"

static int write_text(const void *support, FILE *file)
{
	return vmw_export_support_text(support, file);
}

static int write_json(const void *support, FILE *file)
{
	return vmw_export_support_json(support, file);
}

static void ask_bounds(struct vmw_support *s, struct vmw_bounds *bounds)
{
	static const enum vmw_value_id live[] = {
		VMW_VALUE_START,
		VMW_VALUE_EFFECTIVE,
		VMW_VALUE_END,
		VMW_VALUE_VMEMMAP,
	};
	enum vmw_value_id missing;
	size_t i;
	int id;

	s->has_bounds = !vmw_layout_bounds(s->layout, bounds, &missing);
	for (id = 0; id < VMW_NR_VALUES; id++)
		s->disagree |= vmw_layout_matters(id) && vmw_layout_disagrees(s->layout, id);
	for (i = 0; i < ARRAY_SIZE(live); i++)
		s->formula_only |= vmw_layout_is_formula(&s->layout->values[live[i]]);
}

static void ask(struct vmw_support *s)
{
	struct vmw_bounds bounds;
	char why[256];

	ask_bounds(s, &bounds);
	vmw_kernel_facts_read(&s->kernel, s->layout);
	s->possible = vmw_possible(&s->kernel, s->has_bounds ? &bounds : NULL, s->redact,
				   s->possible_why, sizeof(s->possible_why));
	vmw_risks_read(&s->risks, vmw_btf());
	s->can_trace = !vmw_require_tracing(s->trace_why, sizeof(s->trace_why));
	if (s->can_trace) {
		s->trace_why[0] = '\0';
		s->listed = !vmw_probes_list(s->probes, VMW_ATTACH_AUTO);
		s->silent_error = vmw_canaries_try(&s->silent);
	}
	s->code = vmw_support_code(s, why, sizeof(why));
}

enum vmw_exit vmw_mode_support(const struct vmw_options *options)
{
	struct vmw_support *support = calloc(1, sizeof(*support));
	struct vmw_layout layout;
	enum vmw_exit code, written;

	if (!support) {
		vmw_error("out of memory");
		return VMW_EXIT_USAGE;
	}
	code = vmw_require_layout(&options->watch.layout, &layout);
	if (!code) {
		support->layout = &layout;
		support->redact = options->redact;
		support->verbose = options->verbose;
		ask(support);
		written = vmw_output_write(
			options->output,
			options->format == VMW_FORMAT_TEXT ? write_text : write_json, support);
		code = written ? written : support->code;
	}
	free(support);
	return code;
}
