// SPDX-License-Identifier: GPL-2.0-only
/*
 * The picture as text. Each band is a box of some rows; on its left are the addresses
 * between bands, on its right the bounds there, and who is in it:
 *
 *	0xffffffffff000000 ├────────────────┤
 *	                   │▓ offender 1 ▓▓▓│  1 test_hmm, above
 *	0xfffffffffec00000 ├────────────────┤
 */
#include <errno.h>
#include <string.h>

#include "output/picture/map.h"

#define LEFT	   (VMW_PLACE_LEN + 1) /* an address and a blank */
#define ARROW	   3		       /* of the arrow, and a blank */
#define BOX_MIN	   30		       /* inside of the box */
#define BOX_MAX	   44
#define GUTTER_MIN 16 /* for names */
#define GUTTER	   38 /* where "VMALLOC_START (vmcoreinfo, segments)" has room */
#define NR_LINES   64 /* on the right of one band */
#define LINE	   160

enum style {
	PLAIN,
	STRONG,
	DIM,
	BAD,
	GOOD,
	MEMORY,
	NR_STYLES,
};

static const char *const codes[NR_STYLES] = {
	[STRONG] = "\033[1m", [DIM] = "\033[2m",     [BAD] = "\033[1;31m",
	[GOOD] = "\033[32m",  [MEMORY] = "\033[36m",
};

enum glyph {
	ACROSS,
	DOWN,
	TOP_LEFT,
	TOP_RIGHT,
	BOTTOM_LEFT,
	BOTTOM_RIGHT,
	LEFT_T,
	RIGHT_T,
	UP_ARROW,
	LEFT_ARROW,
	FROM_BOX,
	TURN,
	SHADE_BAD,
	SHADE_GOOD,
	SHADE_RAM,
	BLANK,
	NR_GLYPHS,
};

/* Each is one column wide. */
static const char *const glyphs[2][NR_GLYPHS] = {
	{ "-", "|", "+", "+", "+", "+", "+", "+", "^", "<", "'", ".", "#", ":", ".", " " },
	{ "─", "│", "┌", "┐", "└", "┘", "├", "┤", "▲", "◄", "┘", "┐", "▓", "░", "░", " " },
};

/* What stands on the right, a line each; the first one beside the border. */
struct notes {
	struct {
		char text[LINE];
		enum style style;
	} line[NR_LINES];
	size_t nr;
};

struct map {
	const struct vmw_scene *scene;
	const struct vmw_canvas *canvas;
	FILE *file;
	unsigned int box; /* columns inside of it */
	unsigned int gutter;
	int wrap;	   /* the mark that an arrow leads to, or -1 */
	size_t arrow_from; /* it leaves the border below this band, */
	size_t arrow_to;   /* and comes to this one from below */
	struct notes notes;
};

/* Where in the picture a line is: the border above @band, or one of its rows. */
struct place {
	size_t band; /* nr_bands: none, it is below all */
	bool border;
	bool first; /* row of its band */
};

static const char *glyph(const struct map *m, enum glyph glyph)
{
	return glyphs[m->canvas->utf8][glyph];
}

static void put(const struct map *m, enum style style, const char *text)
{
	bool styled = m->canvas->colour && style != PLAIN;

	if (*text)
		fprintf(m->file, "%s%s%s", styled ? codes[style] : "", text,
			styled ? "\033[0m" : "");
}

const char *vmw_picture_verdict(u32 verdict)
{
	static const char *const words[VMW_NR_VERDICTS] = {
		[VMW_IN_BOUNDS] = "in bounds",
		[VMW_BELOW] = "below VMEMMAP_START",
		[VMW_ABOVE] = "above VMEMMAP_END",
		[VMW_USER] = "wrapped into user space",
		[VMW_NON_CANONICAL] = "wrapped, non-canonical",
		[VMW_STRADDLES] = "partly outside",
	};

	return words[verdict < VMW_NR_VERDICTS ? verdict : VMW_STRADDLES];
}

/* @text in as many lines as it takes, later ones indented. */
static void note(struct map *m, enum style style, const char *text)
{
	size_t room = m->gutter < LINE ? m->gutter : LINE - 1, indent = 0;

	while (*text && m->notes.nr < NR_LINES) {
		size_t length = strlen(text);

		if (length > room - indent) {
			length = room - indent;
			while (length && text[length] != ' ')
				length--;
			/* A word that is longer than a line is broken. */
			if (!length)
				length = room - indent;
		}
		m->notes.line[m->notes.nr].style = style;
		snprintf(m->notes.line[m->notes.nr++].text, LINE, "%*s%.*s", (int)indent, "",
			 (int)length, text);
		text += length;
		text += strspn(text, " ");
		indent = 2;
	}
}

