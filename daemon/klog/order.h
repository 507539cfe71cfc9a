/* SPDX-License-Identifier: GPL-2.0-only */
/* Logs whose newest line is the first, and logs that have each line twice. */
#ifndef VMEMMAPWATCH_KLOG_ORDER_H
#define VMEMMAPWATCH_KLOG_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "klog/strip.h"

/* By the times of its lines, or else by the order in which lines of dumps stand. */
bool vmw_is_newest_first(const char *buffer, size_t length);

#define VMW_MAX_HELD (64ULL << 20) /* bytes of such a log */

struct vmw_held;

/* Lines that wait until the log has ended. */
struct vmw_hold {
	struct vmw_held *last;
	size_t bytes;
	bool full; /* there were more than VMW_MAX_HELD bytes: they are lost */
};

typedef void vmw_hold_fn(void *data, const struct vmw_stripped *line, u64 number);

/* Keep a copy of @line. 0, or -ENOMEM. */
int vmw_hold_add(struct vmw_hold *hold, const struct vmw_stripped *line, u64 number);

/* Hand all of them to @fn, the last one first, and free them. */
void vmw_hold_release(struct vmw_hold *hold, vmw_hold_fn *fn, void *data);
void vmw_hold_free(struct vmw_hold *hold);

#define VMW_DOUBLES 16

/* The lines before, as hashes. */
struct vmw_doubles {
	u64 times[VMW_DOUBLES]; /* of text and time; 0: none */
	u64 text, text_ns;	/* of the last line, and its time */
	unsigned int next;
};

/* Has @line been there just before? */
bool vmw_is_double(struct vmw_doubles *doubles, const struct vmw_stripped *line);

#endif
