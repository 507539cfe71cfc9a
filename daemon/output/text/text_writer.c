// SPDX-License-Identifier: GPL-2.0-only
/*
 * The headline, an empty line before the first card. A card is a heading, lines "  LABEL         VALUE", and
 * an empty line. A line without a label belongs to the one before.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "output/text/text_writer.h"

#define COLUMNS 80
#define INDENT	16 /* of a value behind its label */
#define SCREEN	24 /* lines of a terminal that did not say how many it has */

static struct vmw_text_writer *text_of(struct vmw_writer *w)
{
	return (struct vmw_text_writer *)w;
}

static void new_line(struct vmw_writer *w)
{
	fputc('\n', w->file);
	text_of(w)->lines++;
}

static void wrap(struct vmw_writer *w, int at, int indent, const char *text)
{
	text_of(w)->lines += vmw_wrap(w->file, COLUMNS, at, indent, text);
}

static void headline(struct vmw_writer *w, enum vmw_tone tone, const char *text)
{
	struct vmw_text_writer *t = text_of(w);
	size_t n = strlen(t->headline);

	(void)tone;
	snprintf(t->headline + n, sizeof(t->headline) - n, "%s\n", text);
	wrap(w, 0, 0, text);
	t->in_headline = true;
}

static void card(struct vmw_writer *w, enum vmw_tone tone, unsigned int number, const char *title)
{
	struct vmw_text_writer *t = text_of(w);
	int at = 0;

	(void)tone;
	if (t->in_headline)
		new_line(w);
	t->in_headline = false;
	t->in_story = false;
	if (number)
		at = fprintf(w->file, "OFFENDER %u: ", number);
	wrap(w, at, 2, title);
}

static void card_end(struct vmw_writer *w)
{
	new_line(w);
}

static void line(struct vmw_writer *w, const char *label, const char *text)
{
	text_of(w)->in_story = false;
	wrap(w, fprintf(w->file, "  %-13s ", label), INDENT, text);
}

static void step(struct vmw_writer *w, const char *when, const char *what, const char *text)
{
	struct vmw_text_writer *t = text_of(w);
	const char *label = t->in_story ? "" : "timeline";
	int at = fprintf(w->file, "  %-13s %12s  ", label, when);

	at += fprintf(w->file, "%s: ", what);
	wrap(w, at, INDENT + 14, text);
	t->in_story = true;
}

static void item(struct vmw_writer *w, const char *text, const char *note)
{
	char *bracketed = NULL;

	wrap(w, fprintf(w->file, "- "), 2, text);
	if (note && asprintf(&bracketed, "[%s]", note) > 0)
		wrap(w, fprintf(w->file, "%*s", 2, ""), 2, bracketed);
	free(bracketed);
}

/* A line that is indented goes on a little deeper. */
static void paragraph(struct vmw_writer *w, const char *text)
{
	int indent = strspn(text, " ");

	text_of(w)->in_headline = false;
	wrap(w, 0, indent ? indent + 2 : 0, text);
}

static const struct vmw_writer_ops ops = {
	.headline = headline,
	.card = card,
	.card_end = card_end,
	.line = line,
	.step = step,
	.item = item,
	.paragraph = paragraph,
};

struct vmw_writer *vmw_text_begin(struct vmw_text_writer *text, FILE *file, bool redact)
{
	*text = (struct vmw_text_writer){
		.writer = { .ops = &ops, .file = file, .redact = redact },
	};
	return &text->writer;
}

int vmw_text_end(struct vmw_text_writer *text)
{
	struct vmw_writer *w = &text->writer;
	char *line, *rest = text->headline;

	if (text->lines >= SCREEN && *text->headline && isatty(fileno(w->file))) {
		new_line(w);
		while ((line = strsep(&rest, "\n")) && *line)
			wrap(w, 0, 0, line);
	}
	return vmw_writer_finish(w);
}
