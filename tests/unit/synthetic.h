/* SPDX-License-Identifier: GPL-2.0-only */
/* A report for tests of metrics, of what each of them makes of it. */
#ifndef VMEMMAPWATCH_TESTS_SYNTHETIC_H
#define VMEMMAPWATCH_TESTS_SYNTHETIC_H

#include <stdlib.h>
#include <string.h>

#include "bounds.h"
#include "report/report.h"

struct synthetic {
	struct vmw_layout layout;
	struct vmw_bounds bounds;
	struct vmw_aggregate aggregate;
	struct vmw_packed_probes told;
	struct vmw_probes *probes;
	struct vmw_report report;
};

/* As if @id were attached @how, or, where that is "", not because of @problem. */
static inline void set_status(struct synthetic *s, int id, const char *how, const char *problem)
{
	struct vmw_packed_probe *told = &s->told.probe[id];

	snprintf(told->how, sizeof(told->how), "%s", how);
	snprintf(told->problem, sizeof(told->problem), "%s", problem);
	told->left_out = !*how && !*problem;
	vmw_probes_free(s->probes);
	if (vmw_probes_unpack(&s->probes, &s->told))
		abort();
	s->report.probes = s->probes;
}

/* The report refers to @s itself: it must not move. */
static inline void synthetic_init(struct synthetic *s)
{
	int id;

	memset(s, 0, sizeof(*s));
	vmw_layout_init(&s->layout, VMW_NR_SOURCES);
	vmw_layout_add_live(&s->layout, VMW_VALUE_START, VMW_SOURCE_CODE, "test",
			    above_bounds.start);
	vmw_layout_add_live(&s->layout, VMW_VALUE_START, VMW_SOURCE_VMCOREINFO, "test",
			    above_bounds.start);
	vmw_layout_add_live(&s->layout, VMW_VALUE_END, VMW_SOURCE_CODE, "test", above_bounds.end);
	s->bounds = above_bounds;
	s->aggregate.bounds = above_bounds;
	s->aggregate.section_shift = 15;
	s->told.nr_probes = VMW_NR_PROBES;
	for (id = 0; id < VMW_NR_PROBES; id++)
		s->told.probe[id].left_out = vmw_is_caller(id);
	s->report = (struct vmw_report){
		.host = "guest",
		.kernel = "6.1.192",
		.boot_id = "0-0-0",
		.clock_offset_ns = 1700000000000000000,
		.start_ns = 5000000000,
		.watched_ns = 5000000000,
		.end_ns = 65500000000,
		.layout = &s->layout,
		.bounds = &s->bounds,
		.aggregate = &s->aggregate,
		.losses = { .missed_known = true },
		.service = true,
		.self = { .cpu_ns = 1250000000, .rss_bytes = 4 << 20, .peak_bytes = 8 << 20 },
		.kmsg_written = 3,
	};
	for (id = 0; id < VMW_NR_MAIN_PROBES; id++)
		set_status(s, id, "fentry", "");
}

static inline void synthetic_free(struct synthetic *s)
{
	vmw_aggregate_free(&s->aggregate);
	vmw_probes_free(s->probes);
}

static inline struct vmw_observation observe(u16 probe, u16 kind, u64 request, u64 pfn,
					     u32 verdict)
{
	struct vmw_observation o = {
		.header = {
			.type = VMW_RECORD_OBSERVATION, .size = sizeof(o), .probe = probe,
			.kind = kind, .request = request, .time_ns = 6000000000 + request,
			.pid = 7, .tgid = 7, .comm = "insmod",
		},
		.pfn = pfn, .nr_pages = 0x8000, .verdict = verdict,
		.bound = verdict == VMW_IN_BOUNDS ? VMW_BOUND_NONE : VMW_BOUND_END,
	};

	return o;
}

/* @driver asks for pages at @pfn, is allowed or refused; @driver is any bytes. */
static inline struct vmw_request *synthetic_request(struct synthetic *s, u64 id,
						    const char *driver, u64 pfn, u32 verdict,
						    bool allowed)
{
	struct vmw_aggregate *agg = &s->aggregate;
	struct vmw_observation o =
		observe(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, id, pfn, verdict);
	struct vmw_request *request;

	vmw_aggregate_record(agg, &o.header);
	request = agg->latest;
	snprintf(request->driver, sizeof(request->driver), "%s", driver);
	o.header.probe = VMW_PROBE_MHP_ALLOWED;
	o.result = allowed;
	vmw_aggregate_record(agg, &o.header);
	o.header.probe = VMW_PROBE_MEMREMAP_DONE;
	o.result = allowed ? 0 : -22;
	o.nr_pages = 0;
	o.verdict = 0;
	vmw_aggregate_record(agg, &o.header);
	return request;
}

/* The range at @pfn is taken down. */
static inline void synthetic_removal(struct synthetic *s, u64 id, u64 pfn, u32 verdict)
{
	struct vmw_observation o =
		observe(VMW_PROBE_MEMUNMAP, VMW_REQUEST_MEMUNMAP, id, pfn, verdict);

	vmw_aggregate_record(&s->aggregate, &o.header);
	o.header.probe = VMW_PROBE_MEMUNMAP_DONE;
	o.nr_pages = 0;
	o.verdict = 0;
	vmw_aggregate_record(&s->aggregate, &o.header);
}

/* The kernel has counted @count calls of @probe with the page of @pfn. */
static inline void synthetic_use(struct synthetic *s, u32 probe, u64 pfn, u32 verdict, u64 count)
{
	struct vmw_use_key key = {
		.section = pfn >> s->aggregate.section_shift,
		.probe = probe,
		.verdict = verdict,
	};
	struct vmw_use use = {
		.count = count,
		.pages = count,
		.first_ns = 7000000000,
		.last_ns = 7000000000,
		.lowest = vmw_page_of(&s->bounds, pfn),
		.highest = vmw_page_of(&s->bounds, pfn),
	};

	vmw_aggregate_use(&s->aggregate, &key, &use);
}

#endif
