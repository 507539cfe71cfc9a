/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for a terminal or a mail: 80 columns, broken between words. */
#ifndef VMEMMAPWATCH_OUTPUT_TEXT_TEXT_WRITER_H
#define VMEMMAPWATCH_OUTPUT_TEXT_TEXT_WRITER_H

#include "output/writer.h"

struct vmw_text_writer {
	struct vmw_writer writer;
	bool in_story;	    /* the line before was a step */
	bool in_headline;   /* the line before was one */
	unsigned int lines; /* so far */
	char headline[768]; /* all of them, to be repeated */
};

struct vmw_writer *vmw_text_begin(struct vmw_text_writer *text, FILE *file, bool redact);

/*
 * Repeat the headline where the file is a terminal that it has scrolled away from, and
 * finish. Returns 0 or a negative errno.
 */
int vmw_text_end(struct vmw_text_writer *text);

#endif
