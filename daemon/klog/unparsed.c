// SPDX-License-Identifier: GPL-2.0-only
/* Tell-tales, wherever in a line they are: by letters that are rare themselves. */
#include <string.h>

#include "klog/strip.h"
#include "klog/unparsed.h"

#define MAX_BEFORE  1000 /* of a line that is looked at in front of a tell-tale */
#define MAX_DUMP    4096 /* bytes of other lines, that say what dump it is */
#define MAX_TALE    64	 /* a tell-tale, with a NUL behind each letter */
#define MAX_REFUSAL 512	 /* likewise */

/* The text in front of a tell-tale, without NULs. */
struct before {
	char text[MAX_BEFORE + 1];
	size_t length;
	bool wide;  /* there were NULs: UTF-16 */
	bool whole; /* from the beginning of the line on */
};

static void take_before(struct before *before, const char *buffer, const char *p)
{
	size_t length = p - buffer < MAX_BEFORE ? p - buffer : MAX_BEFORE;
	const char *line = memrchr(p - length, '\n', length);

	before->whole = line || length < MAX_BEFORE;
	before->length = 0;
	before->wide = false;
	for (line = line ? line + 1 : p - length; line < p; line++) {
		if (*line)
			before->text[before->length++] = *line;
		else
			before->wide = true;
	}
	before->text[before->length] = '\0';
}

static bool ends_with(const struct before *before, const char *name)
{
	size_t length = strlen(name);

	return before->length >= length &&
	       !memcmp(before->text + before->length - length, name, length);
}

/* A function whose WARN or oops is ours, most of all. */
static bool is_tale(const struct before *before)
{
	static const char *const functions[] = {
		"vmemmap_populate",	   "vmemmap_free",
		"__init_single_page",	   "__init_zone_device_page",
		"memmap_init_zone_device",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		if (ends_with(before, functions[i]))
			return true;
	}
	return false;
}

/* The kernel's text in it, where the front is known. */
static const char *known(struct before *before)
{
	struct vmw_stripped s;

	if (before->wide || !before->whole)
		return "";
	vmw_strip(before->text, &s);
	return s.text;
}

/* "+0x", in UTF-16 of either order too. */
static bool is_offset(const char *p, const char *end)
{
	if (end - p < 3)
		return false;
	if (p[1])
		return p[1] == '0' && p[2] == 'x';
	return end - p >= 5 && p[2] == '0' && !p[3] && p[4] == 'x';
}

/* What prints registers of a kernel that is well: its task only takes long. */
static bool is_lockup(const char *buffer, const char *p)
{
	static const char *const words[] = { "lockup", "rcu", "stall", "NMI backtrace", "sysrq" };
	size_t length = p - buffer < MAX_DUMP ? p - buffer : MAX_DUMP, i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (memmem(p - length, length, words[i], strlen(words[i])))
			return true;
	}
	return false;
}

/* The "+" at @p is of a tell-tale: what is it about? VMW_NR_UNPARSED: nothing of ours. */
static enum vmw_unparsed_kind judge_place(const char *buffer, const char *p)
{
	struct before before;
	const char *text;

	take_before(&before, buffer, p);
	if (!is_tale(&before))
		return VMW_NR_UNPARSED;
	if (!strstr(before.text, "WARNING: ") && !strstr(before.text, "pc :"))
		return VMW_NR_UNPARSED;
	text = known(&before);
	if (!strncmp(text, "WARNING: ", 9))
		return VMW_NR_UNPARSED;
	if (strncmp(text, "pc :", 4))
		return VMW_UNPARSED_DUMP;
	return is_lockup(buffer, p) ? VMW_NR_UNPARSED : VMW_UNPARSED_HEADLESS;
}

/* The letters of UTF-16 that fit into @text, or those of UTF-8. */
static void take_behind(char *text, size_t size, const char *p, const char *end)
{
	size_t n = 0;

	for (; p < end && *p != '\n' && n + 1 < size; p++) {
		if (*p)
			text[n++] = *p;
	}
	text[n] = '\0';
}

