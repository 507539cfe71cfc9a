// SPDX-License-Identifier: GPL-2.0-only
/* From what was given to what is done: the mode, and what goes with it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "cli/cli_internal.h"
#include "cli/options.h"
#include "probe/extra.h"

/* These ask about a service, and may stand beside the mode that they ask about. */
#define ASKING (VMW_IN(CHECK_CONFIG) | VMW_IN(PRINT_CONFIG))

static int add_mode(enum vmw_mode *mode, enum vmw_mode new)
{
	const unsigned int bits = 1U << *mode | 1U << new;
	char names[64];

	if (*mode == VMW_MODE_NONE || *mode == new) {
		*mode = new;
		return 0;
	}
	if ((bits & ASKING) && !(bits & ~VMW_SERVICE)) {
		if (1U << new &ASKING)
			*mode = new;
		return 0;
	}
	vmw_options_name_modes(bits, " or ", names, sizeof(names));
	vmw_error("expected one mode: %s", names);
	return -EINVAL;
}

static int find_mode(const struct vmw_given *given, enum vmw_mode *mode)
{
	char names[256];
	bool list = false;
	size_t i;

	*mode = VMW_MODE_NONE;
	for (i = 0; i < given->nr; i++) {
		const struct vmw_option *option = &vmw_options_table[given->options[i].id];

		list |= given->options[i].id == VMW_OPTION_probes && !given->options[i].text;
		if (vmw_is_mode(option) && add_mode(mode, option->mode))
			return -EINVAL;
	}
	if (list && *mode != VMW_MODE_NONE) {
		vmw_error("--probes: expected --probes=LIST with another mode");
		return -EINVAL;
	}
	if (list)
		*mode = VMW_MODE_PROBES;
	if (*mode != VMW_MODE_NONE)
		return 0;
	vmw_options_name_modes(~0U, " or ", names, sizeof(names));
	vmw_error("expected a mode: %s (see --help)", names);
	return -EINVAL;
}

static bool has(const struct vmw_given *given, enum vmw_option_id id)
{
	size_t i;

	for (i = 0; i < given->nr; i++) {
		if (given->options[i].id == id)
			return true;
	}
	return false;
}

/* Which log --decode reads: "-" where none is named. NULL where there are several. */
static const char *find_log(const struct vmw_given *given)
{
	const char *log = given->command ? given->command[0] : NULL;
	size_t i;

	if (log && given->command[1])
		return NULL;
	for (i = 0; i < given->nr; i++) {
		if (given->options[i].id != VMW_OPTION_decode || !given->options[i].text)
			continue;
		if (log)
			return NULL;
		log = given->options[i].text;
	}
	return log ? log : "-";
}

static int check_log(const struct vmw_given *given)
{
	if (find_log(given))
		return 0;
	vmw_error("--decode: expected one log: FILE, or - for standard input");
	return -EINVAL;
}

static int check_preflight(const struct vmw_given *given)
{
	bool from = has(given, VMW_OPTION_from), iomem = has(given, VMW_OPTION_iomem);

	if (!given->command && !has(given, VMW_OPTION_all_gpus)) {
		vmw_error("--preflight: expected at least one SIZE, such as 80G, or --all-gpus");
		return -EINVAL;
	}
	if (from != iomem) {
		vmw_error(
			from ? "--from: expected --iomem=FILE beside it, a /proc/iomem saved there" :
			       "--iomem: expected --from=FILE beside it, the layout of that kernel");
		return -EINVAL;
	}
	if (from && has(given, VMW_OPTION_all_gpus)) {
		vmw_error("--all-gpus: looks at this machine: expected SIZEs with --from");
		return -EINVAL;
	}
	return 0;
}

/* A COMMAND, and what waits for others in its place. */
static int check_command(const struct vmw_given *given, enum vmw_mode mode)
{
	if (given->command && has(given, VMW_OPTION_driver)) {
		vmw_error("%s: --driver waits for others to load it: expected no COMMAND beside it",
			  given->command[0]);
		return -EINVAL;
	}
	if (has(given, VMW_OPTION_settle) && !given->command && !has(given, VMW_OPTION_driver)) {
		vmw_error("--settle: expected a COMMAND or --driver, which it is to come behind");
		return -EINVAL;
	}
	if (given->command && mode != VMW_MODE_TRACE && mode != VMW_MODE_EXPLAIN &&
	    mode != VMW_MODE_DECODE && mode != VMW_MODE_PREFLIGHT) {
		vmw_error("%s: only --trace takes a COMMAND", given->command[0]);
		return -EINVAL;
	}
	return 0;
}

