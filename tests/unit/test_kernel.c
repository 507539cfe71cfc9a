// SPDX-License-Identifier: GPL-2.0-only
/* Cured or not, by recorded code; what follows; and what is said of each verdict. */
#include <unistd.h>

#include "unit.h"
#include "report.h"

#include "kernel/insn.h"
#include "layout/possible.h"
#include "output/describe.h"
#include "output/text/text_writer.h"
#include "report/why.h"

#define MAX_CODE 128

/* The next line of recorded code; false at the end. */
static bool next_code(FILE *file, u64 *at, u64 *memstart, u32 *code, size_t *nr)
{
	char line[4096], *word;

	do {
		if (!fgets(line, sizeof(line), file))
			return false;
	} while (*line == '#');
	*at = strtoull(strtok(line, " \n"), NULL, 16);
	*memstart = strtoull(strtok(NULL, " \n"), NULL, 16);
	for (*nr = 0; (word = strtok(NULL, " \n")); (*nr)++) {
		assert_true(*nr < MAX_CODE);
		code[*nr] = strtoul(word, NULL, 16);
	}
	return true;
}

static bool refers(const u64 *found, size_t nr, u64 to)
{
	while (nr--) {
		if (found[nr] == to)
			return true;
	}
	return false;
}

static void code_of_mhp_range_allowed(void **state)
{
	/* 6.1.192 and 6.12.117 without the fix, Debian's 6.12.95 and 7.2.13. */
	static const bool fixed[] = { false, false, true, true };
	FILE *file = fopen(DATA "mhp_range_allowed.hex", "r");
	u64 at, memstart, found[16];
	u32 code[MAX_CODE];
	size_t nr, n, i = 0;

	(void)state;
	assert_non_null(file);
	while (next_code(file, &at, &memstart, code, &nr)) {
		n = vmw_insn_references(code, nr, at, found, 16);
		assert_true(n >= 1 && n < 16); /* the text that it prints, at least */
		assert_int_equal(refers(found, n, memstart), fixed[i]);
		assert_int_equal(vmw_insn_references(code, nr, at, found, 1), 1);
		assert_int_equal(vmw_insn_references(code, 0, at, found, 16), 0);
		i++;
	}
	fclose(file);
	assert_int_equal(i, 4);
}

static void pages_behind_and_before(void **state)
{
	/* adrp x7, +1 page; ldr x0, [x7, #3616]; adrp x0, -1 page; add x0, x0, #0x60 */
	static const u32 code[] = { 0xb0000007, 0xf94710e0, 0xf0ffffe0, 0x91018000 };
	u64 found[4];

	(void)state;
	assert_int_equal(vmw_insn_references(code, 4, 0xffff800008038ffc, found, 4), 2);
	assert_int_equal(found[0], 0xffff800008039e20);
	/* The ADRP at ...9004 counts from its own page. */
	assert_int_equal(found[1], 0xffff800008038060);
}

static void possible_or_not(void **state)
{
	struct vmw_kernel_facts k = { .fix = VMW_FIX_MISSING,
				      .device_private_known = true,
				      .device_private = true,
				      .phys_end = 0xffffffffffff };
	struct fixture f;
	char why[400];

	(void)state;
	fixture_init(&f);
	assert_int_equal(vmw_possible(&k, &f.bounds, false, why, sizeof(why)), VMW_POSSIBLE);
	k.phys_end = 0x80000fffffff;
	k.fix = VMW_FIX_PRESENT;
	assert_int_equal(vmw_possible(&k, NULL, false, why, sizeof(why)), VMW_IMPOSSIBLE);
	k.fix = VMW_FIX_UNKNOWN;
	k.phys_end = 0;
	assert_int_equal(vmw_possible(&k, &f.bounds, false, why, sizeof(why)),
			 VMW_POSSIBLE_UNKNOWN);
	k.device_private = false;
	strcpy(k.device_private_why, "CONFIG_DEVICE_PRIVATE is not set");
	assert_int_equal(vmw_possible(&k, NULL, false, why, sizeof(why)), VMW_IMPOSSIBLE);
	assert_non_null(strstr(why, "This kernel cannot hit it, because"));
	assert_non_null(strstr(why, "CONFIG_DEVICE_PRIVATE is not set"));
	fixture_free(&f);
}

/* Numbers are this machine's; each statement says where it is from. */
static void every_verdict_has_its_reasons(void **state)
{
	struct vmw_kernel_facts k = {
		.fix = VMW_FIX_MISSING, .phys_end = ~0ULL >> 1, .kaslr_known = true, .kaslr = true
	};
	struct vmw_statement s[VMW_MAX_STATEMENTS];
	struct vmw_range range = { 0 };
	u64 first, nr, last;
	struct fixture f;
	char number[32];
	int n, i;

	(void)state;
	fixture_init(&f);
	first = vmw_good_pfns(&f.bounds, &nr);
	last = ((first + nr) << f.bounds.page_shift) - 1;
	range.nr_pages = 0x10000;
	assert_int_equal(vmw_why(&f.report, &k, &range, s, VMW_MAX_STATEMENTS), 0);
	range.pfn = first + nr + 0x100;
	for (range.verdict = VMW_BELOW; range.verdict < VMW_NR_VERDICTS; range.verdict++) {
		n = vmw_why(&f.report, &k, &range, s, VMW_MAX_STATEMENTS);
		assert_true(n >= 3 && n < VMW_MAX_STATEMENTS);
		snprintf(number, sizeof(number), "0x%llx", last);
		assert_non_null(strstr(s[0].text, number));
		snprintf(number, sizeof(number), "0x%llx bytes",
			 0x10100ULL << f.bounds.page_shift);
		assert_non_null(strstr(s[0].text, number));
		for (i = 0; i < n; i++) {
			assert_true(*s[i].text && strlen(s[i].text) < sizeof(s[i].text) - 1);
			assert_true(*s[i].source);
		}
		assert_int_equal(vmw_why(&f.report, &k, &range, s, 1), 1);
		assert_true(vmw_why(&f.report, NULL, &range, s, VMW_MAX_STATEMENTS) >= 3);
	}
	fixture_free(&f);
}

static void lines_have_eighty_columns(void **state)
{
	char line[256], path[] = "/tmp/vmw-unit.XXXXXX";
	struct vmw_text_writer text;
	FILE *file = fdopen(mkstemp(path), "w+");
	int lines = 0;

	(void)state;
	assert_non_null(file);
	vmw_item(vmw_text_begin(&text, file, false),
		 "one two three four five six seven eight nine ten eleven twelve thirteen "
		 "fourteen fifteen sixteen seventeen eighteen nineteen twenty twenty-one "
		 "twenty-two",
		 NULL);
	rewind(file);
	while (fgets(line, sizeof(line), file)) {
		assert_true(strlen(line) <= 81);
		assert_int_equal(strncmp(line, lines++ ? "  " : "- one two", 2), 0);
	}
	assert_int_equal(lines, 3);
	fclose(file);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_of_mhp_range_allowed),
		cmocka_unit_test(pages_behind_and_before),
		cmocka_unit_test(possible_or_not),
		cmocka_unit_test(every_verdict_has_its_reasons),
		cmocka_unit_test(lines_have_eighty_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
