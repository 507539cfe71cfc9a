// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "klog/from_log.h"
#include "layout/from.h"
#include "probe/require.h"
#include "report/redact.h"
#include "watch/require_layout.h"

/* A layout or a table, or else a log that states one. */
static enum vmw_exit require_file(const struct vmw_layout_config *config,
				  struct vmw_layout *layout)
{
	static struct vmw_layout log;
	char why[256], unused[256];
	int err = vmw_layout_from(layout, config->trust, config->from, why, sizeof(why));

	if (!err && layout->values[VMW_VALUE_START].nr)
		return VMW_EXIT_CLEAN;
	if (!vmw_layout_from_log(&log, config->trust, config->from, unused, sizeof(unused))) {
		*layout = log;
		return VMW_EXIT_CLEAN;
	}
	if (!err)
		return VMW_EXIT_CLEAN;
	vmw_error("%s: %s", config->from, why);
	return VMW_EXIT_USAGE;
}

enum vmw_exit vmw_require_layout(const struct vmw_layout_config *config, struct vmw_layout *layout)
{
	char why[256];

	if (config->from)
		return require_file(config, layout);
	if (vmw_require_arm64(why, sizeof(why))) {
		vmw_error("%s (--from FILE needs none)", why);
		return VMW_EXIT_UNTRACEABLE;
	}
	vmw_layout_read(layout, config->trust);
	return VMW_EXIT_CLEAN;
}

/* Our messages go to the journal, which more people may read than our reports. */
static const char *format_value(bool redact, enum vmw_value_id id, u64 value,
				char text[VMW_ADDRESS_LEN])
{
	vmw_format_address(redact, vmw_secret_of(id), value, 1, text);
	return text;
}

/* Each disagreement in full. Returns how many there are. */
static int say_disagreements(const struct vmw_layout *layout, bool redact)
{
	const struct vmw_value *value;
	char text[VMW_ADDRESS_LEN];
	unsigned int i;
	int id, n = 0;

	for (id = 0; id < VMW_NR_VALUES; id++) {
		value = &layout->values[id];
		if (!vmw_layout_matters(id) || !vmw_layout_disagrees(layout, id))
			continue;
		n++;
		for (i = 0; i < value->nr; i++)
			vmw_error("sources disagree about %s: %s by %s, %s",
				  vmw_value_infos[id].name,
				  format_value(redact, id, value->readings[i].value, text),
				  vmw_source_names[value->readings[i].source],
				  value->readings[i].where);
	}
	return n;
}

/* What a file should have said, as it can be typed: a name and a value. */
static const char *example(const struct vmw_layout *layout, enum vmw_value_id id)
{
	switch (id) {
	case VMW_VALUE_PAGE_SHIFT:
		return "PAGE_SHIFT: 12";
	case VMW_VALUE_STRUCT_PAGE:
		return "sizeof(struct page): 64";
	case VMW_VALUE_VA_BITS_ACTUAL:
		/* 52 bits configured do not tell what the CPU has. */
		return layout->values[VMW_VALUE_VA_BITS].nr ? "vabits_actual: 48" : "VA_BITS: 48";
	case VMW_VALUE_VMEMMAP:
		return "memstart_addr: 0x80000000";
	default:
		return "VMEMMAP_START: 0x...\" and one \"VMEMMAP_END: 0x...\", or \"kernel: 6.1.0";
	}
}

static enum vmw_exit say_missing(const struct vmw_layout_config *config,
				 const struct vmw_layout *layout, int err, enum vmw_value_id id)
{
	const char *name = vmw_value_infos[id].name;
	char text[VMW_ADDRESS_LEN];
	int source;

	if (config->from && err == -ENODATA) {
		vmw_error(layout->file == VMW_FILE_JSON ?
				  "%s: %s is neither stated nor follows: expected in \"layout\": {\"values\": {...}}" :
				  "%s: %s is neither stated nor follows: add a line \"%s\"",
			  config->from, name, example(layout, id));
		return VMW_EXIT_USAGE;
	}
	if (err != -ENODATA) {
		vmw_error("%s cannot be %s: --layout prints who says so", name,
			  format_value(config->redact, id, layout->values[id].readings[0].value,
				       text));
		return config->from ? VMW_EXIT_USAGE : VMW_EXIT_UNTRACEABLE;
	}
	/* The first that failed stands before those that build on it. */
	for (source = 0; source < VMW_NR_SOURCES; source++) {
		if (layout->sources[source].state == VMW_SOURCE_FAILED)
			break;
	}
	vmw_error("no source on this kernel knows %s%s%s", name,
		  source < VMW_NR_SOURCES ? ": " : "",
		  source < VMW_NR_SOURCES ? layout->sources[source].note : "");
	return VMW_EXIT_UNTRACEABLE;
}

enum vmw_exit vmw_require_bounds(const struct vmw_layout_config *config,
				 const struct vmw_layout *layout, struct vmw_bounds *ret)
{
	enum vmw_value_id missing;
	int err;

	if (say_disagreements(layout, config->redact))
		return VMW_EXIT_BOUNDS;
	err = vmw_layout_bounds(layout, ret, &missing);
	return err ? say_missing(config, layout, err, missing) : VMW_EXIT_CLEAN;
}

int vmw_require_iomem(const struct vmw_layout_config *config, struct vmw_iomem *ret, char *why,
		      size_t size)
{
	int err = config->from ? -ENOENT : vmw_iomem_read(ret, VMW_IOMEM);

	if (config->from)
		snprintf(why, size, "a file has no /proc/iomem");
	else if (err)
		vmw_iomem_why(VMW_IOMEM, err, why, size);
	return err;
}
