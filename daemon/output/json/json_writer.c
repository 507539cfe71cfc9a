// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "output/json/json_writer.h"

static struct vmw_json_writer *json_of(struct vmw_writer *w)
{
	return (struct vmw_json_writer *)w;
}

static void put_newline(struct vmw_json_writer *json)
{
	if (json->pretty)
		fprintf(json->writer.file, "\n%*s", 2 * (int)json->depth, "");
}

static void put_string(FILE *file, const char *text)
{
	fputc('"', file);
	/* It is printable: these two are all that JSON wants escaped. */
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

/* What stands in front of a member or an element. */
static void put_front(struct vmw_json_writer *json, const char *name)
{
	FILE *file = json->writer.file;

	if (json->filled >> json->depth & 1)
		fputc(',', file);
	json->filled |= 1U << json->depth;
	if (json->depth)
		put_newline(json);
	if (!name)
		return;
	put_string(file, name);
	fputs(json->pretty ? ": " : ":", file);
}

static void begin(struct vmw_writer *w, const char *name, bool list)
{
	struct vmw_json_writer *json = json_of(w);

	put_front(json, name);
	fputc(list ? '[' : '{', w->file);
	json->depth++;
	json->filled &= ~(1U << json->depth);
}

static void end(struct vmw_writer *w, bool list)
{
	struct vmw_json_writer *json = json_of(w);
	bool filled = json->filled >> json->depth & 1;

	json->depth--;
	if (filled)
		put_newline(json);
	fputc(list ? ']' : '}', w->file);
}

static void value(struct vmw_writer *w, const char *name, const char *text, bool quoted)
{
	put_front(json_of(w), name);
	if (quoted)
		put_string(w->file, text);
	else
		fputs(text, w->file);
}

static const struct vmw_writer_ops ops = { .begin = begin, .end = end, .value = value };

struct vmw_writer *vmw_json_begin(struct vmw_json_writer *json, FILE *file, bool redact,
				  bool pretty)
{
	*json = (struct vmw_json_writer){
		.writer = { .ops = &ops, .file = file, .redact = redact },
		.pretty = pretty,
	};
	vmw_begin(&json->writer, NULL);
	return &json->writer;
}

struct vmw_writer *vmw_json_begin_line(struct vmw_json_writer *json, FILE *file, bool redact,
				       const char *type)
{
	struct vmw_writer *w = vmw_json_begin(json, file, redact, false);

	vmw_put_text(w, "type", NULL, type);
	return w;
}

int vmw_json_end(struct vmw_json_writer *json)
{
	vmw_end(&json->writer);
	fputc('\n', json->writer.file);
	return vmw_writer_finish(&json->writer);
}
