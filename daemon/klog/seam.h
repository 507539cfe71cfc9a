/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines that were cut: at a blank, as mail programs do, or at a width, as terminals do,
 * which may be inside of a word.
 */
#ifndef VMEMMAPWATCH_KLOG_SEAM_H
#define VMEMMAPWATCH_KLOG_SEAM_H

#include <stdbool.h>
#include <stddef.h>

enum vmw_seam {
	VMW_SEAM_UNKNOWN,
	VMW_SEAM_WORD,	/* one word was cut in two */
	VMW_SEAM_BLANK, /* two words: a blank was there */
};

/* What is between the line @text and @next, which goes on with it? */
enum vmw_seam vmw_seam_of(const char *text, const char *next);

/*
 * The width at which all lines of the @length bytes at @buffer were cut; 0 where they were not.
 */
size_t vmw_width_of(const char *buffer, size_t length);

/* Is @line, without a front, the beginning of a line of a dump? */
bool vmw_begins_line(const char *line);

#endif
