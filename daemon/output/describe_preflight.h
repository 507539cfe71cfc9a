/* SPDX-License-Identifier: GPL-2.0-only */
/* What --preflight foresees, and its two forms. */
#ifndef VMEMMAPWATCH_OUTPUT_DESCRIBE_PREFLIGHT_H
#define VMEMMAPWATCH_OUTPUT_DESCRIBE_PREFLIGHT_H

#include <stdio.h>

#include "base/exit.h"
#include "explain/preflight.h"

/*
 * 1 where a planned request ends badly on this boot; else 5 where one is accepted whose size
 * is a lower limit only; 6 where there is nothing to predict; else 0.
 */
enum vmw_exit vmw_preflight_code(const struct vmw_preflight *preflight);

/* One way in which boots end: the verdict is VMW_NR_VERDICTS where nothing is placed. */
struct vmw_way {
	enum vmw_expected_kind expected;
	u32 verdict;
	u32 seeds;
};

#define VMW_MAX_WAYS (VMW_NR_EXPECTED * (VMW_NR_VERDICTS + 1))

/* The ways that there are, the most likely one first. Returns how many. */
size_t vmw_shares_ways(const struct vmw_shares *shares, struct vmw_way ways[VMW_MAX_WAYS]);

/* What the kernel does, in a line of at most @size bytes. */
void vmw_expected_words(const struct vmw_preflight *preflight,
			const struct vmw_expected *expected, char *text, size_t size);

/* Returns 0 or a negative errno. */
int vmw_export_preflight_text(const struct vmw_preflight *preflight, FILE *file);
int vmw_export_preflight_json(const struct vmw_preflight *preflight, FILE *file);

#endif
