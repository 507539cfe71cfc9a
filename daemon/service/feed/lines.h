/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines of the feed: one bounded queue for all clients, each of which has a
 * place in it. Who falls behind the oldest line has missed those that are gone,
 * and how many those are follows from the places.
 */
#ifndef VMEMMAPWATCH_SERVICE_FEED_LINES_H
#define VMEMMAPWATCH_SERVICE_FEED_LINES_H

#include <stddef.h>

#include <vmemmapwatch/types.h>

/* Shared by the queue and by clients that are sending it. */
struct vmw_line {
	u32 users;
	u32 length;
	char text[];
};

/* A copy of @text with one user; NULL for lack of memory. */
struct vmw_line *vmw_line_new(const char *text, size_t length);
struct vmw_line *vmw_line_use(struct vmw_line *line);
void vmw_line_drop(struct vmw_line *line);

/* How each line is told: as it is, and to those who may not know addresses. */
enum vmw_line_form {
	VMW_FORM_PLAIN,
	VMW_FORM_REDACTED,
	VMW_NR_FORMS,
};

#define VMW_QUEUE_LINES 8192 /* a power of two */
#define VMW_QUEUE_BYTES (3 << 20)

struct vmw_lines {
	/* Line n is at n % VMW_QUEUE_LINES; NULL where nobody was there to read it. */
	struct vmw_line *line[VMW_QUEUE_LINES][VMW_NR_FORMS];
	u64 first; /* the oldest line that is left */
	u64 end;   /* the number of the next one: all there ever were */
	size_t bytes;
};

/* Append one line in each telling (taken over; NULL for none). Old ones make room. */
void vmw_lines_append(struct vmw_lines *lines, struct vmw_line *line[VMW_NR_FORMS]);

/*
 * Line *@at for a reader of @telling, with one user more, and *@at moves on. Lines
 * that are gone are added to *@missed, and skipped. NULL: there is none yet.
 */
struct vmw_line *vmw_lines_next(const struct vmw_lines *lines, enum vmw_line_form form, u64 *at,
				u64 *missed);

void vmw_lines_free(struct vmw_lines *lines);

#endif
