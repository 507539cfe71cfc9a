// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/line_reader.h"

#define READ_SIZE (64 << 10)
/* No line of ours is nearly as long. */
#define MAX_LINE (4 << 20)

static int make_room(struct vmw_lines_in *in)
{
	size_t size = in->size ? 2 * in->size : 2 * READ_SIZE;
	char *more;

	if (in->size - in->length >= READ_SIZE)
		return 0;
	if (size > MAX_LINE)
		return -EMSGSIZE;
	more = realloc(in->text, size);
	if (!more)
		return -ENOMEM;
	in->text = more;
	in->size = size;
	return 0;
}

int vmw_lines_in_read(struct vmw_lines_in *in, int fd,
		      void (*fn)(char *line, size_t length, void *context), void *context)
{
	char *at, *newline;
	ssize_t n;
	int err = make_room(in);

	if (err)
		return err;
	n = read(fd, in->text + in->length, READ_SIZE);
	if (n <= 0)
		return n ? -errno : 0;
	in->length += n;
	for (at = in->text; (newline = memchr(at, '\n', in->text + in->length - at));
	     at = newline + 1) {
		*newline = '\0';
		fn(at, newline - at, context);
	}
	in->length -= at - in->text;
	memmove(in->text, at, in->length);
	return 1;
}

bool vmw_line_is(const char *line, const char *type)
{
	static const char front[] = "{\"type\":\"";
	size_t length = strlen(type);

	if (strncmp(line, front, sizeof(front) - 1))
		return false;
	line += sizeof(front) - 1;
	return !strncmp(line, type, length) && line[length] == '"';
}

void vmw_lines_in_free(struct vmw_lines_in *in)
{
	free(in->text);
	memset(in, 0, sizeof(*in));
}
