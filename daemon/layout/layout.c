// SPDX-License-Identifier: GPL-2.0-only
/* Values, their readings, and which of them is believed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "layout/layout.h"

const struct vmw_value_info vmw_value_infos[VMW_NR_VALUES] = {
#define VMW_VALUE(id, name, base) [VMW_VALUE_##id] = { name, base },
	VMW_VALUES(VMW_VALUE)
#undef VMW_VALUE
};

const char *const vmw_source_names[VMW_NR_SOURCES] = {
#define VMW_SOURCE(id, name, what) [VMW_SOURCE_##id] = name,
	VMW_SOURCES(VMW_SOURCE)
#undef VMW_SOURCE
};

const char *const vmw_origin_names[VMW_NR_ORIGINS] = {
	[VMW_LIVE] = "live",
	[VMW_STATED] = "stated",
	[VMW_DERIVED] = "derived",
	[VMW_FORMULA] = "formula",
};

enum vmw_value_id vmw_value_by_name(const char *name)
{
	enum vmw_value_id id;

	for (id = 0; id < VMW_NR_VALUES; id++) {
		if (!strcmp(vmw_value_infos[id].name, name))
			break;
	}
	return id;
}

enum vmw_source_id vmw_source_by_name(const char *name)
{
	enum vmw_source_id id;

	for (id = 0; id < VMW_NR_SOURCES; id++) {
		if (!strcmp(vmw_source_names[id], name))
			break;
	}
	return id;
}

void vmw_layout_init(struct vmw_layout *layout, enum vmw_source_id trust)
{
	memset(layout, 0, sizeof(*layout));
	layout->trust = trust;
}

u64 vmw_layout_linear_last(const struct vmw_layout *layout)
{
	u64 offset, end, memstart;

	if (!vmw_layout_get(layout, VMW_VALUE_PAGE_OFFSET, &offset) ||
	    !vmw_layout_get(layout, VMW_VALUE_PAGE_END, &end) ||
	    !vmw_layout_get(layout, VMW_VALUE_PHYS_OFFSET, &memstart))
		return 0;
	return end - 1 - offset + memstart;
}

bool vmw_layout_is_before(const struct vmw_layout *layout, unsigned int major, unsigned int minor)
{
	const struct vmw_release *r = &layout->release;

	return r->major && (r->major != major ? r->major < major : r->minor < minor);
}

void vmw_layout_set_release(struct vmw_layout *layout, const char *release)
{
	unsigned int major, minor;
	size_t i;

	/* It may come from a file, and goes to a terminal. */
	for (i = 0; release[i] && i + 1 < sizeof(layout->kernel); i++)
		layout->kernel[i] = release[i] > ' ' && release[i] <= '~' ? release[i] : '?';
	layout->kernel[i] = '\0';
	if (sscanf(release, "%3u.%3u", &major, &minor) == 2)
		layout->release = (struct vmw_release){ major, minor };
}

/* The smaller, the sooner believed; among equals the first to come. */
static int rank(const struct vmw_layout *layout, const struct vmw_reading *reading)
{
	return reading->source == layout->trust ? -1 : (int)reading->origin;
}

void vmw_layout_add(struct vmw_layout *layout, enum vmw_value_id id,
		    const struct vmw_reading *reading)
{
	struct vmw_value *v = &layout->values[id];
	unsigned int i;

	for (i = 0; i < v->nr; i++) {
		/* Said twice by one source is said once. */
		if (v->readings[i].source == reading->source &&
		    v->readings[i].value == reading->value &&
		    (!strcmp(v->readings[i].where, reading->where) ||
		     reading->source == VMW_SOURCE_FILE))
			return;
	}
	if (v->nr == VMW_MAX_READINGS) {
		v->dropped++;
		return;
	}
	for (i = v->nr; i && rank(layout, reading) < rank(layout, &v->readings[i - 1]); i--)
		v->readings[i] = v->readings[i - 1];
	v->readings[i] = *reading;
	v->nr++;
	if (reading->source == layout->trust)
		v->trusted = true;
}

