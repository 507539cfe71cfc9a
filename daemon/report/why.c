// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of statements. A row is said where its verdicts fit and what it is
 * about is so; its text is made of this machine's numbers.
 */
#include <stdio.h>

#include "report/why.h"

#define MASK(verdict) (1U << VMW_##verdict)
#define OUTSIDE	      (MASK(BELOW) | MASK(ABOVE) | MASK(USER) | MASK(NON_CANONICAL) | MASK(STRADDLES))
#define BEYOND	      (OUTSIDE & ~MASK(BELOW))
#define WRAPPED	      (MASK(USER) | MASK(NON_CANONICAL))
#define REFUSED	      (1U << VMW_NR_VERDICTS)

#define FIX "commit eeb8fdfcf090 (\"arm64: Expose the end of the linear map in PHYSMEM_END\")"
#define HOTPLUG \
	"mhp_range_allowed(), mm/memory_hotplug.c 6.1.192 and 6.12.117; before it " \
	"check_hotplug_memory_addressable() there and inside_linear_region(), " \
	"arch/arm64/mm/mmu.c 5.10.223"

/* What the texts are made of. */
struct facts {
	const struct vmw_kernel_facts *kernel; /* or NULL */
	u64 first, last;		       /* physical, asked for */
	u64 good_first, good_last;	       /* physical, that vmemmap has struct pages for */
	u64 miss;			       /* bytes, physical */
	bool below;			       /* it misses at the lower end */
	bool redact;			       /* no text may say where anything lies */
	bool has_range;			       /* these are known */
	bool has_good;			       /* those of vmemmap are */
	bool denied;
	bool nowhere; /* no range of @size was free */
	bool has_limit;
	struct vmw_limit limit;
	char size[32], miss_size[16];
	bool of_log;	   /* and not of this machine */
	u32 advice;	   /* rows of advices[] that the drivers at hand have, by bits */
	bool other_driver; /* one of them has none */
};

/* By the beginning of a driver's name. */
static const struct {
	const char *driver, *brief, *text, *source;
} advices[] = {
	{ "nvidia", "leave uvm_disable_hmm=1",
	  "nvidia-uvm: leave uvm_disable_hmm=1, which is the default on arm64. Price: no HMM, so the GPU does not share ordinary process memory.",
	  "open-gpu-kernel-modules 595.45.04, kernel-open/nvidia-uvm/uvm_hmm.c" },
	{ "amdgpu", "one without CONFIG_HSA_AMD_SVM",
	  "amdgpu: a kernel without CONFIG_HSA_AMD_SVM. Price: no unified and managed memory in HIP.",
	  "drivers/gpu/drm/amd/amdkfd/Kconfig 6.12.117" },
	{ "nouveau", "one without CONFIG_DRM_NOUVEAU_SVM",
	  "nouveau: a kernel without CONFIG_DRM_NOUVEAU_SVM, which is off by default. Price: no shared virtual memory in OpenCL.",
	  "drivers/gpu/drm/nouveau/Kconfig 6.1.192" },
	{ "xe", "one without CONFIG_DRM_XE_GPUSVM",
	  "xe: a kernel without CONFIG_DRM_XE_GPUSVM. Price: no shared virtual memory.",
	  "drivers/gpu/drm/xe/Kconfig 7.2.13" },
	{ "test_hmm", "do not load test_hmm",
	  "test_hmm: do not load it. It is the kernel's own test of device-private memory, and nothing needs it.",
	  "lib/test_hmm.c 6.1.192" },
};

static const char any_advice[] =
	"Do not load the driver, or turn off its device-private memory (HMM, SVM), until the kernel has the fix. Price: device and processes share no memory.";

/* The row of @driver; ARRAY_SIZE(advices): none. */
static size_t find_advice(const char *driver)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(advices); i++) {
		if (!strncmp(driver, advices[i].driver, strlen(advices[i].driver)))
			break;
	}
	return i;
}

const char *vmw_advice(const char *driver)
{
	size_t i = find_advice(driver);

	return i < ARRAY_SIZE(advices) ? advices[i].brief : "do not load that driver";
}

