// SPDX-License-Identifier: GPL-2.0-only
#include <malloc.h>

#include "exit.h"
#include "log.h"
#include "mode/mode.h"
#include "options.h"

int main(int argc, char **argv)
{
	struct vmw_options options;

	/*
	 * Fixed, since a freed BTF would raise it to some MiB: the next one would then
	 * be carved out of the heap, and not be given back.
	 */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	if (vmw_options_parse(&options, argc, argv))
		return VMW_EXIT_USAGE;
	vmw_log_libbpf();
	switch (options.mode) {
	case VMW_MODE_TRACE:
		return vmw_mode_trace(&options);
	case VMW_MODE_LAYOUT:
		return vmw_mode_layout(&options);
	case VMW_MODE_EXPLAIN:
		return vmw_mode_explain(&options);
	case VMW_MODE_PROBES:
		return vmw_mode_probes(&options);
	case VMW_MODE_NONE:
		break;
	}
	return VMW_EXIT_USAGE;
}
