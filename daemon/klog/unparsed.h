/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A net under the reading of lines: what is in a log in a form that is not known must
 * not be told as nothing. It looks at all bytes, and so at nothing that is not rare.
 */
#ifndef VMEMMAPWATCH_KLOG_UNPARSED_H
#define VMEMMAPWATCH_KLOG_UNPARSED_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

/* By what is told first. */
enum vmw_unparsed_kind {
	VMW_UNPARSED_DUMP,     /* a WARN or an oops, in a form that is not known */
	VMW_UNPARSED_REFUSAL,  /* the same of a refusal */
	VMW_UNPARSED_HEADLESS, /* registers of an oops, without its first line */
	VMW_UNPARSED_BASE64,
	VMW_UNPARSED_UTF16,
	VMW_UNPARSED_PACKED,
	VMW_NR_UNPARSED,
};

struct vmw_unparsed {
	u64 line[VMW_NR_UNPARSED]; /* the first of each; 0: none */
};

/*
 * Look at what came to be at @buffer from @from to @length; what is in front of that
 * was looked at, but for what may go on. @lines: that end before @buffer.
 */
void vmw_unparsed_look(struct vmw_unparsed *unparsed, const char *buffer, size_t from,
		       size_t length, u64 lines);

/* The first @length bytes of the log: are they of a form that is known by them? */
void vmw_unparsed_begin(struct vmw_unparsed *unparsed, const char *buffer, size_t length);

#endif
