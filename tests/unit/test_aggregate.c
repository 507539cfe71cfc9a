// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of records: offenders, outcomes, attribution. */
#include <errno.h>

#include "unit.h"

#include "aggregate/aggregate.h"
#include "aggregate/aggregate_internal.h"

#define PFN   0xfffff0000ULL
#define NR    0x10000ULL
#define PAGES 0xfffffffffec00000ULL

static struct vmw_observation observation(u16 probe, u16 kind, u64 request, u32 verdict)
{
	struct vmw_observation o = {
		.header = {
			.type = VMW_RECORD_OBSERVATION, .size = sizeof(o),
			.probe = probe, .kind = kind, .request = request,
			.time_ns = 1000 + probe, .pid = 7, .tgid = 7, .comm = "insmod",
		},
		.pfn = PFN, .nr_pages = NR, .pages_start = PAGES,
		.pages_end = PAGES + NR * 64, .verdict = verdict,
		.bound = verdict == VMW_IN_BOUNDS ? VMW_BOUND_NONE : VMW_BOUND_END,
	};

	return o;
}

static void feed(struct vmw_aggregate *agg, struct vmw_observation o)
{
	vmw_aggregate_record(agg, &o.header);
}

static void feed_result(struct vmw_aggregate *agg, u16 probe, u16 kind, u64 request, s64 result)
{
	struct vmw_observation o = observation(probe, kind, request, 0);

	o.nr_pages = 0;
	o.result = result;
	feed(agg, o);
}

static void feed_allowed(struct vmw_aggregate *agg, u64 request, u32 verdict, s64 result)
{
	struct vmw_observation o =
		observation(VMW_PROBE_MHP_ALLOWED, VMW_REQUEST_MEMREMAP, request, verdict);

	o.result = result;
	o.limit_end = result ? 0 : 0x80003fffffff;
	feed(agg, o);
}

static void feed_stack(struct vmw_aggregate *agg, u16 probe, u64 request,
		       const char *const *names, u32 nr)
{
	struct vmw_stack *stack = calloc(1, sizeof(*stack));
	u32 i;

	assert_non_null(stack);
	stack->header = observation(probe, 0, request, 0).header;
	stack->header.type = VMW_RECORD_STACK;
	stack->header.size = sizeof(*stack);
	stack->named = 1;
	stack->nr_frames = nr;
	for (i = 0; i < nr; i++)
		snprintf(stack->name[i], sizeof(stack->name[i]), "%s", names[i]);
	vmw_aggregate_record(agg, &stack->header);
	free(stack);
}

static void count_offender(const struct vmw_offender *offender, void *context)
{
	(void)offender;
	(*(int *)context)++;
}

static const char *const hmm_stack[] = {
	"memremap_pages+0x0/0x5f4",
	"dmirror_allocate_chunk+0xb8/0x2c4 [test_hmm]",
	"hmm_dmirror_init+0x140/0x1000 [test_hmm]",
	"do_one_initcall+0x64/0x22c",
};

/* Loaded and unloaded again and again: one offender, named every time. */
static void many_lives(void **state)
{
	struct vmw_aggregate agg = { .on_offender = count_offender };
	int told = 0, i;

	(void)state;
	agg.context = &told;
	for (i = 0; i < 1000; i++) {
		u64 up = 2 * i + 1, down = 2 * i + 2;

		feed_stack(&agg, VMW_PROBE_MEMREMAP, up, hmm_stack, 4);
		feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, up, VMW_ABOVE));
		feed_allowed(&agg, up, VMW_ABOVE, 1);
		feed_stack(&agg, VMW_PROBE_WARN, up, hmm_stack, 4);
		feed(&agg, observation(VMW_PROBE_WARN, VMW_REQUEST_MEMREMAP, up, 0));
		feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, up, 0);
		assert_true(agg.offenders->live);
		feed_stack(&agg, VMW_PROBE_MEMUNMAP, down, hmm_stack, 4);
		feed(&agg,
		     observation(VMW_PROBE_MEMUNMAP, VMW_REQUEST_MEMUNMAP, down, VMW_ABOVE));
		feed_result(&agg, VMW_PROBE_MEMUNMAP_DONE, VMW_REQUEST_MEMUNMAP, down, 0);
		assert_false(agg.offenders->live);
		assert_string_equal(agg.latest->driver, "test_hmm");
	}
	assert_null(agg.offenders->next);
	assert_int_equal(agg.offenders->count, 2000);
	assert_int_equal(agg.offenders->warns, 1000);
	assert_int_equal(told, 1000);
	assert_int_equal(agg.nr_stacks, 0);
	assert_int_equal(agg.nr_dropped, 0);
	vmw_aggregate_free(&agg);
}

