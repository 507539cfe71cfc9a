// SPDX-License-Identifier: GPL-2.0-only
/* The verdict in three sentences, for people: what and who, why, and what to do next. */
#include <string.h>

#include "output/describe.h"

#define MAX_DRIVERS 16

/* What is out of bounds, all together. */
struct sum {
	const char *drivers[MAX_DRIVERS];
	unsigned int nr_drivers;
	unsigned int offenders; /* of these: requests */
	unsigned int nr, live;
	u64 bytes, calls;
	u32 verdicts;
	bool died;
};

const char *const vmw_verdict_words[VMW_NR_VERDICTS] = {
	[VMW_IN_BOUNDS] = "in bounds",
	[VMW_BELOW] = "below VMEMMAP_START",
	[VMW_ABOVE] = "above VMEMMAP_END",
	[VMW_USER] = "wrapped into user space",
	[VMW_NON_CANONICAL] = "wrapped to non-canonical addresses",
	[VMW_STRADDLES] = "partly outside of vmemmap",
};

static void add(struct sum *sum, const char *driver, u32 verdict, bool live)
{
	unsigned int i;

	sum->nr++;
	sum->live += live;
	sum->verdicts |= 1U << verdict;
	for (i = 0; i < sum->nr_drivers; i++) {
		if (!strncmp(sum->drivers[i], driver, VMW_DRIVER_LEN))
			return;
	}
	if (i < MAX_DRIVERS)
		sum->drivers[sum->nr_drivers++] = driver;
}

static struct sum sum_of(const struct vmw_report *report)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;
	struct sum sum = { 0 };

	vmw_for_each_offender (offender, report->aggregate) {
		add(&sum, offender->driver, offender->range.verdict, offender->live);
		sum.offenders++;
		sum.bytes += offender->range.nr_pages << report->bounds->page_shift;
		sum.died |= offender->request && offender->request->outcome == VMW_DIED;
	}
	for (used = report->aggregate->uses; used; used = used->next) {
		if (!vmw_report_is_use(used))
			continue;
		add(&sum, used->driver, used->verdict, vmw_report_use_is_live(report, used));
		sum.calls += used->counts.count;
	}
	return sum;
}

static bool is_unknown(const char *driver)
{
	return !strncmp(driver, "unknown", VMW_DRIVER_LEN);
}

static void say_drivers(const struct sum *sum, char *text, size_t size)
{
	const char *first = sum->drivers[0], *second = sum->drivers[1];

	if (is_unknown(first))
		first = "An unknown driver";
	if (sum->nr_drivers == 2 && is_unknown(second))
		second = "an unknown driver";
	if (sum->nr_drivers == 1)
		snprintf(text, size, "%.*s", VMW_DRIVER_LEN, first);
	else if (sum->nr_drivers == 2)
		snprintf(text, size, "%.*s and %.*s", VMW_DRIVER_LEN, first, VMW_DRIVER_LEN,
			 second);
	else
		snprintf(text, size, "%.*s and %u%s other drivers", VMW_DRIVER_LEN, first,
			 sum->nr_drivers - 1, sum->nr_drivers == MAX_DRIVERS ? " or more" : "");
}

/* Where all of them are, where that is one answer. */
static const char *where(const struct sum *sum)
{
	if (sum->verdicts & (sum->verdicts - 1))
		return "out of bounds";
	return vmw_verdict_words[__builtin_ctz(sum->verdicts)];
}

static void say_what(struct vmw_writer *w, const struct sum *sum, const char *who)
{
	enum vmw_tone tone = sum->live ? VMW_TONE_BAD : VMW_TONE_NONE;
	bool many = sum->nr_drivers > 1;
	char size[32], calls[40];

	if (!sum->offenders) {
		vmw_headline(w, tone, "%s work%s with struct pages %s: %s.", who,
			     many ? "" : "s", where(sum),
			     vmw_format_count(sum->calls, "call", calls, sizeof(calls)));
		return;
	}
	vmw_format_size(sum->bytes, size, sizeof(size));
	vmw_headline(w, tone, "%s %s %s of memory with struct pages %s%s.", who,
		     !sum->live ? "had" :
		     many	? "have" :
				  "has",
		     size, where(sum), sum->live ? "" : " (gone)");
}

void vmw_say_fix(struct vmw_writer *w, const struct vmw_kernel_facts *facts,
		 const char *release, const char *does)
{
	static const char *const has[VMW_NR_FIXES] = {
		[VMW_FIX_UNKNOWN] = "may have",
		[VMW_FIX_PRESENT] = "has",
		[VMW_FIX_MISSING] = "lacks",
	};

	vmw_headline(w, VMW_TONE_NONE, "%s kernel (%s) %s%s%s the fix (" VMW_FIX_NAME ").",
		     *does ? "The" : "This", release, does, *does ? "; it " : "",
		     has[facts ? facts->fix : VMW_FIX_UNKNOWN]);
}

void vmw_say_next(struct vmw_writer *w, const struct vmw_kernel_facts *facts, u32 verdicts,
		  const char *who)
{
	enum vmw_fix fix = facts ? facts->fix : VMW_FIX_UNKNOWN;

	if (verdicts == 1U << VMW_BELOW)
		vmw_headline(w, VMW_TONE_NONE,
			     "Next: tell the maintainers of %s: its range begins too low.", who);
	else if (fix == VMW_FIX_PRESENT)
		vmw_headline(
			w, VMW_TONE_NONE,
			"Next: tell the maintainers of %s: driver or firmware chose the range.",
			who);
	else if (fix == VMW_FIX_MISSING)
		vmw_headline(
			w, VMW_TONE_NONE,
			"Next: boot a kernel with the fix (6.12 or later). Workarounds are below.");
	else
		vmw_headline(
			w, VMW_TONE_NONE,
			"Next: find out with `vmemmapwatch --support`. Workarounds are below.");
}

static void say_untested(struct vmw_writer *w, const struct vmw_report *report)
{
	if (*report->untested)
		vmw_headline(w, VMW_TONE_NONE, "Not tested: %s.", report->untested);
}

static void say_clean(struct vmw_writer *w, const struct vmw_report *report)
{
	char duration[64] = "";

	say_untested(w, report);
	/* Where nothing at all was seen, nothing else says for how long. */
	if (!vmw_report_is_busy(report))
		snprintf(duration, sizeof(duration), ", nor any request, in %.3f s",
			 (report->end_ns - report->start_ns) / 1e9);
	if (report->code == VMW_EXIT_LOST)
		vmw_headline(
			w, VMW_TONE_NONE,
			"No struct page out of bounds was seen, but events were lost: inconclusive.");
	else
		vmw_headline(w, *report->untested ? VMW_TONE_NONE : VMW_TONE_GOOD,
			     "No struct page out of bounds was seen%s.", duration);
}

void vmw_describe_verdict(struct vmw_writer *w, const struct vmw_report *report)
{
	struct sum sum = sum_of(report);
	char who[2 * VMW_DRIVER_LEN + 32];

	if (!sum.nr) {
		say_clean(w, report);
		return;
	}
	/* What is only history is no answer to what this trace was to test. */
	if (report->code == VMW_EXIT_UNTESTED)
		say_untested(w, report);
	say_drivers(&sum, who, sizeof(who));
	say_what(w, &sum, who);
	vmw_say_fix(w, report->facts, report->kernel, sum.died ? "oopsed" : "");
	vmw_say_next(w, report->facts, sum.verdicts,
		     is_unknown(sum.drivers[0]) ? "the driver" : who);
	if (report->code != VMW_EXIT_UNTESTED)
		say_untested(w, report);
}