static void note_pins(struct map *m, u64 at)
{
	char text[LINE];
	size_t i;

	for (i = 0; i < m->scene->nr_pins; i++) {
		const struct vmw_pin *pin = &m->scene->pins[i];

		if (pin->at != at)
			continue;
		snprintf(text, sizeof(text), *pin->sources ? "%s (%s)" : "%s", pin->name,
			 pin->sources);
		note(m, pin->strong ? STRONG : PLAIN, text);
	}
}

/* Marks that have not been told by the band above. */
static void note_marks(struct map *m, size_t band)
{
	u32 above = band + 1 < m->scene->nr_bands ? m->scene->bands[band + 1].marks : 0;
	char text[2 * LINE];
	size_t i;

	for (i = 0; i < m->scene->nr_marks; i++) {
		const struct vmw_mark *mark = &m->scene->marks[i];

		if (!((m->scene->bands[band].marks & ~above) >> i & 1))
			continue;
		snprintf(text, sizeof(text), "%s: %s, %s%s", mark->numbers, mark->driver,
			 vmw_verdict_names[mark->verdict], mark->live ? "" : ", gone");
		note(m, BAD, text);
	}
}

/* What of the arrow is beside that line, in two columns. False for nothing of it. */
static bool arrow_at(const struct map *m, const struct place *at, const char **ret_left,
		     const char **ret_right)
{
	const char *left = " ", *right = " ";

	if (m->wrap < 0)
		return false;
	if (at->border && at->band + 1 == m->scene->nr_bands) {
		right = glyph(m, UP_ARROW);
	} else if (at->border && at->band + 1 == m->arrow_from) {
		left = glyph(m, ACROSS);
		right = glyph(m, FROM_BOX);
	} else if (at->band >= m->arrow_from && at->band < m->scene->nr_bands) {
		right = glyph(m, DOWN);
	} else if (at->band == m->arrow_to && at->first) {
		left = glyph(m, LEFT_ARROW);
		right = glyph(m, TURN);
	} else if (at->band == m->scene->nr_bands || at->band < m->arrow_to ||
		   (at->band == m->arrow_to && !at->border)) {
		right = glyph(m, DOWN);
	} else {
		return false;
	}
	*ret_left = left;
	*ret_right = right;
	return true;
}

/* What is right of the box, to the end of the line; no line ends in blanks. */
static void put_note(struct map *m, size_t line, const struct place *at)
{
	bool has = line < m->notes.nr && *m->notes.line[line].text;
	const char *left = " ", *right = " ";
	bool arrow = arrow_at(m, at, &left, &right);

	if (has || arrow) {
		put(m, BAD, left);
		put(m, BAD, right);
	}
	if (has) {
		fputc(' ', m->file);
		put(m, m->notes.line[line].style, m->notes.line[line].text);
	}
	fputc('\n', m->file);
}

static void put_border(struct map *m, const char *address, const struct place *at)
{
	bool top = at->band + 1 == m->scene->nr_bands, bottom = at->band == m->scene->nr_bands;
	unsigned int i;

	fprintf(m->file, "%*s ", LEFT - 1, address);
	put(m, PLAIN, glyph(m, top ? TOP_LEFT : bottom ? BOTTOM_LEFT : LEFT_T));
	for (i = 0; i < m->box; i++)
		put(m, PLAIN, glyph(m, ACROSS));
	put(m, PLAIN, glyph(m, top ? TOP_RIGHT : bottom ? BOTTOM_RIGHT : RIGHT_T));
	put_note(m, 0, at);
}

static enum glyph shade_of(const struct vmw_band *band)
{
	if (band->marks)
		return SHADE_BAD;
	switch ((int)band->fill) {
	case VMW_FILL_REGION + VMW_REGION_VMEMMAP:
	case VMW_FILL_COVERED:
		return SHADE_GOOD;
	case VMW_FILL_RAM:
		return SHADE_RAM;
	default:
		return BLANK;
	}
}

static enum style style_of(const struct vmw_band *band)
{
	if (band->marks)
		return BAD;
	switch ((int)band->fill) {
	case VMW_FILL_REGION + VMW_REGION_VMEMMAP:
	case VMW_FILL_COVERED:
		return GOOD;
	case VMW_FILL_RAM:
		return MEMORY;
	case VMW_FILL_REGION + VMW_REGION_HOLE:
	case VMW_FILL_REGION + VMW_REGION_NON_CANONICAL:
		return DIM;
	default:
		return PLAIN;
	}
}

