// SPDX-License-Identifier: GPL-2.0-only
/* --probes: every row of the table, and what this kernel says to it. */
#include <string.h>

#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "probe/require.h"
#include "report/report.h"
#include "watch/require_layout.h"

struct listing {
	struct vmw_probe_status status[VMW_NR_PROBES];
};

/* Several rows of one symbol are prototypes of it: the one that fits will do. */
static int print(const void *data, FILE *file)
{
	const struct listing *listing = data;
	int id;

	for (id = 0; id < VMW_NR_PROBES; id++) {
		const struct vmw_probe_info *info = &vmw_probe_infos[id];
		const struct vmw_probe_status *s = &listing->status[id];

		fprintf(file, "%-28s %-19s %-8s %-8s %-10s %s%s%s%s%s%s%s\n", info->symbol,
			vmw_kind_names[info->kind], vmw_class_names[info->class],
			vmw_is_caller(id) ? vmw_heat_names[info->heat] : "",
			s->how ? s->how : "-", info->meaning, *s->problem ? "; " : "",
			*s->problem ? vmw_probe_state(s) : "", *s->problem ? ": " : "",
			s->problem, s->note ? "; " : "", s->note ? s->note : "");
	}
	return 0;
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
		vmw_error("cannot ask this kernel: %s", strerror(-err));
		return VMW_EXIT_UNTRACEABLE;
	}
	return vmw_output_write(options->output, print, &listing);
}
