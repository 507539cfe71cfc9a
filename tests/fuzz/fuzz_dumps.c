// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of real kernels whose lines are dropped, cut, joined, repeated and moved: while
 * one names a function of ours, or is the head of a dump, "nothing found" is not known.
 */
#include "fuzz.h"

#include "klog/decode.h"

#define MAX_LINES 2000

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

static const char *const names[] = {
	"vmemmap_populate",
	"vmemmap_free",
	"__init_single_page",
	"__init_zone_device_page",
	"memmap_init_zone_device",
	"memremap_pages+",
	"__populate_section_memmap+",
	"sparse_add_section+",
	"__add_pages+",
	"WARNING: CPU: ",
	"Unable to handle kernel ",
};

static bool names_ours(const uint8_t *data, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (memmem(data, size, names[i], strlen(names[i])))
			return true;
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_decoder *decoder = vmw_decoder_new(NULL);
	const struct vmw_decoded *decoded;
	FILE *file = fopen(fuzz_file(data, size), "re");

	promise(decoder && file);
	promise(!vmw_decoder_read(decoder, fileno(file)));
	decoded = vmw_decoder_end(decoder);
	promise(decoded != NULL);
	promise(!names_ours(data, size) || vmw_decoded_code(decoded) != VMW_EXIT_CLEAN);
	vmw_decoder_free(decoder);
	fclose(file);
	return 0;
}

struct line {
	const uint8_t *text;
	size_t length; /* without its end */
	int joined;    /* the next line follows at once; 2: behind a NUL */
};

static size_t split(const uint8_t *data, size_t size, struct line *lines)
{
	const uint8_t *end = data + size, *newline;
	size_t n = 0;

	while (data < end && n < MAX_LINES) {
		newline = memchr(data, '\n', end - data);
		lines[n++] = (struct line){ data, (newline ? newline : end) - data, 0 };
		data += lines[n - 1].length + 1;
	}
	return n;
}

/* One change, at line @i of @n; how many lines there are then. */
static size_t change(struct line *lines, size_t n, size_t i, unsigned int random)
{
	struct line line = lines[i];
	size_t to = random / 8 % n;

	switch (random % 8) {
	case 0: /* drop one */
		memmove(lines + i, lines + i + 1, (n - i - 1) * sizeof(*lines));
		return n - 1;
	case 1: /* drop many */
		to = i + 1 + to % 60 < n ? i + 1 + to % 60 : n;
		memmove(lines + i, lines + to, (n - to) * sizeof(*lines));
		return n - (to - i);
	case 2: /* cut the end */
		lines[i].length = line.length ? random / 8 % line.length : 0;
		return n;
	case 3: /* cut the front */
		to = line.length ? random / 8 % line.length : 0;
		lines[i] = (struct line){ line.text + to, line.length - to, 0 };
		return n;
	case 4:
		lines[i].joined = 1 + to % 2;
		return n;
	case 5: /* repeat */
		if (n == MAX_LINES)
			return n;
		memmove(lines + i + 1, lines + i, (n - i) * sizeof(*lines));
		return n + 1;
	case 6: /* only the lines around */
		to = to % 5 + 1 < n - i ? to % 5 + 1 : n - i;
		memmove(lines, lines + i, to * sizeof(*lines));
		return to;
	default: /* move */
		lines[i] = lines[to];
		lines[to] = line;
		return n;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static struct line lines[MAX_LINES + 1];
	static uint8_t out[1 << 20];
	size_t n = split(data, size, lines), length = 0, i;
	unsigned int changes;

	srandom(seed);
	for (changes = random() % 12 + 1; changes && n; changes--)
		n = change(lines, n, random() % n, random());
	for (i = 0; i < n; i++) {
		if (length + lines[i].length + 1 > sizeof(out) ||
		    length + lines[i].length + 1 > max_size)
			break;
		memcpy(out + length, lines[i].text, lines[i].length);
		length += lines[i].length;
		if (lines[i].joined != 1)
			out[length++] = lines[i].joined ? '\0' : '\n';
	}
	memcpy(data, out, length);
	return length;
}
