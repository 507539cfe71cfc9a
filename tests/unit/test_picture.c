// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scene's arithmetic, and what is drawn of it. With an argument it prints what
 * tests/native/56-picture.sh looks at: map or html, of "all" that the fixture has, of
 * "layout" alone or of "wrapped" struct pages, in UTF-8 or "ascii", "redacted" or not.
 */
#include "report.h"

#include "output/html/html.h"
#include "output/picture/map.h"

#define TIB (1ULL << 40)

struct canvas_of {
	struct fixture f;
	struct vmw_resource resources[3];
	struct vmw_iomem iomem;
	struct vmw_picture picture;
	struct vmw_scene scene;
};

static void begin(struct canvas_of *c)
{
	fixture_init(&c->f);
	c->resources[0] = (struct vmw_resource){ 0x9000000, 0x9000fff, 0, "pl011" };
	c->resources[1] = (struct vmw_resource){ 0x40000000, 0xbfffffff, 0, "System RAM" };
	c->resources[2] = (struct vmw_resource){ 0x40210000, 0x40bcffff, 1, "Kernel code" };
	c->iomem = (struct vmw_iomem){ c->resources, 3 };
	c->picture = (struct vmw_picture){
		.layout = &c->f.layout,
		.bounds = &c->f.bounds,
		.iomem = &c->iomem,
	};
}

static void with_report(struct canvas_of *c)
{
	c->picture.report = &c->f.report;
}

static void end(struct canvas_of *c)
{
	fixture_free(&c->f);
}

static const struct vmw_band *band_at(const struct vmw_scene *s, u64 at)
{
	return &s->bands[vmw_scene_band(s, at)];
}

/* Bands follow on each other from @first to @last, and each cut begins one. */
static void check_bands(const struct vmw_scene *s, u64 last)
{
	size_t i;

	assert_true(s->nr_bands > 0);
	assert_int_equal(s->bands[0].first, 0);
	assert_int_equal(s->bands[s->nr_bands - 1].last, last);
	for (i = 0; i < s->nr_bands; i++) {
		assert_int_equal(s->cuts[i], s->bands[i].first);
		assert_true(s->bands[i].last >= s->bands[i].first);
		if (i)
			assert_int_equal(s->bands[i].first, s->bands[i - 1].last + 1);
		assert_non_null(s->bands[i].label);
	}
}

