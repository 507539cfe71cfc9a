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

/* These ask about a service: the mode that they ask about may be given, too. */
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
	vmw_error("expected one mode: %s%s", names,
		  bits & VMW_IN(SITES) ? "; to watch sites write --sites=MODULE" : "");
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

static int find_mode(const struct vmw_given *given, enum vmw_mode *mode)
{
	size_t i;

	*mode = VMW_MODE_NONE;
	for (i = 0; i < given->nr; i++) {
		const struct vmw_option *option = &vmw_options_table[given->options[i].id];

		if (vmw_is_mode(option) && add_mode(mode, option->mode))
			return -EINVAL;
	}
	/* --sites=MODULE is a mode where there is no other. */
	if (*mode == VMW_MODE_NONE && has(given, VMW_OPTION_of_sites))
		*mode = VMW_MODE_SITES;
	if (*mode != VMW_MODE_NONE)
		return 0;
	vmw_error("%s%sexpected a mode, such as trace, report or decode (see --help)",
		  given->command ? given->command[0] : "", given->command ? ": " : "");
	return -EINVAL;
}

/* @mode takes one file, or none. */
static int check_file(const struct vmw_given *given, const char *mode)
{
	if (!given->command || !given->command[1])
		return 0;
	vmw_error("%s: %s takes one FILE only", given->command[1], mode);
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
		vmw_error(from ? "--from: expected --iomem=FILE, too: /proc/iomem of that machine" :
				 "--iomem: expected --from=FILE, too: the layout of that kernel");
		return -EINVAL;
	}
	if (from && has(given, VMW_OPTION_all_gpus)) {
		vmw_error("--all-gpus looks at this machine, and cannot be combined with --from: expected SIZEs");
		return -EINVAL;
	}
	return 0;
}

/* MODULEs are said in one way, and FILE.ko is another. */
static int check_sites(const struct vmw_given *given)
{
	bool value = has(given, VMW_OPTION_of_sites);

	if (!has(given, VMW_OPTION_from_ko) && !(value && given->command))
		return 0;
	if (!value && !given->command)
		return 0;
	vmw_error("--sites: expected MODULE[,MODULE] or --from-ko FILE.ko, not both");
	return -EINVAL;
}

/* Without a -- before COMMAND, an option after it is COMMAND's: was it meant for us? */
static void warn_of_options(const struct vmw_given *given)
{
	const char *word;
	size_t i, length;
	int id;

	for (i = 1; !given->separated && given->command[i]; i++) {
		word = given->command[i];
		length = strcspn(word, "=");
		for (id = 0; id < VMW_NR_OPTIONS && !strncmp(word, "--", 2); id++) {
			const struct vmw_option *option = &vmw_options_table[id];

			if (!vmw_is_mode(option) && (option->modes & VMW_IN(TRACE)) &&
			    strlen(option->name) == length - 2 &&
			    !strncmp(option->name, word + 2, length - 2))
				vmw_notice("%s goes to %s; write options of vmemmapwatch before COMMAND",
					   word, given->command[0]);
		}
	}
}

/* A COMMAND, and what waits for others in its place. */
static int check_command(const struct vmw_given *given, enum vmw_mode mode)
{
	const unsigned int with_words = VMW_IN(TRACE) | VMW_IN(EXPLAIN) | VMW_IN(DECODE) |
					VMW_IN(PREFLIGHT) | VMW_IN(CHECK_CONFIG) | VMW_IN(SITES);

	if (given->command && has(given, VMW_OPTION_driver)) {
		vmw_error("%s: --driver cannot be combined with COMMAND", given->command[0]);
		return -EINVAL;
	}
	if (has(given, VMW_OPTION_settle) && !given->command && !has(given, VMW_OPTION_driver)) {
		vmw_error("--settle: expected COMMAND or --driver, too");
		return -EINVAL;
	}
	if (given->command && !(with_words & 1U << mode)) {
		vmw_error("%s: only trace takes a COMMAND", given->command[0]);
		return -EINVAL;
	}
	if (given->command && mode == VMW_MODE_TRACE && !has(given, VMW_OPTION_quiet))
		warn_of_options(given);
	return 0;
}

/* What the mode itself needs. */
static int check_mode(const struct vmw_given *given, enum vmw_mode mode)
{
	switch (mode) {
	case VMW_MODE_EXPLAIN:
		if (given->command)
			return 0;
		vmw_error("--explain: expected at least one WHAT: ADDRESS, pfn:N or phys:ADDRESS");
		return -EINVAL;
	case VMW_MODE_DECODE:
		return check_file(given, "--decode");
	case VMW_MODE_CHECK_CONFIG:
		return check_file(given, "--check-config");
	case VMW_MODE_PREFLIGHT:
		return check_preflight(given);
	case VMW_MODE_SITES:
		return check_sites(given);
	default:
		return 0;
	}
}

/* Options that go with some modes only. */
static int check_given(const struct vmw_given *given, enum vmw_mode mode)
{
	const char *value = "";
	unsigned int modes;
	char names[256];
	size_t i;

	for (i = 0; i < given->nr; i++) {
		const struct vmw_option *option = &vmw_options_table[given->options[i].id];

		modes = vmw_is_mode(option) ? ~0U : option->modes;
		if (given->options[i].id == VMW_OPTION_json && given->options[i].text) {
			modes = VMW_IN(TRACE) | VMW_IN(FOLLOW);
			value = "=lines";
		}
		if (modes & 1U << mode)
			continue;
		vmw_options_name_modes(modes, " and ", names, sizeof(names));
		vmw_error("--%s%s: works only with %s", option->name, value, names);
		return -EINVAL;
	}
	return check_mode(given, mode) ? -EINVAL : check_command(given, mode);
}

/* --config=FILE, and --check-config FILE, which is stronger. */
static int set_config(struct vmw_options *options, const struct vmw_given *given)
{
	const char *file = NULL;
	size_t i;

	for (i = 0; i < given->nr; i++) {
		if (given->options[i].id == VMW_OPTION_config)
			file = given->options[i].text;
	}
	if (options->mode == VMW_MODE_CHECK_CONFIG && given->command)
		file = given->command[0];
	return file ? vmw_options_set(options, VMW_OPTION_config, file, NULL) : 0;
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
		if (!text || vmw_is_mode(&vmw_options_table[id]) || id == VMW_OPTION_config)
			continue;
		err = vmw_options_set(options, id, text, NULL);
		if (err)
			return err;
	}
	return 0;
}

/* Text, JSON and page go to different places. */
static int check_pictures(const struct vmw_options *options)
{
	if (options->map && options->format != VMW_FORMAT_TEXT) {
		vmw_error("--map cannot be combined with --json; use --html");
		return -EINVAL;
	}
	if (options->html && !strcmp(options->html, "-")) {
		vmw_error("--html=-: expected a file, since the report goes to standard output");
		return -EINVAL;
	}
	if (options->html && options->output && !strcmp(options->html, options->output)) {
		vmw_error("--html=%s: expected another file than that of --output",
			  options->html);
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
	options->decode = given->command ? given->command[0] : "-";
	err = set_config(options, given);
	if (err)
		return err;
	if (has_files)
		bad = vmw_conf_read(options, options->config ? options->config : VMW_CONFIG,
				    options->config != NULL);
	err = set_given(options, given);
	if (err || bad)
		return err ? err : bad;
	if (options->output && !strcmp(options->output, "-"))
		options->output = NULL;
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
	vmw_log_set(options->quiet, options->verbose);
	vmw_extra_use(options->watch.probe, options->watch.nr_probe);
}
