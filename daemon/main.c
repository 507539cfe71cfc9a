// SPDX-License-Identifier: GPL-2.0-only
#include <malloc.h>
#include <signal.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/output_file.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "watch/require_layout.h"

static enum vmw_exit run(const struct vmw_options *options)
{
	switch (options->mode) {
	case VMW_MODE_TRACE:
		return vmw_mode_trace(options);
	case VMW_MODE_LAYOUT:
		return vmw_mode_layout(options);
	case VMW_MODE_EXPLAIN:
		return vmw_mode_explain(options);
	case VMW_MODE_PROBES:
		return vmw_mode_probes(options);
	case VMW_MODE_SITES:
		return vmw_mode_sites(options);
	case VMW_MODE_SUPPORT:
		return vmw_mode_support(options);
	case VMW_MODE_DECODE:
		return vmw_mode_decode(options);
	case VMW_MODE_PREFLIGHT:
		return vmw_mode_preflight(options);
	case VMW_MODE_DAEMON:
		return vmw_mode_daemon(options);
	case VMW_MODE_ATTACH:
		return vmw_mode_attach(options);
	case VMW_MODE_REPORT:
		return vmw_mode_report(options);
	case VMW_MODE_FOLLOW:
		return vmw_mode_follow(options);
	case VMW_MODE_KEEP:
		return vmw_mode_keep(options);
	case VMW_MODE_METRICS:
		return vmw_mode_metrics(options);
	case VMW_MODE_CHECK_CONFIG:
		return VMW_EXIT_CLEAN; /* it was read without an error */
	case VMW_MODE_PRINT_CONFIG:
		return vmw_output_write(options->output, vmw_options_print, options);
	case VMW_MODE_NONE:
	case VMW_NR_MODES:
		break;
	}
	return VMW_EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct vmw_options options;
	enum vmw_exit code;

	/*
	 * Fixed, since a freed BTF would raise it to some MiB: the next one would then
	 * be carved out of the heap, and not be given back.
	 */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	/* A file that would be larger than RLIMIT_FSIZE is an error, not our death. */
	signal(SIGXFSZ, SIG_IGN);
	/* A reader that left is an error of writing, too, and mostly none. */
	signal(SIGPIPE, SIG_IGN);
	if (vmw_options_parse(&options, argc, argv))
		return VMW_EXIT_USAGE;
	vmw_options_apply(&options);
	vmw_log_libbpf();
	code = run(&options);
	vmw_options_free(&options);
	return code;
}
