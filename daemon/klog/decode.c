// SPDX-License-Identifier: GPL-2.0-only
/* Lines in, boots out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "klog/klog_internal.h"
#include "klog/mail.h"

#define BUFFER	 (256 << 10) /* bytes read at a time */
#define MAX_LINE VMW_MAX_LINE

struct vmw_decoder {
	const struct vmw_layout *from;
	struct vmw_boot *boot;
	struct vmw_klog klog;
	struct vmw_unwrap unwrap;
	struct vmw_mail mail;
	struct vmw_decoded decoded;
	int err;
};

static void take_event(void *data, const struct vmw_klog_event *event)
{
	struct vmw_decoder *decoder = data;

	vmw_boot_event(decoder->boot, event);
	if (decoder->boot->err)
		decoder->err = decoder->boot->err;
}

struct vmw_decoder *vmw_decoder_new(const struct vmw_layout *from)
{
	struct vmw_decoder *decoder = calloc(1, sizeof(*decoder));

	if (!decoder)
		return NULL;
	decoder->from = from;
	decoder->boot = vmw_boot_new(from, 1);
	if (!decoder->boot) {
		free(decoder);
		return NULL;
	}
	vmw_klog_init(&decoder->klog, take_event, decoder);
	decoder->klog.others = true;
	return decoder;
}

void vmw_decoder_free(struct vmw_decoder *decoder)
{
	size_t i;

	if (!decoder)
		return;
	for (i = 0; i < decoder->decoded.nr_boots; i++)
		vmw_decoded_boot_free(decoder->decoded.boots[i]);
	vmw_boot_free(decoder->boot);
	free(decoder);
}

static void end_boot(struct vmw_decoder *decoder, u64 last_line)
{
	struct vmw_decoded *decoded = &decoder->decoded;
	struct vmw_decoded_boot *told;

	vmw_klog_end(&decoder->klog);
	decoded->other_warns += decoder->boot->told->other_warns;
	decoded->other_oopses += decoder->boot->told->other_oopses;
	told = vmw_boot_end(decoder->boot, last_line);
	if (decoder->boot->any)
		decoded->boots_seen++;
	if (told && decoded->nr_boots == VMW_MAX_BOOTS) {
		decoded->boots_dropped++;
		vmw_decoded_boot_free(told);
	} else if (told) {
		decoded->boots[decoded->nr_boots++] = told;
	}
	vmw_boot_free(decoder->boot);
	decoder->boot = NULL;
}

static void begin_boot(struct vmw_decoder *decoder, u64 line)
{
	if (!decoder->boot->any) {
		decoder->boot->told->first_line = line;
		return;
	}
	end_boot(decoder, line - 1);
	decoder->boot = vmw_boot_new(decoder->from, line);
	if (!decoder->boot)
		decoder->err = -ENOMEM;
}

/* A whole line, of the kernel as far as anybody can tell. */
static void deliver(struct vmw_decoder *decoder, const struct vmw_stripped *s, u64 number)
{
	struct vmw_klog_line line = {
		.time_ns = s->time_ns,
		.seq = number,
		.caller = *s->caller ? s->caller : NULL,
		.text = s->text,
	};
	struct vmw_boot *boot = decoder->boot;

	if (!vmw_stated_skips(s->text))
		vmw_stated_line(s->quoted ? &boot->quoted : &boot->stated, s->text, number);
	vmw_boot_refusal(boot, s->text, number);
	vmw_klog_line(&decoder->klog, &line);
}

static void deliver_waiting(struct vmw_decoder *decoder)
{
	struct vmw_unwrap *unwrap = &decoder->unwrap;

	if (!unwrap->length)
		return;
	unwrap->length = 0;
	deliver(decoder, &unwrap->of, unwrap->number);
}

/* Its rest may be in the next line, or the module of the frame that it is. */
static bool may_go_on(const struct vmw_decoder *decoder, const char *text)
{
	return (decoder->klog.in_trace && strstr(text, "+0x") && !strchr(text, '[')) ||
	       vmw_is_incomplete(text);
}

/* Nothing that anybody looks at: most of a log. */
static bool is_dull(const struct vmw_decoder *decoder, const struct vmw_stripped *s)
{
	return !decoder->unwrap.length && vmw_klog_skips(&decoder->klog, s->text) &&
	       *s->text != 'H' && *s->text != '[' && vmw_stated_skips(s->text);
}

static void take_line(struct vmw_decoder *decoder, char *text, u64 number)
{
	struct vmw_stripped s;

	vmw_strip(text, &s);
	if (s.foreign)
		return;
	if (vmw_is_boot(&decoder->boot->stated, s.text)) {
		deliver_waiting(decoder);
		begin_boot(decoder, number);
		if (decoder->err)
			return;
	}
	decoder->boot->any |= s.stamped;
	if (is_dull(decoder, &s))
		return;
	decoder->boot->any = true;
	if (vmw_unwrap_fits(&decoder->unwrap, &s)) {
		vmw_unwrap_add(&decoder->unwrap, &s, number);
		return;
	}
	deliver_waiting(decoder);
	if (may_go_on(decoder, s.text) && strlen(s.text) < VMW_UNWRAP_LEN)
		vmw_unwrap_add(&decoder->unwrap, &s, number);
	else
		deliver(decoder, &s, number);
}

