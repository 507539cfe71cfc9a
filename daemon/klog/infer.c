// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a kernel was built, by the registers of a WARN. The check of vmemmap_populate()
 * and vmemmap_free() compares with VMEMMAP_START and VMEMMAP_END, constants of the
 * build, and compilers keep both in registers up to the brk that is the WARN (gcc 12,
 * 5.10 to 7.2; START - 1 or END + 1 where that saves an instruction). Of all builds
 * that arm64 can have, at most one has that pair: both registers together are no
 * coincidence.
 */
#include <string.h>

#include "klog/klog_internal.h"
#include "layout/formula.h"

/* CONFIG_ARM64_VA_BITS by page size: arch/arm64/Kconfig, 5.10 to 7.2. */
static const struct {
	unsigned int page_shift, va_bits;
} builds[] = {
	{ 12, 39 }, { 12, 48 }, { 12, 52 }, { 14, 36 }, { 14, 47 },
	{ 14, 48 }, { 14, 52 }, { 16, 42 }, { 16, 48 }, { 16, 52 },
};

/* sizeof(struct page): 64, or what debugging options make of it. */
static const unsigned int struct_pages[] = { 64, 56, 72, 80, 88, 96, 104, 112, 120, 128 };

/* One release for each set of formulas. */
static const struct vmw_release eras[] = { { 5, 10 }, { 6, 1 }, { 6, 12 } };

static int find_register(const struct vmw_klog_event *event, u64 value)
{
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (event->registers >> i & 1 && event->x[i] == value)
			return i;
	}
	return -1;
}

static int find_bound(const struct vmw_klog_event *event, u64 bound, int by_one)
{
	int i = find_register(event, bound);

	return i >= 0 ? i : find_register(event, bound + by_one);
}

/* 52 bits are for 64K pages before LPA2, which came with 6.9: arch/arm64/Kconfig. */
static bool can_be(struct vmw_release release, unsigned int page_shift, unsigned int va_bits)
{
	return va_bits != 52 || page_shift == 16 || release.major > 6 ||
	       (release.major == 6 && release.minor >= 9);
}

static bool fits_stated(const struct vmw_stated *stated, unsigned int page_shift,
			unsigned int va_bits)
{
	if (stated->page_shift && stated->page_shift != page_shift)
		return false;
	return !stated->va_bits || stated->va_bits == va_bits ||
	       (va_bits == 52 && stated->va_bits < 52);
}

/* Both ends of a section of struct pages of that size are in registers. */
static bool has_pair(const struct vmw_klog_event *event, const struct vmw_inferred *build,
		     unsigned int section_bits)
{
	u64 below = 1ULL << (53 - build->page_shift), pfn, nr;
	struct vmw_bounds bounds = {
		.vmemmap = build->start - below * build->struct_page,
		.start = build->start,
		.nominal_start = build->start,
		.end = build->end,
		.page_struct_size = build->struct_page,
		.page_shift = build->page_shift,
		.va_bits = 48,
	};

	return vmw_klog_range(event, &bounds, section_bits, 55, &pfn, &nr);
}

/* Is @event of a kernel of @release, built as @build says so far? Fills in the rest. */
static bool try(const struct vmw_klog_event *event, struct vmw_release release,
		struct vmw_inferred *build)
{
	struct vmw_build config = {
		.va_bits = build->va_bits,
		.page_shift = build->page_shift,
		.struct_page = build->struct_page,
	};
	unsigned int section_bits;

	if (!vmw_formula_bounds(release, &config, &build->start, &build->end, &section_bits))
		return false;
	build->release = release;
	build->start_register = find_bound(event, build->start, -1);
	build->end_register = find_bound(event, build->end, 1);
	if (build->start_register < 0 || build->end_register < 0)
		return false;
	build->paired = has_pair(event, build, section_bits);
	return true;
}

/*
 * The smallest struct page size that explains the registers, of the builds of one
 * release; how many builds there are.
 */
static unsigned int try_builds(const struct vmw_klog_event *event,
			       const struct vmw_stated *stated, struct vmw_release release,
			       struct vmw_inferred *ret)
{
	unsigned int n = 0;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(builds); i++) {
		struct vmw_inferred best = { .paired = false };
		bool some = false;

		if (!can_be(release, builds[i].page_shift, builds[i].va_bits) ||
		    !fits_stated(stated, builds[i].page_shift, builds[i].va_bits))
			continue;
		for (j = 0; j < ARRAY_SIZE(struct_pages) && !best.paired; j++) {
			struct vmw_inferred build = {
				.va_bits = builds[i].va_bits,
				.page_shift = builds[i].page_shift,
				.struct_page = struct_pages[j],
			};

			if (!try(event, release, &build) || (some && !build.paired))
				continue;
			best = build;
			some = true;
		}
		/* Where one has the pair, those without it do not count. */
		if (!some || (n && ret->paired && !best.paired))
			continue;
		n = n && ret->paired == best.paired ? n + 1 : 1;
		*ret = best;
	}
	return n;
}

