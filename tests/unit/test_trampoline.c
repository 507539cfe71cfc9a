// SPDX-License-Identifier: GPL-2.0-only
/* Whether fexit is safe: what the code of a trampoline hands over, and releases. */
#include "unit.h"

#include "probe/trampoline.h"

#define MOVN(rd, half, shift) (0x92800000 | (shift) / 16 << 21 | (half) << 5 | (rd))
#define MOVZ(rd, half, shift) (0xd2800000 | (shift) / 16 << 21 | (half) << 5 | (rd))
#define MOVK(rd, half, shift) (0xf2800000 | (shift) / 16 << 21 | (half) << 5 | (rd))
#define BL		      0x94000000
#define STP		      0xa9bf7bfd

static void constants_of_code(void **state)
{
	static const u32 code[] = {
		STP,
		MOVK(0, 1, 0), /* of nothing */
		STP,
		MOVN(10, 0x1234, 0),
		MOVK(10, 0x8000, 32),
		STP, /* another register */
		/* As 6.8 does: three halves, the fourth is all ones. */
		MOVN(0, 0x4bff, 0),
		MOVK(0, 0xc0a1, 16),
		MOVK(0, 0, 32),
		BL,
		/* As 6.12 does. */
		MOVZ(0, 0xb400, 0),
		MOVK(0, 0xc0a1, 16),
		MOVK(0, 0xfff0, 48),
		BL,
		MOVN(0, 0x7fff, 32),
		MOVK(0, 0x8123, 16),
		MOVK(0, 0x5000, 0),
		BL,
	};
	u64 found[4];

	(void)state;
	assert_int_equal(vmw_trampoline_constants(code, sizeof(code) / 4, found, 4), 3);
	assert_int_equal(found[0], 0xffff0000c0a1b400);
	assert_int_equal(found[1], 0xfff00000c0a1b400);
	assert_int_equal(found[2], 0xffff800081235000);
	assert_int_equal(vmw_trampoline_constants(code, sizeof(code) / 4, found, 1), 1);
	assert_int_equal(vmw_trampoline_constants(code, 0, found, 4), 0);
}

static void refused_by_release(void **state)
{
	static const struct {
		const char *release;
		bool narrow, wide;
	} rows[] = {
		{ "5.15.135", false, false },
		{ "6.1.192", false, false },
		{ "6.6.87", false, false },
		{ "6.7.0", false, false },
		{ "6.8.0-32-generic", false, true },
		{ "6.9.12", false, true },
		{ "6.10.3", true, true },
		{ "6.11", true, true },
		{ "6.11.0-29-generic", true, true },
		{ "6.11.5", true, true },
		{ "6.11.6", false, true },
		{ "6.12.95+deb12-arm64", false, false },
		{ "7.2.13", false, false },
		{ "7.10.1", false, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *narrow = vmw_fexit_refused_by_release(rows[i].release, false);
		const char *wide = vmw_fexit_refused_by_release(rows[i].release, true);

		assert_int_equal(!!narrow, rows[i].narrow);
		assert_int_equal(!!wide, rows[i].wide);
		assert_true(!narrow || strlen(narrow) < 96);
		assert_true(!wide || strlen(wide) < 96);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(constants_of_code),
		cmocka_unit_test(refused_by_release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