void vmw_layout_add_live(struct vmw_layout *layout, enum vmw_value_id id,
			 enum vmw_source_id source, const char *where, u64 value)
{
	struct vmw_reading reading = {
		.value = value,
		.source = source,
		.origin = VMW_LIVE,
	};

	snprintf(reading.where, sizeof(reading.where), "%s", where);
	vmw_layout_add(layout, id, &reading);
}

void vmw_layout_add_derived(struct vmw_layout *layout, enum vmw_value_id id, enum vmw_value_id a,
			    enum vmw_value_id b, const char *where, u64 value)
{
	struct vmw_reading reading = {
		.value = value,
		.source = VMW_SOURCE_DERIVED,
		.origin = VMW_DERIVED,
	};

	if (vmw_layout_is_formula(&layout->values[a]) ||
	    vmw_layout_is_formula(&layout->values[b])) {
		reading.source = VMW_SOURCE_FORMULA;
		reading.origin = VMW_FORMULA;
	}

	snprintf(reading.where, sizeof(reading.where), "%s", where);
	vmw_layout_add(layout, id, &reading);
}

bool vmw_layout_get(const struct vmw_layout *layout, enum vmw_value_id id, u64 *ret)
{
	const struct vmw_value *v = &layout->values[id];

	if (!v->nr)
		return false;
	*ret = v->readings[0].value;
	return true;
}

static bool is_witness(const struct vmw_reading *reading)
{
	return reading->origin == VMW_LIVE || reading->from_live;
}

unsigned int vmw_layout_witnesses(const struct vmw_value *value)
{
	unsigned int i, j, n = 0;

	for (i = 0; i < value->nr; i++) {
		const struct vmw_reading *r = &value->readings[i];

		if (!is_witness(r))
			continue;
		for (j = 0; j < i && *r->variable; j++) {
			if (is_witness(&value->readings[j]) &&
			    !strcmp(value->readings[j].variable, r->variable))
				break;
		}
		if (j == i || !*r->variable)
			n++;
	}
	return n;
}

/* Does a reading of @least or a better origin contradict the chosen one? */
static bool contradicts(const struct vmw_value *value, enum vmw_origin least)
{
	unsigned int i;

	for (i = 1; i < value->nr; i++) {
		if (value->readings[i].value != value->readings[0].value &&
		    value->readings[i].origin <= least)
			return true;
	}
	return value->dropped;
}

/* How good an origin has to be to count against the chosen reading. */
static enum vmw_origin least_origin(const struct vmw_layout *layout, const struct vmw_value *value)
{
	if (layout->trust != VMW_NR_SOURCES)
		return VMW_STATED;
	return vmw_layout_witnesses(value) < 2 ? VMW_FORMULA : VMW_DERIVED;
}

bool vmw_layout_disagrees(const struct vmw_layout *layout, enum vmw_value_id id)
{
	const struct vmw_value *value = &layout->values[id];

	return !value->trusted && contradicts(value, least_origin(layout, value));
}

bool vmw_layout_matters(enum vmw_value_id id)
{
	switch (id) {
	case VMW_VALUE_START:
	case VMW_VALUE_EFFECTIVE:
	case VMW_VALUE_END:
	case VMW_VALUE_SIZE:
	case VMW_VALUE_VMEMMAP:
	case VMW_VALUE_VMALLOC_END:
	case VMW_VALUE_PHYS_OFFSET:
	case VMW_VALUE_PAGE_SHIFT:
	case VMW_VALUE_PAGE_SIZE:
	case VMW_VALUE_STRUCT_PAGE:
	case VMW_VALUE_VA_BITS:
	case VMW_VALUE_VA_BITS_ACTUAL:
		return true;
	default:
		return false;
	}
}

bool vmw_layout_is_formula(const struct vmw_value *value)
{
	return value->nr && value->readings[0].origin == VMW_FORMULA;
}

