/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options for the manual: only run through the preprocessor, whose output ends
 * in "ROW kind "name" argument flags "help"" for each and "ROW group "title"".
 */
#include "cli/config_paths.h"

#define GROUP(title)				      ROW group title
#define MODE(id, name, argument, help)		      ROW option name | argument | OPTIONAL | help
#define SWITCH(id, name, flags, initial, modes, help) ROW switch name | NULL | flags | help
#define VALUE(id, name, argument, flags, initial, modes, help) \
	ROW option name | argument | flags | help

#include "cli/option_rows.h"
ROW
