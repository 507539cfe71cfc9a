/* SPDX-License-Identifier: GPL-2.0-only */
/* Explanations of what was asked, as text and as JSON. */
#ifndef VMEMMAPWATCH_OUTPUT_DESCRIBE_EXPLAIN_H
#define VMEMMAPWATCH_OUTPUT_DESCRIBE_EXPLAIN_H

#include "explain/explain.h"
#include "output/describe.h"

/*
 * By @layout and @bounds. @iomem is NULL where there is none for that kernel, and
 * @iomem_why then one line that says why; likewise @symbols_why, which is NULL where
 * symbols were looked up.
 */
struct vmw_explained {
	const struct vmw_explanation *explanations;
	size_t nr;
	const struct vmw_layout *layout;
	const struct vmw_bounds *bounds;
	const struct vmw_iomem *iomem;
	const char *iomem_why;
	const char *symbols_why;
};

/* Returns 0 or a negative errno. */
int vmw_export_explained_text(const struct vmw_explained *explained, FILE *file);
int vmw_export_explained_json(const struct vmw_explained *explained, FILE *file);

/* A part: the struct pages of @e. */
void vmw_describe_explained(struct vmw_writer *w, const struct vmw_explained *x,
			    const struct vmw_explanation *e);

#endif
