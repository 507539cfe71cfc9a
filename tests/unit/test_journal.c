// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <sys/uio.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "output/journal.h"

static char sent[4096];
static int nr_sent;
static int answer;

/* Stands before the library's: what would have been sent, a line a field. */
int sd_journal_sendv(const struct iovec *fields, int nr)
{
	size_t n = 0;
	int i;

	nr_sent++;
	for (i = 0; i < nr; i++)
		n += snprintf(sent + n, sizeof(sent) - n, "%.*s\n", (int)fields[i].iov_len,
			      (const char *)fields[i].iov_base);
	return answer;
}

static const struct vmw_bounds bounds = {
	.start = 0xfffffc0000000000,
	.nominal_start = 0xfffffc0000000000,
	.end = 0xfffffe0000000000,
	.page_shift = 12,
	.page_struct_size = 64,
};

static const struct vmw_report report = { .bounds = &bounds };

static struct vmw_request request = {
	.kind = VMW_REQUEST_MEMREMAP,
	.outcome = VMW_ACCEPTED,
	.first = { .comm = "in\"s\nmod", .pid = 42, .cpu = 1 },
};

static struct vmw_offender offender(u64 pfn, u64 first_ns, u64 since_ns)
{
	struct vmw_offender o = {
		.driver = "test_hmm", .live = true, .request = &request,
		.first_ns = first_ns, .since_ns = since_ns,
		.range = {
			.pfn = pfn, .nr_pages = 0x10000, .verdict = VMW_ABOVE,
			.bound = VMW_BOUND_END, .distance = 0x400000,
			.pages_start = 0xfffffe0000400000,
			.pages_end = 0xfffffe0000800000,
		},
	};

	return o;
}

static int start(void **state)
{
	(void)state;
	sent[0] = '\0';
	nr_sent = 0;
	answer = 0;
	return 0;
}

static void has_all_fields(void **state)
{
	static const char *const fields[] = {
		"MESSAGE=test_hmm gets physical memory whose struct pages 0xfffffe0000400000-0xfffffe0000800000 lie outside of vmemmap: above, 0x400000 bytes from VMEMMAP_END\n",
		"\nMESSAGE_ID=0841c69740ed4a7f8f5821cc0058755f\n",
		"\nPRIORITY=2\n",
		"\nVMEMMAPWATCH_DRIVER=test_hmm\n",
		"\nVMEMMAPWATCH_VERDICT=above\n",
		"\nVMEMMAPWATCH_PFN=0xfffff0000\n",
		"\nVMEMMAPWATCH_NR_PAGES=65536\n",
		"\nVMEMMAPWATCH_PHYS=0xfffff0000000-0xffffffffffff\n",
		"\nVMEMMAPWATCH_STRUCT_PAGES=0xfffffe0000400000-0xfffffe0000800000\n",
		"\nVMEMMAPWATCH_BOUND=VMEMMAP_END\n",
		"\nVMEMMAPWATCH_DISTANCE=0x400000\n",
		"\nVMEMMAPWATCH_KERNEL_WARNS=yes\n",
		"\nVMEMMAPWATCH_ORIGIN=observed\n",
		"\nVMEMMAPWATCH_LIVE=yes\n",
		"\nVMEMMAPWATCH_OUTCOME=accepted\n",
		"\nVMEMMAPWATCH_TASK=in\"s\\x0amod\n",
		"\nVMEMMAPWATCH_TASK_PID=42\n",
		"\nVMEMMAPWATCH_TASK_CPU=1\n",
		"\nVMEMMAPWATCH_TIME=",
	};
	struct vmw_offender o = offender(0xfffff0000, 1, 1);
	struct vmw_journal journal = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(vmw_journal_offender(&journal, &report, &o, false), 0);
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!strstr(sent, fields[i]))
			fail_msg("missing %s in\n%s", fields[i], sent);
	}
	assert_int_equal(journal.written, 1);
	vmw_journal_free(&journal);
}

/* The journal has more readers than the feed. */
static void redacted(void **state)
{
	struct vmw_report redacting = report;
	struct vmw_offender o = offender(0xfffff0000, 1, 1);
	struct vmw_journal journal = { 0 };

	(void)state;
	redacting.redact = true;
	assert_int_equal(vmw_journal_offender(&journal, &redacting, &o, false), 0);
	assert_null(strstr(sent, "0xf"));
	assert_non_null(strstr(
		sent,
		"MESSAGE=test_hmm gets physical memory whose struct pages lie outside of vmemmap: above, VMEMMAP_END\n"));
	assert_non_null(strstr(sent, "\nVMEMMAPWATCH_PHYS=redacted\n"));
	assert_non_null(strstr(sent, "\nVMEMMAPWATCH_NR_PAGES=65536\n"));
	vmw_journal_free(&journal);
}

static void without_a_request(void **state)
{
	struct vmw_offender o = offender(0xfffff0000, 1, 1);
	struct vmw_journal journal = { 0 };

	(void)state;
	o.request = NULL;
	assert_int_equal(vmw_journal_offender(&journal, &report, &o, true), 0);
	assert_null(strstr(sent, "_TASK"));
	assert_non_null(strstr(sent, "test_hmm asks for"));
	vmw_journal_free(&journal);
}

static void every_new_one_is_told(void **state)
{
	struct vmw_journal journal = { 0 };
	u64 i;

	(void)state;
	for (i = 0; i < 100; i++) {
		struct vmw_offender o = offender(i << 16, 1000 + i, 1000 + i);

		assert_int_equal(vmw_journal_offender(&journal, &report, &o, false), 0);
	}
	assert_int_equal(nr_sent, 100);
	vmw_journal_free(&journal);
}

static void back_again_is_told_once_a_second(void **state)
{
	struct vmw_journal journal = { 0 };
	u64 since;

	(void)state;
	for (since = 1000000000; since < 4000000000; since += 100000000) {
		struct vmw_offender o = offender(0xfffff0000, 1, since);

		assert_int_equal(vmw_journal_offender(&journal, &report, &o, false), 0);
		assert_non_null(strstr(sent, " (again)\n"));
	}
	assert_int_equal(nr_sent, 3);
	assert_int_equal(journal.suppressed, 27);
	vmw_journal_free(&journal);
}

static void a_failure_is_counted(void **state)
{
	struct vmw_offender o = offender(0xfffff0000, 1, 1);
	struct vmw_journal journal = { 0 };

	(void)state;
	answer = -ENOBUFS;
	assert_int_equal(vmw_journal_offender(&journal, &report, &o, false), -ENOBUFS);
	assert_int_equal(journal.failed, 1);
	assert_int_equal(journal.written, 0);
	vmw_journal_free(&journal);
}

static void what_is_incomplete(void **state)
{
	struct vmw_journal journal = { 0 };

	(void)state;
	assert_int_equal(vmw_journal_incomplete(&journal, "3 records lost"), 0);
	assert_string_equal(sent, "MESSAGE=the watch is incomplete: 3 records lost\n"
				  "MESSAGE_ID=95ff6e29dbd745969632e1c6d3ce6039\nPRIORITY=4\n"
				  "VMEMMAPWATCH_REASON=3 records lost\n");
	vmw_journal_free(&journal);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(has_all_fields, start),
		cmocka_unit_test_setup(redacted, start),
		cmocka_unit_test_setup(without_a_request, start),
		cmocka_unit_test_setup(every_new_one_is_told, start),
		cmocka_unit_test_setup(back_again_is_told_once_a_second, start),
		cmocka_unit_test_setup(a_failure_is_counted, start),
		cmocka_unit_test_setup(what_is_incomplete, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