/* The kernel may check a range more than once (CONFIG_DEBUG_VM): one asking. */
static void allowed_twice(void **state)
{
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed_allowed(&agg, 1, VMW_ABOVE, 1);
	feed_allowed(&agg, 1, VMW_ABOVE, 1);
	assert_int_equal(agg.offenders->count, 1);
	vmw_aggregate_free(&agg);
}

/* A request that fails takes down what is its own, not what was there. */
static void failure_ends_its_own(void **state)
{
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed_allowed(&agg, 1, VMW_ABOVE, 1);
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, 0);
	feed(&agg, observation(VMW_PROBE_ADD_PAGES, VMW_REQUEST_ADD, 2, VMW_ABOVE));
	feed_result(&agg, VMW_PROBE_ADD_PAGES_DONE, VMW_REQUEST_ADD, 2, -EEXIST);
	assert_true(agg.offenders->live);
	assert_int_equal(agg.requests->outcome, VMW_ACCEPTED);
	assert_int_equal(agg.requests->next->outcome, VMW_FAILED);
	vmw_aggregate_free(&agg);
}

/* More stacks than are kept, as when their observations were lost. */
static void stacks_without_observations(void **state)
{
	struct vmw_aggregate agg = { 0 };
	u64 i;

	(void)state;
	for (i = 1; i <= 300; i++)
		feed_stack(&agg, VMW_PROBE_MEMREMAP, i, hmm_stack, 4);
	assert_int_equal(agg.nr_stacks, 256);
	assert_int_equal(agg.nr_dropped, 44);
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 300, VMW_ABOVE));
	assert_string_equal(agg.requests->driver, "test_hmm");
	vmw_aggregate_free(&agg);
}

