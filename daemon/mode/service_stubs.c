// SPDX-License-Identifier: GPL-2.0-only
/* Modes whose options are known and which this build lacks. */
#include "../log.h"
#include "mode.h"

#define LACKING(name) \
	enum vmw_exit vmw_mode_##name(const struct vmw_options *options) \
	{ \
		(void)options; \
		vmw_error("--" #name ": this build has no service"); \
		return VMW_EXIT_USAGE; \
	}

LACKING(daemon)
LACKING(attach)
LACKING(report)
LACKING(follow)
LACKING(keep)
LACKING(metrics)
