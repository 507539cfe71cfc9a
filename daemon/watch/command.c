// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include "watch/command.h"

extern char **environ;

int vmw_command_start(struct vmw_command *command, char **argv, bool to_stderr,
		      const sigset_t *mask)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t ours;
	pid_t pid;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	sigemptyset(&ours);
	sigaddset(&ours, SIGPIPE);
	sigaddset(&ours, SIGXFSZ);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setsigdefault(&attributes, &ours);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (to_stderr)
		posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	err = posix_spawnp(&pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return -err;
	memset(command, 0, sizeof(*command));
	command->argv = argv;
	command->pid = pid;
	command->state = VMW_COMMAND_RUNNING;
	return 0;
}

void vmw_command_ended(struct vmw_command *command, const siginfo_t *info)
{
	command->state = info->si_code == CLD_EXITED ? VMW_COMMAND_EXITED : VMW_COMMAND_KILLED;
	command->status = info->si_status;
}
