// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this process sees of its own address space, without any privilege: the
 * page size, and how far up user addresses go, which is as far as those of the
 * kernel go down (TASK_SIZE_64 is 1 << vabits_actual, asm/processor.h 5.10.223
 * to 7.2.13; above 48 bits only for who asks for such an address).
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "layout/source.h"

/* Is there a user address close below 1 << @bits? */
static bool reaches(unsigned int bits, size_t page)
{
	void *wanted = (void *)((1UL << bits) - 16 * page);
	void *got = mmap(wanted, page, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (got == MAP_FAILED)
		return errno == EEXIST;
	munmap(got, page);
	return got == wanted;
}

void vmw_read_process(struct vmw_layout *layout, struct vmw_input *input, struct vmw_source *self)
{
	struct vmw_reading reading = {
		.source = VMW_SOURCE_PROCESS,
		.origin = VMW_LIVE,
		.variable = "vabits_actual",
		.where = "the highest address that can be mapped",
	};
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned int bits;

	(void)input;
	vmw_layout_add_live(layout, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_PROCESS, "AT_PAGESZ",
			    __builtin_ctzll(page));
	for (bits = 52; bits >= 36; bits--) {
		if (!reaches(bits, page))
			continue;
		reading.value = bits;
		vmw_layout_add(layout, VMW_VALUE_VA_BITS_ACTUAL, &reading);
		return;
	}
	vmw_source_fail(self,
			"how many VA bits there are: no address can be mapped (RLIMIT_AS?)");
}
