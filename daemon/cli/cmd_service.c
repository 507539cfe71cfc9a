// SPDX-License-Identifier: GPL-2.0-only
/* --daemon and the other processes of the service: which options each is given. */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/privileges.h"
#include "cli/commands.h"
#include "service/keep.h"
#include "service/privileged.h"
#include "service/serve_metrics.h"
#include "service/service.h"

/* What the running service's strings live in. */
static struct vmw_options in_use;

static int reload(struct vmw_service_config *ret);

static void configure(struct vmw_service_config *ret, const struct vmw_options *options)
{
	*ret = (struct vmw_service_config){
		.watch = options->watch,
		.nr_feed = options->nr_feed,
		.listen = options->listen,
		.reader_connections = options->reader_connections,
		.reader_rate = options->reader_rate,
		.kmsg = options->kmsg,
		.journal = options->journal,
		.redact = options->redact,
		.verbose = options->verbose,
		.quiet = options->quiet,
		.reload = reload,
	};
	memcpy(ret->feed, options->feed, sizeof(ret->feed));
}

static int reload(struct vmw_service_config *ret)
{
	struct vmw_options new;

	if (vmw_options_parse(&new, in_use.argc, in_use.argv))
		return -EINVAL;
	vmw_options_free(&in_use);
	in_use = new;
	configure(ret, &in_use);
	return 0;
}

enum vmw_exit vmw_mode_daemon(const struct vmw_options *options)
{
	struct vmw_service_config config;
	enum vmw_exit code;

	if (vmw_options_parse(&in_use, options->argc, options->argv))
		return VMW_EXIT_USAGE;
	configure(&config, &in_use);
	code = vmw_service_run(&config);
	vmw_options_free(&in_use);
	return code;
}

enum vmw_exit vmw_mode_attach(const struct vmw_options *options)
{
	/* The unit's priority is for the daemon: to attach is a second of work and more. */
	vmw_hurry(false);
	return vmw_attach_for_service(&options->watch, options->feed[0].at.path);
}

enum vmw_exit vmw_mode_keep(const struct vmw_options *options)
{
	const struct vmw_keep_config config = {
		.feed = options->feed[0].at.path,
		.redact = options->redact,
		.kept.directory = options->state_directory,
		.kept.max_reports = options->keep_reports,
		.kept.max_bytes = options->keep_size,
		.textfile = options->textfile,
	};

	return vmw_keep(&config);
}

enum vmw_exit vmw_mode_metrics(const struct vmw_options *options)
{
	const struct vmw_metrics_config config = {
		.feed = options->feed[0].at.path,
		.redact = options->redact,
		.listen = options->listen,
	};

	return vmw_serve_metrics(&config);
}
