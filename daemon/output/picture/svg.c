// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scene as SVG: addresses on the left, bands in the middle, bounds on the right, and
 * an arrow where struct pages come past 2^64. Made for 340 pixels in width, which is
 * what a phone has; all numbers are in these.
 */
#include <string.h>

#include "output/picture/escape.h"
#include "output/picture/svg.h"

#define WIDTH	      352
#define BOX	      122 /* left edge of the bands */
#define BOX_WIDTH     132
#define BOX_END	      (BOX + BOX_WIDTH)
#define LANE	      (BOX_END + 7) /* of the arrow */
#define NAMES	      (BOX_END + 14)
#define NAME_LETTERS  13 /* of a bound that there is room for, in a line */
#define LABEL_LETTERS 13 /* of a band's name */
#define LINE	      13 /* from one line of names to the next */
#define LABEL_LINE    15
#define TOP	      26
#define BOTTOM	      24
#define LABEL_LETTER  76 /* width of a letter, in tenths: a little too much */
#define SIZE_LETTER   68

struct drawing {
	const struct vmw_scene *scene;
	const struct vmw_picture *picture;
	FILE *file;
	int top[VMW_SCENE_CUTS]; /* of each band */
	int height[VMW_SCENE_CUTS];
	int bottom;
};

/* How much of @name goes in one line of @room: it breaks behind _ and at blanks. */
static size_t line_of(const char *name, size_t room)
{
	size_t length = strlen(name), i;

	if (length <= room)
		return length;
	for (i = room; i > 0; i--) {
		if (name[i] == ' ' || name[i - 1] == '_')
			return i;
	}
	return room;
}

/* What comes after that line. */
static const char *behind_line(const char *name, size_t room)
{
	name += line_of(name, room);
	return name + strspn(name, " ");
}

static int lines_of(const char *name, size_t room)
{
	int lines = 0;

	for (; *name; name = behind_line(name, room))
		lines++;
	return lines;
}

/* Of all names at the border @at. */
static int lines_at(const struct vmw_scene *s, u64 at)
{
	int lines = 0;
	size_t i;

	for (i = 0; i < s->nr_pins; i++) {
		if (s->pins[i].at == at)
			lines += lines_of(s->pins[i].name, NAME_LETTERS);
	}
	return lines;
}

static void label_of(const struct drawing *d, const struct vmw_band *band, char *text, size_t size)
{
	size_t i, n = 0;

	if (!band->marks) {
		snprintf(text, size, "%s", band->label);
		return;
	}
	for (i = 0; i < d->scene->nr_marks && n < size; i++) {
		if (band->marks >> i & 1)
			n += snprintf(text + n, size - n, "%s%s", n ? ", " : "offender ",
				      d->scene->marks[i].numbers);
	}
}

/* Name and size beside each other; else the size is below, and the name maybe in lines. */
static bool in_one_line(const struct vmw_band *band, const char *label)
{
	return strlen(label) * LABEL_LETTER + strlen(band->size) * SIZE_LETTER <
	       (BOX_WIDTH - 16) * 10;
}

/*
 * Where there are offenders, what is neither vmemmap, nor what it covers, nor beside an
 * offender is not what one looks for.
 */
static bool is_aside(const struct vmw_scene *s, size_t i)
{
	enum vmw_fill fill = s->bands[i].fill;

	return s->nr_marks && !s->bands[i].marks && !(i && s->bands[i - 1].marks) &&
	       !(i + 1 < s->nr_bands && s->bands[i + 1].marks) &&
	       fill != VMW_FILL_REGION + VMW_REGION_VMEMMAP && fill != VMW_FILL_COVERED;
}

/* Names at the border on top of a band hang down beside it. */
static int height_of(const struct drawing *d, size_t i)
{
	const struct vmw_band *band = &d->scene->bands[i];
	unsigned int bits = band->bits > 20 && !is_aside(d->scene, i) ? band->bits - 20 : 0;
	int height, names = 0;
	char label[64];

	label_of(d, band, label, sizeof(label));
	height = 22 + (bits < 40 ? bits : 40) * 13 / 10;
	if (!in_one_line(band, label))
		height += LABEL_LINE * (lines_of(label, LABEL_LETTERS) - !*band->size);
	if (band->last != ~0ULL)
		names = lines_at(d->scene, band->last + 1) * LINE + 5;
	return height > names ? height : names;
}

static void place(struct drawing *d)
{
	size_t i;
	int y = TOP;

	for (i = d->scene->nr_bands; i-- > 0;) {
		d->top[i] = y;
		d->height[i] = height_of(d, i);
		y += d->height[i];
	}
	d->bottom = y;
}

static void put_address(const struct drawing *d, int y, bool strong, const char *text)
{
	fprintf(d->file, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n",
		strong ? "at strong" : "at", BOX - 6, y + 4, text);
}

static void put_names(const struct drawing *d, u64 at, int y)
{
	const struct vmw_scene *s = d->scene;
	size_t i;

	for (i = 0; i < s->nr_pins; i++) {
		const struct vmw_pin *pin = &s->pins[i];
		const char *name;

		for (name = pin->at == at ? pin->name : ""; *name;
		     name = behind_line(name, NAME_LETTERS)) {
			fprintf(d->file, "<text class=\"%s\" x=\"%d\" y=\"%d\">",
				pin->strong ? "pin strong" : "pin", NAMES, y + 4);
			vmw_html_bytes(name, line_of(name, NAME_LETTERS), d->file);
			fputs("</text>\n", d->file);
			y += LINE;
		}
	}
}