/* The numbers of all marks of @band, and what it would be without them. */
static void name_of(const struct map *m, const struct vmw_band *band, char *text, size_t size)
{
	char numbers[LINE] = "";
	size_t i, n = 0;

	if (!band->marks) {
		snprintf(text, size, "%s", band->label);
		return;
	}
	for (i = 0; i < m->scene->nr_marks && n < sizeof(numbers); i++) {
		if (band->marks >> i & 1)
			n += snprintf(numbers + n, sizeof(numbers) - n, "%s%s", n ? ", " : "",
				      m->scene->marks[i].numbers);
	}
	n = snprintf(text, size, "OFFENDER %s", numbers);
	/* Where it is, if there is room for that: of memory its struct pages are not. */
	if (!m->scene->physical && n + strlen(band->label) + 9 <= m->box)
		snprintf(text + n, size - n, ", in %s", band->label);
}

static void put_shade(const struct map *m, enum style style, enum glyph shade, size_t n)
{
	char text[4 * VMW_CANVAS_MAX] = "";

	while (n--)
		strcat(text, glyph(m, shade));
	put(m, style, text);
}

/* Name and size beside each other, with one blank around each; or there is no room. */
static bool fits(const struct map *m, const char *name, const char *size)
{
	return strlen(name) + strlen(size) + (*size ? 6 : 4) <= m->box;
}

/* @name on the left, @size on the right, either may be ""; shade around. */
static void put_texts(const struct map *m, const struct vmw_band *band, const char *name,
		      const char *size)
{
	enum style style = style_of(band);
	enum glyph shade = shade_of(band);
	int room = m->box - 2 - (*size ? strlen(size) + 2 : 0);
	char text[LINE] = "";

	if (*name)
		snprintf(text, sizeof(text), " %.*s ", room - 2, name);
	put_shade(m, style, shade, 1);
	put(m, style, text);
	put_shade(m, style, shade, room - strlen(text));
	snprintf(text, sizeof(text), *size ? " %s " : "%s", size);
	put(m, style, text);
	put_shade(m, style, shade, 1);
}

static void put_inside(struct map *m, const struct vmw_band *band, size_t row)
{
	char name[2 * LINE];
	bool one;

	name_of(m, band, name, sizeof(name));
	one = fits(m, name, band->size);
	put_texts(m, band, row ? "" : name, row == !one ? band->size : "");
}

/* A row more for each 24 doublings, and as many as the notes need. */
static size_t rows_of(const struct map *m, const struct vmw_band *band)
{
	size_t rows = 1 + band->bits / 24, needed = m->notes.nr > 1 ? m->notes.nr - 1 : 0;
	char name[2 * LINE];

	name_of(m, band, name, sizeof(name));
	if (rows < 2 && !fits(m, name, band->size))
		rows = 2;
	return rows > needed ? rows : needed;
}

static void put_band(struct map *m, size_t i)
{
	const struct vmw_scene *s = m->scene;
	const struct vmw_band *band = &s->bands[i];
	struct place at = { .band = i, .border = true };
	char address[VMW_ADDRESS_LEN];
	size_t rows, row;

	m->notes.nr = 0;
	if (band->last != ~0ULL)
		note_pins(m, band->last + 1);
	if (m->wrap >= 0 && i + 1 == s->nr_bands)
		note(m, BAD, "past 2^64 it goes on at 0, below");
	/* The first line is the border's: nothing of the band itself goes there. */
	if (!m->notes.nr && band->marks)
		m->notes.line[m->notes.nr++].text[0] = '\0';
	note_marks(m, i);
	if (i + 1 < s->nr_bands)
		vmw_scene_address(s, i + 1, address);
	else if (band->last == ~0ULL)
		snprintf(address, sizeof(address), "2^64");
	else
		vmw_format_address(s->redact, VMW_SECRET_PLACE, band->last + 1, 1, address);
	put_border(m, address, &at);
	at.border = false;
	rows = rows_of(m, band);
	for (row = 0; row < rows; row++) {
		at.first = !row;
		fprintf(m->file, "%*s", LEFT, "");
		put(m, PLAIN, glyph(m, DOWN));
		put_inside(m, band, row);
		put(m, PLAIN, glyph(m, DOWN));
		put_note(m, row + 1, &at);
	}
}

/* From where the array ends, over the top, in at the bottom, to where it goes on. */
static void find_arrow(struct map *m, const struct vmw_picture *picture)
{
	const struct vmw_mark *mark;

	m->wrap = vmw_scene_wrap(m->scene);
	if (m->wrap < 0)
		return;
	mark = &m->scene->marks[m->wrap];
	m->arrow_from =
		vmw_scene_band(m->scene, mark->first >> 63 ? mark->first : picture->bounds->end);
	m->arrow_to = vmw_scene_band(m->scene, mark->last);
}

