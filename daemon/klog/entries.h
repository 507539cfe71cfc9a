/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of a journal, in the forms that are not a line each (journalctl -o export,
 * verbose, json, json-pretty, json-sse), and lines that collectors keep as JSON.
 */
#ifndef VMEMMAPWATCH_KLOG_ENTRIES_H
#define VMEMMAPWATCH_KLOG_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_MAX_MESSAGE (256 << 10) /* of any number of lines */

/*
 * One line of a message: of user space, if @foreign, otherwise of the kernel, or of nobody in
 * particular. @time_ns is 0 where none is known.
 */
typedef void vmw_record_fn(void *data, char *text, u64 number, u64 time_ns, bool foreign);

struct vmw_records {
	vmw_record_fn *fn;
	void *data;
	/* The entry that is being read. */
	bool open;
	bool has_message;
	bool pretty;  /* it is JSON of a field a line */
	bool foreign; /* user space wrote it */
	bool kernel;  /* the kernel did, as its fields say */
	u64 number;   /* of its message's line */
	u64 time_ns;
	u64 binary;	/* bytes of a message that are still to come */
	bool announced; /* "MESSAGE" without "=": its length and bytes follow */
	char message[VMW_MAX_MESSAGE + 1];
};

/*
 * Take the line @line of @length bytes, which end with a NUL and may have others. True
 * where it is of a record. @fn may be called, for what came before, too.
 */
bool vmw_records_line(struct vmw_records *records, char *line, size_t length, u64 number);

/* The log has ended. */
void vmw_records_end(struct vmw_records *records);

/* Call @fn with each beginning of a line that begins a record. */
void vmw_records_fronts(void (*fn)(const char *front));

#endif