static void add_advice(struct facts *f, const char *driver)
{
	size_t i = find_advice(driver);

	if (i < ARRAY_SIZE(advices))
		f->advice |= 1U << i;
	else
		f->other_driver = true;
}

/* Who is out of bounds with @verdict. */
static void set_drivers(struct facts *f, const struct vmw_report *report, u32 verdict)
{
	const char *const *driver = report->log_drivers;
	const struct vmw_offender *offender;

	f->of_log = driver;
	for (; driver && *driver; driver++)
		add_advice(f, *driver);
	if (f->of_log || !report->aggregate)
		return;
	vmw_for_each_offender (offender, report->aggregate) {
		if (offender->range.verdict == verdict)
			add_advice(f, offender->driver);
	}
}

struct row {
	u32 verdicts;
	bool (*applies)(const struct facts *f); /* NULL: always */
	void (*say)(const struct facts *f, char *text, size_t size);
	const char *text; /* where there is no number in it */
	const char *source;
};

static enum vmw_fix fix_of(const struct facts *f)
{
	return f->kernel ? f->kernel->fix : VMW_FIX_UNKNOWN;
}

static bool lacks_fix(const struct facts *f)
{
	return fix_of(f) == VMW_FIX_MISSING;
}

static bool has_fix(const struct facts *f)
{
	return fix_of(f) == VMW_FIX_PRESENT;
}

static bool is_unknown(const struct facts *f)
{
	return fix_of(f) == VMW_FIX_UNKNOWN;
}

static bool may_lack_fix(const struct facts *f)
{
	return fix_of(f) != VMW_FIX_PRESENT;
}

static bool has_search(const struct facts *f)
{
	return lacks_fix(f) && f->has_range && f->kernel->phys_end &&
	       f->last <= f->kernel->phys_end;
}

static bool has_kaslr(const struct facts *f)
{
	return may_lack_fix(f) && f->kernel && f->kernel->kaslr_known && f->kernel->kaslr;
}

static bool has_range(const struct facts *f)
{
	return f->has_range;
}

static bool is_denied(const struct facts *f)
{
	return f->denied;
}

static bool is_denied_here(const struct facts *f)
{
	return f->denied && f->has_good;
}

static bool is_other_refusal(const struct facts *f)
{
	return !f->denied && !f->nowhere;
}

static bool is_nowhere(const struct facts *f)
{
	return f->nowhere;
}

static bool needs_advice(const struct facts *f)
{
	return may_lack_fix(f) && f->advice;
}

static bool needs_any_advice(const struct facts *f)
{
	return may_lack_fix(f) && (f->other_driver || !f->advice);
}

static void say_range(const struct facts *f, char *text, size_t size)
{
	if (f->redact) {
		snprintf(text, size,
			 "The range has %s. On this boot vmemmap does not have struct pages for all of it: the range %s.",
			 f->size, f->below ? "begins too low" : "ends too high");
		return;
	}
	snprintf(text, size,
		 "The range is physical 0x%llx-0x%llx (%s). On this boot vmemmap has struct pages for physical 0x%llx-0x%llx alone: the range %s by 0x%llx bytes (%s).",
		 f->first, f->last, f->size, f->good_first, f->good_last,
		 f->below ? "begins too low" : "ends too high", f->miss, f->miss_size);
}

static void say_search(const struct facts *f, char *text, size_t size)
{
	char from[32] = "", end[32] = "";

	if (!f->redact) {
		snprintf(from, sizeof(from), ", here 0x%llx,", f->kernel->phys_end);
		snprintf(end, sizeof(end), "0x%llx, ", f->good_last);
	}
	snprintf(text, size,
		 "For device-private memory the kernel searches a free physical range downward from the highest address that it allows%s and not from %swhere vmemmap ends.",
		 from, end);
}

static void say_unfixed(const struct facts *f, char *text, size_t size)
{
	snprintf(text, size,
		 "This kernel lacks the fix (%s): a kernel that has it, 6.12 or later, searches from the end of the linear map, where vmemmap ends, too. 6.1.192, 6.6.87 and 6.11.11 do not have it.",
		 f->kernel->fix_why);
}

