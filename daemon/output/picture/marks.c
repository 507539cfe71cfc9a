// SPDX-License-Identifier: GPL-2.0-only
/* Offenders as marks: numbered as the text report numbers them. */
#include <stdio.h>
#include <string.h>

#include "output/picture/picture_internal.h"

/* The most that arm64 has for physical addresses: Arm ARM DDI 0487, LPA2. */
#define MAX_PHYS_BITS 52

struct found {
	unsigned int number;
	const char *driver;
	u64 first, last;
	u32 verdict;
	bool live;
};

static bool holds(const struct vmw_mark *mark, const struct found *found)
{
	if (mark->first <= mark->last)
		return found->first <= found->last && found->first >= mark->first &&
		       found->last <= mark->last;
	return found->first == mark->first && found->last == mark->last;
}

/* A use lies in what a request has: one mark, with both numbers. */
static struct vmw_mark *find(struct vmw_scene *scene, const struct found *found)
{
	size_t i;

	for (i = 0; i < scene->nr_marks; i++) {
		if (holds(&scene->marks[i], found))
			return &scene->marks[i];
	}
	return NULL;
}

static void add_number(struct vmw_mark *mark, unsigned int number)
{
	size_t n = strlen(mark->numbers);
	char text[16];

	if (mark->closed)
		return;
	snprintf(text, sizeof(text), "%s%u", n ? ", " : "", number);
	/* Room for the dots is kept. */
	mark->closed = n + strlen(text) + 5 > sizeof(mark->numbers);
	snprintf(mark->numbers + n, sizeof(mark->numbers) - n, "%s",
		 mark->closed ? ", ..." : text);
}

static void add(struct vmw_scene *scene, const struct found *found)
{
	struct vmw_mark *mark = find(scene, found);

	if (!mark && scene->nr_marks == VMW_SCENE_MARKS) {
		scene->more++;
		return;
	}
	if (!mark) {
		mark = &scene->marks[scene->nr_marks++];
		*mark = (struct vmw_mark){
			.first = found->first,
			.last = found->last,
			.verdict = found->verdict,
			.wraps = !scene->physical &&
				 (!(found->first >> 63) || found->last < found->first),
		};
		vmw_format_bytes(found->driver, VMW_DRIVER_LEN, mark->driver,
				 sizeof(mark->driver));
		vmw_scene_cut(scene, found->first);
		/* Behind the last address of all there is nothing to cut off. */
		if (found->last != ~0ULL)
			vmw_scene_cut(scene, found->last + 1);
	}
	mark->live |= found->live;
	add_number(mark, found->number);
}

static void add_range(struct vmw_scene *scene, const struct vmw_report *report,
		      const struct vmw_range *range, struct found *found)
{
	unsigned int shift = report->bounds->page_shift;
	const u64 pfns = 1ULL << (MAX_PHYS_BITS - shift);

	found->verdict = range->verdict;
	found->first = range->pages_start;
	found->last = range->pages_end - 1;
	if (scene->physical) {
		if (range->pfn >= pfns || range->nr_pages > pfns - range->pfn) {
			scene->nowhere++;
			return;
		}
		found->first = range->pfn << shift;
		found->last = ((range->pfn + range->nr_pages) << shift) - 1;
	}
	add(scene, found);
}

void vmw_scene_mark(struct vmw_scene *scene, const struct vmw_report *report)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;
	struct found found = { 0 };
	struct vmw_range range;

	vmw_for_each_offender (offender, report->aggregate) {
		found.number++;
		found.driver = offender->driver;
		found.live = offender->live;
		add_range(scene, report, &offender->range, &found);
	}
	for (used = report->aggregate->uses; used; used = used->next) {
		if (!vmw_report_is_use(used))
			continue;
		found.number++;
		found.driver = used->driver;
		found.live = vmw_report_use_is_live(report, used);
		range = vmw_report_used_range(report, used);
		add_range(scene, report, &range, &found);
	}
}
