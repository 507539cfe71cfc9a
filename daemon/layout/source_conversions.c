// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the kernel's own code converts pfns: pfn_to_page() and its like are inlined, with
 * VMEMMAP_START as a constant and memstart_addr as a variable (asm/memory.h, 5.10.223 to
 * 7.2.13). The code alone tells both: kallsyms need not list variables.
 */
#include <errno.h>
#include <stdio.h>

#include "kernel/converting.h"
#include "kernel/memstart.h"
#include "kernel/sites.h"
#include "layout/source.h"

#define MIN_VOTES 8
/* arm64 aligns it to this or more: ARM64_MEMSTART_ALIGN, asm/kernel-pgtable.h. */
#define MEMSTART_ALIGN (2 << 20)

static int add_memstart(struct vmw_layout *layout, struct vmw_input *input, u64 address,
			size_t hits, struct vmw_source *self)
{
	struct vmw_reading reading = {
		.source = VMW_SOURCE_CONVERSIONS,
		.origin = VMW_LIVE,
		.variable = "memstart_addr",
	};
	int err;

	err = vmw_memory_read(&input->memory, address, &reading.value, sizeof(reading.value));
	if (err) {
		vmw_source_unread(self, input, err);
		return err;
	}
	if (reading.value % MEMSTART_ALIGN) {
		vmw_source_fail(self,
				"what %zu conversions shift cannot be memstart_addr: 0x%llx",
				hits, reading.value);
		return -EBADMSG;
	}
	snprintf(reading.where, sizeof(reading.where),
		 "the variable that %zu conversions shift, read %s", hits,
		 vmw_memory_how(&input->memory));
	vmw_layout_add(layout, VMW_VALUE_PHYS_OFFSET, &reading);
	return 0;
}

/* Nearly all have to be of one mind. */
static bool is_clear(const struct vmw_sites *sites)
{
	return sites->votes >= MIN_VOTES && sites->votes * 4 >= sites->all_votes * 3;
}

static void read_object(struct vmw_layout *layout, struct vmw_input *input,
			struct vmw_object *object, struct vmw_source *self)
{
	struct vmw_sites sites;
	char where[96];
	size_t hits;

	if (vmw_guess_memstart(object, &object->memstart, &hits)) {
		vmw_source_fail(self, "no variable is clearly the one that pfns are made with");
		return;
	}
	if (add_memstart(layout, input, object->memstart, hits, self))
		return;
	if (vmw_sites_model(object, &sites) || !is_clear(&sites)) {
		vmw_source_fail(self, "VMEMMAP_START is not clear: %zu of %zu conversions agree",
				sites.votes, sites.all_votes);
		return;
	}
	snprintf(where, sizeof(where), "%zu of %zu conversions add it or take it away",
		 sites.votes, sites.all_votes);
	vmw_layout_add_live(layout, VMW_VALUE_START, VMW_SOURCE_CONVERSIONS, where,
			    sites.model.start);
}

void vmw_read_conversions(struct vmw_layout *layout, struct vmw_input *input,
			  struct vmw_source *self)
{
	struct vmw_object object;
	int err;

	err = vmw_converting_read(&object, input->converting, &input->memory);
	if (err == -ENOENT) {
		vmw_source_fail(self, "kallsyms does not list %s() and its like",
				vmw_converting[0]);
		return;
	}
	if (err) {
		vmw_source_unread(self, input, err);
		return;
	}
	read_object(layout, input, &object, self);
	vmw_object_free(&object);
}
