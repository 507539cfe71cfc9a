// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was seen, a card for each: the fields are those of the text report, told by the
 * same functions, so that both say the same; the timeline is set for itself, and
 * stacks are folded.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "output/html/html_parts.h"
#include "output/text/text_parts.h"
#include "output/text/text_story.h"
#include "report/timeline.h"

/* More than anybody reads; the others are counted, and in the text report. */
#define MAX_CARDS 200

struct cards {
	const struct vmw_report *report;
	FILE *file;
	unsigned int told, untold;
};

/* One field: as long as lines have no label of their own they are its. */
struct field {
	char label[VMW_LABEL];
	FILE *file;
	unsigned int lines;
	bool folded;
};

static void end_field(struct field *field)
{
	if (!*field->label)
		return;
	fputs(field->folded ? "</pre></details>\n" : "</dd>\n", field->file);
	*field->label = '\0';
}

static void begin_field(struct field *field, const char *label, size_t length)
{
	snprintf(field->label, sizeof(field->label), "%.*s", (int)length, label);
	field->lines = 0;
	field->folded = !strcmp(field->label, "stack");
	/* The stack is the last one but the timeline: it ends the list. */
	fputs(field->folded ? "</dl>\n<details><summary>" : "<dt>", field->file);
	vmw_html_text(field->folded ? "Stack" : field->label, field->file);
	fputs(field->folded ? "</summary><pre>" : "</dt><dd>", field->file);
}

/*
 * The lines of a card behind its heading. Returns false where the list of fields was
 * ended by a stack.
 */
static bool put_fields(char *lines, FILE *file)
{
	struct field field = { .file = file };
	bool listed = true;
	char *line, *rest = lines;

	while ((line = strsep(&rest, "\n"))) {
		size_t length;

		if (strlen(line) < VMW_LABEL)
			continue;
		for (length = VMW_LABEL - 2; length && line[length + 1] == ' '; length--)
			;
		/* It is put from the steps themselves. */
		if (length && !strncmp(line + 2, "timeline", length))
			break;
		if (length) {
			end_field(&field);
			begin_field(&field, line + 2, length);
			listed &= !field.folded;
		}
		if (field.lines++)
			fputs(field.folded ? "\n" : "<br/>\n", file);
		vmw_html_text(line + VMW_LABEL, file);
	}
	end_field(&field);
	return listed;
}

static void put_timeline(const struct cards *c, const struct vmw_request *request)
{
	struct vmw_step steps[VMW_MAX_STEPS];
	size_t n = request ? vmw_timeline(c->report, request, steps) : 0, i;
	FILE *file = c->file;

	if (!n)
		return;
	fprintf(file,
		"<details open=\"open\"><summary>Timeline, %zu steps</summary>\n"
		"<ol class=\"story\">\n",
		n);
	for (i = 0; i < n; i++) {
		fprintf(file,
			"<li%s><span class=\"when mono\">%+.6f s</span> <span class=\"what\">",
			strcmp(steps[i].what, "warn") ? "" : " class=\"bad\"",
			((s64)(steps[i].time_ns - request->first.time_ns)) / 1e9);
		vmw_html_text(steps[i].what, file);
		fputs("</span> <span class=\"said\">", file);
		vmw_html_text(steps[i].text, file);
		if (steps[i].count > 1)
			fprintf(file, " (and %llu more)", (unsigned long long)steps[i].count - 1);
		fputs("</span></li>\n", file);
	}
	fputs("</ol></details>\n", file);
}

/* "OFFENDER 3: struct pages above ..." has its number in a badge. */
static void put_heading(const char *heading, FILE *file)
{
	unsigned int n;
	int length = 0;

	if (sscanf(heading, "OFFENDER %u: %n", &n, &length) == 1 && length) {
		fprintf(file, "<h3><span class=\"badge\" id=\"offender-%u\">%u</span>", n, n);
		heading += length;
	} else {
		fputs("<h3>", file);
	}
	fputc(toupper((unsigned char)*heading), file);
	vmw_html_text(heading + 1, file);
	fputs("</h3>\n", file);
}

