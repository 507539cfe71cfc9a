// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "report/redact.h"

#define HIDDEN "redacted"

enum vmw_secret vmw_secret_of(enum vmw_value_id id)
{
	switch (id) {
	/* Where the linear map, vmemmap and the image are, whatever their numbers look like. */
	case VMW_VALUE_START:
	case VMW_VALUE_EFFECTIVE:
	case VMW_VALUE_END:
	case VMW_VALUE_VMEMMAP:
	case VMW_VALUE_PHYS_OFFSET:
	case VMW_VALUE_KIMAGE_VOFFSET:
	case VMW_VALUE_HIGH_MEMORY:
		return VMW_SECRET_PLACE;
	default:
		return VMW_SECRET_VALUE;
	}
}

static bool is_secret(enum vmw_secret secret, u64 value)
{
	switch (secret) {
	case VMW_SECRET_ADDRESS:
		return value;
	case VMW_SECRET_VALUE:
		return value >> 63;
	default:
		return true;
	}
}

void vmw_format_address(bool redact, enum vmw_secret secret, u64 value, int digits,
			char text[VMW_ADDRESS_LEN])
{
	if (redact && is_secret(secret, value))
		snprintf(text, VMW_ADDRESS_LEN, HIDDEN);
	else
		snprintf(text, VMW_ADDRESS_LEN, "0x%0*llx", digits, value);
}

void vmw_format_value(bool redact, enum vmw_value_id id, u64 value, char text[VMW_ADDRESS_LEN])
{
	if (vmw_value_infos[id].base == 16)
		vmw_format_address(redact, vmw_secret_of(id), value, 16, text);
	else
		snprintf(text, VMW_ADDRESS_LEN, "%llu", value);
}

void vmw_format_places(bool redact, u64 first, u64 last, int digits, char text[VMW_PLACES_LEN])
{
	if (redact)
		snprintf(text, VMW_PLACES_LEN, HIDDEN);
	else
		snprintf(text, VMW_PLACES_LEN, "0x%0*llx-0x%0*llx", digits, first, digits, last);
}

const char *vmw_redact_symbol(bool redact, const char *symbol)
{
	return redact && !strncmp(symbol, "0x", 2) ? HIDDEN : symbol;
}
