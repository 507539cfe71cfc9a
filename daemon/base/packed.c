// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/codecs.h"
#include "base/packed.h"

#define CHUNK	 (64 << 10)
#define MIN_WIDE 32 /* bytes by which UTF-16 without a mark is known */

enum wide {
	NARROW,
	LITTLE_ENDIAN_16,
	BIG_ENDIAN_16,
};

struct vmw_packed {
	int fd;
	bool begun;
	bool at_end;	/* of the file */
	bool unpacked;	/* to its end, or as far as it can be */
	char in[CHUNK]; /* of the file, from @at on */
	size_t at, length;
	const struct vmw_codec *codec;
	void *state;
	bool between; /* one packed file has ended, another may follow */
	unsigned long long total;
	enum wide wide;
	unsigned char letters[CHUNK]; /* of UTF-16, from @letter on */
	size_t letter, nr_letters;
	char why[200];
};

struct vmw_packed *vmw_packed_new(int fd)
{
	struct vmw_packed *p = calloc(1, sizeof(*p));

	if (p)
		p->fd = fd;
	return p;
}

void vmw_packed_free(struct vmw_packed *p)
{
	if (p && p->state)
		p->codec->end(p->state);
	free(p);
}

const char *vmw_packed_why(const struct vmw_packed *p)
{
	return p->why;
}

const char *vmw_packed_name(const struct vmw_packed *p)
{
	return p->codec ? p->codec->name : "";
}

