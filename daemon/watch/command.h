/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_WATCH_COMMAND_H
#define VMEMMAPWATCH_WATCH_COMMAND_H

#include <signal.h>
#include <stdbool.h>

#include "report/report.h"

/*
 * Can @name be executed, as far as files tell: found (in PATH, where it has no /), a file
 * that we may execute, and so its interpreter? 0 or a negative errno.
 */
int vmw_command_check(const char *name);

/*
 * Start @argv (looked up in PATH) with its stdout on our stderr if asked, the
 * signal mask @mask, and SIGPIPE and SIGXFSZ, which we ignore, as by default. Fills
 * *@command. Negative errno where it cannot be executed.
 */
int vmw_command_start(struct vmw_command *command, char **argv, bool to_stderr,
		      const sigset_t *mask);

/*
 * Why it has not done what it was to do, in one line, or "": it failed or was killed, and we
 * had not told it to end (@stopped).
 */
void vmw_command_failure(const struct vmw_command *command, bool stopped, char *text,
			 size_t size);

/* What waitid() said of it. */
void vmw_command_ended(struct vmw_command *command, const siginfo_t *info);

#endif
