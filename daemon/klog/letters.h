/* SPDX-License-Identifier: GPL-2.0-only */
/* What mail programs, web pages and editors write in the place of plain letters. */
#ifndef VMEMMAPWATCH_KLOG_LETTERS_H
#define VMEMMAPWATCH_KLOG_LETTERS_H

/*
 * Change @line in place: no-break and other blanks of Unicode become blanks, marks
 * without a width go, entities of HTML become letters, tags of HTML go. It never becomes
 * longer.
 */
void vmw_plain_letters(char *line);

#endif
