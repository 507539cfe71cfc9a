/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a report consists of is written down once, in describe_*.c, as calls on a writer.
 * A field has a name in JSON and a label for people. Where only one of these shows it,
 * the other one is NULL. Text, JSON and HTML are writers; each takes what is for it.
 */
#ifndef VMEMMAPWATCH_OUTPUT_WRITER_H
#define VMEMMAPWATCH_OUTPUT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/redact.h"

struct vmw_writer;

/* How the whole of something is to be taken. */
enum vmw_tone {
	VMW_TONE_NONE,
	VMW_TONE_GOOD,
	VMW_TONE_BAD,
};

/* All text that they are given is printable ASCII. */
struct vmw_writer_ops {
	/* JSON: objects, lists and values. @name is NULL for an element of a list. */
	void (*begin)(struct vmw_writer *w, const char *name, bool list);
	void (*end)(struct vmw_writer *w, bool list);
	void (*value)(struct vmw_writer *w, const char *name, const char *text, bool quoted);

	/*
	 * People: the answer, a sentence each; cards of lines; a step of a story; items of a
	 * list, with a note or NULL; and lines of their own. A line without a label belongs
	 * to the one before. @number is 0 where the card has none.
	 */
	void (*headline)(struct vmw_writer *w, enum vmw_tone tone, const char *text);
	void (*card)(struct vmw_writer *w, enum vmw_tone tone, unsigned int number,
		     const char *title);
	void (*card_end)(struct vmw_writer *w);
	void (*line)(struct vmw_writer *w, const char *label, const char *text);
	void (*step)(struct vmw_writer *w, const char *when, const char *what, const char *text);
	void (*item)(struct vmw_writer *w, const char *text, const char *note);
	void (*paragraph)(struct vmw_writer *w, const char *text);
};

struct vmw_writer {
	const struct vmw_writer_ops *ops;
	FILE *file;
	bool redact;  /* nothing says where anything lies: report/redact.h */
	bool verbose; /* people asked for all details */
	int error;    /* negative errno of the first failure */
};

/* Is it for people, or for programs? For what would take time to put together. */
bool vmw_for_people(const struct vmw_writer *w);

/* The member or element @name is an object, or a list, up to vmw_end() or _end_list(). */
void vmw_begin(struct vmw_writer *w, const char *name);
void vmw_end(struct vmw_writer *w);
void vmw_begin_list(struct vmw_writer *w, const char *name);
void vmw_end_list(struct vmw_writer *w);

/* A field; what is not printable in text that others chose becomes \xNN. */
void vmw_put_text(struct vmw_writer *w, const char *name, const char *label, const char *text);
void vmw_put_bytes(struct vmw_writer *w, const char *name, const char *label, const char *bytes,
		   size_t length);
void vmw_put_number(struct vmw_writer *w, const char *name, const char *label, u64 value);

/* In JSON only. */
void vmw_put_signed(struct vmw_writer *w, const char *name, s64 value);
void vmw_put_fraction(struct vmw_writer *w, const char *name, double value);
void vmw_put_bool(struct vmw_writer *w, const char *name, bool value);
void vmw_put_null(struct vmw_writer *w, const char *name);

/* "0x..." as a string: addresses, pfns and ids do not fit a double. */
void vmw_put_hex(struct vmw_writer *w, const char *name, u64 value);

/* The same, unless it is redacted as @secret says; a place; a pointer; a symbol. */
void vmw_put_secret(struct vmw_writer *w, const char *name, enum vmw_secret secret, u64 value);
void vmw_put_place(struct vmw_writer *w, const char *name, u64 value);
void vmw_put_address(struct vmw_writer *w, const char *name, u64 address);
void vmw_put_symbol(struct vmw_writer *w, const char *name, const char *symbol);

/* An object of two places. */
void vmw_put_pair(struct vmw_writer *w, const char *name, const char *first, u64 a,
		  const char *second, u64 b);

/* For people only. The verdict comes first: what, who, and what to do, a headline each. */
void vmw_headline(struct vmw_writer *w, enum vmw_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void vmw_card(struct vmw_writer *w, enum vmw_tone tone, unsigned int number, const char *format,
	      ...) __attribute__((format(printf, 4, 5)));
void vmw_card_end(struct vmw_writer *w);
void vmw_line(struct vmw_writer *w, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void vmw_paragraph(struct vmw_writer *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* @note is NULL where there is none. */
void vmw_item(struct vmw_writer *w, const char *text, const char *note);
void vmw_step(struct vmw_writer *w, double seconds, const char *what, const char *text);

/* All is written: flush it. 0 or the first negative errno. */
int vmw_writer_finish(struct vmw_writer *w);

#endif
