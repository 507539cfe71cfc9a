/* SPDX-License-Identifier: GPL-2.0-only */
/* Text of others in HTML. */
#ifndef VMEMMAPWATCH_OUTPUT_PICTURE_ESCAPE_H
#define VMEMMAPWATCH_OUTPUT_PICTURE_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/*
 * At most @length bytes of @text, to the first NUL, as text or as the value of a quoted
 * attribute: what is special there becomes a reference, and what is no printable ASCII,
 * a line's end included, \xNN. Names of tasks and modules are of any bytes.
 */
void vmw_html_bytes(const char *text, size_t length, FILE *file);

/* The same of a whole string. */
void vmw_html_text(const char *text, FILE *file);

#endif
