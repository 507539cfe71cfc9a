/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options for the manual: only run through the preprocessor, whose output ends
 * in "ROW kind "name" argument flags "help"" for each, "ROW group "title"" and
 * "ROW letter 'l' "name"".
 */
#include "cli/config_paths.h"

#define GROUP(title)				      ROW group title
#define LETTER(c, name)				      ROW letter c name
#define MODE(id, name, operands, brief, help)	      ROW mode name | operands | 0 | help
#define SWITCH(id, name, flags, initial, modes, help) ROW switch name | NULL | flags | help
#define VALUE(id, name, argument, flags, initial, modes, type, help) \
	ROW option name | argument | flags | help

#include "cli/option_rows.h"
ROW
