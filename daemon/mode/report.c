// SPDX-License-Identifier: GPL-2.0-only
/* --report: what the running service knows, by the exporters of a trace. */
#include "../export/report.h"
#include "../feed/fetch.h"
#include "../log.h"
#include "mode.h"
#include "settle.h"
#include "watch.h"

static int write_text(const void *report, FILE *file)
{
	return vmw_export_text(report, file);
}

static int write_json(const void *report, FILE *file)
{
	return vmw_export_json(report, file);
}

enum vmw_exit vmw_mode_report(const struct vmw_options *options)
{
	struct vmw_state *state;
	enum vmw_exit code;
	char why[256];

	if (vmw_fetch_report(&state, options, why, sizeof(why))) {
		vmw_error("%s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	state->report.redact = options->redact;
	state->report.code = vmw_watch_judge(&state->report, true);
	code = vmw_settle_output(options, options->format == VMW_FORMAT_TEXT ?
				 write_text : write_json, &state->report);
	if (!code)
		code = state->report.code;
	vmw_state_free(state);
	return code;
}
