/* SPDX-License-Identifier: GPL-2.0-only */
/* Short words for tests of layouts. */
#ifndef VMEMMAPWATCH_TESTS_LAYOUT_H
#define VMEMMAPWATCH_TESTS_LAYOUT_H

#include "unit.h"

#include "layout/layout.h"

static inline void add(struct vmw_layout *layout, enum vmw_value_id id, enum vmw_source_id source,
		       enum vmw_origin origin, const char *variable, u64 value)
{
	struct vmw_reading reading = {
		.value = value,
		.source = source,
		.origin = origin,
		.where = "test",
	};

	strcpy(reading.variable, variable);
	vmw_layout_add(layout, id, &reading);
}

static inline const char *agreement(const struct vmw_layout *layout, enum vmw_value_id id)
{
	return vmw_layout_agreement(layout, id);
}

static inline u64 get(const struct vmw_layout *layout, enum vmw_value_id id)
{
	u64 value = 0x5eed;

	return vmw_layout_get(layout, id, &value) ? value : 0x5eed;
}

#endif
