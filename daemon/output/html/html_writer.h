/* SPDX-License-Identifier: GPL-2.0-only */
/* Cards of the page: fields in a list, the stack folded, the story on a line of time. */
#ifndef VMEMMAPWATCH_OUTPUT_HTML_HTML_WRITER_H
#define VMEMMAPWATCH_OUTPUT_HTML_HTML_WRITER_H

#include "output/writer.h"

/* What the last line was a part of, and has to be closed. */
enum vmw_html_open {
	VMW_HTML_NOTHING,
	VMW_HTML_FIELD, /* of the list of fields */
	VMW_HTML_STACK,
	VMW_HTML_STORY,
	VMW_HTML_ITEMS,
};

struct vmw_html_writer {
	struct vmw_writer writer;
	const char *paragraph; /* the element that a paragraph is */
	enum vmw_html_open open;
	bool listed; /* the list of fields is open */

	/* A story is put together first: one that is as the last one was is folded. */
	FILE *story;
	char *steps;
	size_t length;
	u64 told, last_told; /* hashes of what happens, without when */
};

/* @paragraph: "li" or "p"; NULL: lines of preformatted text. */
struct vmw_writer *vmw_html_begin(struct vmw_html_writer *html, FILE *file, bool redact,
				  const char *paragraph);

#endif