/* Asked, allowed, added, initialised, accepted; and later taken down. */
static void a_life(void **state)
{
	struct vmw_aggregate agg = { .on_offender = count_offender };
	int told = 0;

	(void)state;
	agg.context = &told;
	feed_stack(&agg, VMW_PROBE_MEMREMAP, 1, hmm_stack, 4);
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	assert_null(agg.offenders);
	assert_int_equal(agg.requests->outcome, VMW_PENDING);
	feed_allowed(&agg, 1, VMW_ABOVE, 1);
	assert_non_null(agg.offenders);
	assert_int_equal(told, 1);
	assert_string_equal(agg.offenders->driver, "test_hmm");
	feed(&agg, observation(VMW_PROBE_ADD_PAGES, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed(&agg, observation(VMW_PROBE_WARN, VMW_REQUEST_MEMREMAP, 1, 0));
	feed(&agg, observation(VMW_PROBE_INIT_ZONE_DEVICE, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, 0xffffb0000000);
	assert_int_equal(agg.requests->outcome, VMW_ACCEPTED);
	assert_int_equal(agg.offenders->count, 3);
	assert_int_equal(agg.offenders->warns, 1);
	assert_ptr_equal(agg.warns->offender, agg.offenders);
	assert_true(agg.offenders->live);

	feed(&agg, observation(VMW_PROBE_MEMUNMAP, VMW_REQUEST_MEMUNMAP, 2, VMW_ABOVE));
	feed(&agg, observation(VMW_PROBE_VMEMMAP_FREE, VMW_REQUEST_MEMUNMAP, 2, VMW_ABOVE));
	feed_result(&agg, VMW_PROBE_MEMUNMAP_DONE, VMW_REQUEST_MEMUNMAP, 2, 0);
	assert_null(agg.offenders->next);
	assert_false(agg.offenders->live);
	assert_int_equal(agg.requests->outcome, VMW_GONE);
	assert_int_equal(agg.offenders->count, 5);
	assert_int_equal(told, 1);
	vmw_aggregate_free(&agg);
}

static void refused_is_no_offence(void **state)
{
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed_allowed(&agg, 1, VMW_ABOVE, 0);
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, -EINVAL);
	vmw_aggregate_finish(&agg);
	assert_null(agg.offenders);
	assert_int_equal(agg.requests->outcome, VMW_REFUSED);
	assert_int_equal(agg.requests->error, -EINVAL);
	assert_int_equal(agg.requests->limit_end, 0x80003fffffff);
	vmw_aggregate_free(&agg);
}

/* No range at all: who asked is known by the stack of the call that answered. */
static void no_range_is_free(void **state)
{
	static const char *const stack[] = {
		"request_free_mem_region+0x8/0x50",
		"ask+0x34/0xc8 [vmw_ask]",
	};
	struct vmw_aggregate agg = { 0 };
	struct vmw_observation o;

	(void)state;
	feed_stack(&agg, VMW_PROBE_DEVM_REGION_GIVEN, 1, stack, 2);
	feed_result(&agg, VMW_PROBE_DEVM_REGION_GIVEN, VMW_REQUEST_REGION, 1, -ERANGE);
	assert_int_equal(agg.requests->kind, VMW_REQUEST_REGION);
	assert_int_equal(agg.requests->outcome, VMW_REFUSED);
	assert_int_equal(agg.requests->error, -ERANGE);
	assert_int_equal(agg.requests->nr_ranges, 0);
	assert_int_equal(vmw_request_verdict(agg.requests), VMW_NOWHERE);
	assert_string_equal(agg.requests->driver, "vmw_ask");
	assert_int_equal(agg.nr_stacks, 0);
	/* One that is given is none. */
	o = observation(VMW_PROBE_REGION_GIVEN, VMW_REQUEST_NONE, 0, VMW_ABOVE);
	o.header.request = 0;
	feed(&agg, o);
	assert_int_equal(agg.nr_requests, 1);
	assert_null(agg.offenders);
	assert_int_equal(agg.nr_observations, 2);
	vmw_aggregate_free(&agg);
}

/* Whoever takes it down: it is the driver's that asked for it. */
static void unbound_by_the_core(void **state)
{
	static const char *const unbind[] = {
		"memunmap_pages+0x0/0x100",
		"devm_action_release+0x14/0x20",
		"release_nodes+0x48/0xb0",
		"unbind_store+0xc0/0xe0",
	};
	struct vmw_aggregate agg = { 0 };
	u64 down;

	(void)state;
	feed_stack(&agg, VMW_PROBE_MEMREMAP, 1, hmm_stack, 4);
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_IN_BOUNDS));
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, 0);
	for (down = 2; down <= 3; down++) {
		feed_stack(&agg, VMW_PROBE_MEMUNMAP, down, unbind, 4);
		feed(&agg,
		     observation(VMW_PROBE_MEMUNMAP, VMW_REQUEST_MEMUNMAP, down, VMW_IN_BOUNDS));
		feed_result(&agg, VMW_PROBE_MEMUNMAP_DONE, VMW_REQUEST_MEMUNMAP, down, 0);
		/* The second one is of a range that was there before us. */
		assert_string_equal(agg.latest->driver, down == 2 ? "test_hmm" : "unknown");
	}
	vmw_aggregate_free(&agg);
}

/* Those that make room for others are counted on. */
static void refused_and_retired(void **state)
{
	struct vmw_aggregate agg = { .max_requests = 4 };
	u64 id;

	(void)state;
	for (id = 1; id <= 10; id++) {
		feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, id, VMW_ABOVE));
		feed_allowed(&agg, id, VMW_ABOVE, 0);
		feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, id, -EINVAL);
	}
	assert_int_equal(agg.nr_requests, 4);
	assert_int_equal(agg.nr_retired, 6);
	assert_string_equal(agg.refusals[0].driver, agg.requests->driver);
	assert_int_equal(agg.refusals[0].nr[VMW_ABOVE], 6);
	assert_int_equal(agg.refusals[1].driver[0], '\0');
	vmw_aggregate_free(&agg);
}

