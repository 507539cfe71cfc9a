// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kallsyms.h"
#include "layout.h"

const struct vmw_value_info vmw_value_infos[VMW_NR_VALUES] = {
#define VMW_VALUE(id, name, base, unit) [VMW_VALUE_##id] = { name, base, unit },
	VMW_VALUES(VMW_VALUE)
#undef VMW_VALUE
};

/*
 * In this order: the first live reading of a value is the chosen one, kallsyms
 * finds the addresses that others read at, and bounds tell kcore's segments
 * apart.
 */
static const struct {
	const char *name;
	void (*read)(struct vmw_layout *, struct vmw_layout_input *, struct vmw_source *);
} sources[VMW_NR_SOURCES] = {
	{ "kallsyms", vmw_source_kallsyms },
	{ "mem_section", vmw_source_mem_section },
	{ "vmcoreinfo", vmw_source_vmcoreinfo },
	{ "the kernel's own check", vmw_source_check },
	{ "segments of kcore", vmw_source_segments },
};

void vmw_layout_add(struct vmw_layout *layout, enum vmw_value_id id,
		    const char *source, enum vmw_origin origin, u64 value)
{
	struct vmw_value *v = &layout->values[id];
	struct vmw_reading reading = {
		.source = source, .value = value, .origin = origin,
	};

	if (v->nr == VMW_MAX_READINGS)
		return;
	v->readings[v->nr] = reading;
	/* A live one in front: it is what will be shown and used. */
	if (origin == VMW_LIVE && v->nr && v->readings[0].origin == VMW_DERIVED) {
		v->readings[v->nr] = v->readings[0];
		v->readings[0] = reading;
	}
	v->nr++;
}

bool vmw_layout_get(const struct vmw_layout *layout, enum vmw_value_id id, u64 *ret)
{
	const struct vmw_value *v = &layout->values[id];

	if (!v->nr)
		return false;
	*ret = v->readings[0].value;
	return true;
}

bool vmw_layout_disagrees(const struct vmw_value *value)
{
	unsigned int i;

	for (i = 1; i < value->nr; i++) {
		if (value->readings[i].value != value->readings[0].value)
			return true;
	}
	return false;
}

const char *vmw_layout_agreement(const struct vmw_value *value)
{
	if (!value->nr)
		return "unknown";
	if (vmw_layout_disagrees(value))
		return "disagree";
	if (value->nr > 1)
		return "agree";
	return value->readings[0].origin == VMW_LIVE ? "single source" : "derived";
}

int vmw_layout_bounds(const struct vmw_layout *layout, struct vmw_bounds *ret,
		      enum vmw_value_id *ret_missing)
{
	static const enum vmw_value_id needed[] = {
		VMW_VALUE_START, VMW_VALUE_EFFECTIVE, VMW_VALUE_END, VMW_VALUE_VMEMMAP,
		VMW_VALUE_VA_BITS_ACTUAL, VMW_VALUE_PAGE_SHIFT, VMW_VALUE_STRUCT_PAGE,
	};
	u64 values[VMW_NR_VALUES] = { 0 };
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (!vmw_layout_get(layout, needed[i], &values[needed[i]])) {
			*ret_missing = needed[i];
			return -ENODATA;
		}
	}
	*ret = (struct vmw_bounds){
		.vmemmap = values[VMW_VALUE_VMEMMAP],
		.start = values[VMW_VALUE_EFFECTIVE],
		.end = values[VMW_VALUE_END],
		.page_struct_size = values[VMW_VALUE_STRUCT_PAGE],
		.page_shift = values[VMW_VALUE_PAGE_SHIFT],
		.va_bits = values[VMW_VALUE_VA_BITS_ACTUAL],
	};
	return 0;
}

int vmw_layout_read(struct vmw_layout *layout)
{
	struct vmw_layout_input input = { .kallsyms = VMW_KALLSYMS };
	int err, i;

	memset(layout, 0, sizeof(*layout));
	err = vmw_kcore_open(&input.kcore, VMW_KCORE);
	if (!err)
		err = vmw_kcore_note(&input.kcore, "VMCOREINFO", &input.note);
	for (i = 0; i < VMW_NR_SOURCES; i++) {
		layout->sources[i].name = sources[i].name;
		if (err)
			snprintf(layout->sources[i].problem,
				 sizeof(layout->sources[i].problem),
				 VMW_KCORE ": %s", strerror(-err));
		else
			sources[i].read(layout, &input, &layout->sources[i]);
	}
	vmw_layout_derive(layout, &input);
	free(input.note);
	vmw_kcore_close(&input.kcore);
	return err;
}