bool vmw_layout_formula_differs(const struct vmw_value *value)
{
	return contradicts(value, VMW_FORMULA) && !contradicts(value, VMW_DERIVED);
}

const char *vmw_layout_agreement(const struct vmw_layout *layout, enum vmw_value_id id)
{
	const struct vmw_value *value = &layout->values[id];
	unsigned int witnesses = vmw_layout_witnesses(value);

	if (!value->nr)
		return "unknown";
	if (layout->trust != VMW_NR_SOURCES && !vmw_layout_disagrees(layout, id) &&
	    contradicts(value, VMW_DERIVED))
		return "trusted";
	if (vmw_layout_disagrees(layout, id))
		return "disagree";
	if (witnesses > 1)
		return "agree";
	if (witnesses == 1)
		return "single source";
	return vmw_origin_names[value->readings[0].origin];
}

bool vmw_layout_is_sane(enum vmw_value_id id, u64 value)
{
	switch (id) {
	case VMW_VALUE_PAGE_SHIFT:
		return value == 12 || value == 14 || value == 16;
	case VMW_VALUE_PAGE_SIZE:
		return value == 4096 || value == 16384 || value == 65536;
	case VMW_VALUE_STRUCT_PAGE:
		return value >= 32 && value <= 512 && value % 8 == 0;
	case VMW_VALUE_VA_BITS:
	case VMW_VALUE_VA_BITS_ACTUAL:
		return value >= 36 && value <= 52;
	case VMW_VALUE_MAX_PHYS:
		return value >= 32 && value <= 56;
	case VMW_VALUE_SECTION_BITS:
		return value >= 24 && value <= 34;
	case VMW_VALUE_VMEMMAP_SHIFT:
		return value >= 1 && value <= 16;
	default:
		return true;
	}
}

int vmw_layout_bounds(const struct vmw_layout *layout, struct vmw_bounds *ret,
		      enum vmw_value_id *ret_missing)
{
	static const enum vmw_value_id needed[] = {
		VMW_VALUE_PAGE_SHIFT, VMW_VALUE_STRUCT_PAGE, VMW_VALUE_VA_BITS_ACTUAL,
		VMW_VALUE_START,      VMW_VALUE_EFFECTIVE,   VMW_VALUE_END,
		VMW_VALUE_VMEMMAP,
	};
	u64 values[VMW_NR_VALUES] = { 0 };
	u64 half;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		*ret_missing = needed[i];
		if (!vmw_layout_get(layout, needed[i], &values[needed[i]]))
			return -ENODATA;
		if (!vmw_layout_is_sane(needed[i], values[needed[i]]))
			return -EBADMSG;
	}
	/* All of it is in the kernel's half, which 52 bits make the largest. */
	half = -(1ULL << values[VMW_VALUE_VA_BITS_ACTUAL]);
	*ret_missing = VMW_VALUE_START;
	if (values[VMW_VALUE_START] < -(1ULL << 52))
		return -EBADMSG;
	*ret_missing = VMW_VALUE_EFFECTIVE;
	if (values[VMW_VALUE_EFFECTIVE] < values[VMW_VALUE_START] ||
	    values[VMW_VALUE_EFFECTIVE] < half)
		return -EBADMSG;
	*ret_missing = VMW_VALUE_END;
	if (values[VMW_VALUE_END] <= values[VMW_VALUE_EFFECTIVE])
		return -EBADMSG;
	*ret = (struct vmw_bounds){
		.vmemmap = values[VMW_VALUE_VMEMMAP],
		.start = values[VMW_VALUE_EFFECTIVE],
		.end = values[VMW_VALUE_END],
		.nominal_start = values[VMW_VALUE_START],
		.page_struct_size = values[VMW_VALUE_STRUCT_PAGE],
		.page_shift = values[VMW_VALUE_PAGE_SHIFT],
		.va_bits = values[VMW_VALUE_VA_BITS_ACTUAL],
	};
	return 0;
}
