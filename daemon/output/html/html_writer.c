// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <string.h>

#include "output/html/html_writer.h"
#include "output/picture/escape.h"

static struct vmw_html_writer *html_of(struct vmw_writer *w)
{
	return (struct vmw_html_writer *)w;
}

static void close_open(struct vmw_html_writer *html)
{
	static const char *const ends[] = {
		[VMW_HTML_NOTHING] = "",
		[VMW_HTML_FIELD] = "</dd>\n",
		[VMW_HTML_STACK] = "</pre></details>\n",
		[VMW_HTML_STORY] = "</ol></details>\n",
	};

	fputs(ends[html->open], html->writer.file);
	html->open = VMW_HTML_NOTHING;
}

/* Behind the list of fields there is none any more: what is folded comes last. */
static void open_folded(struct vmw_html_writer *html, enum vmw_html_open what,
			const char *beginning)
{
	close_open(html);
	if (html->listed)
		fputs("</dl>\n", html->writer.file);
	html->listed = false;
	html->open = what;
	fputs(beginning, html->writer.file);
}

/* What is out of bounds has its number in a badge. */
static void card(struct vmw_writer *w, enum vmw_tone tone, unsigned int number, const char *title)
{
	static const char *const classes[] = {
		[VMW_TONE_NONE] = "",
		[VMW_TONE_GOOD] = "good",
		[VMW_TONE_BAD] = "bad",
	};
	struct vmw_html_writer *html = html_of(w);

	fprintf(w->file, "<article class=\"card %s\">\n<h3>", classes[tone]);
	if (number)
		fprintf(w->file, "<span class=\"badge\" id=\"offender-%u\">%u</span>", number,
			number);
	fputc(toupper((unsigned char)*title), w->file);
	vmw_html_text(title + 1, w->file);
	fputs("</h3>\n<dl>\n", w->file);
	html->listed = true;
}

static void card_end(struct vmw_writer *w)
{
	struct vmw_html_writer *html = html_of(w);

	close_open(html);
	fputs(html->listed ? "</dl>\n</article>\n" : "</article>\n", w->file);
	html->listed = false;
}

static void line(struct vmw_writer *w, const char *label, const char *text)
{
	struct vmw_html_writer *html = html_of(w);

	if (!*label) {
		fputs(html->open == VMW_HTML_STACK ? "\n" : "<br/>\n", w->file);
	} else if (!strcmp(label, "stack")) {
		open_folded(html, VMW_HTML_STACK, "<details><summary>Stack</summary><pre>");
	} else {
		close_open(html);
		html->open = VMW_HTML_FIELD;
		fputs("<dt>", w->file);
		vmw_html_text(label, w->file);
		fputs("</dt><dd>", w->file);
	}
	vmw_html_text(text, w->file);
}

static void step(struct vmw_writer *w, const char *when, const char *what, const char *text)
{
	struct vmw_html_writer *html = html_of(w);

	if (html->open != VMW_HTML_STORY)
		open_folded(html, VMW_HTML_STORY,
			    "<details open=\"open\"><summary>Timeline</summary>\n"
			    "<ol class=\"story\">\n");
	fprintf(w->file, "<li%s><span class=\"when mono\">%s</span> <span class=\"what\">",
		strcmp(what, "warn") ? "" : " class=\"bad\"", when);
	vmw_html_text(what, w->file);
	fputs("</span> <span class=\"said\">", w->file);
	vmw_html_text(text, w->file);
	fputs("</span></li>\n", w->file);
}

static void paragraph(struct vmw_writer *w, const char *text)
{
	const char *element = html_of(w)->paragraph;

	if (element)
		fprintf(w->file, "<%s>", element);
	vmw_html_text(text, w->file);
	if (element)
		fprintf(w->file, "</%s>", element);
	fputc('\n', w->file);
}

static const struct vmw_writer_ops ops = {
	.card = card,
	.card_end = card_end,
	.line = line,
	.step = step,
	.paragraph = paragraph,
};

struct vmw_writer *vmw_html_begin(struct vmw_html_writer *html, FILE *file, bool redact,
				  const char *paragraph)
{
	*html = (struct vmw_html_writer){
		.writer = { .ops = &ops, .file = file, .redact = redact },
		.paragraph = paragraph,
	};
	return &html->writer;
}
