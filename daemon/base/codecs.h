/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One interface to zlib, and to liblzma and libzstd, which are opened when a file of
 * theirs is read, so that nobody needs them for anything else.
 */
#ifndef VMEMMAPWATCH_BASE_CODECS_H
#define VMEMMAPWATCH_BASE_CODECS_H

#include <stdbool.h>
#include <stddef.h>

struct vmw_stream {
	const unsigned char *in;
	size_t in_length;
	unsigned char *out;
	size_t out_length;
	bool last_in; /* no more than @in will come */
};

struct vmw_codec {
	const char *name;
	unsigned char magic[6];
	size_t magic_length;
	/* *@state for the others; 0, -ENOMEM, or -ELIBACC and one line in @why. */
	int (*begin)(void **state, char *why, size_t size);
	/*
	 * Go on with *@stream. 1 where it wants more input or room, 0 where one file has
	 * ended, -EBADMSG where it is damaged.
	 */
	int (*step)(void *state, struct vmw_stream *stream);
	void (*end)(void *state);
};

/* The one whose magic the @length bytes at @bytes begin with; NULL: none. */
const struct vmw_codec *vmw_codec_of(const char *bytes, size_t length);

#endif
