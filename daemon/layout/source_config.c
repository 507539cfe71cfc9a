// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's configuration: in the kernel itself (CONFIG_IKCONFIG_PROC), or
 * in the files that distributions put beside it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/config.h"
#include "layout/source.h"

enum {
	VA_BITS,
	PAGE_SHIFT,
	OLD_PAGE_SHIFT,
	GENERIC,
	SW_TAGS,
	SHADOW_OFFSET,
	NR_WANTED
};

static void add(struct vmw_layout *layout, enum vmw_value_id id,
		const struct vmw_config *option, const char *path, enum vmw_origin origin)
{
	struct vmw_reading reading = {
		.source = VMW_SOURCE_CONFIG,
		.origin = origin,
		.value = strtoull(option->value, NULL, 10),
	};

	if (!vmw_layout_is_sane(id, reading.value))
		return;
	snprintf(reading.where, sizeof(reading.where), "%s, %s", option->name, path);
	vmw_layout_add(layout, id, &reading);
}

static void take(struct vmw_layout *layout, const struct vmw_config *wanted, const char *path,
		 enum vmw_origin origin)
{
	add(layout, VMW_VALUE_VA_BITS, &wanted[VA_BITS], path, origin);
	add(layout, VMW_VALUE_PAGE_SHIFT,
	    &wanted[*wanted[PAGE_SHIFT].value ? PAGE_SHIFT : OLD_PAGE_SHIFT], path, origin);
	/* KASAN_SHADOW_SCALE_SHIFT: arch/arm64/Makefile, 5.10 to 7.2. */
	if (*wanted[GENERIC].value)
		layout->kasan.scale_shift = 3;
	else if (*wanted[SW_TAGS].value)
		layout->kasan.scale_shift = 4;
	layout->kasan.offset = strtoull(wanted[SHADOW_OFFSET].value, NULL, 16);
}

void vmw_read_config(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self)
{
	static const char *const paths[] = {
		"/proc/config.gz",
		"/boot/config-%s",
		"/lib/modules/%s/config",
	};
	struct vmw_config wanted[NR_WANTED] = {
		[VA_BITS] = { .name = "CONFIG_ARM64_VA_BITS" },
		/* The name in all architectures since 6.9 (6.12.117 arch/Kconfig). */
		[PAGE_SHIFT] = { .name = "CONFIG_PAGE_SHIFT" },
		[OLD_PAGE_SHIFT] = { .name = "CONFIG_ARM64_PAGE_SHIFT" },
		[GENERIC] = { .name = "CONFIG_KASAN_GENERIC" },
		[SW_TAGS] = { .name = "CONFIG_KASAN_SW_TAGS" },
		[SHADOW_OFFSET] = { .name = "CONFIG_KASAN_SHADOW_OFFSET" },
	};
	char path[192];
	size_t i;
	int err;

	(void)input;
	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		snprintf(path, sizeof(path), paths[i], layout->kernel);
		err = vmw_config_read(path, wanted, NR_WANTED);
		if (!err) {
			take(layout, wanted, path, i ? VMW_STATED : VMW_LIVE);
			*self = (struct vmw_source){ .state = VMW_SOURCE_READ };
			return;
		}
		if (err != -ENOENT && self->state != VMW_SOURCE_FAILED)
			vmw_source_fail(self, "%s: %s", path, strerror(-err));
	}
	if (self->state != VMW_SOURCE_FAILED)
		vmw_source_fail(
			self,
			"neither /proc/config.gz nor /boot/config-%.64s nor in /lib/modules",
			layout->kernel);
}
