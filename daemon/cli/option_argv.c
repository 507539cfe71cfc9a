// SPDX-License-Identifier: GPL-2.0-only
/* The command line: option_rows.h for argp, and what it finds there as it stands. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/cli_internal.h"

static const char doc[] =
	"Find struct pages outside of arm64's vmemmap on the running kernel.\n\v"
	"Options of the service may stand in " VMW_CONFIG " and " VMW_CONFIG ".d/*.conf, one a "
	"line, as NAME=VALUE; those without a value as NAME=yes or NAME=no.\n\n"
	"Exit status: 0 no offender; 1 at least one; 2 usage, configuration, or a COMMAND or "
	"output that cannot be used; 3 this kernel or this user cannot be traced; "
	"4 the sources of the bounds disagree; 5 none was seen, but something was "
	"lost.";

enum key {
	KEY_FIRST = 256,		     /* the row with id 0, and so on */
	KEY_NO = KEY_FIRST + VMW_NR_OPTIONS, /* the same with --no- */
	KEY_HELP = KEY_NO + VMW_NR_OPTIONS,
	KEY_VERSION,
};

static const struct argp_option table[] = {
#define GROUP(title) { .doc = title },
#define MODE(id, name, argument, help) \
	{ name, KEY_FIRST + VMW_OPTION_##id, argument, OPTION_ARG_OPTIONAL, help, 0 },
#define SWITCH(id, name, flags, initial, modes, help) \
	{ name, KEY_FIRST + VMW_OPTION_##id, NULL, 0, help, 0 }, \
		{ "no-" name, KEY_NO + VMW_OPTION_##id, NULL, OPTION_ALIAS, NULL, 0 },
#define VALUE(id, name, argument, flags, initial, modes, help) \
	{ name,	    KEY_FIRST + VMW_OPTION_##id, \
	  argument, (flags)&OPTIONAL ? OPTION_ARG_OPTIONAL : 0, \
	  help,	    0 },
#define KEY	 VMW_OPTION_KEY
#define REPEATED VMW_OPTION_REPEATED
#define OPTIONAL VMW_OPTION_OPTIONAL
#define WORD	 VMW_OPTION_WORD
#include "cli/option_rows.h"
	{ "help", KEY_HELP, NULL, 0, "print this", -1 },
	{ "version", KEY_VERSION, NULL, 0, "print the version", -1 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state);

static const struct argp argp = {
	.options = table,
	.parser = parse,
	.args_doc = "[-- COMMAND...]\n--explain WHAT...\n--preflight SIZE...\n--decode [FILE|-]",
	.doc = doc,
};

struct parse {
	struct vmw_given *given;
	bool explaining; /* or decoding: arguments are operands of it */
	int nr_whats;
};

/* argp's own message takes two lines; this one names the culprit in one. */
static void complain(const struct argp_state *state)
{
	const char *culprit = state->argv[state->next - 1];
	const struct argp_option *option;
	size_t length;

	if (strncmp(culprit, "--", 2)) {
		vmw_error("%s: unknown option (see --help)", culprit);
		return;
	}
	length = strcspn(culprit + 2, "=");
	for (option = table; option->name || option->doc; option++) {
		if (!option->name || strlen(option->name) != length ||
		    strncmp(option->name, culprit + 2, length))
			continue;
		if (option->arg)
			vmw_error("--%s: expected --%s=%s", option->name, option->name,
				  option->arg);
		else
			vmw_error("--%s: takes no value", option->name);
		return;
	}
	vmw_error("%s: unknown option (see --help)", culprit);
}

/* There is room for as many as there are arguments. */
static void give(struct vmw_given *given, enum vmw_option_id id, const char *text)
{
	given->options[given->nr].id = id;
	given->options[given->nr++].text = text;
}

/* WHATs, or SIZEs, and options may mix: gather them where argv has been read already. */
static void take_what(struct parse *parse, char *what, struct argp_state *state)
{
	state->argv[parse->nr_whats++] = what;
	state->argv[parse->nr_whats] = NULL;
	parse->given->command = state->argv;
}

static void take_argument(struct parse *parse, char *arg, struct argp_state *state)
{
	if (parse->explaining) {
		take_what(parse, arg, state);
		return;
	}
	/* The rest is COMMAND, options and all. */
	parse->given->command = &state->argv[state->next - 1];
	state->next = state->argc;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct parse *parse = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		take_argument(parse, arg, state);
		return 0;
	case ARGP_KEY_ERROR:
		complain(state);
		return 0;
	case KEY_HELP:
		argp_help(&argp, stdout, ARGP_HELP_LONG | ARGP_HELP_DOC | ARGP_HELP_USAGE,
			  "vmemmapwatch");
		exit(0);
	case KEY_VERSION:
		printf("vmemmapwatch %s\n", vmw_version);
		exit(0);
	}
	if (key >= KEY_NO && key < KEY_NO + VMW_NR_OPTIONS) {
		give(parse->given, key - KEY_NO, "no");
		return 0;
	}
	if (key < KEY_FIRST || key >= KEY_NO)
		return ARGP_ERR_UNKNOWN;
	key -= KEY_FIRST;
	parse->explaining |= key == VMW_OPTION_explain || key == VMW_OPTION_decode ||
			     key == VMW_OPTION_preflight;
	if (key == VMW_OPTION_preflight && arg)
		take_what(parse, arg, state);
	give(parse->given, key, vmw_is_switch(&vmw_options_table[key]) ? "yes" : arg);
	return 0;
}

int vmw_argv_read(struct vmw_given *given, int argc, char **argv)
{
	struct parse parse = { .given = given };

	memset(given, 0, sizeof(*given));
	given->options = calloc(argc + 1, sizeof(*given->options));
	if (!given->options) {
		vmw_error("out of memory");
		return -EINVAL;
	}
	if (!argp_parse(&argp, argc, argv, ARGP_IN_ORDER | ARGP_NO_ERRS | ARGP_NO_HELP, NULL,
			&parse))
		return 0;
	free(given->options);
	return -EINVAL;
}
