// SPDX-License-Identifier: GPL-2.0-only
/* --probes: every row of the table, and what this kernel says to it. */
#include <string.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "output/text/text_writer.h"
#include "probe/require.h"
#include "report/report.h"
#include "watch/require_layout.h"

struct listing {
	struct vmw_probe_status status[VMW_NR_PROBES];
};

/* A row that is for grep and awk, and what it means, indented. */
static void print_row(struct vmw_writer *w, int id, const struct vmw_probe_status *s)
{
	const struct vmw_probe_info *info = &vmw_probe_infos[id];
	int over = strlen(info->symbol) > 28 ? strlen(info->symbol) - 28 : 0;

	vmw_paragraph(w, "%-28s %-*s %-8s %-8s %s", info->symbol, over < 19 ? 19 - over : 0,
		      vmw_kind_names[info->kind], vmw_class_names[info->class],
		      vmw_is_caller(id) ? vmw_heat_names[info->heat] : "-",
		      s->how ? s->how : "-");
	vmw_paragraph(w, "    %s", info->meaning);
	if (*s->problem)
		vmw_paragraph(w, "    %s: %s", vmw_probe_state(s), s->problem);
	if (s->note)
		vmw_paragraph(w, "    %s", s->note);
}

/* Several rows of one symbol are prototypes of it: the one that fits will do. */
static int print(const void *data, FILE *file)
{
	const struct listing *listing = data;
	struct vmw_text_writer text;
	struct vmw_writer *w = vmw_text_begin(&text, file, false);
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++)
		print_row(w, id, &listing->status[id]);
	return vmw_text_end(&text);
}

/* The numbers that a trace and --support speak of. */
static void say_totals(const struct vmw_options *options, const struct listing *listing)
{
	int id, possible = 0, used = 0;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		if (!listing->status[id].how)
			continue;
		possible++;
		used += !vmw_is_caller(id) || options->watch.chosen[id];
	}
	vmw_notice("%d rows, of which several are one function in different releases; "
		   "this kernel has %d of them, and a trace attaches %d by default",
		   VMW_NR_PROBES, possible, used);
}

enum vmw_exit vmw_mode_probes(const struct vmw_options *options)
{
	struct listing listing;
	char why[256];
	int err;

	if (vmw_require_tracing(why, sizeof(why))) {
		vmw_error("cannot trace: %s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	err = vmw_probes_list(listing.status, options->watch.attach_with);
	if (err) {
		vmw_error("cannot ask this kernel for its probes: %s", strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	say_totals(options, &listing);
	return vmw_output_write(options->output, print, &listing);
}
