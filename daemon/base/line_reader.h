/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VMEMMAPWATCH_BASE_LINE_READER_H
#define VMEMMAPWATCH_BASE_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>

/* A stream cut into lines. Zeroed before the first use. */
struct vmw_lines_in {
	char *text;
	size_t length, size;
};

/*
 * Read once from @fd (which may not block) and call @fn for each line that is
 * complete, without its newline. Returns 1, 0 at the end of the stream, or a
 * negative errno (-EAGAIN: there is nothing now).
 */
int vmw_lines_in_read(struct vmw_lines_in *in, int fd,
		      void (*fn)(char *line, size_t length, void *context), void *context);

/* Is @line of the feed of that type? It is the first member of every line. */
bool vmw_line_is(const char *line, const char *type);

void vmw_lines_in_free(struct vmw_lines_in *in);

#endif
