/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What in a log was not understood, or cannot be judged. While there is any of it,
 * "nothing found" is not known: daemon/README.md, "no false all-clear".
 */
#ifndef VMEMMAPWATCH_KLOG_UNPARSED_H
#define VMEMMAPWATCH_KLOG_UNPARSED_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#include "klog/arch.h"
#include "klog/klog.h"
#include "klog/strip.h"

/* In the order in which they are reported. */
enum vmw_unparsed_kind {
	VMW_UNPARSED_ARCH,	 /* a kernel of another architecture */
	VMW_UNPARSED_CUT,	 /* a dump whose end is missing, with it what it is about */
	VMW_UNPARSED_NAMELESS,	 /* an oops, of whatever function */
	VMW_UNPARSED_INCOMPLETE, /* an oops of ours without what it is judged by */
	VMW_UNPARSED_DUMP,	 /* a WARN or an oops, in a form that is not known */
	VMW_UNPARSED_BROKEN,	 /* the head of a WARN, without its function */
	VMW_UNPARSED_REFUSAL,	 /* a refusal, in a form that is not known */
	VMW_UNPARSED_HEADLESS,	 /* registers or frames of a dump, without its head */
	VMW_UNPARSED_MENTION,	 /* one of our functions, in any other line */
	VMW_UNPARSED_OWN,	 /* a finding that vmemmapwatch wrote into the log */
	VMW_UNPARSED_REVERSED,	 /* more lines, the newest first, than can be kept */
	VMW_UNPARSED_BASE64,
	VMW_UNPARSED_PACKED, /* what cannot be unpacked */
	VMW_UNPARSED_TABLE,  /* a layout, and nothing to judge by it */
	VMW_UNPARSED_EMPTY,  /* not one line of a kernel */
	VMW_NR_UNPARSED,
};

struct vmw_unparsed {
	u64 line[VMW_NR_UNPARSED]; /* the first of each; 0: none */
	enum vmw_arch arch;	   /* of VMW_UNPARSED_ARCH */
	char packed[200];	   /* of VMW_UNPARSED_PACKED: why */
};

/* Note that there is something of @kind in line @line. */
void vmw_unparsed_note(struct vmw_unparsed *unparsed, enum vmw_unparsed_kind kind, u64 line);
void vmw_unparsed_note_arch(struct vmw_unparsed *unparsed, enum vmw_arch arch, u64 line);

/*
 * What is to be told first, and its line in *@ret_line; VMW_NR_UNPARSED: all was
 * understood.
 */
enum vmw_unparsed_kind vmw_unparsed_first(const struct vmw_unparsed *unparsed, u64 *ret_line);

/*
 * Note what of @line, number @number, was not understood: @taken by the reader of dumps, or
 * @refused, a refusal that was read.
 */
void vmw_unparsed_line(struct vmw_unparsed *unparsed, const struct vmw_stripped *line,
		       u64 number, enum vmw_klog_taken taken, bool refused);

/*
 * Note what of a record of user space looks like a dump. None is there: it may be the
 * kernel's, with a damaged front.
 */
void vmw_unparsed_foreign(struct vmw_unparsed *unparsed, const char *text, u64 number);

/* Is @line a document of ours, that was written to the console of its kernel? */
bool vmw_is_own_document(const char *line);

#endif
