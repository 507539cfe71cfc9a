// SPDX-License-Identifier: GPL-2.0-only
/* From what a log states, and what its registers tell, to a layout with bounds. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "klog/klog_internal.h"

static void add(struct vmw_layout *layout, enum vmw_value_id id, enum vmw_origin origin,
		u64 value, const char *where)
{
	struct vmw_reading reading = {
		.value = value,
		.origin = origin,
		.source = origin == VMW_STATED	? VMW_SOURCE_FILE :
			  origin == VMW_DERIVED ? VMW_SOURCE_DERIVED :
						  VMW_SOURCE_FORMULA,
	};

	snprintf(reading.where, sizeof(reading.where), "%s", where);
	vmw_layout_add(layout, id, &reading);
}

static void add_register(struct vmw_layout *layout, enum vmw_value_id id, u64 value,
			 const struct vmw_inferred *inferred, int reg)
{
	char where[96];

	if (reg < 0)
		return;
	snprintf(where, sizeof(where), "line %llu, x%d of the %s in %.40s()", inferred->line,
		 reg, inferred->oops ? "oops" : "WARN", inferred->function);
	add(layout, id, VMW_STATED, value, where);
}

/* The build that the registers are of. */
static void add_inferred(struct vmw_layout *layout, const struct vmw_inferred *inferred)
{
	char where[96];

	add_register(layout, VMW_VALUE_START, inferred->start, inferred,
		     inferred->start_register);
	add_register(layout, VMW_VALUE_END, inferred->end, inferred, inferred->end_register);
	snprintf(where, sizeof(where),
		 "the one build with the bounds in registers of the %s, line %llu",
		 inferred->oops ? "oops" : "WARN", inferred->line);
	add(layout, VMW_VALUE_VA_BITS, VMW_DERIVED, inferred->va_bits, where);
	add(layout, VMW_VALUE_PAGE_SHIFT, VMW_DERIVED, inferred->page_shift, where);
	if (!inferred->paired)
		return;
	snprintf(where, sizeof(where),
		 "what a section takes by registers of the WARN, line %llu", inferred->line);
	add(layout, VMW_VALUE_STRUCT_PAGE, VMW_DERIVED, inferred->struct_page, where);
}

/*
 * Bits that run are those of the build, but where 52 may have been built: with 64K
 * pages, and with others from 6.9 on. There the effective bounds are the same.
 */
static void add_va_bits(struct vmw_layout *layout, const struct vmw_stated *stated)
{
	struct vmw_release release = layout->release;
	bool since_6_9 = release.major > 6 || (release.major == 6 && release.minor >= 9);
	char where[96];

	if (layout->values[VMW_VALUE_VA_BITS].nr || !stated->va_bits || !release.major)
		return;
	if (!since_6_9 && stated->page_shift == 16 && stated->va_bits == 48)
		return;
	/* 47 bits of 16K pages may be 52 with VA_BITS_MIN 47: asm/memory.h 6.12.117. */
	snprintf(where, sizeof(where),
		 since_6_9 && stated->va_bits >= 47 ?
			 "VAs of the oops, line %llu; 52 would have the same effective bounds" :
			 "VAs of the oops, line %llu",
		 stated->pages_line);
	add(layout, VMW_VALUE_VA_BITS, VMW_DERIVED, stated->va_bits, where);
}

/*
 * The kernel's own tables have neither pages nor VA bits, but vmemmap has a struct page,
 * of 64 bytes, for each page of the linear map, which is half of the address space: by
 * that its size is another for each build (asm/memory.h 5.10 to 7.2, and 4.15).
 */
static void add_by_size(struct vmw_layout *layout)
{
	static const struct {
		unsigned int page_shift, va_bits;
	} builds[] = { { 12, 39 }, { 12, 48 }, { 14, 36 }, { 14, 47 },
		       { 14, 48 }, { 16, 42 }, { 16, 48 } };
	const char *where = "the size of vmemmap, with struct pages of 64 bytes";
	u64 start, end;
	size_t i;

	if (layout->values[VMW_VALUE_PAGE_SHIFT].nr || layout->values[VMW_VALUE_VA_BITS].nr ||
	    layout->values[VMW_VALUE_PAGE_OFFSET].nr || *layout->kernel ||
	    !vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_END, &end))
		return;
	for (i = 0; i < ARRAY_SIZE(builds); i++) {
		if (end - start != 1ULL << (builds[i].va_bits - builds[i].page_shift + 5))
			continue;
		add(layout, VMW_VALUE_PAGE_SHIFT, VMW_DERIVED, builds[i].page_shift, where);
		add(layout, VMW_VALUE_VA_BITS, VMW_DERIVED, builds[i].va_bits, where);
	}
}