static ssize_t read_file(struct vmw_packed *p, char *buffer, size_t size)
{
	ssize_t n;

	do {
		n = read(p->fd, buffer, size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	p->at_end = !n;
	return n;
}

/* More of the file behind what there is. */
static int fill(struct vmw_packed *p)
{
	ssize_t n;

	memmove(p->in, p->in + p->at, p->length);
	p->at = 0;
	while (!p->at_end && p->length < sizeof(p->in)) {
		n = read_file(p, p->in + p->length, sizeof(p->in) - p->length);
		if (n < 0)
			return n;
		p->length += n;
	}
	return 0;
}

static ssize_t copy_in(struct vmw_packed *p, char *buffer, size_t size)
{
	if (size > p->length)
		size = p->length;
	memcpy(buffer, p->in + p->at, size);
	p->at += size;
	p->length -= size;
	return size;
}

static ssize_t give_up(struct vmw_packed *p, const char *why)
{
	p->unpacked = true;
	snprintf(p->why, sizeof(p->why), "%s", why);
	return 0;
}

/* Files of that kind may be put one after the other, with zeros at the end. */
static bool is_over(const struct vmw_packed *p)
{
	size_t i;

	for (i = 0; i < p->length; i++) {
		if (p->in[p->at + i])
			return false;
	}
	return p->at_end;
}

static ssize_t unpack(struct vmw_packed *p, char *buffer, size_t size)
{
	struct vmw_stream s = { .out = (unsigned char *)buffer, .out_length = size };
	int more = 1, err;

	while (s.out_length == size && !p->unpacked) {
		err = p->length ? 0 : fill(p);
		if (err)
			return err;
		if (p->between && is_over(p)) {
			p->unpacked = true;
			return 0;
		}
		p->between = false;
		s.in = (unsigned char *)p->in + p->at;
		s.in_length = p->length;
		s.last_in = p->at_end;
		more = p->codec->step(p->state, &s);
		if (more == 1 && s.in_length == p->length && s.out_length == size && p->at_end)
			more = -ENODATA;
		p->at += p->length - s.in_length;
		p->length = s.in_length;
		p->between = !more;
		if (more == -ENODATA)
			give_up(p, "it ends in the middle of what was packed");
		else if (more < 0)
			give_up(p, "it is damaged, and what follows cannot be unpacked");
	}
	p->total += size - s.out_length;
	if (p->total > VMW_MAX_UNPACKED)
		give_up(p, "it unpacks to more than 1 GiB, and the rest was not read");
	return size - s.out_length;
}

static ssize_t read_bytes(struct vmw_packed *p, char *buffer, size_t size)
{
	if (p->codec)
		return p->unpacked ? 0 : unpack(p, buffer, size);
	if (p->length)
		return copy_in(p, buffer, size);
	return p->at_end ? 0 : read_file(p, buffer, size);
}

/* Letters of ASCII with a NUL each, as the first bytes of a text have them. */
static enum wide guess_wide(const unsigned char *text, size_t length)
{
	size_t i, zeros[2] = { 0, 0 };

	if (length >= 2 && text[0] == 0xff && text[1] == 0xfe)
		return LITTLE_ENDIAN_16;
	if (length >= 2 && text[0] == 0xfe && text[1] == 0xff)
		return BIG_ENDIAN_16;
	length = length < MIN_WIDE ? length & ~1UL : MIN_WIDE;
	for (i = 0; i < length; i++)
		zeros[i % 2] += !text[i];
	if (length < 8)
		return NARROW;
	if (zeros[1] == length / 2 && !zeros[0])
		return LITTLE_ENDIAN_16;
	return zeros[0] == length / 2 && !zeros[1] ? BIG_ENDIAN_16 : NARROW;
}

static int begin(struct vmw_packed *p)
{
	char why[120] = "";
	ssize_t n;
	int err;

	p->begun = true;
	err = fill(p);
	if (err)
		return err;
	p->codec = vmw_codec_of(p->in, p->length);
	err = p->codec ? p->codec->begin(&p->state, why, sizeof(why)) : 0;
	if (err == -ENOMEM)
		return err;
	if (err) {
		snprintf(p->why, sizeof(p->why), "it is packed, and %s", why);
		p->unpacked = true;
	}
	if (!p->codec) {
		p->wide = guess_wide((unsigned char *)p->in + p->at, p->length);
		return 0;
	}
	/* What comes out may be of wide letters, too. */
	n = read_bytes(p, (char *)p->letters, sizeof(p->letters));
	if (n < 0)
		return n;
	p->nr_letters = n;
	p->wide = guess_wide(p->letters, n);
	return 0;
}

/* How many bytes of UTF-8 @code is, which are written to @to. */
static size_t put_utf8(char *to, uint32_t code)
{
	if (!code)
		code = ' ';
	if (code < 0x80) {
		to[0] = code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = 0xc0 | code >> 6;
		to[1] = 0x80 | (code & 0x3f);
		return 2;
	}
	to[0] = 0xe0 | code >> 12;
	to[1] = 0x80 | (code >> 6 & 0x3f);
	to[2] = 0x80 | (code & 0x3f);
	return 3;
}

static int more_letters(struct vmw_packed *p)
{
	ssize_t n;

	memmove(p->letters, p->letters + p->letter, p->nr_letters);
	p->letter = 0;
	n = read_bytes(p, (char *)p->letters + p->nr_letters, sizeof(p->letters) - p->nr_letters);
	if (n > 0)
		p->nr_letters += n;
	return n < 0 ? n : n > 0;
}

/* Each half of what has two becomes a letter of its own: none of a kernel's log has. */
static ssize_t narrow(struct vmw_packed *p, char *buffer, size_t size)
{
	size_t n = 0;
	int more = 1;

	while (!n && more) {
		more = p->nr_letters < 2 ? more_letters(p) : 1;
		if (more < 0)
			return more;
		for (; p->nr_letters >= 2 && size - n >= 3; p->letter += 2, p->nr_letters -= 2) {
			const unsigned char *at = p->letters + p->letter;
			bool little = p->wide == LITTLE_ENDIAN_16;

			n += put_utf8(buffer + n, at[little] << 8 | at[!little]);
		}
	}
	return n;
}

ssize_t vmw_packed_read(struct vmw_packed *p, char *buffer, size_t size)
{
	int err = p->begun ? 0 : begin(p);

	if (err)
		return err;
	if (p->wide)
		return narrow(p, buffer, size);
	if (p->nr_letters) {
		if (size > p->nr_letters)
			size = p->nr_letters;
		memcpy(buffer, p->letters + p->letter, size);
		p->letter += size;
		p->nr_letters -= size;
		return size;
	}
	return read_bytes(p, buffer, size);
}
