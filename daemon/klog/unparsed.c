// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "klog/unparsed.h"

void vmw_unparsed_note(struct vmw_unparsed *unparsed, enum vmw_unparsed_kind kind, u64 line)
{
	if (!unparsed->line[kind])
		unparsed->line[kind] = line;
}

void vmw_unparsed_note_arch(struct vmw_unparsed *unparsed, enum vmw_arch arch, u64 line)
{
	vmw_unparsed_note(unparsed, VMW_UNPARSED_ARCH, line);
	/* A name says more than that it is some other one. */
	if (!unparsed->arch || unparsed->arch == VMW_ARCH_OTHER)
		unparsed->arch = arch;
}

enum vmw_unparsed_kind vmw_unparsed_first(const struct vmw_unparsed *unparsed, u64 *ret_line)
{
	int kind;

	for (kind = 0; kind < VMW_NR_UNPARSED; kind++) {
		if (unparsed->line[kind]) {
			*ret_line = unparsed->line[kind];
			break;
		}
	}
	return kind;
}

enum vmw_unparsed_kind vmw_unparsed_mention(const char *text)
{
	const char *word = text + strspn(text, " \t");

	if (!strncmp(word, "pc :", 4) || !strncmp(word, "lr :", 4))
		return VMW_UNPARSED_HEADLESS;
	if (strstr(text, "WARNING: ") || strstr(text, "pc :"))
		return VMW_UNPARSED_DUMP;
	/* A frame has nothing in front of the function. */
	word += strcspn(word, " ");
	if (memchr(text, '+', word - text))
		return VMW_UNPARSED_HEADLESS;
	return VMW_UNPARSED_MENTION;
}

/* "memremap_pages+0x0/0x5f4", a line of a list: a stack in a document. */
static bool is_element(const char *text)
{
	size_t length = strcspn(text, "+ ");

	return *text == '"' && text[length] == '+' && strchr(text + length, '"');
}

bool vmw_is_harmless(const char *text)
{
	return strstr(text, "Could not probe notrace function") ||
	       strstr(text, "trace_kprobe: ") || !strncmp(text, "Kernel command line:", 20) ||
	       !strncmp(text, "vmemmapwatch: ", 14) || strstr(text, "\"symbol\":") ||
	       is_element(text) || vmw_is_own_document(text);
}

bool vmw_is_own_document(const char *line)
{
	line += strspn(line, " \t");
	return !strncmp(line, "{\"schema\":\"vmemmapwatch.", 24);
}
