// SPDX-License-Identifier: GPL-2.0-only
/* --report: what the running service knows, by the exporters of a trace. */
#include "base/log.h"
#include "cli/commands.h"
#include "cli/draw.h"
#include "output/export.h"
#include "report/report.h"
#include "service/feed/fetch.h"
#include "watch/require_layout.h"
#include "watch/watch.h"

static int write_text(const void *data, FILE *file)
{
	const struct vmw_drawing *drawing = data;

	return vmw_export_text(drawing->picture.report, drawing->verbose, file);
}

static int write_json(const void *drawing, FILE *file)
{
	return vmw_export_json(((const struct vmw_drawing *)drawing)->picture.report, file);
}

static int write_map(const void *drawing, FILE *file)
{
	int err = write_text(drawing, file);

	return err ? err : vmw_draw_map(drawing, file);
}

static enum vmw_exit print(const struct vmw_options *options, const struct vmw_report *report)
{
	int (*write)(const void *drawing, FILE *file) = write_text;
	struct vmw_output html = { 0 };
	struct vmw_drawing drawing;
	enum vmw_exit code;

	if (options->format != VMW_FORMAT_TEXT)
		write = write_json;
	else if (options->map)
		write = write_map;
	vmw_draw_begin(&drawing, options, report->layout, report->bounds, report);
	code = vmw_draw_open(options, &html);
	if (!code)
		code = vmw_output_write(options->output, write, &drawing);
	if (!code)
		code = vmw_draw_html(&drawing, options, &html);
	vmw_output_close(&html);
	vmw_draw_end(&drawing);
	return code;
}

enum vmw_exit vmw_mode_report(const struct vmw_options *options)
{
	struct vmw_state *state;
	enum vmw_exit code;
	char why[256];

	if (vmw_fetch_report(&state, options->feed[0].at.path, why, sizeof(why))) {
		vmw_error("%s", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	state->report.redact = options->redact;
	state->report.code = vmw_watch_judge(&state->report, true);
	code = print(options, &state->report);
	if (!code)
		code = state->report.code;
	vmw_state_free(state);
	return code;
}