static void put_scene(struct map *m, const struct vmw_picture *picture)
{
	const struct vmw_scene *s = m->scene;
	struct place at = { .band = s->nr_bands, .border = true };
	char address[VMW_ADDRESS_LEN];
	size_t i;

	find_arrow(m, picture);
	for (i = s->nr_bands; i-- > 0;)
		put_band(m, i);
	m->notes.nr = 0;
	note_pins(m, s->bands[0].first);
	if (m->wrap >= 0)
		note(m, BAD, "from 2^64, above");
	vmw_scene_address(s, 0, address);
	put_border(m, address, &at);
}

/* @text in as many lines as it takes, later ones indented by 4. */
static void put_wrapped(const struct map *m, const char *text)
{
	vmw_wrap(m->file, m->canvas->width, 0, 4, text);
}

/* All of it in full: the box has no room for that. */
static void put_legend(struct map *m)
{
	const struct vmw_scene *s = m->scene;
	char text[4 * LINE], places[VMW_PLACES_LEN];
	size_t i;

	for (i = 0; i < s->nr_marks; i++) {
		const struct vmw_mark *mark = &s->marks[i];

		vmw_format_places(s->redact, mark->first, mark->last + !s->physical,
				  s->physical ? 1 : 16, places);
		snprintf(text, sizeof(text), "  OFFENDER %s: %s, %s%s", mark->numbers,
			 mark->driver, vmw_picture_verdict(mark->verdict),
			 mark->live ? "" : ", gone since");
		put_wrapped(m, text);
		snprintf(text, sizeof(text), "    %s %s",
			 s->physical ? "physical" : "struct pages", places);
		put_wrapped(m, text);
	}
	if (s->more)
		fprintf(m->file, "  and %s, not drawn\n",
			vmw_format_count(s->more, "more offender", text, sizeof(text)));
	if (s->nowhere)
		fprintf(m->file, "  and %s at no physical address that arm64 has\n",
			vmw_format_count(s->nowhere, "offender", text, sizeof(text)));
	fputc('\n', m->file);
}

static void put_virtual(struct map *m, const struct vmw_picture *picture, struct vmw_scene *scene)
{
	vmw_scene_virtual(scene, picture);
	put(m, STRONG, "MAP of kernel addresses");
	if (*picture->layout->kernel)
		fprintf(m->file, ", Linux %.*s", (int)m->canvas->width - 31,
			picture->layout->kernel);
	fprintf(m->file, "\n(not to scale: height is the logarithm of the size)\n");
	if (picture->redact)
		fprintf(m->file, "(redacted: no addresses, and all bands are alike)\n");
	if (!scene->nr_bands) {
		fprintf(m->file, "  not known: no source tells the bits of addresses\n\n");
		return;
	}
	put_scene(m, picture);
	put_legend(m);
}

static void put_physical(struct map *m, const struct vmw_picture *picture, struct vmw_scene *scene)
{
	char covered[VMW_COVERED_LEN], text[2 * LINE];

	vmw_scene_physical(scene, picture);
	vmw_scene_covered(picture, covered);
	put(m, STRONG, "MAP of physical addresses");
	fputc('\n', m->file);
	snprintf(text, sizeof(text), "(not to scale; vmemmap has struct pages for %s)", covered);
	put_wrapped(m, text);
	snprintf(text, sizeof(text), "(where RAM is, is not known: %s)", picture->iomem_why);
	if (!picture->iomem)
		put_wrapped(m, text);
	if (!scene->nr_bands) {
		fprintf(m->file, "  not known: neither what vmemmap covers nor their end\n\n");
		return;
	}
	put_scene(m, picture);
	put_legend(m);
}

int vmw_draw_text(const struct vmw_picture *picture, const struct vmw_canvas *canvas, FILE *file)
{
	struct vmw_scene scene;
	struct map map = { .scene = &scene, .canvas = canvas, .file = file };
	unsigned int room = canvas->width - LEFT - 2 - ARROW;

	map.box = room > GUTTER + BOX_MIN ? room - GUTTER : BOX_MIN;
	if (map.box > BOX_MAX)
		map.box = BOX_MAX;
	/* On a narrow terminal the names on the right make do with less, then the box. */
	if (map.box + GUTTER_MIN > room)
		map.box = room - GUTTER_MIN;
	map.gutter = room - map.box;
	errno = 0;
	put_virtual(&map, picture, &scene);
	put_physical(&map, picture, &scene);
	if (fflush(file) || ferror(file))
		return errno ? -errno : -EIO;
	return 0;
}