static void add_struct_page(struct vmw_layout *layout)
{
	if (!layout->values[VMW_VALUE_STRUCT_PAGE].nr &&
	    (layout->values[VMW_VALUE_VA_BITS].nr || layout->values[VMW_VALUE_PAGE_OFFSET].nr))
		add(layout, VMW_VALUE_STRUCT_PAGE, VMW_FORMULA, 64,
		    "assumed: the log does not tell; debugging options make it larger");
}

/*
 * memstart_addr without randomisation, by where the boot found RAM:
 * arm64_memblock_init(), arch/arm64/mm/init.c 5.10 to 7.2. False where RAM is not
 * told, or the linear map is moved to reach its end.
 */
static bool plain_memstart(const struct vmw_layout *layout, const struct vmw_stated *stated,
			   u64 *ret)
{
	u64 shift, va_bits, actual, start, reach;

	if (!stated->ram_line || !vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !vmw_layout_is_sane(VMW_VALUE_PAGE_SHIFT, shift) ||
	    !vmw_layout_get(layout, VMW_VALUE_VA_BITS, &va_bits) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS, va_bits))
		return false;
	start = stated->ram_first & -vmw_memstart_align(shift);
	reach = 1ULL << ((va_bits > 48 ? 48 : va_bits) - 1);
	if (shift == 14 && va_bits > 48)
		reach >>= 1;
	if (stated->ram_last - start >= reach)
		return false;
	*ret = start;
	if (va_bits < 52)
		return true;
	if (!vmw_layout_get(layout, VMW_VALUE_VA_BITS_ACTUAL, &actual) ||
	    !vmw_layout_is_sane(VMW_VALUE_VA_BITS_ACTUAL, actual))
		return false;
	*ret -= (1ULL << 52) - (1ULL << actual);
	return true;
}

/* The linear map has all of RAM that the log tells of. */
static bool reaches(const struct vmw_layout *layout, const struct vmw_stated *stated, u64 memstart)
{
	u64 start, end, shift, size;

	if (!stated->ram_line)
		return true;
	if (!vmw_layout_get(layout, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(layout, VMW_VALUE_END, &end) ||
	    !vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !vmw_layout_get(layout, VMW_VALUE_STRUCT_PAGE, &size))
		return false;
	return (s64)memstart <= (s64)stated->ram_first &&
	       stated->ram_last - memstart < (end - start) / size << shift;
}

/* The candidate that nothing else explains; -1 where there is none. */
static int choose(const struct vmw_layout *layout, const struct vmw_stated *stated,
		  const struct vmw_candidates *c)
{
	unsigned int most = 0, arguments = 0;
	int best = -1, argument = -1;
	bool tie = false;
	u64 plain;
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (!reaches(layout, stated, c->at[i].memstart))
			continue;
		if (c->at[i].argument) {
			argument = i;
			arguments++;
		}
		tie = c->at[i].votes == most || (tie && c->at[i].votes < most);
		if (c->at[i].votes > most) {
			most = c->at[i].votes;
			best = i;
		}
	}
	if (arguments == 1)
		return argument;
	if (most > 1 && !tie && !c->dropped)
		return best;
	/* One dump alone, that says what the boot without randomisation would have. */
	if (!plain_memstart(layout, stated, &plain))
		return -1;
	for (i = 0; i < c->nr; i++) {
		if (c->at[i].memstart == plain)
			return i;
	}
	return -1;
}

/* vmemmap of @memstart, by the other values of @finished. */
static void add_vmemmap(struct vmw_layout *ret, const struct vmw_layout *finished,
			enum vmw_origin origin, u64 memstart, const char *where)
{
	u64 start, shift, size;

	if (!vmw_layout_get(finished, VMW_VALUE_START, &start) ||
	    !vmw_layout_get(finished, VMW_VALUE_PAGE_SHIFT, &shift) ||
	    !vmw_layout_is_sane(VMW_VALUE_PAGE_SHIFT, shift) ||
	    !vmw_layout_get(finished, VMW_VALUE_STRUCT_PAGE, &size))
		return;
	add(ret, VMW_VALUE_VMEMMAP, origin, start - (u64)((s64)memstart >> shift) * size, where);
}

