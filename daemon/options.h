/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line. */
#ifndef VMEMMAPWATCH_OPTIONS_H
#define VMEMMAPWATCH_OPTIONS_H

#include <stdbool.h>

#include <vmemmapwatch/types.h>

#include "layout/layout.h"
#include "probe/probe.h"

enum vmw_mode {
	VMW_MODE_NONE,
	VMW_MODE_TRACE,
	VMW_MODE_LAYOUT,
	VMW_MODE_EXPLAIN,
	VMW_MODE_PROBES,
};

enum vmw_format {
	VMW_FORMAT_TEXT,
	VMW_FORMAT_JSON,
	VMW_FORMAT_LINES,	/* JSON, a line for each record as it comes */
};

struct vmw_options {
	enum vmw_mode mode;
	enum vmw_format format;
	const char *output;	/* NULL: stdout */
	u64 for_ns;		/* 0: no limit */
	bool kmsg;
	u32 ring_size;		/* bytes */
	char **command;		/* COMMAND or WHAT, NULL-terminated; NULL: none */
	const char *from;	/* NULL: the running kernel */
	enum vmw_source_id trust;	/* VMW_NR_SOURCES: none */
	bool chosen[VMW_MAX_PROBES];	/* callers to watch */
	bool list_probes;	/* --probes without a list */
	u64 sample_rate;	/* samples a second; 0: no limit */
};

/*
 * Fill @options from the command line. --help and --version end the program.
 * Returns 0, or -EINVAL after one line on stderr that names the option and
 * what was expected.
 */
int vmw_options_parse(struct vmw_options *options, int argc, char **argv);

#endif
