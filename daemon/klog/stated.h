/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a log states about the layout of its kernel, in lines of its own: tables in
 * mails, the table that kernels up to 4.15 print, notes for dump tools, what oopses
 * and panics say of pages and offsets, what the boot says of memory.
 */
#ifndef VMEMMAPWATCH_KLOG_STATED_H
#define VMEMMAPWATCH_KLOG_STATED_H

#include <stdbool.h>

#include "layout/layout.h"

struct vmw_stated {
	struct vmw_layout layout; /* readings alone: not finished */
	bool any;		  /* it has one */
	/* "4k pages, 48-bit VAs" of an oops: what runs, not what was built. */
	unsigned int page_shift; /* 0: not told */
	unsigned int va_bits;
	u64 pages_line;
	/* RAM as the boot finds it, bytes; last is inclusive; 0: not told. */
	u64 ram_first;
	u64 ram_last;
	u64 ram_line;
	bool kaslr_known;
	bool kaslr;
	u64 kaslr_line;
	/* The struct page of a physical address, by a line of our own. */
	u64 own_line; /* 0: none */
	u64 own_vmemmap;
	/* The mark of kernel_page_tables that the next range of addresses is of. */
	enum vmw_value_id mark; /* VMW_NR_VALUES: none */
	unsigned int smallest;	/* KiB of a range of PTEs there; 0: none */
	bool version_seen;	/* "Linux version": a second one is another boot */
};

void vmw_stated_init(struct vmw_stated *stated);

/* Call @fn with each beginning of a line that states anything. */
void vmw_stated_fronts(void (*fn)(const char *front));

/* Can vmw_stated_line() do without the line @text? Cheap. */
bool vmw_stated_skips(const char *text);

/* Take what the line @text, number @number of the log, states. */
void vmw_stated_line(struct vmw_stated *stated, const char *text, u64 number);

/* What all lines together state: before the layout is asked for. */
void vmw_stated_finish(struct vmw_stated *stated);

/* Does the boot of another kernel begin with @text? */
bool vmw_is_boot(const struct vmw_stated *stated, const char *text);

#endif
