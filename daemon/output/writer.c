// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "output/writer.h"

bool vmw_for_people(const struct vmw_writer *w)
{
	return w->ops->line != NULL;
}

void vmw_begin(struct vmw_writer *w, const char *name)
{
	if (w->ops->begin)
		w->ops->begin(w, name, false);
}

void vmw_end(struct vmw_writer *w)
{
	if (w->ops->end)
		w->ops->end(w, false);
}

void vmw_begin_list(struct vmw_writer *w, const char *name)
{
	if (w->ops->begin)
		w->ops->begin(w, name, true);
}

void vmw_end_list(struct vmw_writer *w)
{
	if (w->ops->end)
		w->ops->end(w, true);
}

static void value(struct vmw_writer *w, const char *name, const char *text, bool quoted)
{
	if (w->ops->value)
		w->ops->value(w, name, text, quoted);
}

/* A field without a name is an element where it is for programs only. */
static void field(struct vmw_writer *w, const char *name, const char *label, const char *text,
		  bool quoted)
{
	if (name || !label)
		value(w, name, text, quoted);
	if (label && w->ops->line)
		w->ops->line(w, label, text);
}

static bool is_printable(const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length && bytes[i]; i++) {
		if (!isascii((unsigned char)bytes[i]) || !isprint((unsigned char)bytes[i]))
			return false;
	}
	return i < length;
}

/* To be freed. NULL for lack of memory, which is kept. */
static char *printable(struct vmw_writer *w, const char *bytes, size_t length)
{
	size_t size = 4 * strnlen(bytes, length) + 1;
	char *text = malloc(size);

	if (text)
		vmw_format_bytes(bytes, length, text, size);
	else
		w->error = w->error ? w->error : -ENOMEM;
	return text;
}

void vmw_put_bytes(struct vmw_writer *w, const char *name, const char *label, const char *bytes,
		   size_t length)
{
	char *text;

	/* Nearly all is, and ends with a NUL. */
	if (is_printable(bytes, length)) {
		field(w, name, label, bytes, true);
		return;
	}
	text = printable(w, bytes, length);
	if (text)
		field(w, name, label, text, true);
	free(text);
}

void vmw_put_text(struct vmw_writer *w, const char *name, const char *label, const char *text)
{
	vmw_put_bytes(w, name, label, text, strlen(text) + 1);
}

void vmw_put_number(struct vmw_writer *w, const char *name, const char *label, u64 number)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", number);
	field(w, name, label, text, false);
}

void vmw_put_signed(struct vmw_writer *w, const char *name, s64 number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", number);
	value(w, name, text, false);
}

void vmw_put_fraction(struct vmw_writer *w, const char *name, double number)
{
	char text[32];

	snprintf(text, sizeof(text), "%.17g", number);
	/* As a fraction, also where it is none. */
	if (!strpbrk(text, ".e"))
		strcat(text, ".0");
	value(w, name, text, false);
}

void vmw_put_bool(struct vmw_writer *w, const char *name, bool yes)
{
	value(w, name, yes ? "true" : "false", false);
}

void vmw_put_null(struct vmw_writer *w, const char *name)
{
	value(w, name, "null", false);
}

void vmw_put_hex(struct vmw_writer *w, const char *name, u64 number)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%llx", number);
	value(w, name, text, true);
}

void vmw_put_secret(struct vmw_writer *w, const char *name, enum vmw_secret secret, u64 number)
{
	char text[VMW_ADDRESS_LEN];

	vmw_format_address(w->redact, secret, number, 1, text);
	value(w, name, text, true);
}

void vmw_put_place(struct vmw_writer *w, const char *name, u64 number)
{
	vmw_put_secret(w, name, VMW_SECRET_PLACE, number);
}

void vmw_put_address(struct vmw_writer *w, const char *name, u64 address)
{
	vmw_put_secret(w, name, VMW_SECRET_ADDRESS, address);
}

void vmw_put_symbol(struct vmw_writer *w, const char *name, const char *symbol)
{
	vmw_put_text(w, name, NULL, vmw_redact_symbol(w->redact, symbol));
}

void vmw_put_pair(struct vmw_writer *w, const char *name, const char *first, u64 a,
		  const char *second, u64 b)
{
	vmw_begin(w, name);
	vmw_put_place(w, first, a);
	vmw_put_place(w, second, b);
	vmw_end(w);
}

/* What @format makes, printable: to be freed. NULL for lack of memory, which is kept. */
static char *format_text(struct vmw_writer *w, const char *format, va_list args)
{
	char *raw, *text;
	int length = vasprintf(&raw, format, args);

	if (length < 0) {
		w->error = w->error ? w->error : -ENOMEM;
		return NULL;
	}
	if (is_printable(raw, length + 1))
		return raw;
	text = printable(w, raw, length);
	free(raw);
	return text;
}

void vmw_card(struct vmw_writer *w, enum vmw_tone tone, unsigned int number, const char *format,
	      ...)
{
	va_list args;
	char *text;

	if (!w->ops->card)
		return;
	va_start(args, format);
	text = format_text(w, format, args);
	va_end(args);
	w->ops->card(w, tone, number, text ? text : "");
	free(text);
}

void vmw_headline(struct vmw_writer *w, enum vmw_tone tone, const char *format, ...)
{
	va_list args;
	char *text;

	if (!w->ops->headline)
		return;
	va_start(args, format);
	text = format_text(w, format, args);
	va_end(args);
	if (text)
		w->ops->headline(w, tone, text);
	free(text);
}

void vmw_item(struct vmw_writer *w, const char *text, const char *note)
{
	if (w->ops->item)
		w->ops->item(w, text, note);
}

void vmw_card_end(struct vmw_writer *w)
{
	if (w->ops->card_end)
		w->ops->card_end(w);
}

void vmw_line(struct vmw_writer *w, const char *label, const char *format, ...)
{
	va_list args;
	char *text;

	if (!w->ops->line)
		return;
	va_start(args, format);
	text = format_text(w, format, args);
	va_end(args);
	if (text)
		w->ops->line(w, label, text);
	free(text);
}

void vmw_paragraph(struct vmw_writer *w, const char *format, ...)
{
	va_list args;
	char *text;

	if (!w->ops->paragraph)
		return;
	va_start(args, format);
	text = format_text(w, format, args);
	va_end(args);
	if (text)
		w->ops->paragraph(w, text);
	free(text);
}

void vmw_step(struct vmw_writer *w, double seconds, const char *what, const char *text)
{
	char when[32];

	if (!w->ops->step)
		return;
	snprintf(when, sizeof(when), "%+.6f s", seconds);
	w->ops->step(w, when, what, text);
}

int vmw_writer_finish(struct vmw_writer *w)
{
	errno = 0;
	if ((fflush(w->file) || ferror(w->file)) && !w->error)
		w->error = errno ? -errno : -EIO;
	return w->error;
}
