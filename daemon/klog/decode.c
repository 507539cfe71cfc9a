// SPDX-License-Identifier: GPL-2.0-only
/* Lines in, boots out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/packed.h"
#include "klog/fronts.h"
#include "klog/klog_internal.h"
#include "klog/letters.h"
#include "klog/mail.h"
#include "klog/names.h"
#include "klog/order.h"
#include "klog/entries.h"
#include "klog/seam.h"

#define BUFFER	 (256 << 10) /* bytes read at a time */
#define MAX_LINE VMW_MAX_LINE

struct vmw_decoder {
	const struct vmw_layout *from;
	struct vmw_boot *boot;
	struct vmw_klog klog;
	struct vmw_unwrap unwrap;
	struct vmw_mail mail;
	struct vmw_records records;
	struct vmw_fronts fronts;
	struct vmw_doubles doubles;
	struct vmw_hold hold;
	size_t width; /* at which all lines were cut; 0: none */
	char *glued;  /* a line that was cut there, to which more may come */
	size_t glued_length;
	u64 glued_number;
	bool newest_first;
	bool kernel;	   /* a line of a kernel was there */
	bool plain_record; /* the line that is being read is a record's message */
	u64 record_ns;
	struct vmw_layout *layout; /* of the last boot is wanted here, or NULL */
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

static void take_record(void *data, char *text, u64 number, u64 time_ns, bool foreign);

struct vmw_decoder *vmw_decoder_new(const struct vmw_layout *from)
{
	struct vmw_decoder *decoder = calloc(1, sizeof(*decoder));

