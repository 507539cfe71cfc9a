// SPDX-License-Identifier: GPL-2.0-only
/*
 * A card is a heading, lines "  LABEL         VALUE", and an empty line. A line without
 * a label belongs to the one before.
 */
#include "output/text/text_writer.h"

static void card(struct vmw_writer *w, enum vmw_tone tone, unsigned int number, const char *title)
{
	(void)tone;
	((struct vmw_text_writer *)w)->in_story = false;
	if (number)
		fprintf(w->file, "OFFENDER %u: ", number);
	fprintf(w->file, "%s\n", title);
}

static void card_end(struct vmw_writer *w)
{
	fputc('\n', w->file);
}

static void line(struct vmw_writer *w, const char *label, const char *text)
{
	fprintf(w->file, "  %-13s %s\n", label, text);
}

static void step(struct vmw_writer *w, const char *when, const char *what, const char *text)
{
	struct vmw_text_writer *t = (struct vmw_text_writer *)w;

	fprintf(w->file, "  %-13s %13s  %-24s %s\n", t->in_story ? "" : "timeline", when, what,
		text);
	t->in_story = true;
}

static void paragraph(struct vmw_writer *w, const char *text)
{
	fprintf(w->file, "%s\n", text);
}

static const struct vmw_writer_ops ops = {
	.card = card,
	.card_end = card_end,
	.line = line,
	.step = step,
	.paragraph = paragraph,
};

struct vmw_writer *vmw_text_begin(struct vmw_text_writer *text, FILE *file, bool redact)
{
	*text = (struct vmw_text_writer){
		.writer = { .ops = &ops, .file = file, .redact = redact },
	};
	return &text->writer;
}
