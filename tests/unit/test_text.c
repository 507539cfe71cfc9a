// SPDX-License-Identifier: GPL-2.0-only
/* The text report: the verdict first, 80 columns, and no more than is asked for. */
#include <fcntl.h>
#include <unistd.h>

#include "report.h"
#include "synthetic.h"

#include "output/export.h"

#define PFN 0xfffff0000 /* above above_bounds.end */

static char *text_of(const struct vmw_report *report, bool verbose)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(vmw_export_text(report, verbose, file), 0);
	fclose(file);
	return text;
}

static unsigned int lines_of(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void begin(struct synthetic *s)
{
	synthetic_init(s);
	s->report.service = false;
}

static void nothing_is_two_lines(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	begin(&s);
	text = text_of(&s.report, false);
	assert_string_equal(text,
			    "No struct page out of bounds was seen, nor any request, in 60.500 s.\n"
			    "Nothing was lost.\n");
	free(text);
	s.report.losses.count[VMW_LOST_RING] = 1;
	s.report.code = VMW_EXIT_LOST;
	text = text_of(&s.report, false);
	assert_non_null(strstr(text, "inconclusive"));
	assert_null(strstr(text, "Nothing was lost"));
	free(text);
	synthetic_free(&s);
}

static void what_who_and_what_to_do(void **state)
{
	static const struct {
		enum vmw_fix fix;
		const char *kernel, *next;
	} rows[] = {
		{ VMW_FIX_MISSING, "\nThis kernel (6.1.192) lacks the fix (eeb8fdfcf090, 6.12).\n",
		  "\nNext: boot a kernel with the fix" },
		{ VMW_FIX_PRESENT, "\nThis kernel (6.1.192) has the fix (eeb8fdfcf090, 6.12).\n",
		  "\nNext: tell the maintainers of amdgpu:" },
		{ VMW_FIX_UNKNOWN,
		  "\nThis kernel (6.1.192) may have the fix (eeb8fdfcf090, 6.12).\n",
		  "\nNext: find out with `vmemmapwatch --support`." },
	};
	struct vmw_kernel_facts facts = { 0 };
	struct synthetic s;
	size_t i;

	(void)state;
	begin(&s);
	synthetic_request(&s, 1, "amdgpu", PFN, VMW_ABOVE, true);
	s.report.facts = &facts;
	s.report.code = VMW_EXIT_OFFENDER;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text, *card;

		facts.fix = rows[i].fix;
		text = text_of(&s.report, false);
		assert_memory_equal(
			text,
			"amdgpu has 128 MiB of memory with struct pages above VMEMMAP_END.\n",
			65);
		assert_non_null(strstr(text, rows[i].kernel));
		assert_non_null(strstr(text, rows[i].next));
		card = strstr(text, "\n\nOFFENDER 1: ");
		assert_non_null(card);
		*card = '\0';
		assert_int_equal(lines_of(text), 2);
		free(text);
	}
	synthetic_free(&s);
}

static void all_drivers_count(void **state)
{
	struct synthetic s;
	char *text;

	(void)state;
	begin(&s);
	synthetic_request(&s, 1, "amdgpu", PFN, VMW_ABOVE, true);
	synthetic_request(&s, 2, "xe", PFN - 0x10000, VMW_ABOVE, true);
	text = text_of(&s.report, false);
	assert_non_null(strstr(text, "amdgpu and xe have 256 MiB of memory"));
	free(text);
	synthetic_request(&s, 3, "nouveau", PFN - 0x20000, VMW_USER, true);
	text = text_of(&s.report, false);
	assert_non_null(strstr(text, "amdgpu and 2 other drivers have 384 MiB"));
	free(text);
	synthetic_free(&s);
}

static void details_are_asked_for(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_init(&f);
	memset(&f.report.losses, 0, sizeof(f.report.losses));
	fixture_watch(&f);
	text = text_of(&f.report, false);
	assert_null(strstr(text, "\nLAYOUT of "));
	assert_null(strstr(text, "\nPROBES\n"));
	assert_non_null(strstr(text, "\nBOUNDS "));
	free(text);
	text = text_of(&f.report, true);
	assert_non_null(strstr(text, "\nLAYOUT of "));
	assert_non_null(strstr(text, "\nPROBES\n"));
	free(text);
	/* A bound that sources dispute is shown with all of them, asked for or not. */
	vmw_layout_add_live(&f.layout, VMW_VALUE_START, VMW_SOURCE_KALLSYMS, "test", 0x1000);
	text = text_of(&f.report, false);
	assert_non_null(strstr(text, "\nLAYOUT of "));
	free(text);
	fixture_free(&f);
}

/* But for a word that is longer than a line. */
static void lines_fit_a_terminal(void **state)
{
	struct fixture f;
	int verbose;

	(void)state;
	fixture_init(&f);
	fixture_watch(&f);
	for (verbose = 0; verbose < 2; verbose++) {
		char *text = text_of(&f.report, verbose), *rest = text, *line;

		while ((line = strsep(&rest, "\n"))) {
			if (strlen(line) > 80 && strchr(line + strspn(line, " "), ' '))
				fail_msg("longer than 80 columns: %s", line);
		}
		free(text);
	}
	fixture_free(&f);
}

static unsigned int count(const char *text, const char *what)
{
	unsigned int n = 0;

	for (text = strstr(text, what); text; text = strstr(text + 1, what))
		n++;
	return n;
}

/* On a terminal the verdict is said again where it has scrolled away. */
static void verdict_stays_on_the_screen(void **state)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	static char text[1 << 16];
	struct synthetic s;
	size_t n = 0;
	ssize_t got;
	FILE *file;

	(void)state;
	assert_true(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal));
	begin(&s);
	synthetic_request(&s, 1, "amdgpu", PFN, VMW_ABOVE, true);
	file = fopen(ptsname(terminal), "w");
	assert_non_null(file);
	assert_int_equal(vmw_export_text(&s.report, true, file), 0);
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	while ((got = read(terminal, text + n, sizeof(text) - 1 - n)) > 0)
		n += got;
	assert_int_equal(count(text, "amdgpu has 128 MiB of memory"), 2);
	assert_non_null(strstr(text + n - 100, "Next: "));
	fclose(file);
	close(terminal);
	synthetic_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_two_lines),
		cmocka_unit_test(what_who_and_what_to_do),
		cmocka_unit_test(all_drivers_count),
		cmocka_unit_test(details_are_asked_for),
		cmocka_unit_test(lines_fit_a_terminal),
		cmocka_unit_test(verdict_stays_on_the_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
