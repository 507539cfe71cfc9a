// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "redact.h"
#include "report.h"

#define HIDDEN "redacted"

struct vmw_redaction vmw_redaction_of(const struct vmw_report *report)
{
	struct vmw_redaction redaction = {
		.on = report->redact, .known = true, .start = report->bounds->nominal_start,
	};

	return redaction;
}

struct vmw_redaction vmw_redaction_of_layout(const struct vmw_layout *layout, bool on)
{
	struct vmw_redaction redaction = { .on = on };

	redaction.known = vmw_layout_get(layout, VMW_VALUE_START, &redaction.start);
	return redaction;
}

enum vmw_secret vmw_secret_of(enum vmw_value_id id)
{
	switch (id) {
	case VMW_VALUE_START:
	case VMW_VALUE_EFFECTIVE:
	case VMW_VALUE_END:
		return VMW_SECRET_PAGE;
	/* Where KASLR has put the linear map, whatever their numbers look like. */
	case VMW_VALUE_VMEMMAP:
	case VMW_VALUE_PHYS_OFFSET:
	case VMW_VALUE_KIMAGE_VOFFSET:
		return VMW_SECRET_ADDRESS;
	default:
		return VMW_SECRET_VALUE;
	}
}

enum vmw_secret vmw_secret_of_fault(const struct vmw_request *request)
{
	size_t i;

	for (i = 0; i < request->nr_ranges; i++) {
		const struct vmw_range *range = &request->ranges[i];

		if (request->fault_address - range->pages_start <
		    range->pages_end - range->pages_start)
			return VMW_SECRET_PAGE;
	}
	return VMW_SECRET_ADDRESS;
}

static bool is_secret(enum vmw_secret secret, u64 value)
{
	return secret == VMW_SECRET_VALUE ? value >> 63 : value;
}

void vmw_format_address(const struct vmw_redaction *redaction, enum vmw_secret secret,
			u64 value, int digits, char text[VMW_ADDRESS_LEN])
{
	u64 offset = value - redaction->start;

	if (redaction->on && secret == VMW_SECRET_PAGE && redaction->known)
		/* Modulo 2^64, as pfn_to_page() is: the shorter way round. */
		snprintf(text, VMW_ADDRESS_LEN, "START%c0x%" PRIx64,
			 offset >> 63 ? '-' : '+', offset >> 63 ? -offset : offset);
	else if (redaction->on && is_secret(secret, value))
		snprintf(text, VMW_ADDRESS_LEN, HIDDEN);
	else
		snprintf(text, VMW_ADDRESS_LEN, "0x%0*" PRIx64, digits, value);
}

const char *vmw_redact_symbol(const struct vmw_redaction *redaction, const char *symbol)
{
	return redaction->on && !strncmp(symbol, "0x", 2) ? HIDDEN : symbol;
}
