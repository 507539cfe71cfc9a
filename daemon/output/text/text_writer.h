/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for a terminal or a mail. */
#ifndef VMEMMAPWATCH_OUTPUT_TEXT_TEXT_WRITER_H
#define VMEMMAPWATCH_OUTPUT_TEXT_TEXT_WRITER_H

#include "output/writer.h"

struct vmw_text_writer {
	struct vmw_writer writer;
	bool in_story; /* the line before was a step */
};

struct vmw_writer *vmw_text_begin(struct vmw_text_writer *text, FILE *file, bool redact);

#endif
