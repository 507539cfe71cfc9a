/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON, written as it is described: nothing of a document is kept in memory. */
#ifndef VMEMMAPWATCH_OUTPUT_JSON_JSON_WRITER_H
#define VMEMMAPWATCH_OUTPUT_JSON_JSON_WRITER_H

#include "output/writer.h"

struct vmw_json_writer {
	struct vmw_writer writer;
	bool pretty;	    /* a line for each member, indented; else one line */
	unsigned int depth; /* objects and lists that are open */
	u32 filled;	    /* a bit for each: something is in it */
};

/* Begin a document of one object on @file. */
struct vmw_writer *vmw_json_begin(struct vmw_json_writer *json, FILE *file, bool redact,
				  bool pretty);

/* The same of one line, with "type" first. */
struct vmw_writer *vmw_json_begin_line(struct vmw_json_writer *json, FILE *file, bool redact,
				       const char *type);

/* End it with a newline, and flush. 0 or the first negative errno. */
int vmw_json_end(struct vmw_json_writer *json);

#endif
