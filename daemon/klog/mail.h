/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mail as it was sent: a part may be quoted-printable, which is undone, or base64,
 * which is not read. RFC 2045, 6.7, and RFC 2046, 5.1.1.
 */
#ifndef VMEMMAPWATCH_KLOG_MAIL_H
#define VMEMMAPWATCH_KLOG_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include <vmemmapwatch/types.h>

#define VMW_MAX_LINE  4096 /* of a longer one the rest is not looked at */
#define VMW_MAX_PARTS 8	   /* boundaries, one in the other */

enum vmw_encoding {
	VMW_ENCODING_PLAIN,
	VMW_ENCODING_QUOTED,
	VMW_ENCODING_BASE64,
};

struct vmw_mail {
	enum vmw_encoding declared; /* by the header that is being read */
	u64 declared_line;
	bool in_header;	 /* which has declared an encoding or a type */
	bool opaque;	 /* a picture or a signature, by its type */
	bool quoted;	 /* quoted-printable, from here on */
	u64 base64_line; /* of the first part in base64; 0: none */
	u64 long_line;	 /* of the first line whose end was lost, with a name or a head */
	char boundary[VMW_MAX_PARTS][72];
	unsigned int nr_boundaries;
	char joined[VMW_MAX_LINE + 1]; /* a line that goes on */
	size_t length;
	bool waiting;
	u64 number; /* of its first piece */
};

/*
 * What is to be read for the line @line, number *@number, at most VMW_MAX_LINE bytes:
 * itself, changed in place, or more of them as one, *@number being the first's then.
 * NULL: it goes on in the next.
 */
char *vmw_mail_line(struct vmw_mail *mail, char *line, u64 *number);

/* What would have gone on, at the end; or NULL. */
char *vmw_mail_end(struct vmw_mail *mail, u64 *number);

/* Call @fn with each beginning of a line that matters while nothing is encoded. */
void vmw_mail_fronts(void (*fn)(const char *front));

#endif
