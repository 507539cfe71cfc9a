/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a kernel address others may read. Whoever knows where the kernel lies
 * has KASLR behind him: redacted, a struct page is told by its offset from
 * VMEMMAP_START and every other kernel address not at all.
 *
 * Symbols with their offsets, pfns and physical addresses stay. A pfn beside the
 * offset of its struct page tells memstart_addr, and with it where the linear map
 * begins: who may not know that may not read pfns either.
 */
#ifndef VMEMMAPWATCH_EXPORT_REDACT_H
#define VMEMMAPWATCH_EXPORT_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include "../layout/layout.h"

struct vmw_report;
struct vmw_request;

struct vmw_redaction {
	bool on;
	bool known;		/* start is */
	u64 start;		/* VMEMMAP_START, as the kernel has it */
};

struct vmw_redaction vmw_redaction_of(const struct vmw_report *report);
struct vmw_redaction vmw_redaction_of_layout(const struct vmw_layout *layout, bool on);

enum vmw_secret {
	VMW_SECRET_PAGE,	/* of a struct page, or a bound of vmemmap */
	VMW_SECRET_ADDRESS,	/* any other address, hidden unless it is 0 */
	VMW_SECRET_VALUE,	/* hidden where it can be a kernel address: bit 63 */
};

/* How secret a value of the layout is. */
enum vmw_secret vmw_secret_of(enum vmw_value_id id);

/* Is where @request faulted one of its own struct pages? */
enum vmw_secret vmw_secret_of_fault(const struct vmw_request *request);

#define VMW_ADDRESS_LEN 32

/*
 * @value as it may be told: "0x..." with at least @digits digits; redacted
 * "START+0x40", "START-0x40" or "redacted".
 */
void vmw_format_address(const struct vmw_redaction *redaction, enum vmw_secret secret,
			u64 value, int digits, char text[VMW_ADDRESS_LEN]);

/* @symbol, unless it is an address that has no symbol. */
const char *vmw_redact_symbol(const struct vmw_redaction *redaction, const char *symbol);

#endif
