// SPDX-License-Identifier: GPL-2.0-only
/* Both maps, side by side where there is room: each with what is marked in it. */
#include <string.h>

#include "output/html/html_parts.h"
#include "output/picture/map.h"
#include "output/picture/svg.h"

static void put_marks(const struct vmw_scene *s, FILE *file)
{
	char places[VMW_PLACES_LEN];
	size_t i;

	if (!s->nr_marks)
		return;
	fprintf(file,
		"<table>\n<thead><tr><th>Offender</th><th>%s</th><th>Where</th></tr></thead>\n"
		"<tbody>\n",
		s->physical ? "Physical, inclusive" : "Struct pages");
	for (i = 0; i < s->nr_marks; i++) {
		const struct vmw_mark *mark = &s->marks[i];

		vmw_format_places(s->redact, mark->first, mark->last + !s->physical,
				  s->physical ? 1 : 16, places);
		fprintf(file, "<tr><td><span class=\"badge\">%s</span>", mark->numbers);
		vmw_html_text(mark->driver, file);
		fprintf(file, "</td><td class=\"mono\">%s</td><td>%s%s</td></tr>\n", places,
			vmw_picture_verdict(mark->verdict), mark->live ? "" : ", gone since");
	}
	fputs("</tbody>\n</table>\n", file);
}

static void put_more(const struct vmw_scene *s, FILE *file)
{
	char offenders[48];

	if (s->more)
		fprintf(file, "<p>Not drawn: %s.</p>\n",
			vmw_format_count(s->more, "more offender", offenders, sizeof(offenders)));
	if (s->nowhere)
		fprintf(file, "<p>At no physical address that arm64 has: %s.</p>\n",
			vmw_format_count(s->nowhere, "offender", offenders, sizeof(offenders)));
}

/* What lies between bands, with who says so. */
static void put_pins(const struct vmw_scene *s, FILE *file)
{
	char text[VMW_ADDRESS_LEN];
	size_t i, band;

	if (!s->nr_pins)
		return;
	fprintf(file, "<details><summary>%s</summary>\n<table>\n<tbody>\n",
		s->physical ? "Bounds" : "Bounds, and who says so");
	for (i = 0; i < s->nr_pins; i++) {
		const struct vmw_pin *pin = &s->pins[i];

		for (band = 0; band < s->nr_cuts && s->cuts[band] != pin->at; band++)
			;
		if (band == s->nr_cuts)
			continue;
		vmw_scene_address(s, band, text);
		fprintf(file, "<tr><td>%s</td><td class=\"mono\">%s</td><td>", pin->name, text);
		vmw_html_text(pin->sources, file);
		fputs("</td></tr>\n", file);
	}
	fputs("</tbody>\n</table></details>\n", file);
}

static void put_figure(const struct vmw_scene *s, const struct vmw_picture *picture,
		       const char *title, const char *unknown, FILE *file)
{
	if (!s->nr_bands) {
		fprintf(file, "<p>Not known: %s.</p>\n</figure>\n", unknown);
		return;
	}
	vmw_svg(s, picture, title, file);
	put_marks(s, file);
	put_more(s, file);
	put_pins(s, file);
	fputs("</figure>\n", file);
}

static void put_virtual(const struct vmw_picture *picture, struct vmw_scene *scene, FILE *file)
{
	vmw_scene_virtual(scene, picture);
	fputs("<figure>\n<figcaption><h3>Kernel addresses</h3>\n<p class=\"dim\">High ones are on "
	      "top. Not to scale: a band is as tall as the logarithm of its size.",
	      file);
	fputs(picture->redact ? " Redacted: all bands are alike." : "", file);
	fputs("</p></figcaption>\n", file);
	put_figure(scene, picture, "Map of kernel addresses, the highest on top",
		   "no source tells how many bits addresses have", file);
}

static void put_physical(const struct vmw_picture *picture, struct vmw_scene *scene, FILE *file)
{
	char covered[VMW_COVERED_LEN];

	vmw_scene_physical(scene, picture);
	vmw_scene_covered(picture, covered);
	fprintf(file,
		"<figure>\n<figcaption><h3>Physical addresses</h3>\n<p class=\"dim\">Vmemmap "
		"has struct pages for <span class=\"mono\">%s</span>. Not to scale, either.",
		covered);
	if (!picture->iomem) {
		fputs(" Where RAM is, is not known: ", file);
		vmw_html_text(picture->iomem_why, file);
		fputc('.', file);
	}
	fputs("</p></figcaption>\n", file);
	put_figure(scene, picture, "Map of physical addresses, the highest on top",
		   "neither what vmemmap covers nor how far they go", file);
}

void vmw_html_maps(const struct vmw_picture *picture, FILE *file)
{
	struct vmw_scene scene;

	fputs("<section>\n<h2 id=\"map\">Map</h2>\n<div class=\"maps\">\n", file);
	put_virtual(picture, &scene, file);
	put_physical(picture, &scene, file);
	fputs("</div>\n</section>\n", file);
}
