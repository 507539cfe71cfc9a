// SPDX-License-Identifier: GPL-2.0-only
/* The command line: option_rows.h for getopt_long(), and what it finds, unchecked. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/log.h"
#include "base/output_file.h"
#include "cli/cli_internal.h"
#include "cli/help.h"

enum key {
	KEY_FIRST = 256,		     /* the row with id 0, and so on */
	KEY_NO = KEY_FIRST + VMW_NR_OPTIONS, /* the same with --no- */
};

#define OPTIONAL VMW_OPTION_OPTIONAL
#define KEY	 VMW_OPTION_KEY
#define REPEATED VMW_OPTION_REPEATED
#define WORD	 VMW_OPTION_WORD
#define START	 VMW_OPTION_START

static const struct option table[] = {
/* Of two rows of one name the first is found. */
#define VALUE(id, name, argument, flags, initial, modes, type, help) \
	{ name, (flags)&OPTIONAL ? optional_argument : required_argument, NULL, \
	  KEY_FIRST + VMW_OPTION_##id },
#include "cli/option_rows.h"
#define MODE(id, name, operands, brief, help) \
	{ name, optional_argument, NULL, KEY_FIRST + VMW_OPTION_##id },
#define SWITCH(id, name, flags, initial, modes, help) \
	{ name, no_argument, NULL, KEY_FIRST + VMW_OPTION_##id }, \
		{ "no-" name, no_argument, NULL, KEY_NO + VMW_OPTION_##id },
#include "cli/option_rows.h"
	{ "help", optional_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

/* "-": words that are no options come in their place. ":": we complain, not getopt. */
static const char letters[] = "-:hVjo:qv";

struct parse {
	struct vmw_given *given;
	int argc;
	char **argv;
	const struct vmw_option *mode; /* NULL: none so far */
	bool help, all;
	size_t nr_operands;
};

/* There is room for as many as there are arguments. */
static void give(struct vmw_given *given, enum vmw_option_id id, const char *text)
{
	given->options[given->nr].id = id;
	given->options[given->nr++].text = text;
}

static bool any(const struct vmw_option *option)
{
	(void)option;
	return true;
}

/* "--re" is the beginning of several. Returns how many. */
static int name_all(const char *word, size_t length, char *text, size_t size)
{
	const struct option *option;
	size_t at = 0;
	int n = 0;

	for (option = table; option->name; option++) {
		if (!strncmp(option->name, word, length) && at < size)
			at += snprintf(text + at, size - at, "%s--%s", n++ ? ", " : "",
				       option->name);
	}
	return n;
}

/* What there is not, and what may have been meant. */
static void complain_of_unknown(const char *culprit)
{
	const char *word = culprit + strspn(culprit, "-");
	size_t length = strcspn(word, "=");
	const char *near = vmw_suggest(word, length, any);
	char names[256];

	if (length && name_all(word, length, names, sizeof(names)) > 1)
		vmw_error("%s: expected one of %s", culprit, names);
	else if (near)
		vmw_error("%s: unknown option; did you mean --%s?", culprit, near);
	else
		vmw_error("%s: unknown option (see --help)", culprit);
}

/*
 * One line that names the culprit. @c is what getopt_long() has returned, and optopt the
 * letter or the key of the option; 0: there is none of that name.
 */
static void complain(const struct parse *parse, int c)
{
	const char *culprit = parse->argv[optind - 1];
	const struct vmw_option *option;

	if (!optopt) {
		complain_of_unknown(culprit);
	} else if (optopt >= KEY_FIRST) {
		option = &vmw_options_table[(optopt - KEY_FIRST) % VMW_NR_OPTIONS];
		if (c == ':')
			vmw_error("--%s: expected --%s=%s", option->name, option->name,
				  option->argument);
		else
			vmw_error("%s: --%s takes no value", culprit, option->name);
	} else if (c == ':') {
		vmw_error("-%c: expected a value, as -%c FILE", optopt, optopt);
	} else if (strchr(letters, optopt)) {
		vmw_error("%s: expected no value", culprit);
	} else {
		vmw_error("-%c: unknown option (see --help)", optopt);
	}
}

/* Words that follow are read by the mode; the others have none, or a COMMAND. */
static bool has_operands(const struct parse *parse)
{
	return parse->mode && parse->mode->argument && parse->mode->mode != VMW_MODE_TRACE;
}

/* Operands and options may mix: gather them where argv has been read already. */
static void take_operand(struct parse *parse, char *text)
{
	parse->argv[parse->nr_operands++] = text;
	parse->argv[parse->nr_operands] = NULL;
	parse->given->command = parse->argv;
}

static int take_mode(struct parse *parse, const struct vmw_option *mode, char *text)
{
	parse->mode = mode;
	give(parse->given, mode - vmw_options_table, NULL);
	if (text && !has_operands(parse)) {
		vmw_error("--%s=%s: expected --%s%s%s", mode->name, text, mode->name,
			  mode->argument ? " " : " without a value",
			  mode->argument ? mode->argument : "");
		return -EINVAL;
	}
	if (text)
		take_operand(parse, text);
	return 0;
}

/* A word where a mode is expected. */
static int take_word(struct parse *parse, char *word)
{
	const struct vmw_option *mode = vmw_mode_by_name(word);
	const char *near;

	if (mode)
		return take_mode(parse, mode, NULL);
	if (!strcmp(word, "help")) {
		parse->help = true;
		return 0;
	}
	if (parse->help && !strcmp(word, "all")) {
		parse->all = true;
		return 0;
	}
	near = vmw_suggest(word, strlen(word), vmw_is_mode);
	if (near)
		vmw_error("%s: unknown mode; did you mean %s?", word, near);
	else if (parse->help)
		vmw_error("%s: unknown mode (see --help)", word);
	else
		vmw_error("%s: expected a mode before it, such as trace (see --help)", word);
	return -EINVAL;
}

static int take_argument(struct parse *parse, char *arg)
{
	if (!parse->mode)
		return take_word(parse, arg);
	if (has_operands(parse)) {
		take_operand(parse, arg);
		return 0;
	}
	/* The rest is COMMAND, options and all. */
	parse->given->command = &parse->argv[optind - 1];
	optind = parse->argc;
	return 0;
}

static int print_version(const void *data, FILE *file)
{
	(void)data;
	fprintf(file, "vmemmapwatch %s (commit %s)\nlibbpf %s\nlicense GPL-2.0-only\n",
		vmw_version, vmw_commit, libbpf_version_string() + 1);
	return ferror(file) ? -EIO : 0;
}

static int take_option(struct parse *parse, int c)
{
	const struct vmw_option *option;

	switch (c) {
	case 'V':
		exit(vmw_output_write(NULL, print_version, NULL));
	case 'h':
		parse->help = true;
		return optarg ? take_word(parse, optarg) : 0;
	case 'j':
		give(parse->given, VMW_OPTION_json, NULL);
		return 0;
	case 'o':
		give(parse->given, VMW_OPTION_output, optarg);
		return 0;
	case 'q':
		give(parse->given, VMW_OPTION_quiet, "yes");
		return 0;
	case 'v':
		give(parse->given, VMW_OPTION_verbose, "yes");
		return 0;
	}
	if (c >= KEY_NO) {
		give(parse->given, c - KEY_NO, "no");
		return 0;
	}
	option = &vmw_options_table[c - KEY_FIRST];
	if (c - KEY_FIRST == VMW_OPTION_probes && !optarg)
		option = &vmw_options_table[VMW_OPTION_list_probes];
	if (c - KEY_FIRST == VMW_OPTION_of_sites && !optarg)
		option = &vmw_options_table[VMW_OPTION_sites];
	if (vmw_is_mode(option))
		return take_mode(parse, option, optarg);
	give(parse->given, c - KEY_FIRST, option->type == VMW_TYPE_SWITCH ? "yes" : optarg);
	return 0;
}

static int read_all(struct parse *parse)
{
	int c, err = 0;

	/* It starts anew, and reads the settings of letters again (getopt(3)). */
	optind = 0;
	opterr = 0;
	while (!err && (c = getopt_long(parse->argc, parse->argv, letters, table, NULL)) != -1) {
		if (c == '?' || c == ':') {
			complain(parse, c);
			return -EINVAL;
		}
		err = c == 1 ? take_argument(parse, optarg) : take_option(parse, c);
	}
	if (err || optind >= parse->argc)
		return err;
	/* What is after --. */
	parse->given->separated = true;
	if (!has_operands(parse)) {
		parse->given->command = &parse->argv[optind];
		return 0;
	}
	while (optind < parse->argc)
		take_operand(parse, parse->argv[optind++]);
	return 0;
}

int vmw_argv_read(struct vmw_given *given, int argc, char **argv)
{
	struct parse parse = { .given = given, .argc = argc, .argv = argv };

	memset(given, 0, sizeof(*given));
	if (argc < 2) {
		vmw_help_common();
		return -EINVAL;
	}
	given->options = calloc(argc + 1, sizeof(*given->options));
	if (!given->options) {
		vmw_error("out of memory");
		return -EINVAL;
	}
	if (!read_all(&parse)) {
		if (!parse.help)
			return 0;
		exit(vmw_help(parse.mode, parse.all));
	}
	free(given->options);
	return -EINVAL;
}
