// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "base/output_file.h"
#include "cli/help.h"

#define WIDTH  79
#define COLUMN 26 /* where help begins */

/* The groups of option_rows.h, and what is in each, in order. */
static const struct row {
	const char *title; /* NULL: an option */
	enum vmw_option_id id;
} rows[] = {
#define GROUP(title)	{ title, VMW_NR_OPTIONS },
#define MODE(id, ...)	{ NULL, VMW_OPTION_##id },
#define SWITCH(id, ...) { NULL, VMW_OPTION_##id },
#define VALUE(id, ...)	{ NULL, VMW_OPTION_##id },
#include "cli/option_rows.h"
};

static const struct {
	char letter;
	const char *name;
} letters[] = {
#define LETTER(letter, name) { letter, name },
#include "cli/option_rows.h"
};

struct help {
	const struct vmw_option *mode;
	bool all;
};

/* @left, and @help beside it, or below where @left is too long. */
static void print_row(FILE *file, const char *left, const char *help)
{
	size_t n = fprintf(file, "  %s", left);

	if (n + 2 > COLUMN) {
		fputc('\n', file);
		n = 0;
	}
	fprintf(file, "%*s", (int)(COLUMN - n), "");
	vmw_wrap(file, WIDTH, COLUMN, COLUMN, help);
}

static char letter_of(const struct vmw_option *option)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(letters); i++) {
		if (!strcmp(letters[i].name, option->name))
			return letters[i].letter;
	}
	return 0;
}

/* "-o, --output=FILE", "    --json[=lines]", "    --[no-]kmsg" */
static void print_option(FILE *file, const struct vmw_option *option)
{
	char left[100], letter = letter_of(option);
	const char *front = "", *equals = "", *argument = "", *behind = "";

	if (option->type == VMW_TYPE_SWITCH && (option->flags & VMW_OPTION_KEY))
		front = "[no-]";
	if (option->argument) {
		equals = option->flags & VMW_OPTION_OPTIONAL ? "[=" : "=";
		argument = option->argument;
		behind = option->flags & VMW_OPTION_OPTIONAL ? "]" : "";
	}
	snprintf(left, sizeof(left), "%c%c%c --%s%s%s%s%s", letter ? '-' : ' ',
		 letter ? letter : ' ', letter ? ',' : ' ', front, option->name, equals,
		 argument, behind);
	print_row(file, left, option->help);
}

static void print_mode(FILE *file, const struct vmw_option *mode, const char *help)
{
	char left[60];

	snprintf(left, sizeof(left), "%s%s%s", mode->name, mode->argument ? " " : "",
		 mode->argument ? mode->argument : "");
	print_row(file, left, help);
}

static void print_general(FILE *file)
{
	print_row(file, "-h, --help [MODE|all]", "print this, a mode and its options, or all");
	print_row(file, "-V, --version", "print the version");
	print_row(file, "-v, --verbose", "print more: the layout and probes in a report, ...");
	print_row(file, "-q, --quiet", "print nothing but errors on standard error");
	print_row(file, "-j, --json", "print one JSON document");
	print_row(file, "-o, --output FILE", "write to FILE; - is standard output");
}

static void print_statuses(FILE *file)
{
	static const struct {
		int status;
		const char *meaning;
	} statuses[] = {
		{ VMW_EXIT_CLEAN, "nothing found; of --support: this kernel cannot hit the bug" },
		{ VMW_EXIT_OFFENDER,
		  "struct pages out of bounds; of --support: it can hit the bug" },
		{ VMW_EXIT_USAGE, "wrong usage or configuration, or an output not writable" },
		{ VMW_EXIT_UNTRACEABLE,
		  "this kernel or this user cannot trace, or no service runs" },
		{ VMW_EXIT_BOUNDS, "sources of the bounds of vmemmap disagree" },
		{ VMW_EXIT_LOST, "nothing found, but something was lost or is not known" },
		{ VMW_EXIT_UNTESTED,
		  "nothing found, and nothing tested: COMMAND failed, or no driver came" },
	};
	size_t i;

	fprintf(file, "\nExit status:\n");
	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		fprintf(file, "  %d  %s\n", statuses[i].status, statuses[i].meaning);
}

/* All but modes, of one mode (NULL: of all). A group without any has no title. */
static void print_options(FILE *file, const struct vmw_option *mode)
{
	const char *title = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct vmw_option *option = &vmw_options_table[rows[i].id];

		if (rows[i].title) {
			title = rows[i].title;
			continue;
		}
		if (vmw_is_mode(option) || (mode && !(option->modes & 1U << mode->mode)))
			continue;
		if (title)
			fprintf(file, "\n%s\n", title);
		title = NULL;
		print_option(file, option);
	}
}

static void print_modes(FILE *file, bool brief)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct vmw_option *option = &vmw_options_table[rows[i].id];

		if (rows[i].title && vmw_is_mode(&vmw_options_table[rows[i + 1].id]))
			fprintf(file, "\n%s\n", rows[i].title);
		else if (!rows[i].title && vmw_is_mode(option))
			print_mode(file, option, brief ? option->brief : option->help);
	}
}

static void print_one_mode(FILE *file, const struct vmw_option *mode)
{
	fprintf(file, "Usage: vmemmapwatch %s [OPTION...]%s%s\n\n%c", mode->name,
		mode->argument ? " " : "", mode->argument ? mode->argument : "",
		toupper((unsigned char)*mode->help));
	vmw_wrap(file, WIDTH, 0, 0, mode->help + 1);
	print_options(file, mode);
}

static int print(const void *data, FILE *file)
{
	const struct help *help = data;

	if (help->mode) {
		print_one_mode(file, help->mode);
		return ferror(file) ? -EIO : 0;
	}
	fprintf(file, "Usage: vmemmapwatch MODE [OPTION...]\n"
		      "Find struct pages that drivers place outside of vmemmap on arm64.\n");
	print_modes(file, !help->all);
	if (help->all)
		print_options(file, NULL);
	fprintf(file, "\n%s:\n", help->all ? "Options of one letter" : "Options of most modes");
	print_general(file);
	print_statuses(file);
	fprintf(file,
		"\nA mode may also be written as an option: --trace. Options of the service may\n"
		"be lines NAME=VALUE of " VMW_CONFIG ". See vmemmapwatch(8).\n");
	return ferror(file) ? -EIO : 0;
}

enum vmw_exit vmw_help(const struct vmw_option *mode, bool all)
{
	const struct help help = { mode, all };

	return vmw_output_write(NULL, print, &help);
}

void vmw_help_common(void)
{
	fputs("Usage: vmemmapwatch MODE [OPTION...]\n"
	      "  vmemmapwatch support                    can this kernel hit the bug?\n"
	      "  vmemmapwatch trace -- modprobe DRIVER   load a driver under a trace\n"
	      "  vmemmapwatch preflight 80G              what would a GPU of 80 GiB meet here?\n"
	      "  vmemmapwatch decode dmesg.txt           is the bug in this kernel log?\n"
	      "  vmemmapwatch report                     what has the service seen?\n"
	      "vmemmapwatch --help has all modes.\n",
	      stderr);
}
