/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report that has some of everything, for tests of exporters: every verdict,
 * every outcome, a fault, WARNs, uses and lookups, losses, COMMAND; and names as
 * hostile as a task, a host or a module can have them.
 */
#ifndef VMEMMAPWATCH_TESTS_REPORT_H
#define VMEMMAPWATCH_TESTS_REPORT_H

#include <errno.h>

#include "unit.h"

#include "layout/from.h"
#include "report/report.h"

#define HOSTILE "a\"\\/\x01\n\xff\xfe\xc3("

struct fixture {
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_aggregate aggregate;
	struct vmw_report report;
};

static inline struct vmw_observation seen(const struct fixture *f, u16 probe, u16 kind,
					  u64 request, u64 pfn, u64 nr)
{
	struct vmw_judgement j = vmw_judge_pfns(&f->bounds, pfn, nr);
	struct vmw_observation o = {
		.header = {
			.type = VMW_RECORD_OBSERVATION, .size = sizeof(o),
			.probe = probe, .kind = kind, .request = request,
			.time_ns = 1000000000 + 1000 * request + probe, .cpu = 3,
			.pid = 7, .tgid = 6, .comm = HOSTILE,
		},
		.pfn = pfn, .nr_pages = nr, .pages_start = j.start, .pages_end = j.end,
		.distance = j.distance, .verdict = j.verdict, .bound = j.bound,
	};

	return o;
}

static inline void tell(struct fixture *f, const struct vmw_observation *o)
{
	vmw_aggregate_record(&f->aggregate, &o->header);
}

/* The stack that @probe sends first: named, without a name, and not known at all. */
static inline void tell_stack(struct fixture *f, u16 probe, u64 request)
{
	struct vmw_stack *stack = calloc(1, sizeof(*stack));
	u32 i;

	assert_non_null(stack);
	stack->header = seen(f, probe, 0, request, 0, 0).header;
	stack->header.type = VMW_RECORD_STACK;
	stack->header.size = sizeof(*stack);
	stack->named = 1;
	stack->nr_frames = 5;
	for (i = 0; i < stack->nr_frames; i++)
		stack->frame[i] = 0xffff800008123450 + 16 * i;
	strcpy(stack->name[0], "memremap_pages+0x0/0x5f4");
	strcpy(stack->name[1], "evil_add+0x1/0x2 [" HOSTILE "]");
	strcpy(stack->name[2], "0xffff800008123470");
	strcpy(stack->name[4], "do_one_initcall+0x64/0x22c");
	vmw_aggregate_record(&f->aggregate, &stack->header);
	free(stack);
}

/* A driver asks for the @nr pfns from @pfn on; the kernel says @allowed, then @result. */
static inline void send_request(struct fixture *f, u64 request, u64 pfn, u64 nr, s64 allowed,
				s64 result)
{
	struct vmw_observation o =
		seen(f, VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, request, pfn, nr);

	tell_stack(f, VMW_PROBE_MEMREMAP, request);
	o.pgmap = 0xffff000012345678;
	o.owner = 0xffff000012340000;
	o.memory_type = 1;
	o.nr_ranges = 1;
	o.nid = -1;
	tell(f, &o);
	o = seen(f, VMW_PROBE_MHP_ALLOWED, VMW_REQUEST_MEMREMAP, request, pfn, nr);
	o.result = allowed;
	o.limit_end = allowed ? 0 : 0x80003fffffff;
	tell(f, &o);
	if (allowed) {
		o = seen(f, VMW_PROBE_ADD_PAGES, VMW_REQUEST_MEMREMAP, request, pfn, nr);
		tell(f, &o);
	}
	o = seen(f, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, request, 0, 0);
	o.result = result;
	tell(f, &o);
}

/* It oopses at a struct page, and its task dies. */
static inline void tell_death(struct fixture *f, u64 request, u64 pfn, u64 nr)
{
	struct vmw_observation o =
		seen(f, VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, request, pfn, nr);

	tell(f, &o);
	tell_stack(f, VMW_PROBE_FAULT, request);
	o = seen(f, VMW_PROBE_FAULT, VMW_REQUEST_MEMREMAP, request, 0, 0);
	o.address = vmw_page_of(&f->bounds, pfn);
	o.ip = 0xffff800008200000;
	tell(f, &o);
	o = seen(f, VMW_PROBE_PROCESS_EXIT, VMW_REQUEST_MEMREMAP, request, 0, 0);
	tell(f, &o);
}

static inline void send_warn(struct fixture *f, u64 request)
{
	struct vmw_observation o = seen(f, VMW_PROBE_WARN, VMW_REQUEST_MEMREMAP, request, 0, 0);

	tell_stack(f, VMW_PROBE_WARN, request);
	o.address = 0xffff800008300000;
	tell(f, &o);
}