/* Where nobody states it: by registers, or by RAM where nothing is randomised. */
static void find_vmemmap(struct vmw_layout *ret, const struct vmw_layout *finished,
			 const struct vmw_stated *stated, const struct vmw_candidates *c)
{
	char where[96];
	u64 plain;
	int i;

	if (stated->own_line) {
		snprintf(where, sizeof(where), "line %llu, a line of vmemmapwatch",
			 stated->own_line);
		add(ret, VMW_VALUE_VMEMMAP, VMW_STATED, stated->own_vmemmap, where);
		return;
	}
	i = c ? choose(finished, stated, c) : -1;
	if (i >= 0) {
		snprintf(where, sizeof(where),
			 c->at[i].argument ?
				 "x%d, line %llu: the pfn of the struct page in x0" :
				 "x%d, line %llu: the pfn of the first struct page; %u dumps agree",
			 c->at[i].reg, c->at[i].line, c->at[i].votes);
		add_vmemmap(ret, finished, VMW_DERIVED, c->at[i].memstart, where);
		return;
	}
	if (!stated->kaslr_known || stated->kaslr || !plain_memstart(finished, stated, &plain))
		return;
	snprintf(where, sizeof(where), "RAM from 0x%llx on (line %llu), no KASLR (line %llu)",
		 stated->ram_first, stated->ram_line, stated->kaslr_line);
	add_vmemmap(ret, finished, VMW_FORMULA, plain, where);
}

void vmw_layout_of_log(struct vmw_layout *ret, const struct vmw_stated *stated,
		       const struct vmw_inferred *inferred,
		       const struct vmw_candidates *candidates)
{
	static struct vmw_layout finished;

	*ret = stated->layout;
	/* Whatever the release is called: its layout is the one in the registers. */
	if (inferred->done && inferred->differs)
		ret->release = inferred->release;
	if (inferred->done)
		add_inferred(ret, inferred);
	add_va_bits(ret, stated);
	add_by_size(ret);
	add_struct_page(ret);
	finished = *ret;
	vmw_layout_finish(&finished);
	if (!finished.values[VMW_VALUE_VMEMMAP].nr)
		find_vmemmap(ret, &finished, stated, candidates);
	ret->sources[VMW_SOURCE_FILE].state = VMW_SOURCE_READ;
	vmw_layout_finish(ret);
}

static const char *word(enum vmw_value_id id)
{
	switch (id) {
	case VMW_VALUE_START:
	case VMW_VALUE_EFFECTIVE:
	case VMW_VALUE_END:
		return "nor are its kernel's release, page size and VA bits";
	default:
		return "nor does it follow";
	}
}

/*
 * Physical addresses have 52 bits where the build has 52 VA bits or 64K pages, else 48
 * (arch/arm64/Kconfig, 5.10 to 7.2), and memstart_addr is above the negative of that:
 * so many bits below VMEMMAP_START, and so many from there on.
 */
unsigned int vmw_relative_bits(const struct vmw_layout *layout)
{
	u64 shift = 0, va_bits = 0;

	vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift);
	vmw_layout_get(layout, VMW_VALUE_VA_BITS, &va_bits);
	return (shift == 16 || va_bits == 52 ? 52 : 48) + 2;
}

bool vmw_relative_bounds(const struct vmw_layout *layout, struct vmw_bounds *ret, char *why,
			 size_t size)
{
	static struct vmw_layout scratch;
	enum vmw_value_id missing;
	u64 start, shift, bytes, below;
	int err;

	*why = '\0';
	if (vmw_layout_get(layout, VMW_VALUE_START, &start) &&
	    vmw_layout_get(layout, VMW_VALUE_PAGE_SHIFT, &shift) &&
	    vmw_layout_is_sane(VMW_VALUE_PAGE_SHIFT, shift) &&
	    vmw_layout_get(layout, VMW_VALUE_STRUCT_PAGE, &bytes)) {
		below = 1ULL << (vmw_relative_bits(layout) - 1 - shift);
		scratch = *layout;
		scratch.values[VMW_VALUE_VMEMMAP] = (struct vmw_value){ .nr = 0 };
		add(&scratch, VMW_VALUE_VMEMMAP, VMW_STATED, start - below * bytes, "");
		layout = &scratch;
	}
	err = vmw_layout_bounds(layout, ret, &missing);
	if (!err)
		return true;
	if (err == -ENODATA)
		snprintf(why, size, "the log states no layout (%s is not stated, %s); --from",
			 vmw_value_infos[missing].name, word(missing));
	else
		snprintf(why, size, "%s cannot be 0x%llx", vmw_value_infos[missing].name,
			 layout->values[missing].readings[0].value);
	return false;
}
