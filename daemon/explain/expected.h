/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel does about a request for struct pages: refuse it, take it, WARN
 * and live, or die of it.
 */
#ifndef VMEMMAPWATCH_EXPLAIN_EXPECTED_H
#define VMEMMAPWATCH_EXPLAIN_EXPECTED_H

#include <vmemmapwatch/verdict.h>

#include "kernel/iomem.h"
#include "layout/kernel_facts.h"
#include "layout/layout.h"

/* enum memory_type, include/linux/memremap.h: those that drivers ask for. */
enum vmw_device_memory {
	VMW_DEVICE_PRIVATE,
	VMW_DEVICE_COHERENT,
	VMW_DEVICE_GENERIC,
	VMW_NR_DEVICE_MEMORIES,
};

extern const char *const vmw_device_memory_names[VMW_NR_DEVICE_MEMORIES];

enum vmw_expected_kind {
	VMW_EXPECT_ACCEPTED, /* in bounds */
	VMW_EXPECT_WARN,     /* out of bounds, where nothing else is: it lives */
	VMW_EXPECT_OOPS,
	VMW_EXPECT_UNDEFINED, /* on top of what others have mapped */
	VMW_EXPECT_PANIC,
	VMW_EXPECT_REFUSED,
	VMW_NR_EXPECTED,
};

/* "accepted", "warn", "oops", "undefined", "panic", "refused". */
extern const char *const vmw_expected_names[VMW_NR_EXPECTED];

/* Why a request is refused. */
enum vmw_refusal {
	VMW_REFUSAL_NONE,
	VMW_REFUSAL_NO_ZONE_DEVICE, /* -ENXIO, with a WARN in the driver's own code */
	VMW_REFUSAL_NO_PRIVATE,	    /* -EINVAL, with a WARN that is not ours */
	VMW_REFUSAL_NO_ROOM,	    /* -ERANGE: the search found nothing */
	VMW_REFUSAL_LIMIT,	    /* mhp_range_allowed(): -EINVAL, -E2BIG before 5.12 */
	VMW_REFUSAL_RAM,	    /* -ENXIO: System RAM lies there */
	VMW_REFUSAL_MISALIGNED,	    /* -EINVAL: not of whole subsections */
	VMW_NR_REFUSALS,
};

enum vmw_panic {
	VMW_PANIC_NONE,
	VMW_PANIC_ON_WARN,
	VMW_PANIC_WARN_LIMIT,
	VMW_PANIC_ON_OOPS,
	VMW_NR_PANICS,
};

/* The sysctl of each: "panic_on_warn" and so on; "" for none. */
extern const char *const vmw_panic_names[VMW_NR_PANICS];

struct vmw_expected {
	enum vmw_expected_kind kind;
	enum vmw_refusal refusal;
	enum vmw_panic panic;
	u64 warns;	 /* up to the end, or to the panic that they would be */
	u64 warned;	 /* before it, for warn_limit */
	bool oops;	 /* a first access faults */
	u32 collides;	 /* regions that others map, a bit each */
	u64 limit_first; /* of VMW_REFUSAL_LIMIT: what is allowed, inclusive */
	u64 limit_last;
};

/* What a expected outcome depends on besides the range and the bounds. */
struct vmw_expect_by {
	const struct vmw_layout *layout;
	const struct vmw_kernel_facts *kernel;
	const struct vmw_iomem *iomem;
	enum vmw_device_memory type;
	u64 section;	/* bytes */
	u64 warn_count; /* WARNs so far, for warn_limit */
	u64 last;	/* where requests end on that boot; 0: not known */
	bool searched;	/* the kernel places it, so the search respects limits */
};

/*
 * The expected outcome of physical [@first, @last], inclusive bytes of whole pages, by @bounds,
 * and where the linear map has @memstart for its start (arch_get_mappable_range()).
 */
struct vmw_expected vmw_expect(const struct vmw_expect_by *by, const struct vmw_bounds *bounds,
			       u64 memstart, u64 first, u64 last);

/* What this kernel refuses of that type wherever it lies; VMW_REFUSAL_NONE: nothing. */
enum vmw_refusal vmw_refusal_anywhere(const struct vmw_expect_by *by);

/* The expected outcome of what @refusal says, without a range. */
struct vmw_expected vmw_expect_refusal(const struct vmw_expect_by *by, enum vmw_refusal refusal);

/* Out of bounds and not refused; or refused with a WARN that the kernel panics of. */
static inline bool vmw_expected_is_bad(const struct vmw_expected *expected)
{
	return expected->kind != VMW_EXPECT_ACCEPTED && expected->kind != VMW_EXPECT_REFUSED;
}

#endif