static void say_fixed(const struct facts *f, char *text, size_t size)
{
	snprintf(text, size,
		 "This kernel has the fix (%s), so request_free_mem_region() cannot have handed this range out: the driver or the firmware chose it.",
		 f->kernel->fix_why);
}

static void say_unknown(const struct facts *f, char *text, size_t size)
{
	snprintf(text, size,
		 "Whether this kernel has the fix, which came with 6.12, is not known: %s.",
		 f->kernel ? f->kernel->fix_why : "it was not asked");
}

static void say_denied(const struct facts *f, char *text, size_t size)
{
	if (f->redact)
		snprintf(text, size,
			 "The kernel refused a range of %s as beyond what it allows. Nothing was mapped, and no struct page is out of bounds.",
			 f->size);
	else if (f->has_limit)
		snprintf(text, size,
			 "The kernel refused physical 0x%llx-0x%llx (%s): it allows 0x%llx-0x%llx here. Nothing was mapped, and no struct page is out of bounds.",
			 f->first, f->last, f->size, f->limit.start, f->limit.end);
	else
		snprintf(text, size,
			 "The kernel refused physical 0x%llx-0x%llx (%s) as beyond what it allows. Nothing was mapped, and no struct page is out of bounds.",
			 f->first, f->last, f->size);
}

static void say_other_refusal(const struct facts *f, char *text, size_t size)
{
	char where[64] = "";

	if (!f->redact)
		snprintf(where, sizeof(where), "physical 0x%llx-0x%llx, ", f->first, f->last);
	snprintf(text, size,
		 "The request for %s%s, failed before anything was mapped, and not by the limit of addresses: no struct page is out of bounds, and this is no vmemmap matter.",
		 where, f->size);
}

static void say_nowhere(const struct facts *f, char *text, size_t size)
{
	char end[64] = "";

	if (f->kernel && f->kernel->phys_end && !f->redact)
		snprintf(end, sizeof(end), " at or below physical 0x%llx", f->kernel->phys_end);
	snprintf(text, size,
		 "The kernel searched for %s of free physical addresses%s and found none: the size is too large for what this machine addresses, or /proc/iomem is full. The driver was given no range, and this is no vmemmap matter.",
		 f->size, end);
}

static void say_covered(const struct facts *f, char *text, size_t size)
{
	char where[64] = "memory within the linear map only";

	if (!f->redact)
		snprintf(where, sizeof(where), "0x%llx-0x%llx", f->good_first, f->good_last);
	snprintf(text, size,
		 "On this boot vmemmap has struct pages for physical %s. Memory that is to be mapped must lie there: what to change is where firmware or device put it, or a kernel with more VA bits.",
		 where);
}

