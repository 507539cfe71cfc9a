/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What loggers, journals and mail programs put in front of the kernel's own text,
 * and the ends of lines that mail programs have moved.
 */
#ifndef VMEMMAPWATCH_KLOG_STRIP_H
#define VMEMMAPWATCH_KLOG_STRIP_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_UNWRAP_LEN 1024 /* longer lines are none of a dump */

/* Of no locale. */
static inline bool vmw_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct vmw_stripped {
	char *text;	 /* in the line itself */
	u64 time_ns;	 /* of the kernel's own clock; 0: the line has none */
	char caller[16]; /* "T78" (CONFIG_PRINTK_CALLER), or "" */
	bool stamped;	 /* something of the kernel or a logger stands in front */
	bool kernel;	 /* and that is what only lines of a kernel have */
	bool foreign;	 /* a record that user space wrote */
	bool quoted;	 /* of a mail that this one replies to */
};

/*
 * Behind a time without brackets at @p, and a blank: "2023-04-10T03:39:59,123456+02:00",
 * "03:39:59.123", "2023-04-10 03:39:59"; "Apr 10 03:39:59" where a "[" follows. NULL:
 * none. It and the next two want a NUL or a newline behind the line.
 */
const char *vmw_behind_stamp(const char *p);

/*
 * At the "]" that closes a time which began at @p, behind the "[": as above, or
 * "+0.000001", "Apr10 03:39", "Mon Apr 10 03:39:59 2023". NULL: none.
 */
const char *vmw_behind_bracket(const char *p);

/* At the "]" behind " <    0.000001>", or behind nothing. NULL: none. */
const char *vmw_behind_delta(const char *p);

/* Take the sequences that terminals have for colours and more out of @line. */
void vmw_drop_escapes(char *line);

/*
 * Take colours, quotes ("> ", "AB> "), priorities ("<4>"), records of /dev/kmsg
 * ("4,109,652618,-;"), the kernel's time ("[   12.345678] ", with and without a caller),
 * those of dmesg -d, -e, -H, -T, -x and --time-format, those of whoever captured a serial
 * console, and what syslog and journalctl print up to "kernel: " off @line, and the
 * blanks at both ends of what is left.
 */
void vmw_strip(char *line, struct vmw_stripped *ret);

/*
 * Where the kernel's text begins in the @length bytes at @line, as vmw_strip() has it,
 * or sooner; without a look at anything but the front. For lines that nobody wants, so
 * that those cost little; at least four bytes of it. NULL: only vmw_strip() can tell.
 */
const char *vmw_front(const char *line, size_t length);

/* One line from the pieces of it. */
struct vmw_unwrap {
	char text[VMW_UNWRAP_LEN];
	size_t length; /* 0: nothing is waiting */
	unsigned int pieces;
	u64 number; /* of the first piece's line */
	struct vmw_stripped of;
};

/* Is there more of the line @text to come, by what the kernel's lines have in them? */
bool vmw_is_incomplete(const char *text);

/*
 * May @text be what is missing of the line that waits, which had no end?
 * Not where it has a time of its own, or is the beginning of another one.
 */
bool vmw_unwrap_fits(const struct vmw_unwrap *unwrap, const struct vmw_stripped *next);

/* Add a piece; with a blank in front, unless the line was cut inside of a word. */
void vmw_unwrap_add(struct vmw_unwrap *unwrap, const struct vmw_stripped *piece, u64 number);

#endif