/* Allowed and begun, then out of memory: it happened, and it is gone. */
static void failed_later(void **state)
{
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed_allowed(&agg, 1, VMW_ABOVE, 1);
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, -ENOMEM);
	assert_int_equal(agg.requests->outcome, VMW_FAILED);
	assert_non_null(agg.offenders);
	assert_false(agg.offenders->live);
	vmw_aggregate_free(&agg);
}

static void died_and_pending(void **state)
{
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_USER));
	feed_result(&agg, VMW_PROBE_PROCESS_EXIT, VMW_REQUEST_MEMREMAP, 1, 0);
	assert_int_equal(agg.requests->outcome, VMW_DIED);
	assert_non_null(agg.offenders);
	assert_int_equal(agg.offenders->count, 1);
	vmw_aggregate_free(&agg);

	memset(&agg, 0, sizeof(agg));
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_USER));
	assert_null(agg.offenders);
	vmw_aggregate_finish(&agg);
	assert_non_null(agg.offenders);
	vmw_aggregate_free(&agg);
}

/* Where mhp_range_allowed() cannot be seen, asking is an offence. */
static void asks_only(void **state)
{
	struct vmw_aggregate agg = { .asks_only = true };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_BELOW));
	assert_non_null(agg.offenders);
	/* Refused after all, with a WARN of its own: neither is one. */
	feed(&agg, observation(VMW_PROBE_WARN, VMW_REQUEST_MEMREMAP, 1, 0));
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, -E2BIG);
	assert_true(agg.offenders->withdrawn);
	assert_false(agg.offenders->live);
	assert_true(agg.warns->foreign);
	assert_null(agg.warns->offender);
	assert_true(agg.requests->denied);
	/* Asked for again, and given: then it is. */
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 2, VMW_BELOW));
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 2, 0);
	assert_null(agg.offenders->next);
	assert_true(agg.offenders->live && !agg.offenders->withdrawn);
	/* It stays one, whatever is refused later. */
	feed(&agg, observation(VMW_PROBE_MEMUNMAP, VMW_REQUEST_MEMUNMAP, 3, VMW_BELOW));
	feed_result(&agg, VMW_PROBE_MEMUNMAP_DONE, VMW_REQUEST_MEMUNMAP, 3, 0);
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 4, VMW_BELOW));
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 4, -ENOMEM);
	assert_null(agg.offenders->next);
	assert_false(agg.offenders->live || agg.offenders->withdrawn);
	vmw_aggregate_free(&agg);
}

/* Half way through struct pages were there: it failed, and was not refused. */
static void asks_only_half_way(void **state)
{
	struct vmw_aggregate agg = { .asks_only = true };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_BELOW));
	feed(&agg, observation(VMW_PROBE_VMEMMAP_FREE, VMW_REQUEST_MEMREMAP, 1, VMW_BELOW));
	feed(&agg, observation(VMW_PROBE_WARN, VMW_REQUEST_MEMREMAP, 1, 0));
	feed_result(&agg, VMW_PROBE_MEMREMAP_DONE, VMW_REQUEST_MEMREMAP, 1, -ENOMEM);
	assert_int_equal(agg.requests->outcome, VMW_FAILED);
	assert_false(agg.offenders->live || agg.offenders->withdrawn);
	assert_false(agg.warns->foreign);
	vmw_aggregate_free(&agg);
}

static void in_bounds_is_no_offence(void **state)
{
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_IN_BOUNDS));
	feed_allowed(&agg, 1, VMW_IN_BOUNDS, 1);
	feed(&agg, observation(VMW_PROBE_ADD_PAGES, VMW_REQUEST_MEMREMAP, 1, VMW_IN_BOUNDS));
	vmw_aggregate_finish(&agg);
	assert_null(agg.offenders);
	vmw_aggregate_free(&agg);
}

/* A section of a range belongs to the offender that has the range. */
static void parts_join(void **state)
{
	struct vmw_observation part =
		observation(VMW_PROBE_VMEMMAP_POPULATE, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE);
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed_allowed(&agg, 1, VMW_ABOVE, 1);
	part.nr_pages = NR / 2;
	feed(&agg, part);
	part.pfn += NR / 2;
	feed(&agg, part);
	assert_null(agg.offenders->next);
	assert_int_equal(agg.offenders->hits[VMW_PROBE_VMEMMAP_POPULATE], 2);
	/* One pfn beyond, and it is another one's. */
	part.pfn++;
	feed(&agg, part);
	assert_non_null(agg.offenders->next);
	vmw_aggregate_free(&agg);
}

