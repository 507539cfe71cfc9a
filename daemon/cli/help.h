/* SPDX-License-Identifier: GPL-2.0-only */
/* What --help prints, from the option table. */
#ifndef VMEMMAPWATCH_CLI_HELP_H
#define VMEMMAPWATCH_CLI_HELP_H

#include "base/exit.h"
#include "cli/cli_internal.h"

/*
 * Print the modes, on two screens of 80 by 24; with @mode what it does, and its options;
 * with @all every option. 0, or VMW_EXIT_USAGE after one line where stdout cannot be
 * written.
 */
enum vmw_exit vmw_help(const struct vmw_option *mode, bool all);

/* Where nothing was given: five common commands, on stderr. */
void vmw_help_common(void);

#endif
