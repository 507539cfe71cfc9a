// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "base/log.h"

enum vmw_log_level vmw_log_threshold = VMW_LOG_NOTICE;

/* As syslog numbers them. */
static const int priorities[] = {
	[VMW_LOG_ERROR] = 3,
	[VMW_LOG_NOTICE] = 5,
	[VMW_LOG_DEBUG] = 7,
};

void vmw_log_set(bool quiet, bool verbose)
{
	vmw_log_threshold = quiet ? VMW_LOG_ERROR : verbose ? VMW_LOG_DEBUG : VMW_LOG_NOTICE;
}

static char last_error[1024];

const char *vmw_log_last(void)
{
	return last_error;
}

/* Is stderr the journal? The variable is inherited by programs whose stderr is not. */
static bool to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat status;

	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       !fstat(STDERR_FILENO, &status) && status.st_dev == device &&
	       status.st_ino == inode;
}

static void log_line(enum vmw_log_level level, const char *format, va_list args)
{
	char line[1024], *c;

	if (level > vmw_log_threshold)
		return;
	vsnprintf(line, sizeof(line), format, args);
	/* One line, whatever a file or a task is called. */
	for (c = line; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
	if (level == VMW_LOG_ERROR)
		memcpy(last_error, line, sizeof(last_error));
	/* The journal knows whose line it is, and wants to know how bad. */
	if (to_journal())
		fprintf(stderr, "<%d>%s\n", priorities[level], line);
	else
		/* One write for a line: COMMAND may share our stderr. */
		fprintf(stderr, "vmemmapwatch: %s\n", line);
}

void vmw_log(enum vmw_log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(level, format, args);
	va_end(args);
}

void vmw_progress(const char *format, ...)
{
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, format);
	log_line(VMW_LOG_NOTICE, format, args);
	va_end(args);
}

/* A verifier's log comes as one message of many lines. */
static int log_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text, *line, *rest;

	(void)level;
	if (vmw_log_threshold < VMW_LOG_DEBUG || vasprintf(&text, format, args) < 0)
		return 0;
	for (rest = text; (line = strsep(&rest, "\n"));) {
		if (*line)
			vmw_debug("%s", line);
	}
	free(text);
	return 0;
}

void vmw_log_libbpf(void)
{
	libbpf_set_print(log_libbpf);
}
