// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "watch/command.h"

extern char **environ;

/* Where execvp() looks when there is no PATH: confstr(3), glibc 2.36. */
#define DEFAULT_PATH "/bin:/usr/bin"

static int check_file(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EACCES;
	return access(path, X_OK) ? -errno : 0;
}

/* "#! /bin/sh -e": the kernel reads 256 bytes of it (fs/binfmt_script.c 6.1.192). */
static int check_script(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256], *name;
	int err = 0;

	/* Who may execute it need not be able to read it. */
	if (!file)
		return 0;
	if (fgets(line, sizeof(line), file) && !strncmp(line, "#!", 2)) {
		name = line + 2 + strspn(line + 2, " \t");
		name[strcspn(name, " \t\n")] = '\0';
		err = check_file(name);
	}
	fclose(file);
	return err;
}

static int check(const char *path)
{
	int err = check_file(path);

	return err ? err : check_script(path);
}

/* As execvp() goes on after what it may not execute, and says so if nothing follows. */
static int check_in_path(const char *name, const char *directories)
{
	int err, first = -ENOENT;
	char path[PATH_MAX];
	size_t length;

	for (;; directories += length + 1) {
		length = strcspn(directories, ":");
		snprintf(path, sizeof(path), "%.*s%s%s", (int)length, directories,
			 length ? "/" : "", name);
		err = check(path);
		if (!err)
			return 0;
		if (err == -EACCES)
			first = err;
		if (!directories[length])
			return first;
	}
}

int vmw_command_check(const char *name)
{
	const char *directories = getenv("PATH");

	if (!*name)
		return -ENOENT;
	if (strchr(name, '/'))
		return check(name);
	return check_in_path(name, directories ? directories : DEFAULT_PATH);
}

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

void vmw_command_failure(const struct vmw_command *command, bool stopped, char *text, size_t size)
{
	*text = '\0';
	/* Whatever it makes of our signal is no failure of its own. */
	if (stopped)
		return;
	if (command->state == VMW_COMMAND_EXITED && command->status)
		snprintf(text, size, "%.64s exited with status %d", command->argv[0],
			 command->status);
	else if (command->state == VMW_COMMAND_KILLED)
		snprintf(text, size, "%.64s was killed by signal %d (%s)", command->argv[0],
			 command->status, strsignal(command->status));
}

void vmw_command_ended(struct vmw_command *command, const siginfo_t *info)
{
	command->state = info->si_code == CLD_EXITED ? VMW_COMMAND_EXITED : VMW_COMMAND_KILLED;
	command->status = info->si_status;
}
