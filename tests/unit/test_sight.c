// SPDX-License-Identifier: GPL-2.0-only
/* Blindness: how long probes did not fire, and that it is never an all-clear. */
#include "report.h"

#define SECOND 1000000000ULL

static void silences(void **state)
{
	struct vmw_sight ways[VMW_NR_WAYS] = { 0 }, *sight = &ways[VMW_WAY_FENTRY];

	(void)state;
	vmw_sight_note(sight, true, 10 * SECOND, 11 * SECOND);
	assert_int_equal(sight->times, 0);
	assert_int_equal(vmw_sight_lost_ns(sight, 20 * SECOND), 0);
	/* From the last call that was seen, for nobody knows better. */
	vmw_sight_note(sight, false, 10 * SECOND, 26 * SECOND);
	vmw_sight_note(sight, false, 10 * SECOND, 41 * SECOND);
	assert_int_equal(sight->times, 1);
	assert_int_equal(sight->first_ns, 11 * SECOND);
	assert_int_equal(vmw_sight_lost_ns(sight, 41 * SECOND), 30 * SECOND);
	vmw_sight_note(sight, true, 10 * SECOND, 56 * SECOND);
	assert_int_equal(sight->last_ns, 56 * SECOND);
	assert_int_equal(vmw_sight_lost_ns(sight, 99 * SECOND), 45 * SECOND);
	/* Another one adds up; and ends with the probes that were silent. */
	vmw_sight_note(sight, false, 10 * SECOND, 57 * SECOND);
	assert_int_equal(sight->times, 2);
	assert_int_equal(sight->first_ns, 11 * SECOND);
	vmw_sight_restart(ways, 60 * SECOND);
	assert_int_equal(sight->silent_ns, 0);
	assert_int_equal(vmw_sight_lost_ns(sight, 99 * SECOND), 49 * SECOND);
	/* Silent from the start on. */
	vmw_sight_note(sight, false, 70 * SECOND, 71 * SECOND);
	assert_int_equal(sight->silent_ns, 70 * SECOND);
}

static void names(void **state)
{
	struct vmw_sight sight[VMW_NR_WAYS] = { 0 };
	char text[VMW_SILENT_LEN];
	int way;

	(void)state;
	assert_false(vmw_sight_silent(sight, text));
	assert_string_equal(text, "");
	sight[VMW_WAY_KPROBE].silent_ns = sight[VMW_WAY_KRETPROBE].silent_ns = 1;
	assert_true(vmw_sight_silent(sight, text));
	assert_string_equal(text, "kprobe, kretprobe");
	for (way = 0; way < VMW_NR_WAYS; way++)
		sight[way].silent_ns = 1;
	assert_true(vmw_sight_silent(sight, text));
	assert_string_equal(text, "kprobe, kretprobe, fentry, fexit, tracepoint");
	assert_int_equal(vmw_canary_way(VMW_PROBE_CANARY_FEXIT), VMW_WAY_FEXIT);
	assert_int_equal(vmw_canary_way(VMW_PROBE_MEMREMAP), VMW_NR_WAYS);
}

/* A report in which nothing was lost is lost by each of these. */
static void no_all_clear(void **state)
{
	struct fixture f;
	struct vmw_observation o;

	(void)state;
	fixture_init(&f);
	f.report.losses.count[VMW_LOST_RING] = 0;
	assert_false(vmw_report_lost(&f.report));
	f.report.sight[VMW_WAY_FENTRY].times = 1;
	assert_true(vmw_report_lost(&f.report));
	f.report.sight[VMW_WAY_FENTRY].times = 0;
	f.report.warns_unseen = 1;
	assert_true(vmw_report_lost(&f.report));
	f.report.warns_unseen = 0;
	/* Inside of a request it is explained, and so it is where it is no matter of ours. */
	fixture_watch(&f);
	assert_int_equal(vmw_report_unexplained(&f.report), 0);
	tell_stack(&f, VMW_PROBE_WARN, 0);
	o = seen(&f, VMW_PROBE_WARN, VMW_REQUEST_NONE, 0, 0, 0);
	o.foreign = true;
	tell(&f, &o);
	assert_int_equal(vmw_report_unexplained(&f.report), 0);
	o.foreign = false;
	tell(&f, &o);
	assert_int_equal(vmw_report_unexplained(&f.report), 1);
	assert_true(vmw_report_lost(&f.report));
	fixture_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silences),
		cmocka_unit_test(names),
		cmocka_unit_test(no_all_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