	if (!decoder)
		return NULL;
	decoder->from = from;
	decoder->boot = vmw_boot_new(from, &decoder->decoded.unparsed, 1);
	if (!decoder->boot) {
		free(decoder);
		return NULL;
	}
	vmw_klog_init(&decoder->klog, take_event, decoder);
	decoder->klog.others = true;
	decoder->records.fn = take_record;
	decoder->records.data = decoder;
	return decoder;
}

void vmw_decoder_want_layout(struct vmw_decoder *decoder, struct vmw_layout *layout)
{
	decoder->layout = layout;
}

void vmw_decoder_free(struct vmw_decoder *decoder)
{
	size_t i;

	if (!decoder)
		return;
	for (i = 0; i < decoder->decoded.nr_boots; i++)
		vmw_decoded_boot_free(decoder->decoded.boots[i]);
	vmw_boot_free(decoder->boot);
	vmw_hold_free(&decoder->hold);
	free(decoder->glued);
	free(decoder);
}

static void end_boot(struct vmw_decoder *decoder, u64 last_line)
{
	struct vmw_decoded *decoded = &decoder->decoded;
	struct vmw_decoded_boot *told;
	u64 cut = vmw_klog_end(&decoder->klog);

	if (cut)
		vmw_unparsed_note(&decoded->unparsed, VMW_UNPARSED_CUT, cut);
	decoded->other_warns += decoder->boot->told->other_warns;
	decoded->other_oopses += decoder->boot->told->other_oopses;
	vmw_stated_finish(&decoder->boot->stated);
	vmw_stated_finish(&decoder->boot->quoted);
	decoded->states_layout |= decoder->boot->stated.any || decoder->boot->quoted.any;
	if (decoder->layout)
		vmw_layout_of_log(decoder->layout, vmw_boot_stated(decoder->boot),
				  &decoder->boot->inferred, &decoder->boot->candidates);
	told = vmw_boot_end(decoder->boot, last_line);
	decoded->nr_addresses += told ? told->nr_addresses : 0;
	decoded->dumps += told ? told->warns + told->oopses : 0;
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
	decoder->boot = vmw_boot_new(decoder->from, &decoder->decoded.unparsed, line);
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
	enum vmw_klog_taken taken;
	bool refused;

	if (!vmw_stated_skips(s->text))
		vmw_stated_line(s->quoted ? &boot->quoted : &boot->stated, s->text, number);
	refused = vmw_boot_refusal(boot, s->text, number);
	taken = vmw_klog_line(&decoder->klog, &line);
	decoder->kernel |= refused || taken != VMW_KLOG_IGNORED || vmw_klog_is_head(s->text) ||
			   !strncmp(s->text, "Virtual kernel memory layout:", 29);
	if (taken != VMW_KLOG_DUMP && vmw_mentions(s->text, VMW_MENTION_OTHER))
		vmw_klog_other_head(&decoder->klog);
	vmw_unparsed_line(&decoder->decoded.unparsed, s, number, taken, refused);
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

/* Also where it may begin with a register of another architecture, "a0" or "s11". */
static inline bool is_wanted(const char *text)
{
	return (wanted[letters(text) / 32] >> letters(text) % 32 & 1) ||
	       (vmw_is_digit(text[1]) && (text[0] == 'a' || text[0] == 's' || text[0] == 't'));
}

static void want_all(void)
{
	static const char *const others[] = { "WARNING: ", "Unable to handle ", "----",
					      "Hotplug",   "Booting ",		"-- Boot" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		want(others[i]);
	vmw_stated_fronts(want);
	vmw_mail_fronts(want);
	vmw_arch_fronts(want);
	vmw_records_fronts(want);
}

/* Nothing that anybody looks at: most of a log. */
static bool is_dull(const struct vmw_decoder *decoder, const struct vmw_stripped *s)
{
	size_t length = strlen(s->text);
	enum vmw_mention mention;

	return !decoder->unwrap.length && !decoder->klog.open && !decoder->klog.cut &&
	       !decoder->klog.other_trace && *s->text != '[' &&
	       (length < 4 || !is_wanted(s->text)) &&
	       !vmw_next_mention(s->text, s->text + length, &mention);
}

/* Of all lines, in the order in which the kernel wrote them. */
static void take_stripped(struct vmw_decoder *decoder, struct vmw_stripped *s, u64 number)
{
	if (vmw_is_double(&decoder->doubles, s))
		return;
	if (vmw_is_boot(&decoder->boot->stated, s->text)) {
		decoder->kernel = true;
		deliver_waiting(decoder);
		begin_boot(decoder, number);
		if (decoder->err)
			return;
	}
	decoder->kernel |= s->kernel;
	decoder->boot->any |= s->stamped;
	if (!s->stamped)
		vmw_addresses_line(&decoder->boot->addresses, s->text, number);
	if (is_dull(decoder, s))
		return;
	decoder->boot->any = true;
	if (vmw_unwrap_fits(&decoder->unwrap, s)) {
		vmw_unwrap_add(&decoder->unwrap, s, number);
		return;
	}
	deliver_waiting(decoder);
	if (may_go_on(decoder, s->text) && strlen(s->text) < VMW_UNWRAP_LEN)
		vmw_unwrap_add(&decoder->unwrap, s, number);
	else
		deliver(decoder, s, number);
}

static void take_held(void *data, const struct vmw_stripped *line, u64 number)
{
	struct vmw_decoder *decoder = data;
	struct vmw_stripped copy = *line;

	if (!decoder->err)
		take_stripped(decoder, &copy, number);
}

static void take_line(struct vmw_decoder *decoder, char *text, u64 number)
{
	struct vmw_stripped s;

	vmw_plain_letters(text);
	vmw_strip(vmw_skip_line_number(text), &s);
	if (decoder->plain_record) {
		s.stamped = true;
		s.kernel |= decoder->records.kernel;
		s.foreign = false;
		s.time_ns = s.time_ns ? s.time_ns : decoder->record_ns;
	}
	if (s.foreign)
		vmw_unparsed_foreign(&decoder->decoded.unparsed, s.text, number);
	/* Blank lines are of whoever copied the log. */
	if (s.foreign || !*s.text)
		return;
	s.text = vmw_fronts_skip(&decoder->fronts, s.text);
	if (!decoder->newest_first)
		take_stripped(decoder, &s, number);
	else if (vmw_hold_add(&decoder->hold, &s, number))
		decoder->err = -ENOMEM;
}

/* A vmw_record_fn: a message of the kernel, without a front. */
static void take_record(void *data, char *text, u64 number, u64 time_ns, bool foreign)
{
	struct vmw_decoder *decoder = data;

	if (foreign) {
		vmw_unparsed_foreign(&decoder->decoded.unparsed, text, number);
		return;
	}
	decoder->plain_record = true;
	decoder->record_ns = time_ns;
	take_line(decoder, text, number);
	decoder->plain_record = false;
}

/* What is not read of the line @number, which is too long. */
static void look_for_mention(struct vmw_decoder *decoder, const char *from, const char *end,
			     u64 number)
{
	enum vmw_mention kind;

	if (vmw_next_mention(from, end, &kind))
		vmw_unparsed_note(&decoder->decoded.unparsed, VMW_UNPARSED_DUMP, number);
}

/* Serial lines and memory that kept a log have NUL bytes in it, where nothing was. */
static size_t drop_nuls(char *line, size_t length)
{
	char *to = memchr(line, '\0', length);
	size_t i;

	if (!to)
		return length;
	for (i = to - line; i < length; i++) {
		if (line[i])
			*to++ = line[i];
	}
	*to = '\0';
	return to - line;
}

/* A line as it stood in the log, or several that were one. */
static void take_raw(struct vmw_decoder *decoder, char *line, size_t length, u64 number)
{
	/* The length of a message has bytes of 0. */
	if (!decoder->records.announced && !decoder->records.binary)
		length = drop_nuls(line, length);
	if (decoder->err || vmw_records_line(&decoder->records, line, length, number))
		return;
	if (length > MAX_LINE) {
		if (!vmw_is_own_document(line))
			look_for_mention(decoder, line + MAX_LINE, line + length, number);
		line[MAX_LINE] = '\0';
	}
	line = vmw_mail_line(&decoder->mail, line, &number);
	if (line)
		take_line(decoder, line, number);
}

static void take_glued(struct vmw_decoder *decoder)
{
	size_t length = decoder->glued_length;

	decoder->glued_length = 0;
	if (length)
		take_raw(decoder, decoder->glued, length, decoder->glued_number);
}

/* Does @line go on with what was cut before it? */
static bool goes_on(const char *line)
{
	struct vmw_stripped s;
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", line);
	vmw_strip(copy, &s);
	return *line && !s.stamped && !vmw_begins_line(line);
}

/* The same in a log whose lines were all cut at a width. */
static void glue(struct vmw_decoder *decoder, char *line, size_t length, u64 number)
{
	if (length && line[length - 1] == '\r')
		line[--length] = '\0';
	if (decoder->glued_length && (!goes_on(line) || decoder->glued_length + length > MAX_LINE))
		take_glued(decoder);
	if (!decoder->glued_length && length != decoder->width) {
		take_raw(decoder, line, length, number);
		return;
	}
	if (!decoder->glued_length)
		decoder->glued_number = number;
	memcpy(decoder->glued + decoder->glued_length, line, length);
	decoder->glued_length += length;
	decoder->glued[decoder->glued_length] = '\0';
	if (length != decoder->width)
		take_glued(decoder);
}

static void take_any(struct vmw_decoder *decoder, char *line, size_t length)
{
	u64 number = ++decoder->decoded.lines;

	if (decoder->width)
		glue(decoder, line, length, number);
	else
		take_raw(decoder, line, length, number);
}

int vmw_decoder_line(struct vmw_decoder *decoder, char *line)
{
	take_any(decoder, line, strlen(line));
	return decoder->err;
}

/* Do lines matter now, whatever they say? That changes with lines that are read only. */
static bool is_busy(const struct vmw_decoder *decoder)
{
	return decoder->klog.open || decoder->klog.cut || decoder->klog.other_trace ||
	       decoder->unwrap.length || decoder->mail.quoted || decoder->records.open ||
	       decoder->newest_first || decoder->width || *decoder->fronts.shape ||
	       !decoder->kernel;
}

/* Else: is the line of @length bytes at @line none that matters? Cheap. */
static bool pass_by(struct vmw_decoder *decoder, const char *line, size_t length)
{
	const char *text;

	text = vmw_front(line, length);
	if (!text || is_wanted(text))
		return false;
	decoder->boot->any |= text != line;
	decoder->decoded.lines++;
	return true;
}

/* The lines that @buffer has whole; how many bytes they were. */
static size_t take_lines(struct vmw_decoder *decoder, char *buffer, size_t length)
{
	char *at = buffer, *behind = buffer + length, *end;
	enum vmw_mention kind;
	const char *mention = vmw_next_mention(buffer, behind, &kind);
	bool busy = is_busy(decoder);

	while (!decoder->err && (end = memchr(at, '\n', behind - at))) {
		if (mention && mention < at)
			mention = vmw_next_mention(at, behind, &kind);
		if (!busy && (!mention || mention >= end) && pass_by(decoder, at, end - at)) {
			at = end + 1;
			continue;
		}
		*end = '\0';
		take_any(decoder, at, end - at);
		busy = is_busy(decoder);
		at = end + 1;
	}
	return at - buffer;
}

/* As many bytes as there is room for, or the rest. How many, or a negative errno. */
static ssize_t fill(struct vmw_packed *packed, char *buffer, size_t size)
{
	size_t length = 0;
	ssize_t n;

	do {
		n = vmw_packed_read(packed, buffer + length, size - length);
		if (n < 0)
			return n;
		length += n;
	} while (n && length < size);
	return length;
}

/* What only the whole of a log tells, by its beginning. */
static int look_at(struct vmw_decoder *decoder, const char *buffer, size_t length)
{
	decoder->newest_first = vmw_is_newest_first(buffer, length);
	decoder->width = vmw_width_of(buffer, length);
	decoder->decoded.newest_first = decoder->newest_first;
	decoder->decoded.width = decoder->width;
	if (!decoder->width)
		return 0;
	decoder->glued = malloc(MAX_LINE + 1);
	return decoder->glued ? 0 : -ENOMEM;
}

/* Of a line that is longer than all of @buffer only its beginning is read. */
static void skip_long(struct vmw_decoder *decoder, char *buffer, size_t length)
{
	if (!vmw_is_own_document(buffer))
		look_for_mention(decoder, buffer + MAX_LINE, buffer + length,
				 decoder->decoded.lines + 1);
	buffer[MAX_LINE] = '\0';
	take_any(decoder, buffer, MAX_LINE);
}

static int read_all(struct vmw_decoder *decoder, struct vmw_packed *packed, char *buffer)
{
	size_t length = 0, taken;
	bool skipping = false; /* the rest of a line longer than the buffer */
	ssize_t n;

	want_all();
	while ((n = fill(packed, buffer + length, BUFFER - length)) > 0) {
		int err = decoder->decoded.bytes ? 0 : look_at(decoder, buffer, n);

		decoder->decoded.bytes += n;
		length += n;
		if (skipping) {
			char *end = memchr(buffer, '\n', length);

			look_for_mention(decoder, buffer, end ? end : buffer + length,
					 decoder->decoded.lines);
			skipping = !end;
			length = end ? length - (end + 1 - buffer) : 0;
			if (end)
				memmove(buffer, end + 1, length);
		}
		taken = take_lines(decoder, buffer, length);
		err = err ? err : decoder->err;
		if (err)
			return err;
		length -= taken;
		memmove(buffer, buffer + taken, length);
		if (length == BUFFER) {
			skip_long(decoder, buffer, length);
			skipping = true;
			length = 0;
		}
	}
	if (n < 0)
		return n;
	if (length && !skipping) {
		buffer[length] = '\0';
		take_any(decoder, buffer, length);
	}
	return decoder->err;
}

int vmw_decoder_read(struct vmw_decoder *decoder, int fd)
{
	struct vmw_packed *packed = vmw_packed_new(fd);
	char *buffer = malloc(BUFFER + 1);
	struct vmw_decoded *decoded = &decoder->decoded;
	int err = packed && buffer ? read_all(decoder, packed, buffer) : -ENOMEM;

	if (!err && *vmw_packed_why(packed)) {
		vmw_unparsed_note(&decoded->unparsed, VMW_UNPARSED_PACKED,
				  decoded->lines ? decoded->lines : 1);
		snprintf(decoded->unparsed.packed, sizeof(decoded->unparsed.packed), "%s",
			 vmw_packed_why(packed));
	}
	vmw_packed_free(packed);
	free(buffer);
	return err;
}

/* What waits for more, at the end. */
static void flush(struct vmw_decoder *decoder)
{
	u64 number;
	char *line;

	take_glued(decoder);
	vmw_records_end(&decoder->records);
	line = vmw_mail_end(&decoder->mail, &number);
	if (line)
		take_line(decoder, line, number);
	if (decoder->hold.full)
		vmw_unparsed_note(&decoder->decoded.unparsed, VMW_UNPARSED_REVERSED, 1);
	vmw_hold_release(&decoder->hold, take_held, decoder);
	if (decoder->boot)
		deliver_waiting(decoder);
}

struct vmw_decoded *vmw_decoder_end(struct vmw_decoder *decoder)
{
	struct vmw_decoded *decoded = &decoder->decoded;

	if (!decoder->boot)
		return NULL;
	flush(decoder);
	if (!decoder->boot)
		return NULL;
	decoded->unparsed.line[VMW_UNPARSED_BASE64] = decoder->mail.base64_line;
	if (decoder->mail.long_line)
		vmw_unparsed_note(&decoded->unparsed, VMW_UNPARSED_DUMP, decoder->mail.long_line);
	end_boot(decoder, decoded->lines);
	if (!decoder->kernel && !decoded->nr_addresses)
		vmw_unparsed_note(
			&decoded->unparsed,
			decoded->states_layout ? VMW_UNPARSED_TABLE : VMW_UNPARSED_EMPTY, 1);
	return decoder->err ? NULL : decoded;
}
