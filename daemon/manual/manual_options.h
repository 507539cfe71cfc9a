/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options for the manual pages. This file is only preprocessed. The output has one
 * ROW kind "name" | argument | flags | initial | "help" for each option, one
 * ROW group "title" for each group, and one ROW letter 'l' "name" for each letter;
 * options.awk reads it.
 */
#include "cli/config_paths.h"

#define GROUP(title)			      ROW group title
#define LETTER(c, name)			      ROW letter c name
#define MODE(id, name, operands, brief, help) ROW mode name | operands | 0 | NULL | help
#define SWITCH(id, name, flags, initial, modes, help) \
	ROW switch name | NULL | flags | initial | help
#define VALUE(id, name, argument, flags, initial, modes, type, help) \
	ROW option name | argument | flags | initial | help

#include "cli/option_rows.h"
ROW