/* Every region is there, under its name and with its addresses. */
static void regions(void **state)
{
	struct canvas_of c;
	size_t i;

	(void)state;
	begin(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	check_bands(&c.scene, ~0ULL);
	for (i = 0; i < c.f.layout.nr_regions; i++) {
		const struct vmw_region *r = &c.f.layout.regions[i];
		const struct vmw_band *band = band_at(&c.scene, r->start);

		assert_int_equal(band->first, r->start);
		assert_string_equal(band->label, vmw_region_names[r->kind]);
		assert_int_equal(band->fill, VMW_FILL_REGION + r->kind);
	}
	assert_int_equal(c.scene.nr_marks, 0);
	assert_int_equal(band_at(&c.scene, c.f.bounds.start)->bits, 41);
	assert_string_equal(band_at(&c.scene, c.f.bounds.start)->size, "2 TiB");
	assert_int_equal(vmw_scene_wrap(&c.scene), -1);
	end(&c);
}

/* Bounds lie between bands, with who says so. */
static void bounds(void **state)
{
	struct canvas_of c;
	bool found = false;
	size_t i;

	(void)state;
	begin(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	for (i = 0; i < c.scene.nr_pins; i++) {
		const struct vmw_pin *pin = &c.scene.pins[i];

		assert_int_equal(band_at(&c.scene, pin->at)->first, pin->at);
		if (strcmp(pin->name, "VMEMMAP_END"))
			continue;
		found = true;
		assert_int_equal(pin->at, c.f.bounds.end);
		assert_string_equal(pin->sources, "vmcoreinfo, code");
		assert_true(pin->strong);
	}
	assert_true(found);
	end(&c);
}

static const struct vmw_mark *mark_of(const struct vmw_scene *s, const char *numbers)
{
	size_t i;

	for (i = 0; i < s->nr_marks; i++) {
		if (!strcmp(s->marks[i].numbers, numbers))
			return &s->marks[i];
	}
	fail_msg("no mark %s", numbers);
	return NULL;
}

/* Each offender is a band of its own, however small; what lies in it joins it. */
static void offenders(void **state)
{
	const struct vmw_offender *offender;
	struct canvas_of c;
	const struct vmw_mark *mark;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	check_bands(&c.scene, ~0ULL);
	offender = c.f.aggregate.offenders;
	/* The first use is of a page of the first offender: the 6th, by number. */
	mark = mark_of(&c.scene, "1, 6");
	assert_int_equal(mark->first, offender->range.pages_start);
	assert_int_equal(mark->last, offender->range.pages_end - 1);
	assert_int_equal(band_at(&c.scene, mark->first)->first, mark->first);
	assert_int_equal(band_at(&c.scene, mark->first)->last, mark->last);
	assert_int_equal(band_at(&c.scene, mark->first)->marks, 1U << (mark - c.scene.marks));
	assert_string_equal(band_at(&c.scene, mark->first)->size, "2 MiB");
	assert_false(mark->wraps);
	assert_int_equal(c.scene.more, 0);
	/* That of a straddler is in two bands: VMEMMAP_END lies between them. */
	mark = mark_of(&c.scene, "2");
	assert_int_equal(band_at(&c.scene, mark->first)->last, c.f.bounds.end - 1);
	assert_true(band_at(&c.scene, c.f.bounds.end)->marks & 1U << (mark - c.scene.marks));
	end(&c);
}

/* What came past 2^64 has an arrow, and lies at low addresses. */
static void wrapped(void **state)
{
	struct canvas_of c;
	const struct vmw_mark *mark;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	assert_true(vmw_scene_wrap(&c.scene) >= 0);
	mark = &c.scene.marks[vmw_scene_wrap(&c.scene)];
	assert_int_equal(mark->verdict, VMW_USER);
	assert_string_equal(band_at(&c.scene, mark->first)->label, "user");
	end(&c);
}

/* A range over the end of all addresses is at both ends of the picture. */
static void over_the_end(void **state)
{
	struct canvas_of c;
	const struct vmw_mark *mark;

	(void)state;
	begin(&c);
	send_request(&c.f, 1, pfn_at(&c.f, -0x100000ULL), 0x8000, 1, 0);
	with_report(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	check_bands(&c.scene, ~0ULL);
	assert_int_equal(c.scene.nr_marks, 1);
	mark = &c.scene.marks[0];
	assert_int_equal(mark->first, -0x100000ULL);
	assert_int_equal(mark->last, 0xfffff);
	assert_true(mark->wraps);
	assert_int_equal(c.scene.bands[0].marks, 1);
	assert_int_equal(c.scene.bands[c.scene.nr_bands - 1].marks, 1);
	end(&c);
}

/* More offenders than can be told apart are counted. */
static void many(void **state)
{
	struct canvas_of c;
	u64 above;
	size_t i;

	(void)state;
	begin(&c);
	above = pfn_at(&c.f, c.f.bounds.end + 0x40000000);
	for (i = 1; i <= VMW_SCENE_MARKS + 7; i++)
		send_request(&c.f, i, above + 2 * i * 0x8000, 0x8000, 1, 0);
	with_report(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	check_bands(&c.scene, ~0ULL);
	assert_int_equal(c.scene.nr_marks, VMW_SCENE_MARKS);
	assert_int_equal(c.scene.more, 7);
	vmw_scene_physical(&c.scene, &c.picture);
	assert_int_equal(c.scene.nr_marks, VMW_SCENE_MARKS);
	end(&c);
}

/* Hundreds of numbers at one place end in dots. */
static void many_at_one_place(void **state)
{
	struct canvas_of c;
	size_t i;
	u64 pfn;

	(void)state;
	begin(&c);
	pfn = pfn_at(&c.f, c.f.bounds.end + 0x40000000);
	send_request(&c.f, 1, pfn, 0x80000, 1, 0);
	for (i = 0; i < 16; i++) {
		send_sample(&c.f, VMW_PROBE_folio_unlock, pfn + (i << 15));
		send_use(&c.f, VMW_PROBE_folio_unlock, pfn + (i << 15));
		send_use(&c.f, VMW_PROBE_folio_put, pfn + (i << 15));
	}
	with_report(&c);
	vmw_scene_virtual(&c.scene, &c.picture);
	for (i = 0; i < c.scene.nr_marks; i++)
		assert_true(strlen(c.scene.marks[i].numbers) < sizeof(c.scene.marks[i].numbers));
	end(&c);
}

static void physical(void **state)
{
	struct canvas_of c;
	char covered[VMW_COVERED_LEN];
	u64 first, nr;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	vmw_scene_physical(&c.scene, &c.picture);
	first = vmw_good_pfns(&c.f.bounds, &nr) << 12;
	assert_int_equal(first, 0x40000000);
	/* MAX_PHYSMEM_BITS are 48, but pages that wrapped are of what is above. */
	check_bands(&c.scene, (1ULL << 49) - 1);
	assert_string_equal(band_at(&c.scene, 0)->label, "before vmemmap");
	assert_string_equal(band_at(&c.scene, 0x40000000)->label, "RAM");
	assert_int_equal(band_at(&c.scene, 0x40000000)->last, 0xbfffffff);
	assert_string_equal(band_at(&c.scene, 0xc0000000)->label, "covered by vmemmap");
	assert_string_equal(band_at(&c.scene, first + (nr << 12))->label, "beyond vmemmap");
	assert_int_equal(band_at(&c.scene, first + (nr << 12))->first, first + (nr << 12));
	/* Pages at 2^48 and up are of pfns that are no physical addresses. */
	assert_true(c.scene.nowhere > 0);
	vmw_scene_covered(&c.picture, covered);
	assert_string_equal(covered, "0x40000000-0x80003fffffff");
	c.picture.redact = true;
	vmw_scene_covered(&c.picture, covered);
	assert_string_equal(covered, "redacted");
	end(&c);
}

/* Memory in many pieces is told in few, and said to be. */
static void ram_in_pieces(void **state)
{
	struct vmw_resource resources[20];
	struct canvas_of c;
	size_t i, ram = 0;

	(void)state;
	begin(&c);
	for (i = 0; i < 20; i++) {
		resources[i] = (struct vmw_resource){
			.start = 0x40000000 + i * 0x2000000,
			.name = "System RAM",
		};
		resources[i].last = resources[i].start + 0xffffff;
	}
	c.iomem = (struct vmw_iomem){ resources, 20 };
	vmw_scene_physical(&c.scene, &c.picture);
	check_bands(&c.scene, (1ULL << 48) - 1);
	for (i = 0; i < c.scene.nr_bands; i++)
		ram += !strcmp(c.scene.bands[i].label, "RAM, with gaps");
	assert_int_equal(ram, 8);
	assert_string_equal(band_at(&c.scene, 0x40000000)->label, "RAM, with gaps");
	end(&c);
}

/* Where little is known, little is drawn, and nothing is made up. */
static void unknown(void **state)
{
	struct vmw_canvas canvas = { .width = 80 };
	struct vmw_layout layout;
	struct vmw_picture picture = { .layout = &layout, .iomem_why = "test" };
	struct vmw_scene scene;
	char *text = NULL;
	size_t size;
	FILE *file;

	(void)state;
	vmw_layout_init(&layout, VMW_NR_SOURCES);
	vmw_layout_finish(&layout);
	vmw_scene_virtual(&scene, &picture);
	assert_int_equal(scene.nr_bands, 0);
	vmw_scene_physical(&scene, &picture);
	assert_int_equal(scene.nr_bands, 0);
	file = open_memstream(&text, &size);
	assert_non_null(file);
	assert_int_equal(vmw_draw_text(&picture, &canvas, file), 0);
	assert_int_equal(vmw_html(&picture, file), 0);
	fclose(file);
	assert_non_null(strstr(text, "not known"));
	free(text);
}

static char *drawn(const struct vmw_picture *picture, const struct vmw_canvas *canvas)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	if (canvas)
		assert_int_equal(vmw_draw_text(picture, canvas, file), 0);
	else
		assert_int_equal(vmw_html(picture, file), 0);
	fclose(file);
	return text;
}

/* Columns of UTF-8: what does not go on with a letter begins one. */
static size_t columns(const char *line)
{
	size_t n = 0;

	for (; *line && *line != '\n'; line++)
		n += (*line & 0xc0) != 0x80;
	return n;
}

static void check_lines(const char *text, const struct vmw_canvas *canvas)
{
	const char *line;

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		assert_true(line == text || line[-1] != '\n' || *line == '\n' || !*line ||
			    line[strcspn(line, "\n") - 1] != ' ');
		if (columns(line) > canvas->width)
			fail_msg("%zu columns: %.*s", columns(line), (int)strcspn(line, "\n"),
				 line);
	}
}

/* Of each width, in each set of characters: no line is too wide, all is named. */
static void map_fits(void **state)
{
	struct canvas_of c;
	struct vmw_canvas canvas;
	size_t i;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	for (canvas.utf8 = false;; canvas.utf8 = true) {
		canvas.colour = false;
		for (canvas.width = VMW_CANVAS_MIN; canvas.width <= VMW_CANVAS_MAX;
		     canvas.width += 4) {
			char *text = drawn(&c.picture, &canvas);
			const char *at;

			check_lines(text, &canvas);
			for (i = 0; i < c.f.layout.nr_regions; i++)
				assert_non_null(strstr(
					text, vmw_region_names[c.f.layout.regions[i].kind]));
			assert_non_null(strstr(text, "VMEMMAP_END"));
			assert_non_null(strstr(text, "vmcoreinfo"));
			assert_non_null(strstr(text, "not to scale"));
			assert_non_null(strstr(text, "OFFENDER 1, 6: "));
			assert_non_null(strstr(text, "past 2^64"));
			assert_non_null(strstr(text, canvas.utf8 ? "▲" : "^"));
			for (at = text; *at; at++)
				assert_true(canvas.utf8 || (*at >= ' ' && *at <= '~') ||
					    *at == '\n');
			assert_null(strchr(text, '\033'));
			free(text);
		}
		if (canvas.utf8)
			break;
	}
	end(&c);
}

/* All boxes begin in one column and end in one, redacted or not. */
static void map_is_straight(void **state)
{
	const struct vmw_canvas canvas = { .width = 80 };
	struct canvas_of c;
	const char *line;
	char *text;
	int redact;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	for (redact = 0; redact < 2; redact++) {
		unsigned int n = 0;

		c.f.report.redact = c.picture.redact = redact;
		text = drawn(&c.picture, &canvas);
		for (line = strchr(text, '\n'); line; line = strchr(line + 1, '\n')) {
			const char *box = strstr(line + 1, "+---");

			if (!box || box > line + 1 + strcspn(line + 1, "\n"))
				continue;
			n++;
			assert_int_equal(box - line - 1, 19);
			assert_int_equal(strspn(box + 1, "-"), 30);
			assert_int_equal(box[31], '+');
		}
		assert_true(n > 20);
		free(text);
	}
	end(&c);
}

/* Colours add nothing but themselves. */
static void map_colours(void **state)
{
	struct vmw_canvas canvas = { .width = 80, .utf8 = true };
	struct canvas_of c;
	char *plain, *coloured, *to, *from;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	plain = drawn(&c.picture, &canvas);
	canvas.colour = true;
	coloured = drawn(&c.picture, &canvas);
	assert_non_null(strstr(coloured, "\033[1;31m"));
	for (to = from = coloured; *from;) {
		if (*from == '\033')
			from = strchr(from, 'm') + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	assert_string_equal(coloured, plain);
	free(plain);
	free(coloured);
	end(&c);
}

/* Redacted, no address is left, and no size that adds up to one. */
static void redacted(void **state)
{
	const struct vmw_canvas canvas = { .width = 80 };
	struct canvas_of c;
	char *text;
	size_t i;

	(void)state;
	begin(&c);
	fixture_watch(&c.f);
	with_report(&c);
	text = drawn(&c.picture, &canvas);
	assert_true(addresses_in(text) > 20);
	free(text);
	c.f.report.redact = c.picture.redact = true;
	vmw_scene_virtual(&c.scene, &c.picture);
	for (i = 0; i < c.scene.nr_bands; i++) {
		assert_int_equal(c.scene.bands[i].bits, 0);
		assert_string_equal(c.scene.bands[i].size, "");
	}
	for (i = 0; i < 2; i++) {
		text = drawn(&c.picture, i ? &canvas : NULL);
		assert_int_equal(addresses_in(text), 0);
		assert_non_null(strstr(text, "redacted"));
		free(text);
	}
	end(&c);
}

/* Where vmalloc has a part of vmemmap, the nominal bound lies in vmalloc. */
static void effective(void **state)
{
	static const u64 start = 0xffffc1ffc0000000, effective = 0xfffffdffc0000000;
	struct canvas_of c;

	(void)state;
	begin(&c);
	vmw_layout_init(&c.f.layout, VMW_NR_SOURCES);
	vmw_layout_set_release(&c.f.layout, "6.12.117");
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_VA_BITS, VMW_SOURCE_CONFIG, "t", 52);
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_VA_BITS_ACTUAL, VMW_SOURCE_VMCOREINFO, "t",
			    48);
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_START, VMW_SOURCE_VMCOREINFO, "t", start);
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_EFFECTIVE, VMW_SOURCE_VMCOREINFO, "t",
			    effective);
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_END, VMW_SOURCE_VMCOREINFO, "t",
			    0xffffffffc0000000);
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_PAGE_SHIFT, VMW_SOURCE_VMCOREINFO, "t", 12);
	vmw_layout_add_live(&c.f.layout, VMW_VALUE_STRUCT_PAGE, VMW_SOURCE_BTF, "t", 64);
	vmw_layout_finish(&c.f.layout);
	c.picture.bounds = NULL;
	vmw_scene_virtual(&c.scene, &c.picture);
	check_bands(&c.scene, ~0ULL);
	assert_int_equal(band_at(&c.scene, start)->first, start);
	assert_string_equal(band_at(&c.scene, start)->label, "vmalloc");
	assert_string_equal(band_at(&c.scene, effective)->label, "vmemmap");
	end(&c);
}