/* Two CPUs at it: each request gets its own stack, in whatever order. */
static void stacks_interleave(void **state)
{
	static const char *const other[] = {
		"memremap_pages+0x0/0x5f4",
		"xe_devm_add+0x10/0x20 [xe]",
	};
	struct vmw_aggregate agg = { 0 };

	(void)state;
	feed_stack(&agg, VMW_PROBE_MEMREMAP, 1, hmm_stack, 4);
	feed_stack(&agg, VMW_PROBE_MEMREMAP, 2, other, 2);
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE));
	feed(&agg, observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 2, VMW_ABOVE));
	assert_string_equal(agg.requests->driver, "test_hmm");
	assert_string_equal(agg.requests->next->driver, "xe");
	assert_int_equal(agg.nr_stacks, 0);
	vmw_aggregate_free(&agg);
}

static void bad_records_are_dropped(void **state)
{
	struct vmw_observation o =
		observation(VMW_PROBE_MEMREMAP, VMW_REQUEST_MEMREMAP, 1, VMW_ABOVE);
	struct vmw_aggregate agg = { 0 };

	(void)state;
	o.header.probe = VMW_NR_PROBES;
	feed(&agg, o);
	o.header.probe = VMW_PROBE_MEMREMAP;
	o.header.size = sizeof(o) - 8;
	feed(&agg, o);
	o.header.type = 99;
	feed(&agg, o);
	assert_null(agg.requests);
	vmw_aggregate_free(&agg);
}

static void driver_from(const char *const *names, u32 nr, int removal, const char *wanted)
{
	struct vmw_stack *stack = calloc(1, sizeof(*stack));
	struct vmw_intern intern = { 0 };
	char driver[VMW_DRIVER_LEN];
	u32 i;

	assert_non_null(stack);
	stack->nr_frames = nr;
	for (i = 0; i < nr; i++)
		snprintf(stack->name[i], sizeof(stack->name[i]), "%s", names[i]);
	vmw_driver_of(vmw_intern_stack(&intern, stack), removal, driver, sizeof(driver));
	assert_string_equal(driver, wanted);
	vmw_intern_free(&intern);
	free(stack);
}

static void drivers(void **state)
{
	/* clang-format off */
	static const char *const fentry[] = {
		"bpf_prog_1234_fentry__memremap_pages+0x1/0x2",
		"bpf_trampoline_6442+0x60/0x1000", "memremap_pages+0x8/0x5f4",
		"devm_memremap_pages+0x40/0x90",
		"kgd2kfd_init_zone_device+0x100/0x200 [amdgpu]",
	};
	static const char *const builtin[] = {
		"__add_pages+0x0/0x10", "arch_add_memory+0x80/0x100",
		"add_memory_resource+0x1/0x2", "acpi_memory_device_add+0x10/0x20",
	};
	static const char *const release[] = {
		"memunmap_pages+0x0/0x1", "devm_action_release+0x10/0x20",
		"release_nodes+0x1/0x2", "devres_release_all+0x1/0x2",
		"device_unbind_cleanup+0x1/0x2", "nd_pmem_remove.isra.0+0x1/0x2 [nd_pmem]",
	};
	static const char *const unbound[] = {
		"memunmap_pages+0x0/0x1", "devm_action_release+0x10/0x20",
		"device_release_driver_internal+0x1/0x2", "pci_unregister_driver+0x1/0x2",
		"xe_exit+0x1/0x2 [xe]",
	};
	static const char *const probed[] = {
		"memremap_pages+0x0/0x1", "__kretprobe_trampoline+0x0/0x1",
		"nouveau_dmem_chunk_alloc+0x1/0x2 [nouveau]",
	};

	/* A return probe of another tracer, by the names that the kernel gives it. */
	static const char *const lost[] = {
		"memremap_pages+0x0/0x5f4", "alloc_insn_page+0x7c/0x7c",
		"do_one_initcall+0x64/0x22c", "hmm_dmirror_init+0x140/0x1000 [test_hmm]",
	};
	static const char *const lost_by_name[] = {
		"memunmap_pages+0x0/0x1", "kretprobe_trampoline+0x0", "kthread+0x1/0x2",
	};
	static const char *const graphed[] = {
		"__add_pages+0x0/0x10", "return_to_handler+0x0/0x30", "kthread+0x1/0x2",
		"worker_thread+0x1/0x2",
	};
	/* clang-format on */

	(void)state;
	driver_from(lost, 4, 0, "test_hmm");
	driver_from(lost, 3, 0, "unknown");
	driver_from(lost_by_name, 3, 0, "unknown");
	driver_from(lost_by_name, 3, 1, "unknown");
	driver_from(graphed, 4, 0, "unknown");
	driver_from(fentry, 5, 0, "amdgpu");
	driver_from(builtin, 4, 0, "acpi_memory_device_add");
	driver_from(release, 6, 0, "nd_pmem");
	driver_from(probed, 3, 0, "nouveau");
	driver_from(fentry, 3, 0, "unknown");
	driver_from(NULL, 0, 0, "unknown");
	/* The driver core in between: of a removal the first module counts. */
	driver_from(unbound, 5, 1, "xe");
	driver_from(builtin, 4, 1, "acpi_memory_device_add");
}

