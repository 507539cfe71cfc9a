/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the bytes are laid out: a head, then arrays of records, each behind its own
 * small head. Pointers are numbers here: of a place, a stack, a request or an
 * offender, from 1; 0 is none.
 */
#ifndef VMEMMAPWATCH_REPORT_STATE_FORMAT_H
#define VMEMMAPWATCH_REPORT_STATE_FORMAT_H

#include "base/build.h"
#include "report/state.h"

#define VMW_STATE_MAGIC "VMWSTATE"

struct vmw_state_head {
	char magic[8];
	char build[VMW_BUILD_LEN]; /* vmw_build */
	u64 size;		   /* bytes behind this head */
	u32 crc;		   /* of them: crc32() of zlib */
	u32 pad;
};

/* In this order. */
enum vmw_state_part {
	VMW_PART_META,
	VMW_PART_LAYOUT,
	VMW_PART_PROBES,
	VMW_PART_SITES,
	VMW_PART_SITE_OBJECTS,
	VMW_PART_PLACES,
	VMW_PART_STACKS,
	VMW_PART_MODULES, /* the newest first */
	VMW_PART_REQUESTS,
	VMW_PART_RANGES, /* of all requests, one behind the other */
	VMW_PART_OFFENDERS,
	VMW_PART_WARNS,
	VMW_PART_USES,
	VMW_PART_OBSERVATIONS,
	VMW_NR_PARTS,
};

struct vmw_part_head {
	u32 part;
	u32 element; /* bytes: another size is another build */
	u64 nr;
};

struct vmw_state_meta {
	char host[256];
	char kernel[72];
	char boot_id[64];
	struct vmw_bounds bounds;
	struct vmw_kernel_facts facts;
	/* As in struct vmw_report. */
	s64 clock_offset_ns;
	u64 start_ns, watched_ns, end_ns;
	struct vmw_self self;
	struct vmw_readers readers;
	struct vmw_looked looked;
	struct vmw_losses_read losses, losses_before;
	struct vmw_sight sight[VMW_NR_WAYS];
	s32 losses_error, read_error;
	u64 kmsg_written, kmsg_suppressed, kmsg_failed;
	/* As in struct vmw_aggregate. */
	u32 section_shift;
	u8 asks_only, out_of_memory;
	u8 fix_asked; /* else the report has none */
	u8 pad;
	u64 nr_retired, nr_dropped, nr_not_kept;
	u64 records; /* as in struct vmw_report */
	u64 observed[VMW_NR_MAIN_PROBES][VMW_NR_VERDICTS];
	struct vmw_refusals refusals[VMW_MAX_REFUSALS];
};

struct vmw_state_place {
	u64 address;
	char name[VMW_SYMBOL_LEN];
};

struct vmw_state_stack {
	u32 nr;
	u32 at[VMW_MAX_FRAMES];
};

struct vmw_state_request {
	struct vmw_request request;
	u32 stack;
	u32 current; /* offender */
};

struct vmw_state_offender {
	struct vmw_offender offender;
	u32 request;
	u32 stack;
};

struct vmw_state_warn {
	struct vmw_warn warn;
	u32 offender;
	u32 pad;
};

struct vmw_state_used {
	struct vmw_used used;
	u32 request;
	u32 stack;
	u32 callers[VMW_MAX_CALLERS];
};

#endif