/* All that the fixture has, and two who asked for a range that there is not. */
static void watch_all(struct canvas_of *c)
{
	struct vmw_observation o;
	int i;

	fixture_watch(&c->f);
	for (i = 0; i < 2; i++) {
		o = seen(&c->f, VMW_PROBE_REGION_GIVEN, VMW_REQUEST_REGION, 0x70 + i, 0, 0);
		o.asked = 1ULL << 50;
		o.result = -ERANGE;
		tell(&c->f, &o);
	}
}

static int print(int argc, char **argv)
{
	struct vmw_canvas canvas = { .width = 80, .utf8 = true };
	struct canvas_of c;
	bool html = !strcmp(argv[1], "html");
	int i, err;

	begin(&c);
	with_report(&c);
	for (i = 2; i < argc; i++) {
		canvas.utf8 &= strcmp(argv[i], "ascii") != 0;
		canvas.colour |= !strcmp(argv[i], "colour");
		if (!strcmp(argv[i], "redacted"))
			c.f.report.redact = c.picture.redact = true;
		if (!strcmp(argv[i], "layout"))
			c.picture.report = NULL;
		if (!strcmp(argv[i], "all"))
			watch_all(&c);
		if (!strcmp(argv[i], "wrapped"))
			tell_death(&c.f, 6, pfn_at(&c.f, 0xb422c00000), 0x10000);
	}
	err = html ? vmw_html(&c.picture, stdout) : vmw_draw_text(&c.picture, &canvas, stdout);
	end(&c);
	return err;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions),	     cmocka_unit_test(bounds),
		cmocka_unit_test(offenders),	     cmocka_unit_test(wrapped),
		cmocka_unit_test(over_the_end),	     cmocka_unit_test(many),
		cmocka_unit_test(many_at_one_place), cmocka_unit_test(physical),
		cmocka_unit_test(ram_in_pieces),     cmocka_unit_test(unknown),
		cmocka_unit_test(map_fits),	     cmocka_unit_test(map_is_straight),
		cmocka_unit_test(map_colours),	     cmocka_unit_test(redacted),
		cmocka_unit_test(effective),
	};

	if (argc > 1)
		return !!print(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
