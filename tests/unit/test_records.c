// SPDX-License-Identifier: GPL-2.0-only
/* Records between the ring buffer and the saved state. */
#include <unistd.h>

#include "unit.h"

#include "service/records.h"

static struct vmw_observation observation(u64 time)
{
	struct vmw_observation o = {
		.header = { .type = VMW_RECORD_OBSERVATION, .size = sizeof(o), .time_ns = time },
		.pfn = time,
	};

	return o;
}

static bool keep(struct vmw_records *records, u64 time)
{
	struct vmw_observation o = observation(time);

	return vmw_records_keep(records, &o.header);
}

struct seen {
	u64 time[16];
	size_t nr;
};

static void see(const struct vmw_header *record, void *context)
{
	struct seen *seen = context;

	assert_true(seen->nr < 16);
	seen->time[seen->nr++] = record->time_ns;
}

/* The daemon that comes after: the same memfd, and what the state says. */
static struct vmw_records next(struct vmw_records *before, u64 taken, struct seen *seen)
{
	struct vmw_records records = { .fd = dup(before->fd) };

	seen->nr = 0;
	vmw_records_replay(&records, taken, see, seen);
	vmw_records_close(before);
	return records;
}

/* Killed after the third: those that the state lacks come back, once. */
static void crash(void **state)
{
	struct vmw_records records = { .fd = -1 };
	struct seen seen;

	(void)state;
	vmw_records_open(&records);
	assert_true(keep(&records, 1));
	vmw_records_saved(&records);
	assert_true(keep(&records, 2));
	assert_true(keep(&records, 3));
	records = next(&records, 1, &seen);
	assert_int_equal(seen.nr, 2);
	assert_int_equal(seen.time[0], 2);
	assert_int_equal(seen.time[1], 3);
	/* The ring buffer may not have let go of the last one; the next ones are new. */
	assert_false(keep(&records, 3));
	assert_true(keep(&records, 3));
	assert_true(keep(&records, 4));
	assert_int_equal(records.taken, 5);
	vmw_records_close(&records);
}

/* Killed between the state and letting go of what is in it. */
static void saved_but_kept(void **state)
{
	struct vmw_records records = { .fd = -1 };
	struct seen seen;

	(void)state;
	vmw_records_open(&records);
	keep(&records, 1);
	keep(&records, 2);
	records = next(&records, 2, &seen);
	assert_int_equal(seen.nr, 0);
	assert_true(keep(&records, 3));
	records = next(&records, 2, &seen);
	assert_int_equal(seen.nr, 1);
	assert_int_equal(seen.time[0], 3);
	vmw_records_close(&records);
}

/* Cut in the middle of one, and nonsense. */
static void cut(void **state)
{
	struct vmw_records records = { .fd = -1 };
	struct seen seen;

	(void)state;
	vmw_records_open(&records);
	keep(&records, 1);
	keep(&records, 2);
	assert_int_equal(ftruncate(records.fd, records.size - 1), 0);
	records = next(&records, 0, &seen);
	assert_int_equal(seen.nr, 1);
	assert_int_equal(pwrite(records.fd, "nonsense nonsense nonsense nonsense", 32, 0), 32);
	records = next(&records, 0, &seen);
	assert_int_equal(seen.nr, 0);
	vmw_records_close(&records);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crash),
		cmocka_unit_test(saved_but_kept),
		cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