/* Of a line of the kernel's sources there is no range. */
static bool is_refusal(const char *text)
{
	return strstr(text, "exceeds maximum addressable") &&
	       (!strncmp(text, "Hotplug memory [0x", 18) ||
		!strncmp(text, "Hotplugged memory exceeds", 25));
}

/* The same of the "H" at @p: a whole line is needed, or what there is of the last. */
static enum vmw_unparsed_kind judge_refusal(const char *buffer, const char *p, const char *end)
{
	struct before before;
	char text[256];

	take_behind(text, sizeof(text), p, end);
	if (!is_refusal(text))
		return VMW_NR_UNPARSED;
	take_before(&before, buffer, p);
	if (before.length < MAX_BEFORE)
		before.text[before.length++] = 'H';
	before.text[before.length] = '\0';
	return strcmp(known(&before), "H") ? VMW_UNPARSED_REFUSAL : VMW_NR_UNPARSED;
}

static void note(struct vmw_unparsed *unparsed, enum vmw_unparsed_kind what, const char *buffer,
		 const char *p, u64 lines)
{
	if (what == VMW_NR_UNPARSED || unparsed->line[what])
		return;
	for (lines++; (buffer = memchr(buffer, '\n', p - buffer)); buffer++)
		lines++;
	unparsed->line[what] = lines;
}

static void look_for_places(struct vmw_unparsed *unparsed, const char *buffer, const char *from,
			    const char *end, u64 lines)
{
	const char *p;

	for (p = from; (p = memchr(p, '+', end - p)); p++) {
		if (is_offset(p, end))
			note(unparsed, judge_place(buffer, p), buffer, p, lines);
	}
}

static void look_for_refusals(struct vmw_unparsed *unparsed, const char *buffer,
			      const char *from, const char *end, u64 lines)
{
	const char *p;

	for (p = from; (p = memchr(p, 'H', end - p)); p++) {
		if (end - p > 2 && (p[1] == 'o' || (!p[1] && p[2] == 'o')))
			note(unparsed, judge_refusal(buffer, p, end), buffer, p, lines);
	}
}

/* @n bytes that were looked at, and may go on. */
static const char *before_end(const char *buffer, size_t from, size_t n)
{
	return buffer + (from > n ? from - n : 0);
}

void vmw_unparsed_look(struct vmw_unparsed *unparsed, const char *buffer, size_t from,
		       size_t length, u64 lines)
{
	const char *end = buffer + length;

	/* One is enough to tell. */
	if (!unparsed->line[VMW_UNPARSED_DUMP])
		look_for_places(unparsed, buffer, before_end(buffer, from, MAX_TALE), end, lines);
	if (!unparsed->line[VMW_UNPARSED_REFUSAL])
		look_for_refusals(unparsed, buffer, before_end(buffer, from, MAX_REFUSAL), end,
				  lines);
}

void vmw_unparsed_begin(struct vmw_unparsed *unparsed, const char *buffer, size_t length)
{
	static const struct {
		enum vmw_unparsed_kind what;
		char magic[8];
		size_t length;
	} forms[] = {
		{ VMW_UNPARSED_UTF16, "\xff\xfe", 2 },
		{ VMW_UNPARSED_UTF16, "\xfe\xff", 2 },
		{ VMW_UNPARSED_PACKED, "\x1f\x8b\x08", 3 }, /* gzip */
		{ VMW_UNPARSED_PACKED,
		  "\xfd"
		  "7zXZ",
		  6 }, /* with its NUL */
		{ VMW_UNPARSED_PACKED, "BZh", 3 },
		{ VMW_UNPARSED_PACKED, "\x28\xb5\x2f\xfd", 4 }, /* zstd */
		{ VMW_UNPARSED_PACKED, "PK\x03\x04", 4 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (length >= forms[i].length && !memcmp(buffer, forms[i].magic, forms[i].length))
			unparsed->line[forms[i].what] = 1;
	}
}
