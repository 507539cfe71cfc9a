/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes, sizes and errors as text; and text of others made fit to be used. */
#ifndef VMEMMAPWATCH_BASE_FORMAT_H
#define VMEMMAPWATCH_BASE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <vmemmapwatch/types.h>

/*
 * At most @length bytes of @bytes, to the first NUL, as text that is safe in
 * JSON and on a terminal: what is no printable ASCII becomes \xNN. Cut where
 * @size is less than 4 * @length + 1.
 */
void vmw_format_bytes(const char *bytes, size_t length, char *text, size_t size);

/*
 * 0x10000000 -> "256 MiB": as large a unit as leaves 1 or more, a decimal where
 * it is not whole. 0 is what 2^64 bytes wrap to. @size at least 16.
 */
void vmw_format_size(u64 bytes, char *text, size_t size);

/* "0x1fffec00000 bytes (1.9 TiB)"; @size at least 48. */
void vmw_format_distance(u64 bytes, char *text, size_t size);

/*
 * "1 WARN", "2 WARNs", "0 oopses": @noun in its singular. @size at least 24 + twice the noun.
 * Returns @text.
 */
const char *vmw_format_count(u64 n, const char *noun, char *text, size_t size);

/*
 * Words of @text to @file, of which a line has @at columns already, and an end of line. What
 * does not fit into @columns goes on @indent deep; a word that is longer than a line has one
 * of its own. Blanks stay but where a line is broken. Returns how many lines that were.
 */
unsigned int vmw_wrap(FILE *file, int columns, int at, int indent, const char *text);

/* Printable name of -errno, as "EINVAL"; "errno N" for what has none. */
void vmw_format_errno(int error, char *text, size_t size);

/*
 * What another process has written may be anything. Any byte becomes a bool; a text ends
 * in its @size bytes, and has no control characters, which a terminal would obey.
 */
void vmw_tidy_bool(bool *value);
void vmw_tidy_text(char *text, size_t size);

#endif