static void module_event(struct vmw_aggregate *agg, const char *name, u32 event, u64 time_ns)
{
	struct vmw_module m = {
		.header = { .type = VMW_RECORD_MODULE, .size = sizeof(m), .time_ns = time_ns },
		.core = 0xffff800000100000,
		.core_size = 0x1000,
		.event = event,
	};

	strcpy(m.name, name);
	vmw_aggregate_record(agg, &m.header);
}

/* Modules come and go at one address: who called is who was there then. */
static void modules_of_their_time(void **state)
{
	const u64 at = 0xffff800000100010;
	struct vmw_aggregate agg = { 0 };
	char name[VMW_SYMBOL_LEN];

	(void)state;
	module_event(&agg, "first", VMW_MODULE_LOADED, 1000);
	module_event(&agg, "first", VMW_MODULE_FREED, 2000);
	module_event(&agg, "second", VMW_MODULE_LOADED, 3000);
	assert_null(vmw_agg_name_by_module(&agg, at, 999, name));
	assert_non_null(vmw_agg_name_by_module(&agg, at, 1500, name));
	assert_string_equal(name, "text+0x10 [first]");
	assert_null(vmw_agg_name_by_module(&agg, at, 2500, name));
	assert_non_null(vmw_agg_name_by_module(&agg, at, 3500, name));
	assert_string_equal(name, "text+0x10 [second]");
	assert_null(vmw_agg_name_by_module(&agg, at + 0x1000, 3500, name));
	/* What lies below a module that is gone is not who called. */
	strcpy(name, "bpf_prog_6deef7357e7b4530_kprobe+0x40f0 [bpf]");
	vmw_agg_rename_by_module(&agg, at, 1500, name);
	assert_string_equal(name, "text+0x10 [first]");
	strcpy(name, "second_probe+0x10 [second]");
	vmw_agg_rename_by_module(&agg, at, 3500, name);
	assert_string_equal(name, "second_probe+0x10 [second]");
	vmw_agg_rename_by_module(&agg, at, 2500, name);
	assert_string_equal(name, "second_probe+0x10 [second]");
	vmw_aggregate_free(&agg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life),
		cmocka_unit_test(many_lives),
		cmocka_unit_test(allowed_twice),
		cmocka_unit_test(failure_ends_its_own),
		cmocka_unit_test(stacks_without_observations),
		cmocka_unit_test(refused_is_no_offence),
		cmocka_unit_test(no_range_is_free),
		cmocka_unit_test(unbound_by_the_core),
		cmocka_unit_test(refused_and_retired),
		cmocka_unit_test(failed_later),
		cmocka_unit_test(died_and_pending),
		cmocka_unit_test(asks_only),
		cmocka_unit_test(asks_only_half_way),
		cmocka_unit_test(in_bounds_is_no_offence),
		cmocka_unit_test(parts_join),
		cmocka_unit_test(stacks_interleave),
		cmocka_unit_test(bad_records_are_dropped),
		cmocka_unit_test(drivers),
		cmocka_unit_test(modules_of_their_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