/* Which of eras[] @release is of. */
static size_t era_of(struct vmw_release release)
{
	size_t i;

	if (release.major < 5 || (release.major == 5 && release.minor < 11))
		return 0;
	for (i = ARRAY_SIZE(eras) - 1; i > 1; i--) {
		if (release.major > 6 || (release.major == 6 && release.minor >= 9))
			break;
	}
	return i;
}

/*
 * Has @event a bound of that build in a register? VMEMMAP_END alone counts only in the
 * check of it: since 6.9 it is what masks are, too.
 */
static bool has_bound(const struct vmw_klog_event *event, struct vmw_release release,
		      struct vmw_inferred *build)
{
	struct vmw_build config = {
		.va_bits = build->va_bits,
		.page_shift = build->page_shift,
		.struct_page = build->struct_page,
	};
	unsigned int section_bits;

	if (!vmw_formula_bounds(release, &config, &build->start, &build->end, &section_bits))
		return false;
	build->release = release;
	build->start_register = find_register(event, build->start);
	build->end_register = find_register(event, build->end);
	return build->start_register >= 0 ||
	       (build->end_register >= 0 && event->kind == VMW_KLOG_WARN);
}

/* The build of that era which pages and VA bits, as stated, and one bound are of. */
static bool try_bound(const struct vmw_klog_event *event, const struct vmw_stated *stated,
		      struct vmw_release release, struct vmw_inferred *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(builds); i++) {
		struct vmw_inferred build = {
			.va_bits = builds[i].va_bits,
			.page_shift = builds[i].page_shift,
			.struct_page = struct_pages[0],
		};

		if (!can_be(release, builds[i].page_shift, builds[i].va_bits) ||
		    builds[i].page_shift != stated->page_shift ||
		    !fits_stated(stated, builds[i].page_shift, builds[i].va_bits) ||
		    !has_bound(event, release, &build))
			continue;
		*ret = build;
		return true;
	}
	return false;
}

/* The same for a release of which the log says nothing, or something else. */
static bool infer_other(const struct vmw_klog_event *event, const struct vmw_stated *stated,
			struct vmw_inferred *ret)
{
	struct vmw_release release = stated->layout.release;
	size_t own = release.major ? era_of(release) : ARRAY_SIZE(eras), i;
	struct vmw_inferred found, partial;
	unsigned int n = 0;
	bool agrees = false;

	for (i = 0; i < ARRAY_SIZE(eras); i++) {
		bool both = try_builds(event, stated, eras[i], &found) == 1;
		bool one = !both && stated->page_shift && stated->va_bits &&
			   (release.major || event->kind == VMW_KLOG_OOPS) &&
			   try_bound(event, stated, eras[i], &partial);

		if (!both && !one)
			continue;
		if (i == own) {
			agrees = true;
			continue;
		}
		*ret = both ? found : partial;
		ret->differs = release.major;
		n++;
	}
	ret->conflict = agrees ? n > 0 : n > 1;
	return n == 1 && !agrees;
}

bool vmw_infer_build(const struct vmw_klog_event *event, const struct vmw_stated *stated,
		     struct vmw_inferred *ret)
{
	struct vmw_release release = stated->layout.release;
	struct vmw_inferred found;
	unsigned int n = 0;
	size_t i;

	memset(ret, 0, sizeof(*ret));
	if (!event->registers)
		return false;
	for (i = 0; event->kind == VMW_KLOG_WARN && !release.major && i < ARRAY_SIZE(eras); i++) {
		unsigned int some = try_builds(event, stated, eras[i], &found);

		if (some)
			*ret = found;
		n += some;
	}
	if (event->kind == VMW_KLOG_WARN && release.major)
		n = try_builds(event, stated, release, ret);
	if (n != 1 && (n || !infer_other(event, stated, ret)))
		return false;
	ret->done = true;
	ret->line = event->seq;
	ret->oops = event->kind == VMW_KLOG_OOPS;
	memcpy(ret->function, event->function, sizeof(ret->function));
	return true;
}
