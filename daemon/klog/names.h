/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions whose dumps are ours, or that stand in the call traces of ours; and where
 * any of them, or the head of another kind of trace, stands in a text.
 */
#ifndef VMEMMAPWATCH_KLOG_NAMES_H
#define VMEMMAPWATCH_KLOG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Does @name, which may have a suffix that a compiler added (".constprop.0"), begin with
 * the name @plain, and nothing more?
 */
bool vmw_is_function(const char *name, const char *plain);

/* A function that makes, writes or removes struct pages: an oops in it may be ours. */
bool vmw_is_fault_function(const char *name);

/* One of those, or one on the way to them. */
bool vmw_is_hotplug_function(const char *name);

enum vmw_mention {
	VMW_MENTION_NONE,
	VMW_MENTION_NAME,    /* one of our functions */
	VMW_MENTION_HEAD,    /* of a WARN or an oops */
	VMW_MENTION_REFUSAL, /* the beginning of a line that refuses a range */
	VMW_MENTION_OTHER,   /* the head of a trace that is no WARN and no oops */
	VMW_MENTION_ARCH,    /* what only kernels of other architectures print */
};

/*
 * The first mention in the text from @from to before @end, and its kind in *@ret; NULL
 * where there is none. It costs much less than reading every byte.
 */
const char *vmw_next_mention(const char *from, const char *end, enum vmw_mention *ret);

/* Does @text mention something of @kind? */
bool vmw_mentions(const char *text, enum vmw_mention kind);

/*
 * Does @text mention one of our functions as dumps do: with an offset, at the end of a
 * line that was cut, or joined to the next? Prose and tables of ours name them otherwise.
 */
bool vmw_refers_to(const char *text);

#endif
