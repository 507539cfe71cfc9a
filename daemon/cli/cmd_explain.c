// SPDX-License-Identifier: GPL-2.0-only
/* --explain WHAT...: what addresses, pfns and physical ranges are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "kernel/kallsyms.h"
#include "output/describe_explain.h"
#include "output/export.h"
#include "report/report.h"
#include "watch/require_layout.h"

static int write_text(const void *explained, FILE *file)
{
	return vmw_export_explained_text(explained, file);
}

static int write_json(const void *explained, FILE *file)
{
	return vmw_export_explained_json(explained, file);
}

/* All of them are parsed before the first is explained: all or nothing. */
static enum vmw_exit explain_all(const struct vmw_options *options, struct vmw_explained *x,
				 struct vmw_explanation *explanations)
{
	struct vmw_what what;
	char why[256];

	for (x->nr = 0; options->command[x->nr]; x->nr++) {
		if (vmw_what_parse(&what, options->command[x->nr], x->bounds->page_shift, why,
				   sizeof(why))) {
			vmw_error("--explain: %s", why);
			return VMW_EXIT_USAGE;
		}
		vmw_explain(&explanations[x->nr], &what, x->layout, x->bounds);
	}
	return VMW_EXIT_CLEAN;
}

/* Names of what is code or data, in one pass over /proc/kallsyms. */
static void find_symbols(struct vmw_explained *x, struct vmw_explanation *explanations)
{
	char *names = calloc(x->nr, VMW_WHAT_SYMBOL_LEN);
	u64 *addresses = calloc(x->nr, sizeof(*addresses));
	size_t i, found = 0;
	int err = -ENOMEM;

	for (i = 0; names && addresses && i < x->nr; i++)
		addresses[i] = explanations[i].what.first;
	if (names && addresses)
		err = vmw_kallsyms_name(VMW_KALLSYMS, addresses, x->nr, names,
					VMW_WHAT_SYMBOL_LEN);
	for (i = 0; !err && i < x->nr; i++) {
		const char *name = names + i * VMW_WHAT_SYMBOL_LEN;

		found += *name != '\0';
		/* The nearest one below is of something else where no module is loaded. */
		if (vmw_explain_has_symbol(&explanations[i]) &&
		    (explanations[i].region == VMW_REGION_IMAGE) == !strchr(name, '['))
			strcpy(explanations[i].symbol, name);
	}
	if (err)
		x->symbols_why = strerror(-err);
	else if (!found)
		x->symbols_why = "/proc/kallsyms hides addresses: run as root";
	free(addresses);
	free(names);
}

static enum vmw_exit explain(const struct vmw_options *options, struct vmw_explained *x,
			     struct vmw_explanation *explanations)
{
	struct vmw_iomem iomem;
	enum vmw_exit code;
	char why[96];
	int err = vmw_require_iomem(&options->watch.layout, &iomem, why, sizeof(why));

	x->iomem = err ? NULL : &iomem;
	x->iomem_why = err ? why : NULL;
	code = explain_all(options, x, explanations);
	if (options->watch.layout.from)
		x->symbols_why = "a file has no symbols";
	else if (!code)
		find_symbols(x, explanations);
	if (!code)
		code = vmw_output_write(
			options->output,
			options->format == VMW_FORMAT_TEXT ? write_text : write_json, x);
	if (!err)
		vmw_iomem_free(&iomem);
	return code;
}

enum vmw_exit vmw_mode_explain(const struct vmw_options *options)
{
	struct vmw_explanation *explanations;
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_explained x = { .layout = &layout, .bounds = &bounds };
	enum vmw_exit code;
	size_t n = 0;

	code = vmw_require_layout(&options->watch.layout, &layout);
	if (!code)
		code = vmw_require_bounds(&options->watch.layout, &layout, &bounds);
	if (code)
		return code;
	while (options->command[n])
		n++;
	explanations = calloc(n, sizeof(*explanations));
	if (!explanations) {
		vmw_error("%s", strerror(ENOMEM));
		return VMW_EXIT_USAGE;
	}
	x.explanations = explanations;
	code = explain(options, &x, explanations);
	free(explanations);
	return code;
}