/* The options that go with the mode alone. */
static int check_given(const struct vmw_given *given, enum vmw_mode mode)
{
	const char *name, *value = "";
	unsigned int modes;
	char names[256];
	size_t i;

	for (i = 0; i < given->nr; i++) {
		const struct vmw_option *option = &vmw_options_table[given->options[i].id];

		name = option->name;
		modes = option->modes;
		if (vmw_is_mode(option) ||
		    (given->options[i].id == VMW_OPTION_probes && mode == VMW_MODE_PROBES))
			continue;
		if (given->options[i].id == VMW_OPTION_json && given->options[i].text) {
			modes = VMW_IN(TRACE) | VMW_IN(FOLLOW);
			value = "=lines";
		}
		if (!(modes & 1U << mode)) {
			vmw_options_name_modes(modes, " and ", names, sizeof(names));
			vmw_error("--%s%s: goes with %s alone", name, value, names);
			return -EINVAL;
		}
	}
	if (mode == VMW_MODE_EXPLAIN && !given->command) {
		vmw_error("--explain: expected at least one WHAT: ADDRESS, pfn:N or phys:ADDRESS");
		return -EINVAL;
	}
	if (mode == VMW_MODE_DECODE && check_log(given))
		return -EINVAL;
	if (mode == VMW_MODE_PREFLIGHT && check_preflight(given))
		return -EINVAL;
	return check_command(given, mode);
}

/* --config=FILE, and --check-config=FILE. */
static int set_config(struct vmw_options *options, const struct vmw_given *given)
{
	size_t i;
	int err;

	for (i = 0; i < given->nr; i++) {
		enum vmw_option_id id = given->options[i].id;

		if (!given->options[i].text ||
		    (id != VMW_OPTION_config && id != VMW_OPTION_check_config))
			continue;
		err = vmw_options_set(options, VMW_OPTION_config, given->options[i].text, NULL);
		if (err)
			return err;
	}
	return 0;
}

/* The command line replaces what files add up to. */
static void forget_weaker(struct vmw_options *options, const struct vmw_given *given)
{
	size_t i;

	for (i = 0; i < given->nr; i++) {
		enum vmw_option_id id = given->options[i].id;

		if (vmw_options_table[id].flags & VMW_OPTION_REPEATED)
			vmw_options_forget(options, id);
	}
}

static int set_given(struct vmw_options *options, const struct vmw_given *given)
{
	size_t i;
	int err;

	forget_weaker(options, given);
	for (i = 0; i < given->nr; i++) {
		enum vmw_option_id id = given->options[i].id;
		const char *text = given->options[i].text;

		if (id == VMW_OPTION_json && !text)
			options->format = VMW_FORMAT_JSON;
		if (id == VMW_OPTION_probes && !text)
			options->list_probes = true;
		if (!text || vmw_is_mode(&vmw_options_table[id]) || id == VMW_OPTION_config)
			continue;
		err = vmw_options_set(options, id, text, NULL);
		if (err)
			return err;
	}
	return 0;
}

/* Each of them is for somebody else, and goes to a file of its own. */
static int check_pictures(const struct vmw_options *options)
{
	if (options->map && options->format != VMW_FORMAT_TEXT) {
		vmw_error("--map: a text, expected no --json beside it (--html=FILE is a picture, too)");
		return -EINVAL;
	}
	if (options->html && options->output && !strcmp(options->html, options->output)) {
		vmw_error("--html=%s: expected another file than --output's", options->html);
		return -EINVAL;
	}
	return 0;
}

static int check_listen(const struct vmw_options *options)
{
	if (options->mode != VMW_MODE_METRICS || options->listen.length || sd_listen_fds(0) > 0)
		return 0;
	vmw_error("--metrics: expected --listen=ADDRESS:PORT or --listen=unix:PATH, or a socket "
		  "from systemd (vmemmapwatch-metrics.socket)");
	return -EINVAL;
}

static int fill(struct vmw_options *options, const struct vmw_given *given, enum vmw_mode mode)
{
	bool has_files = 1U << mode & (VMW_SERVICE | VMW_CLIENTS);
	int err, bad = 0;

	vmw_options_init(options, has_files);
	options->mode = mode;
	options->command = given->command;
	options->settle_ns = given->command ? 0 : 1000000000;
	options->decode = mode == VMW_MODE_DECODE ? find_log(given) : NULL;
	err = set_config(options, given);
	if (err)
		return err;
	if (has_files)
		bad = vmw_conf_read(options, options->config ? options->config : VMW_CONFIG,
				    options->config != NULL);
	err = set_given(options, given);
	if (err || bad)
		return err ? err : bad;
	options->watch.layout.redact = options->redact;
	err = check_pictures(options);
	return err ? err : check_listen(options);
}

int vmw_options_parse(struct vmw_options *options, int argc, char **argv)
{
	struct vmw_given given;
	enum vmw_mode mode;
	int err;

	memset(options, 0, sizeof(*options));
	if (vmw_argv_read(&given, argc, argv))
		return -EINVAL;
	err = find_mode(&given, &mode);
	if (!err)
		err = check_given(&given, mode);
	if (!err)
		err = fill(options, &given, mode);
	options->argc = argc;
	options->argv = argv;
	free(given.options);
	if (!err)
		return 0;
	vmw_options_free(options);
	return -EINVAL;
}

void vmw_options_apply(const struct vmw_options *options)
{
	vmw_log_threshold = options->verbose ? VMW_LOG_DEBUG : VMW_LOG_NOTICE;
	vmw_extra_use(options->watch.probe, options->watch.nr_probe);
}