static const struct row rows[] = {
	{ OUTSIDE, has_range, say_range, NULL,
	  "this machine: the request, and the bounds that --layout tells with their sources" },
	{ MASK(ABOVE), NULL, NULL,
	  "Their struct pages are kernel addresses at or above VMEMMAP_END. The kernel WARNs once for each section, from 5.12 on, maps them there all the same, and goes on.",
	  "vmemmap_populate(), arch/arm64/mm/mmu.c 6.1.192" },
	{ MASK(USER), NULL, NULL,
	  "Their addresses overflow 64 bits: struct pages at user addresses. The kernel WARNs, from 5.12 on, and oopses at the first one that it initialises.",
	  "__init_zone_device_page(), mm/mm_init.c 6.12.117; D Scott Phillips, \"[PATCH v3] arm64: Expose the end of the linear map in PHYSMEM_END\", 2024-09-03" },
	{ MASK(NON_CANONICAL), NULL, NULL,
	  "Their addresses overflow 64 bits, into the hole between user and kernel addresses, where nothing can be mapped: the first access oopses.",
	  "Documentation/arm64/memory.rst 6.1.192" },
	{ MASK(BELOW), NULL, NULL,
	  "Their struct pages lie below vmemmap, where vmalloc and other mappings are: writing them may overwrite what others own, with or without a WARN.",
	  "arch/arm64/include/asm/pgtable.h 6.1.192 and 6.12.117: VMALLOC_END is below VMEMMAP_START, or above it on a 52-bit kernel with smaller hardware" },
	{ MASK(STRADDLES), NULL, NULL,
	  "A part of their struct pages is in vmemmap, and a part is not: what holds for the other verdicts holds for that part.",
	  "vmemmap_populate(), arch/arm64/mm/mmu.c 6.1.192: WARN_ON(start < VMEMMAP_START || end > VMEMMAP_END)" },
	{ BEYOND, has_search, say_search, NULL,
	  "get_free_mem_region(), kernel/resource.c 6.1.192" },
	{ OUTSIDE, lacks_fix, say_unfixed, NULL,
	  FIX "; arch/arm64/include/asm/memory.h of 6.12.117, which has it, and of the others" },
	{ OUTSIDE, has_fix, say_fixed, NULL,
	  FIX "; get_free_mem_region(), kernel/resource.c 6.12.117" },
	{ OUTSIDE, is_unknown, say_unknown, NULL, FIX },
	/* say_rows() has a row for each driver instead. */
	{ BEYOND, needs_advice, NULL, NULL, NULL },
	{ BEYOND, needs_any_advice, NULL, any_advice,
	  "memremap_pages(), mm/memremap.c 6.1.192: drivers ask for it" },
	{ BEYOND, may_lack_fix, NULL,
	  "A kernel whose linear map, 2^(VA_BITS - 1) bytes, is larger than 2^PA_BITS: CONFIG_ARM64_VA_BITS_52 with CONFIG_ARM64_PA_BITS_48. Price: another build, and no gain on CPUs without 52-bit addresses.",
	  "computed from arch/arm64/include/asm/memory.h and sparsemem.h, 6.1.192" },
	{ WRAPPED, has_kaslr, NULL,
	  "nokaslr: before 6.9 the same request may then end above vmemmap and not wrap, which turns the crash into a warning: it is still out of bounds. Price: kernel addresses that anyone can know.",
	  "arm64_memblock_init(), arch/arm64/mm/init.c 6.1.192; test_hmm on 6.1.192, with and without nokaslr" },
	{ REFUSED, is_denied, say_denied, NULL, HOTPLUG },
	{ REFUSED, is_denied_here, say_covered, NULL,
	  "this machine: the bounds that --layout tells" },
	{ REFUSED, is_nowhere, say_nowhere, NULL,
	  "get_free_mem_region(), kernel/resource.c 6.1.192 and 6.12.117; __request_free_mem_region() 5.10.223" },
	{ REFUSED, is_other_refusal, say_other_refusal, NULL,
	  "memremap_pages() and pagemap_range(), mm/memremap.c 6.1.192" },
};

static void set_good(struct facts *f, const struct vmw_bounds *b)
{
	u64 nr, first = vmw_good_pfns(b, &nr);

	f->has_good = true;
	f->good_first = first << b->page_shift;
	f->good_last = ((first + nr) << b->page_shift) - 1;
}

static void set_range(struct facts *f, const struct vmw_bounds *b, const struct vmw_range *range)
{
	set_good(f, b);
	f->has_range = true;
	f->first = range->pfn << b->page_shift;
	f->last = ((range->pfn + range->nr_pages) << b->page_shift) - 1;
	f->below = f->first < f->good_first;
	f->miss = f->below ? f->good_first - f->first : f->last - f->good_last;
	vmw_format_size(f->last - f->first + 1, f->size, sizeof(f->size));
	vmw_format_size(f->miss, f->miss_size, sizeof(f->miss_size));
}

/* The advices of the drivers at hand. */
static size_t say_advices(const struct facts *f, struct vmw_statement *out, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(advices) && n < max; i++) {
		if (!(f->advice >> i & 1))
			continue;
		snprintf(out[n].text, sizeof(out[n].text), "%s", advices[i].text);
		out[n++].source = advices[i].source;
	}
	return n;
}

