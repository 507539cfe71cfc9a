// SPDX-License-Identifier: GPL-2.0-only
/* The layout: each value with who says so, the regions, and what sources lack. */
#include <string.h>

#include "output/html/html_parts.h"

static void put_value(bool redact, enum vmw_value_id id, u64 value, FILE *file)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_value(redact, id, value, text);
	vmw_html_text(text, file);
}

static void put_row(const struct vmw_layout *layout, bool redact, enum vmw_value_id id, FILE *file)
{
	const struct vmw_value *value = &layout->values[id];
	unsigned int i;

	fputs("<tr><td>", file);
	vmw_html_text(vmw_value_infos[id].name, file);
	fputs("</td><td class=\"mono\">", file);
	put_value(redact, id, value->readings[0].value, file);
	fprintf(file, "</td><td>%s</td><td>", vmw_layout_agreement(layout, id));
	for (i = 0; i < value->nr; i++) {
		const struct vmw_reading *r = &value->readings[i];

		fprintf(file, "%s%s: ", i ? "<br/>\n" : "", vmw_source_names[r->source]);
		vmw_html_text(r->where, file);
		if (r->value == value->readings[0].value)
			continue;
		fputs(" (differs: ", file);
		put_value(redact, id, r->value, file);
		fputc(')', file);
	}
	fputs("</td></tr>\n", file);
}

static void put_values(const struct vmw_layout *layout, bool redact, FILE *file)
{
	int id;

	fputs("<table>\n<thead><tr><th>Value</th><th></th><th>Sources</th><th>Where each was read"
	      "</th></tr></thead>\n<tbody>\n",
	      file);
	for (id = 0; id < VMW_NR_VALUES; id++) {
		if (layout->values[id].nr)
			put_row(layout, redact, id, file);
	}
	fputs("</tbody>\n</table>\n", file);
}

static void put_regions(const struct vmw_layout *layout, bool redact, FILE *file)
{
	char first[VMW_ADDRESS_LEN], last[VMW_ADDRESS_LEN], size[16] = "";
	size_t i;

	fputs("<details><summary>Regions, from the lowest address</summary>\n"
	      "<table>\n<thead><tr><th>Region</th><th>From</th><th>To, inclusive</th>"
	      "<th>Size</th></tr></thead>\n<tbody>\n",
	      file);
	for (i = 0; i < layout->nr_regions; i++) {
		const struct vmw_region *r = &layout->regions[i];

		vmw_format_address(redact, VMW_SECRET_VALUE, r->start, 16, first);
		vmw_format_address(redact, VMW_SECRET_VALUE, r->last, 16, last);
		if (!redact)
			vmw_format_size(r->last - r->start + 1, size, sizeof(size));
		fprintf(file,
			"<tr><td>%s</td><td class=\"mono\">%s</td><td class=\"mono\">%s</td>"
			"<td>%s</td></tr>\n",
			vmw_region_names[r->kind], first, last, size);
	}
	fputs("</tbody>\n</table></details>\n", file);
}

static void put_sources(const struct vmw_layout *layout, FILE *file)
{
	bool any = false;
	int id;

	for (id = 0; id < VMW_NR_SOURCES; id++) {
		const struct vmw_source *s = &layout->sources[id];

		if (!*s->note)
			continue;
		fputs(any ? "" : "<details><summary>Incomplete sources</summary>\n<ul>\n", file);
		any = true;
		fprintf(file, "<li>%s: %s", vmw_source_names[id],
			s->state == VMW_SOURCE_FAILED ? "not here: " : "");
		vmw_html_text(s->note, file);
		fputs("</li>\n", file);
	}
	fputs(any ? "</ul></details>\n" : "", file);
}

void vmw_html_layout(const struct vmw_picture *picture, FILE *file)
{
	fputs("<section>\n<h2 id=\"layout\">Layout, and where each value was read</h2>\n", file);
	put_values(picture->layout, picture->redact, file);
	put_regions(picture->layout, picture->redact, file);
	put_sources(picture->layout, file);
	fputs("</section>\n", file);
}
