// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures of any layout with offenders at any place: the first byte says how many of
 * them, 16 bytes each (pfn and number of pages, as this machine has them), the second
 * how to draw; the rest is a table.
 */
#include "fuzz.h"

#include "layout/from.h"
#include "output/html/html.h"
#include "output/picture/map.h"

#define MAX_OFFENDERS 40

struct input {
	const uint8_t *at;
	size_t left;
};

static void take(struct input *input, void *to, size_t size)
{
	memset(to, 0, size);
	if (size > input->left)
		size = input->left;
	memcpy(to, input->at, size);
	input->at += size;
	input->left -= size;
}

static void take_offender(struct input *input, struct vmw_offender *offender,
			  const struct vmw_bounds *bounds)
{
	struct vmw_judgement j;
	u64 range[2];

	take(input, range, sizeof(range));
	memset(offender, 0, sizeof(*offender));
	j = vmw_judge_pfns(bounds, range[0], range[1]);
	offender->range = (struct vmw_range){
		.pfn = range[0],
		.nr_pages = range[1],
		.pages_start = j.start,
		.pages_end = j.end,
		.distance = j.distance,
		.verdict = j.verdict,
		.bound = j.bound,
	};
	memcpy(offender->driver, "<&'\"\xff", 5);
}

/* Bands follow on each other, and have a name each. */
static void check(const struct vmw_scene *scene, u64 last)
{
	size_t i;

	promise(!scene->nr_bands || !scene->bands[0].first);
	for (i = 0; i < scene->nr_bands; i++) {
		promise(scene->bands[i].first <= scene->bands[i].last);
		promise(!i || scene->bands[i].first == scene->bands[i - 1].last + 1);
		promise(scene->bands[i].label != NULL);
		promise(scene->bands[i].fill < VMW_NR_FILLS);
	}
	promise(!scene->nr_bands || scene->bands[i - 1].last <= last);
}

/* No line is wider than what it is drawn on. */
static void check_lines(const char *text, const struct vmw_canvas *canvas)
{
	size_t columns = 0;

	for (; *text; text++) {
		columns = *text == '\n' ? 0 : columns + ((*text & 0xc0) != 0x80);
		promise(columns <= canvas->width);
	}
}

static void draw(const struct vmw_picture *picture, unsigned int how)
{
	struct vmw_canvas canvas = {
		.width = VMW_CANVAS_MIN + how % 73,
		.utf8 = how & 128,
	};
	static struct vmw_scene scene;
	char *text = NULL;
	size_t size;
	FILE *file;

	vmw_scene_virtual(&scene, picture);
	check(&scene, ~0ULL);
	vmw_scene_physical(&scene, picture);
	check(&scene, (1ULL << 52) - 1);
	file = open_memstream(&text, &size);
	promise(file && !vmw_draw_text(picture, &canvas, file) && !fclose(file));
	check_lines(text, &canvas);
	free(text);
	text = NULL;
	file = open_memstream(&text, &size);
	promise(file && !vmw_html(picture, file) && !fclose(file));
	promise(!strstr(text, "<&") && !strstr(text, "\xff"));
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vmw_offender offenders[MAX_OFFENDERS];
	static struct vmw_aggregate aggregate;
	static struct vmw_report report;
	static struct vmw_layout layout;
	struct input input = { data, size };
	struct vmw_picture picture = { .layout = &layout, .iomem_why = "a file" };
	struct vmw_bounds bounds;
	enum vmw_value_id missing;
	uint8_t head[2];
	char *text, why[256];
	const uint8_t *ranges;
	size_t i, n;

	take(&input, head, sizeof(head));
	n = head[0] % (MAX_OFFENDERS + 1);
	ranges = input.at;
	if (input.left < 16 * n)
		return 0;
	text = strndup((const char *)input.at + 16 * n, input.left - 16 * n);
	promise(text != NULL);
	vmw_layout_init(&layout, VMW_NR_SOURCES);
	if (vmw_from_table(&layout, text, why, sizeof(why))) {
		free(text);
		return 0;
	}
	free(text);
	vmw_layout_finish(&layout);
	picture.redact = head[1] & 1;
	if (!vmw_layout_bounds(&layout, &bounds, &missing)) {
		picture.bounds = &bounds;
		input = (struct input){ ranges, 16 * n };
		aggregate = (struct vmw_aggregate){ .bounds = bounds };
		for (i = 0; i < n; i++) {
			take_offender(&input, &offenders[i], &bounds);
			offenders[i].next = i + 1 < n ? &offenders[i + 1] : NULL;
		}
		aggregate.offenders = n ? offenders : NULL;
		report = (struct vmw_report){
			.host = "h",
			.kernel = "k",
			.boot_id = "b",
			.layout = &layout,
			.bounds = &bounds,
			.aggregate = &aggregate,
			.redact = picture.redact,
		};
		picture.report = &report;
	}
	draw(&picture, head[1]);
	return 0;
}