static int say_rows(const struct facts *f, u32 mask, struct vmw_statement *out, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < ARRAY_SIZE(rows) && n < max; i++) {
		const struct row *row = &rows[i];

		if (!(row->verdicts & mask) || (row->applies && !row->applies(f)))
			continue;
		if (row->applies == needs_advice) {
			n += say_advices(f, out + n, max - n);
			continue;
		}
		if (row->say)
			row->say(f, out[n].text, sizeof(out[n].text));
		else
			snprintf(out[n].text, sizeof(out[n].text), "%s", row->text);
		out[n++].source = f->of_log && !strncmp(row->source, "this machine", 12) ?
					  "the log: its dumps, and the values that it states" :
					  row->source;
	}
	return n;
}

int vmw_why(const struct vmw_report *report, const struct vmw_kernel_facts *kernel,
	    const struct vmw_range *range, struct vmw_statement *out, size_t max)
{
	struct facts f = { .kernel = kernel, .redact = report->redact };

	if (range->verdict == VMW_IN_BOUNDS || range->verdict >= VMW_NR_VERDICTS)
		return 0;
	set_range(&f, report->bounds, range);
	set_drivers(&f, report, range->verdict);
	return say_rows(&f, 1U << range->verdict, out, max);
}

int vmw_why_pages(const struct vmw_report *report, const struct vmw_kernel_facts *kernel,
		  u32 verdict, struct vmw_statement *out, size_t max)
{
	struct facts f = { .kernel = kernel };

	if (verdict == VMW_IN_BOUNDS || verdict >= VMW_NR_VERDICTS)
		return 0;
	set_drivers(&f, report, verdict);
	return say_rows(&f, 1U << verdict, out, max);
}

int vmw_why_denied(const struct vmw_bounds *bounds, const struct vmw_kernel_facts *kernel,
		   u64 first, u64 last, const struct vmw_limit *limit,
		   struct vmw_statement *out, size_t max)
{
	struct facts f = {
		.kernel = kernel,
		.first = first,
		.last = last,
		.has_range = true,
		.denied = true,
		.has_limit = limit,
		.of_log = true,
	};

	if (bounds)
		set_good(&f, bounds);
	if (limit)
		f.limit = *limit;
	vmw_format_size(last - first + 1, f.size, sizeof(f.size));
	return say_rows(&f, REFUSED, out, max);
}

int vmw_why_refused(const struct vmw_report *report, const struct vmw_kernel_facts *kernel,
		    const struct vmw_request *request, struct vmw_statement *out, size_t max)
{
	struct facts f = {
		.kernel = kernel,
		.denied = request->denied,
		.redact = report->redact,
		.nowhere = request->kind == VMW_REQUEST_REGION,
	};
	u64 asked;

	if (request->outcome != VMW_REFUSED || (!request->nr_ranges && !f.nowhere))
		return 0;
	if (f.nowhere) {
		asked = vmw_report_asked(report, request);
		if (asked)
			snprintf(f.size, sizeof(f.size), "0x%llx bytes", asked);
		else
			snprintf(f.size, sizeof(f.size), "a range");
		return say_rows(&f, REFUSED, out, max);
	}
	set_range(&f, report->bounds, &request->ranges[0]);
	f.has_limit = vmw_report_limit(report, request, &f.limit);
	f.denied |= f.has_limit;
	return say_rows(&f, REFUSED, out, max);
}

bool vmw_why_example(const struct vmw_report *report, u32 verdict, struct vmw_range *ret)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;

	vmw_for_each_offender (offender, report->aggregate) {
		if (offender->range.verdict == verdict) {
			*ret = offender->range;
			return true;
		}
	}
	for (used = report->aggregate->uses; used; used = used->next) {
		if (used->verdict != verdict || !used->counts.count || !vmw_report_is_use(used))
			continue;
		*ret = vmw_report_used_range(report, used);
		return true;
	}
	return false;
}

const struct vmw_request *vmw_why_refused_example(const struct vmw_report *report)
{
	const struct vmw_request *request;

	for (request = report->aggregate->requests; request; request = request->next) {
		if (request->outcome == VMW_REFUSED)
			break;
	}
	return request;
}
