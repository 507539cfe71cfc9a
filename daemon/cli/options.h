/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line and the configuration files; option_rows.h is their table. */
#ifndef VMEMMAPWATCH_CLI_OPTIONS_H
#define VMEMMAPWATCH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include <vmemmapwatch/types.h>

#include "base/address.h"
#include "cli/config_paths.h"
#include "explain/expected.h"
#include "layout/layout.h"
#include "probe/probe.h"
#include "service/feed/feed.h"
#include "service/service.h"
#include "watch/wait_driver.h"
#include "watch/watch.h"

enum vmw_mode {
	VMW_MODE_NONE,
	VMW_MODE_TRACE,
	VMW_MODE_LAYOUT,
	VMW_MODE_EXPLAIN,
	VMW_MODE_PROBES,
	VMW_MODE_SITES,
	VMW_MODE_SUPPORT,
	VMW_MODE_DECODE,
	VMW_MODE_PREFLIGHT,
	VMW_MODE_DAEMON,
	VMW_MODE_ATTACH,
	VMW_MODE_REPORT,
	VMW_MODE_FOLLOW,
	VMW_MODE_KEEP,
	VMW_MODE_METRICS,
	VMW_MODE_CHECK_CONFIG,
	VMW_MODE_PRINT_CONFIG,
	VMW_NR_MODES,
};

enum vmw_format {
	VMW_FORMAT_TEXT,
	VMW_FORMAT_JSON,
	VMW_FORMAT_LINES, /* JSON, a line for each record as it comes */
};

struct vmw_setting;

/* Strings live as long as argv, or until vmw_options_free(). */
struct vmw_options {
	int argc; /* what it was parsed from, to parse it again */
	char **argv;
	enum vmw_mode mode;
	enum vmw_format format;
	const char *output; /* NULL: stdout, as for - */
	bool map;
	const char *html;		 /* NULL: none */
	u64 for_ns;			 /* 0: no limit */
	struct vmw_driver_names drivers; /* to wait for */
	u64 settle_ns;			 /* without requests before a trace ends; 0: at once */
	bool kmsg;
	bool journal;
	bool redact;
	bool verbose;	    /* more detail: the layout with its sources, and probes */
	bool quiet;	    /* nothing but errors on stderr */
	const char *decode; /* the log: FILE, or "-" */
	char **command;	    /* COMMAND, WHATs or SIZEs, NULL-terminated; NULL: none */
	enum vmw_device_memory type;
	bool all_gpus;
	const char *from_ko; /* a module's file; NULL: none */
	const char *iomem;   /* NULL: that of the running kernel */
	struct vmw_watch_config watch;

	struct vmw_feed_socket feed[VMW_MAX_FEEDS]; /* clients use the first */
	unsigned int nr_feed;
	struct vmw_address listen;
	const char *state_directory;
	u64 reader_connections; /* of one user at once */
	u64 reader_rate;	/* new ones of one user a second */
	u64 keep_reports;
	u64 keep_size;	      /* bytes */
	const char *textfile; /* NULL: none */
	const char *config;   /* NULL: VMW_CONFIG, which may be missing */

	struct vmw_setting *settings; /* what was given, where: cli_internal.h */
	size_t nr_settings;
};

/*
 * Fill @options from the command line and, in the modes that have to do with the
 * service, from the configuration files: a later file is stronger than an earlier
 * one, the command line is stronger than all. --help and --version end the
 * program. Changes nothing but @options, so that a service can parse again at
 * any time and keep the old ones where the new ones are wrong.
 *
 * Returns 0, with @options to be freed; or -EINVAL with nothing to free, after a
 * line on stderr for each error, that names the option, or file, line and key,
 * and what was expected.
 */
int vmw_options_parse(struct vmw_options *options, int argc, char **argv);

/*
 * Make what is global as @options say: the rows of --probe, and --verbose. Not
 * while a probe of an earlier --probe is attached.
 */
void vmw_options_apply(const struct vmw_options *options);

/* Print the keys as a file that says the same, with where each comes from. */
int vmw_options_print(const void *options, FILE *file);

void vmw_options_free(struct vmw_options *options);

#endif
