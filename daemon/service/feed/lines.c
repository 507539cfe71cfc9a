// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "service/feed/lines.h"

struct vmw_line *vmw_line_new(const char *text, size_t length)
{
	struct vmw_line *line = malloc(sizeof(*line) + length);

	if (!line)
		return NULL;
	line->users = 1;
	line->length = length;
	memcpy(line->text, text, length);
	return line;
}

struct vmw_line *vmw_line_use(struct vmw_line *line)
{
	line->users++;
	return line;
}

void vmw_line_drop(struct vmw_line *line)
{
	if (line && !--line->users)
		free(line);
}

static void drop_oldest(struct vmw_lines *lines)
{
	struct vmw_line **line = lines->line[lines->first++ % VMW_QUEUE_LINES];
	int form;

	for (form = 0; form < VMW_NR_FORMS; form++) {
		if (!line[form])
			continue;
		lines->bytes -= line[form]->length;
		vmw_line_drop(line[form]);
		line[form] = NULL;
	}
}

void vmw_lines_append(struct vmw_lines *lines, struct vmw_line *line[VMW_NR_FORMS])
{
	int form;

	if (lines->end - lines->first == VMW_QUEUE_LINES)
		drop_oldest(lines);
	for (form = 0; form < VMW_NR_FORMS; form++) {
		lines->line[lines->end % VMW_QUEUE_LINES][form] = line[form];
		lines->bytes += line[form] ? line[form]->length : 0;
	}
	lines->end++;
	while (lines->bytes > VMW_QUEUE_BYTES)
		drop_oldest(lines);
}

struct vmw_line *vmw_lines_next(const struct vmw_lines *lines, enum vmw_line_form form, u64 *at,
				u64 *missed)
{
	struct vmw_line *line;

	if (*at < lines->first) {
		*missed += lines->first - *at;
		*at = lines->first;
	}
	while (*at < lines->end) {
		line = lines->line[*at % VMW_QUEUE_LINES][form];
		++*at;
		if (line)
			return vmw_line_use(line);
		/* Memory was short when it was made. */
		++*missed;
	}
	return NULL;
}

void vmw_lines_free(struct vmw_lines *lines)
{
	while (lines->first < lines->end)
		drop_oldest(lines);
}