/* @text is what the text report has of it. */
static void put_card(struct cards *c, const char *class, char *text,
		     const struct vmw_request *request)
{
	char *lines = text, *heading = strsep(&lines, "\n");

	fprintf(c->file, "<article class=\"card %s\">\n", class);
	put_heading(heading, c->file);
	fputs("<dl>\n", c->file);
	if (!lines || put_fields(lines, c->file))
		fputs("</dl>\n", c->file);
	put_timeline(c, request);
	fputs("</article>\n", c->file);
}

/* What is put together in memory, for one card. */
struct note {
	char *text;
	size_t size;
	FILE *file;
};

/* False where there is no more room for cards, or no memory. */
static bool begin(struct cards *c, struct note *note)
{
	memset(note, 0, sizeof(*note));
	if (c->told == MAX_CARDS) {
		c->untold++;
		return false;
	}
	note->file = open_memstream(&note->text, &note->size);
	if (!note->file) {
		c->untold++;
		return false;
	}
	c->told++;
	return true;
}

static void end(struct cards *c, struct note *note, const char *class,
		const struct vmw_request *request)
{
	/* What did not fit into memory is at least no half of a line. */
	if (!fclose(note->file) && note->text)
		put_card(c, class, note->text, request);
	free(note->text);
}

static void put_untold(struct cards *c)
{
	if (c->untold)
		fprintf(c->file, "<p>And %u more, which --report and --json have.</p>\n",
			c->untold);
	c->told = c->untold = 0;
}

static void put_offenders(struct cards *c)
{
	const struct vmw_offender *offender;
	const struct vmw_used *used;
	unsigned int n = 0;
	struct note note;

	vmw_for_each_offender (offender, c->report->aggregate) {
		n++;
		if (!begin(c, &note))
			continue;
		vmw_print_offender(c->report, offender, n, note.file);
		end(c, &note, "bad", offender->request);
	}
	for (used = c->report->aggregate->uses; used; used = used->next) {
		if (!vmw_report_is_use(used))
			continue;
		n++;
		if (!begin(c, &note))
			continue;
		vmw_print_used(c->report, used, n, note.file);
		end(c, &note, "bad", NULL);
	}
	if (!n)
		fputs("<p>No struct page out of bounds was seen.</p>\n", c->file);
	put_untold(c);
}

static void put_refused(struct cards *c)
{
	const struct vmw_request *request;
	struct note note;

	for (request = c->report->aggregate->requests; request; request = request->next) {
		if (request->outcome != VMW_REFUSED || !begin(c, &note))
			continue;
		vmw_print_refused(c->report, request, note.file);
		end(c, &note, "", request);
	}
}

static void put_in_bounds(struct cards *c)
{
	const struct vmw_request *request;
	struct note note;

	for (request = c->report->aggregate->requests; request; request = request->next) {
		if (request->outcome == VMW_REFUSED || !vmw_report_in_bounds(request) ||
		    !begin(c, &note))
			continue;
		vmw_print_in_bounds(c->report, request, note.file);
		end(c, &note, "good", request);
	}
}

void vmw_html_seen(const struct vmw_report *report, FILE *file)
{
	struct cards cards = { .report = report, .file = file };

	fputs("<section>\n<h2 id=\"offenders\">Offenders</h2>\n", file);
	put_offenders(&cards);
	fputs("</section>\n", file);
	fputs("<section>\n<h2 id=\"others\">Other requests</h2>\n", file);
	put_refused(&cards);
	put_in_bounds(&cards);
	if (!cards.told)
		fputs("<p>None was seen: no refused one, and none that is in bounds.</p>\n",
		      file);
	put_untold(&cards);
	fputs("</section>\n", file);
}