static bool is_strong(const struct vmw_scene *s, u64 at)
{
	size_t i;

	for (i = 0; i < s->nr_pins; i++) {
		if (s->pins[i].at == at && s->pins[i].strong)
			return true;
	}
	return false;
}

static void end_of(const struct drawing *d, size_t i, char text[VMW_ADDRESS_LEN])
{
	const struct vmw_band *band = &d->scene->bands[i];

	if (i + 1 < d->scene->nr_bands)
		vmw_scene_address(d->scene, i + 1, text);
	else if (band->last == ~0ULL)
		snprintf(text, VMW_ADDRESS_LEN, "2^64");
	else
		vmw_format_address(d->scene->redact, VMW_SECRET_PLACE, band->last + 1, 1, text);
}

static void put_label(const struct drawing *d, size_t i, const char *label)
{
	const struct vmw_band *band = &d->scene->bands[i];
	bool one = in_one_line(band, label);
	int below = *band->size && !one, y;

	/* The first of so many lines that are in the middle together. */
	y = d->top[i] + d->height[i] / 2 + 4 -
	    (lines_of(label, one ? strlen(label) : LABEL_LETTERS) - 1 + below) * LABEL_LINE / 2;
	if (one && *band->size)
		fprintf(d->file, "<text class=\"size right\" x=\"%d\" y=\"%d\">%s</text>\n",
			BOX_END - 8, y, band->size);
	while (*label) {
		size_t room = one ? strlen(label) : LABEL_LETTERS;

		fprintf(d->file, "<text class=\"name\" x=\"%d\" y=\"%d\">", BOX + 8, y);
		vmw_html_bytes(label, line_of(label, room), d->file);
		fputs("</text>\n", d->file);
		label = behind_line(label, room);
		y += LABEL_LINE;
	}
	if (below)
		fprintf(d->file, "<text class=\"size\" x=\"%d\" y=\"%d\">%s</text>\n", BOX + 8,
			y, band->size);
}

static void put_band(const struct drawing *d, size_t i)
{
	const struct vmw_band *band = &d->scene->bands[i];
	char first[VMW_ADDRESS_LEN], end[VMW_ADDRESS_LEN], label[64];
	int y = d->top[i];

	vmw_scene_address(d->scene, i, first);
	end_of(d, i, end);
	label_of(d, band, label, sizeof(label));
	fprintf(d->file, "<g class=\"band f-%s%s\"><title>", vmw_fill_names[band->fill],
		band->marks ? " bad" : "");
	vmw_html_text(label, d->file);
	fprintf(d->file, "%s%s: %s-%s %s</title>\n", band->marks ? " in " : "",
		band->marks ? band->label : "", first, end, band->size);
	fprintf(d->file, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", BOX, y,
		BOX_WIDTH, d->height[i]);
	put_label(d, i, label);
	fputs("</g>\n", d->file);
	put_address(d, y, band->last != ~0ULL && is_strong(d->scene, band->last + 1), end);
	if (band->last != ~0ULL)
		put_names(d, band->last + 1, y);
}

/* Up from the end of vmemmap over the top, in at the bottom, up to the struct pages. */
static void put_arrow(const struct drawing *d)
{
	const struct vmw_scene *s = d->scene;
	int wrap = vmw_scene_wrap(s), from, to;
	const struct vmw_mark *mark;
	size_t band;

	if (wrap < 0 || !d->picture->bounds)
		return;
	mark = &s->marks[wrap];
	band = vmw_scene_band(s, mark->first >> 63 ? mark->first : d->picture->bounds->end);
	from = d->top[band] + d->height[band];
	band = vmw_scene_band(s, mark->last);
	to = d->top[band] + d->height[band] / 2;
	fprintf(d->file, "<path class=\"wrap\" d=\"M%d %dH%dV%d\"/>\n", BOX_END, from, LANE,
		TOP - 10);
	fprintf(d->file, "<path class=\"head\" d=\"M%d %dl-5 8h10z\"/>\n", LANE, TOP - 18);
	fprintf(d->file, "<path class=\"wrap\" d=\"M%d %dV%dH%d\"/>\n", LANE, d->bottom + 18,
		to, BOX_END + 6);
	fprintf(d->file, "<path class=\"head\" d=\"M%d %dl7 -5v10z\"/>\n", BOX_END, to);
	fprintf(d->file,
		"<text class=\"past right\" x=\"%d\" y=\"%d\">past 2^64 it goes on at 0</text>\n",
		LANE - 10, TOP - 12);
	fprintf(d->file, "<text class=\"past right\" x=\"%d\" y=\"%d\">from 2^64</text>\n",
		LANE - 10, d->bottom + 17);
}

void vmw_svg(const struct vmw_scene *scene, const struct vmw_picture *picture,
	     const char *title, FILE *file)
{
	struct drawing d = { .scene = scene, .picture = picture, .file = file };
	char first[VMW_ADDRESS_LEN];
	size_t i;

	place(&d);
	fprintf(file, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
		d.bottom + BOTTOM);
	vmw_html_text(title, file);
	fputs("\">\n", file);
	for (i = scene->nr_bands; i-- > 0;)
		put_band(&d, i);
	vmw_scene_address(scene, 0, first);
	put_address(&d, d.bottom, is_strong(scene, scene->bands[0].first), first);
	put_names(&d, scene->bands[0].first, d.bottom);
	put_arrow(&d);
	fputs("</svg>\n", file);
}
