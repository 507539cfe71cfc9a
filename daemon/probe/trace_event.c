// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "probe/trace_event.h"

#define PREFIX "vmemmapwatch_"

static const char *const folders[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

/* Open @name of tracefs, wherever that is mounted. */
static int open_file(const char *name, int flags)
{
	char path[256];
	int fd = -1;
	size_t i;

	for (i = 0; fd < 0 && i < sizeof(folders) / sizeof(*folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		fd = open(path, flags | O_CLOEXEC);
	}
	return fd < 0 ? -errno : fd;
}

/* One command: each is a write of its own. */
static int command(const char *text)
{
	int fd = open_file("kprobe_events", O_WRONLY | O_APPEND), err = 0;

	if (fd < 0)
		return fd;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int read_id(unsigned int number)
{
	char path[128], text[32] = "";
	int fd, id;

	snprintf(path, sizeof(path), "events/" PREFIX "%d/site_%u/id", getpid(), number);
	fd = open_file(path, O_RDONLY);
	if (fd < 0)
		return fd;
	id = read(fd, text, sizeof(text) - 1) > 0 ? atoi(text) : -EIO;
	close(fd);
	return id ? id : -EIO;
}

/* A program that is attached to it runs on all CPUs (perf_event_set_bpf_prog()). */
static int open_perf(int id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int vmw_trace_event_open(unsigned int number, const char *place)
{
	char text[320];
	int err;

	snprintf(text, sizeof(text), "p:" PREFIX "%d/site_%u %s", getpid(), number, place);
	err = command(text);
	if (!err)
		err = read_id(number);
	return err < 0 ? err : open_perf(err);
}

/*
 * "p:vmemmapwatch_12/site_3 ...": its name, in @line; NULL: it is not ours, or of a process
 * that lives and may be about to use it.
 */
static char *own_name(char *line)
{
	char *name = strchr(line, ':');
	pid_t pid;

	if (!name || strncmp(++name, PREFIX, strlen(PREFIX)))
		return NULL;
	pid = atoi(name + strlen(PREFIX));
	if (pid != getpid() && (!kill(pid, 0) || errno != ESRCH))
		return NULL;
	name[strcspn(name, " \n")] = '\0';
	return name;
}

void vmw_trace_events_remove(void)
{
	char *line = NULL, *name, text[320];
	int fd = open_file("kprobe_events", O_RDONLY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	size_t room = 0;

	while (file && getline(&line, &room, file) > 0) {
		name = own_name(line);
		snprintf(text, sizeof(text), "-:%s", name ? name : "");
		/* One that is in use stays. */
		if (name)
			command(text);
	}
	free(line);
	if (file)
		fclose(file);
}