static inline void send_use(struct fixture *f, u32 probe, u64 pfn)
{
	struct vmw_judgement j = vmw_judge_pfns(&f->bounds, pfn, 1);
	struct vmw_use_key key = {
		.section = pfn >> f->aggregate.section_shift,
		.probe = probe,
		.verdict = j.verdict,
	};
	struct vmw_use use = {
		.count = 5,
		.pages = 9,
		.first_ns = 1000,
		.last_ns = 2000,
		.lowest = j.start,
		.highest = j.start,
	};

	vmw_aggregate_use(&f->aggregate, &key, &use);
}

static inline void send_sample(struct fixture *f, u32 probe, u64 pfn)
{
	struct vmw_observation o = seen(f, probe, VMW_REQUEST_NONE, 0, pfn, 1);

	tell_stack(f, probe, 0);
	o.ip = 0xffff800008400000;
	tell(f, &o);
}

/* The pfn whose struct page is at @address. */
static inline u64 pfn_at(const struct fixture *f, u64 address)
{
	return vmw_pfn_of(&f->bounds, address);
}

static inline void fixture_watch(struct fixture *f)
{
	const struct vmw_bounds *b = &f->bounds;
	const u64 half = 1ULL << b->va_bits;
	u64 above = pfn_at(f, b->end + 0x40000000), nr = 0x8000;

	send_request(f, 1, above, nr, 1, (s64)0xffff000040000000);
	send_warn(f, 1);
	send_request(f, 2, pfn_at(f, b->end - nr * 32), nr, 1, -ENOMEM);
	send_request(f, 3, pfn_at(f, b->start) - 2 * nr, nr, 1, (s64)0xffff000050000000);
	send_request(f, 4, pfn_at(f, b->start + 0x100000), nr, 1, (s64)0xffff000060000000);
	send_request(f, 5, above + 4 * nr, nr, 0, -EINVAL);
	tell_death(f, 6, pfn_at(f, 0x100000), nr);
	tell_death(f, 7, pfn_at(f, half + 0x40000000), nr);
	/* Struct pages that something works with, of our requests and of none. */
	send_sample(f, VMW_PROBE_folio_unlock, above + 3);
	send_use(f, VMW_PROBE_folio_unlock, above + 3);
	send_sample(f, VMW_PROBE_folio_put, above + 9 * nr);
	send_use(f, VMW_PROBE_folio_put, above + 9 * nr);
	send_use(f, VMW_PROBE_memory_failure, above + 9 * nr);
}

static inline void fixture_init(struct fixture *f)
{
	static char *argv[] = { "sh", HOSTILE, NULL };
	struct vmw_report *report = &f->report;
	enum vmw_value_id missing;
	char why[256];

	memset(f, 0, sizeof(*f));
	assert_int_equal(vmw_layout_from(&f->layout, VMW_NR_SOURCES, DATA "layout-6.1.json",
					 why, sizeof(why)),
			 0);
	vmw_layout_finish(&f->layout);
	assert_int_equal(vmw_layout_bounds(&f->layout, &f->bounds, &missing), 0);
	f->aggregate.bounds = f->bounds;
	f->aggregate.section_shift = 15;
	*report = (struct vmw_report){
		.host = HOSTILE,
		.kernel = "6.1.0-" HOSTILE,
		.boot_id = "6b1f0b5e-7a1e-4a5b-9d7e-0a1b2c3d4e5f",
		.clock_offset_ns = 1700000000000000000,
		.start_ns = 900000000,
		.end_ns = 2000000000,
		.layout = &f->layout,
		.bounds = &f->bounds,
		.aggregate = &f->aggregate,
		.code = VMW_EXIT_OFFENDER,
		.command = { .argv = argv, .state = VMW_COMMAND_KILLED, .pid = 5, .status = 9 },
		.watched_ns = 900000000,
		.kmsg_written = 1,
		.kmsg_suppressed = 2,
		.self = { .cpu_ns = 1,
			  .rss_bytes = 2,
			  .peak_bytes = 3,
			  .bpf_run_ns = 4,
			  .bpf_runs = 5,
			  .bpf_stats = true },
	};
	report->losses.count[VMW_LOST_RING] = 3;
}

static inline void fixture_free(struct fixture *f)
{
	vmw_aggregate_free(&f->aggregate);
}

/* Numbers of @text that can be addresses of the kernel: bit 63 is set. */
static inline unsigned int addresses_in(const char *text)
{
	unsigned int n = 0;

	for (text = strstr(text, "0x"); text; text = strstr(text + 2, "0x"))
		n += strtoull(text, NULL, 16) >> 63;
	return n;
}

#endif
