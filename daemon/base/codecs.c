// SPDX-License-Identifier: GPL-2.0-only
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/codecs.h"
#include "base/dlopen_note.h"

#define LZMA_SONAME "liblzma.so.5"
#define ZSTD_SONAME "libzstd.so.1"

VMW_DLOPEN_NOTE("[{\"feature\":\"xz\",\"description\":\"Logs packed by xz\","
		"\"priority\":\"suggested\",\"soname\":[\"" LZMA_SONAME "\"]},"
		"{\"feature\":\"zstd\",\"description\":\"Logs packed by zstd\","
		"\"priority\":\"suggested\",\"soname\":[\"" ZSTD_SONAME "\"]}]");

static void *open_library(const char *soname, char *why, size_t size)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		snprintf(why, size, "%s", dlerror());
	return library;
}

static void *find(void *library, const char *name, char *why, size_t size)
{
	void *found = library ? dlsym(library, name) : NULL;

	if (library && !found)
		snprintf(why, size, "%s", dlerror());
	return found;
}

static int begin_gzip(void **state, char *why, size_t size)
{
	z_stream *z = calloc(1, sizeof(*z));

	(void)why;
	(void)size;
	/* 16: with the header of gzip. */
	if (!z || inflateInit2(z, 15 + 16) != Z_OK) {
		free(z);
		return -ENOMEM;
	}
	*state = z;
	return 0;
}

static int step_gzip(void *state, struct vmw_stream *s)
{
	z_stream *z = state;
	int result;

	z->next_in = (unsigned char *)s->in;
	z->avail_in = s->in_length;
	z->next_out = s->out;
	z->avail_out = s->out_length;
	result = inflate(z, Z_NO_FLUSH);
	s->in = z->next_in;
	s->in_length = z->avail_in;
	s->out = z->next_out;
	s->out_length = z->avail_out;
	if (result == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? 0 : -EBADMSG;
	return result == Z_OK || result == Z_BUF_ERROR ? 1 : -EBADMSG;
}

static void end_gzip(void *state)
{
	inflateEnd(state);
	free(state);
}

/* lzma_stream of lzma/base.h: the same since 5.0, whose soname is 5. */
struct lzma {
	struct {
		const uint8_t *next_in;
		size_t avail_in;
		uint64_t total_in;
		uint8_t *next_out;
		size_t avail_out;
		uint64_t total_out;
		const void *allocator;
		void *internal;
		void *pointers[4];
		uint64_t numbers[2];
		size_t sizes[2];
		int enums[2];
	} stream;
	int (*decoder)(void *stream, uint64_t memlimit, uint32_t flags);
	int (*code)(void *stream, int action);
	void (*end)(void *stream);
};

#define LZMA_OK		  0
#define LZMA_STREAM_END	  1
#define LZMA_BUF_ERROR	  10
#define LZMA_RUN	  0
#define LZMA_FINISH	  3
#define LZMA_CONCATENATED 8
/* xz -9 takes 65 MiB. */
#define LZMA_MEMORY (80ULL << 20)

static int begin_xz(void **state, char *why, size_t size)
{
	struct lzma *l = calloc(1, sizeof(*l));
	void *library = open_library(LZMA_SONAME, why, size);

	if (!l)
		return -ENOMEM;
	l->decoder = find(library, "lzma_stream_decoder", why, size);
	l->code = l->decoder ? find(library, "lzma_code", why, size) : NULL;
	l->end = l->code ? find(library, "lzma_end", why, size) : NULL;
	if (!l->end || l->decoder(&l->stream, LZMA_MEMORY, LZMA_CONCATENATED) != LZMA_OK) {
		free(l);
		return -ELIBACC;
	}
	*state = l;
	return 0;
}

static int step_xz(void *state, struct vmw_stream *s)
{
	struct lzma *l = state;
	int result;

	l->stream.next_in = s->in;
	l->stream.avail_in = s->in_length;
	l->stream.next_out = s->out;
	l->stream.avail_out = s->out_length;
	result = l->code(&l->stream, s->last_in ? LZMA_FINISH : LZMA_RUN);
	s->in = l->stream.next_in;
	s->in_length = l->stream.avail_in;
	s->out = l->stream.next_out;
	s->out_length = l->stream.avail_out;
	if (result == LZMA_STREAM_END)
		return 0;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? 1 : -EBADMSG;
}

static void end_xz(void *state)
{
	struct lzma *l = state;

	l->end(&l->stream);
	free(l);
}

/* ZSTD_inBuffer and ZSTD_outBuffer of zstd.h 1.5.4. */
struct zstd_in {
	const void *src;
	size_t size, pos;
};

struct zstd_out {
	void *dst;
	size_t size, pos;
};

struct zstd {
	void *stream;
	size_t (*decompress)(void *stream, struct zstd_out *out, struct zstd_in *in);
	unsigned int (*is_error)(size_t code);
	size_t (*free_stream)(void *stream);
};

static int begin_zstd(void **state, char *why, size_t size)
{
	struct zstd *z = calloc(1, sizeof(*z));
	void *library = open_library(ZSTD_SONAME, why, size);
	void *(*create)(void) = find(library, "ZSTD_createDStream", why, size);

	if (!z)
		return -ENOMEM;
	z->decompress = create ? find(library, "ZSTD_decompressStream", why, size) : NULL;
	z->is_error = z->decompress ? find(library, "ZSTD_isError", why, size) : NULL;
	z->free_stream = z->is_error ? find(library, "ZSTD_freeDStream", why, size) : NULL;
	z->stream = z->free_stream ? create() : NULL;
	if (!z->stream) {
		free(z);
		return -ELIBACC;
	}
	*state = z;
	return 0;
}

static int step_zstd(void *state, struct vmw_stream *s)
{
	struct zstd *z = state;
	struct zstd_in in = { s->in, s->in_length, 0 };
	struct zstd_out out = { s->out, s->out_length, 0 };
	size_t result = z->decompress(z->stream, &out, &in);

	s->in += in.pos;
	s->in_length -= in.pos;
	s->out += out.pos;
	s->out_length -= out.pos;
	if (z->is_error(result))
		return -EBADMSG;
	return result ? 1 : 0;
}

static void end_zstd(void *state)
{
	struct zstd *z = state;

	z->free_stream(z->stream);
	free(z);
}

static const struct vmw_codec codecs[] = {
	{ "gzip", { 0x1f, 0x8b, 0x08 }, 3, begin_gzip, step_gzip, end_gzip },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, begin_xz, step_xz, end_xz },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, begin_zstd, step_zstd, end_zstd },
};

const struct vmw_codec *vmw_codec_of(const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++) {
		if (length >= codecs[i].magic_length &&
		    !memcmp(bytes, codecs[i].magic, codecs[i].magic_length))
			return &codecs[i];
	}
	return NULL;
}