int vmw_decoder_line(struct vmw_decoder *decoder, char *line)
{
	u64 number = ++decoder->decoded.lines;

	if (decoder->err)
		return decoder->err;
	line = vmw_mail_line(&decoder->mail, line, &number);
	if (line)
		take_line(decoder, line, number);
	return decoder->err;
}

/*
 * The first four letters of all lines that anybody looks at outside of a dump, as bits
 * by a hash. Nearly all lines of a log begin otherwise.
 */
static u32 wanted[65536 / 32];

static unsigned int letters(const char *text)
{
	u32 word;

	memcpy(&word, text, sizeof(word));
	return word * 2654435761U >> 16;
}

static void want(const char *front)
{
	wanted[letters(front) / 32] |= 1U << letters(front) % 32;
}

static void want_all(void)
{
	static const char *const others[] = {
		"WARNING: ", "Unable to handle ", "----",     "Hotplug",
		"Booting ",  "-- Boot",		  "MESSAGE=",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		want(others[i]);
	vmw_stated_fronts(want);
	vmw_mail_fronts(want);
}

/* Is the line of @length bytes at @line none that matters, whatever it says? Cheap. */
static bool pass_by(struct vmw_decoder *decoder, const char *line, size_t length)
{
	const char *text;

	if (decoder->klog.open || decoder->klog.cut || decoder->unwrap.length ||
	    decoder->mail.quoted)
		return false;
	text = vmw_front(line, length);
	if (!text || wanted[letters(text) / 32] >> letters(text) % 32 & 1)
		return false;
	decoder->boot->any |= text != line;
	decoder->decoded.lines++;
	return true;
}

/* The lines that @buffer has whole; how many bytes they were. */
static size_t take_lines(struct vmw_decoder *decoder, char *buffer, size_t length)
{
	char *at = buffer, *end;

	while (!decoder->err && (end = memchr(at, '\n', buffer + length - at))) {
		if (pass_by(decoder, at, end - at)) {
			at = end + 1;
			continue;
		}
		*end = '\0';
		if (end - at > MAX_LINE)
			at[MAX_LINE] = '\0';
		vmw_decoder_line(decoder, at);
		at = end + 1;
	}
	return at - buffer;
}

/* @n bytes more are behind the @length that have no end yet. */
static void look(struct vmw_decoder *decoder, const char *buffer, size_t length, size_t n,
		 bool skipping)
{
	struct vmw_decoded *decoded = &decoder->decoded;

	if (!decoded->bytes)
		vmw_unparsed_begin(&decoded->unparsed, buffer, n);
	/* A line of which the rest is skipped has been counted. */
	vmw_unparsed_look(&decoded->unparsed, buffer, length, length + n,
			  decoded->lines - skipping);
	decoded->bytes += n;
}

static int read_all(struct vmw_decoder *decoder, int fd, char *buffer)
{
	size_t length = 0, taken;
	bool skipping = false; /* the rest of a line longer than the buffer */

	want_all();

	for (;;) {
		ssize_t n = read(fd, buffer + length, BUFFER - length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		look(decoder, buffer, length, n, skipping);
		length += n;
		if (skipping) {
			char *end = memchr(buffer, '\n', length);

			skipping = !end;
			length = end ? length - (end + 1 - buffer) : 0;
			if (end)
				memmove(buffer, end + 1, length);
		}
		taken = take_lines(decoder, buffer, length);
		if (decoder->err)
			return decoder->err;
		length -= taken;
		memmove(buffer, buffer + taken, length);
		if (length == BUFFER) {
			buffer[MAX_LINE] = '\0';
			vmw_decoder_line(decoder, buffer);
			skipping = true;
			length = 0;
		}
	}
	if (length && !skipping) {
		buffer[length > MAX_LINE ? MAX_LINE : length] = '\0';
		vmw_decoder_line(decoder, buffer);
	}
	return decoder->err;
}

int vmw_decoder_read(struct vmw_decoder *decoder, int fd)
{
	char *buffer = malloc(BUFFER + 1);
	int err;

	if (!buffer)
		return -ENOMEM;
	err = read_all(decoder, fd, buffer);
	free(buffer);
	return err;
}

struct vmw_decoded *vmw_decoder_end(struct vmw_decoder *decoder)
{
	u64 number;
	char *line;

	if (!decoder->boot)
		return NULL;
	line = vmw_mail_end(&decoder->mail, &number);
	if (line)
		take_line(decoder, line, number);
	if (!decoder->boot)
		return NULL;
	decoder->decoded.unparsed.line[VMW_UNPARSED_BASE64] = decoder->mail.base64_line;
	deliver_waiting(decoder);
	end_boot(decoder, decoder->decoded.lines);
	return decoder->err ? NULL : &decoder->decoded;
}
