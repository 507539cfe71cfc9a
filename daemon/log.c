// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "log.h"

enum vmw_log_level vmw_log_threshold = VMW_LOG_NOTICE;

void vmw_log(enum vmw_log_level level, const char *format, ...)
{
	char line[1024];
	va_list args;

	if (level > vmw_log_threshold)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* One write for a line: COMMAND may share our stderr. */
	fprintf(stderr, "vmemmapwatch: %s\n", line);
}
