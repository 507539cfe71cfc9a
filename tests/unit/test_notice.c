// SPDX-License-Identifier: GPL-2.0-only
/* What is told once, and told again only after a while. */
#include "unit.h"

#include "output/kmsg.h"

#define MS 1000000ULL

static struct vmw_offender offender(const char *driver, enum vmw_verdict verdict, u64 since_ns)
{
	struct vmw_offender o = { .since_ns = since_ns };

	strcpy(o.driver, driver);
	o.range.verdict = verdict;
	return o;
}

static bool lately(struct vmw_notice_limit **told, const char *driver, enum vmw_verdict verdict,
		   u64 ms)
{
	struct vmw_offender o = offender(driver, verdict, ms * MS);

	return vmw_notice_is_recent(told, &o);
}

static void test_lately(void **state)
{
	struct vmw_notice_limit *told = NULL;

	(void)state;
	assert_false(lately(&told, "amdgpu", VMW_ABOVE, 1000));
	assert_true(lately(&told, "amdgpu", VMW_ABOVE, 1000));
	assert_true(lately(&told, "amdgpu", VMW_ABOVE, 1999));
	/* Another verdict or driver is another matter. */
	assert_false(lately(&told, "amdgpu", VMW_USER, 1500));
	assert_false(lately(&told, "xe", VMW_ABOVE, 1500));
	/* What was not told does not put off what is. */
	assert_false(lately(&told, "amdgpu", VMW_ABOVE, 2000));
	assert_true(lately(&told, "amdgpu", VMW_ABOVE, 2500));
	/* Records of several CPUs may come in another order. */
	assert_true(lately(&told, "amdgpu", VMW_ABOVE, 1900));
	vmw_notice_limit_free(&told);
	assert_null(told);
	assert_false(lately(&told, "amdgpu", VMW_ABOVE, 2500));
	vmw_notice_limit_free(&told);
}

static void test_deed(void **state)
{
	struct vmw_offender o = offender("xe", VMW_ABOVE, 0);
	struct vmw_request request = { .kind = VMW_REQUEST_MEMREMAP };

	(void)state;
	assert_string_equal(vmw_notice_verb(&o, false), "gets");
	o.request = &request;
	assert_string_equal(vmw_notice_verb(&o, false), "gets");
	assert_string_equal(vmw_notice_verb(&o, true), "asks for");
	request.kind = VMW_REQUEST_MEMUNMAP;
	assert_string_equal(vmw_notice_verb(&o, true), "gives back");
	request.kind = VMW_REQUEST_REMOVE;
	assert_string_equal(vmw_notice_verb(&o, false), "gives back");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lately),
		cmocka_unit_test(test_deed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
