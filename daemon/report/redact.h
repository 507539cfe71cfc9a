/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a redacted report leaves out: every number that says where something lies.
 * One is as bad as two. The address of a struct page is vmemmap + pfn *
 * sizeof(struct page), vmemmap is VMEMMAP_START - (memstart_addr >> PAGE_SHIFT) *
 * sizeof(struct page), and VMEMMAP_START is the same for all kernels of a
 * configuration. So the distance of a struct page from a bound gives memstart_addr to
 * whoever knows its pfn, and the first range of device-private memory has the same
 * pfn on all boots of a machine. Limits and what vmemmap covers begin and end with the
 * linear map; RAM begins where memstart_addr is where it is not randomised.
 *
 * Verdicts, regions, sizes, counts, times, names, and symbols with their offsets stay.
 */
#ifndef VMEMMAPWATCH_REPORT_REDACT_H
#define VMEMMAPWATCH_REPORT_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include "layout/layout.h"

enum vmw_secret {
	VMW_SECRET_PLACE,   /* always: struct pages, pfns, physical addresses, distances */
	VMW_SECRET_ADDRESS, /* a pointer: unless it is NULL */
	VMW_SECRET_VALUE,   /* where it can be a kernel address: bit 63 */
};

/* How secret a value of the layout is. */
enum vmw_secret vmw_secret_of(enum vmw_value_id id);

#define VMW_ADDRESS_LEN 24

/* @value: "0x..." with at least @digits digits, or "redacted". */
void vmw_format_address(bool redact, enum vmw_secret secret, u64 value, int digits,
			char text[VMW_ADDRESS_LEN]);

/* A value of the layout as people read it: hex of 16 digits or decimal, or "redacted". */
void vmw_format_value(bool redact, enum vmw_value_id id, u64 value, char text[VMW_ADDRESS_LEN]);

#define VMW_PLACES_LEN (2 * VMW_ADDRESS_LEN)

/* "0x...-0x...", each with at least @digits digits, or "redacted". */
void vmw_format_places(bool redact, u64 first, u64 last, int digits, char text[VMW_PLACES_LEN]);

/* @symbol, unless it is an address that has no symbol. */
const char *vmw_redact_symbol(bool redact, const char *symbol);

#endif
