/* SPDX-License-Identifier: GPL-2.0-only */
/* What the lines of the kernel log and the entries of the journal share. */
#ifndef VMEMMAPWATCH_EXPORT_TELL_H
#define VMEMMAPWATCH_EXPORT_TELL_H

#include "aggregate/aggregate.h"

/* When something was last told of one driver and verdict. */
struct vmw_notice_limit;

/*
 * Was one of the same driver and verdict told within the last second before
 * @offender (re)appeared? If not, it is noted as told now. The list @told
 * begins as NULL.
 */
bool vmw_notice_is_recent(struct vmw_notice_limit **told, const struct vmw_offender *offender);
void vmw_notice_limit_free(struct vmw_notice_limit **told);

/* "gets", "asks for", "gives back": what the driver does with the memory. */
const char *vmw_notice_verb(const struct vmw_offender *offender, bool asks_only);

#endif
