// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "klog/klog_internal.h"
#include "klog/names.h"
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

/* Of what kind is the line @text, that mentions a function and is of no dump? */
static enum vmw_unparsed_kind kind_of_mention(const char *text)
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

/* Does @text mention one where that says nothing of a dump: in an option, or a probe? */
static bool is_harmless(const char *text)
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

/* The head of a dump, behind a line to which it was joined, or a front that is not known. */
static bool has_head(const char *text)
{
	return strstr(text, "Unable to handle kernel") || strstr(text, "WARNING: CPU:") ||
	       strstr(text, "WARNING: arch/") || strstr(text, "WARNING: [");
}

void vmw_unparsed_line(struct vmw_unparsed *unparsed, const struct vmw_stripped *line,
		       u64 number, enum vmw_klog_taken taken, bool refused)
{
	const char *text = line->text;
	enum vmw_arch arch = taken == VMW_KLOG_DUMP ? VMW_ARCH_NONE : vmw_arch_of(text);

	if (arch)
		vmw_unparsed_note_arch(unparsed, arch, number);
	if (taken == VMW_KLOG_BROKEN)
		vmw_unparsed_note(unparsed, VMW_UNPARSED_BROKEN, number);
	/* A line that was taken is a head itself, or none. */
	if (*text && has_head(text + (taken != VMW_KLOG_IGNORED)))
		vmw_unparsed_note(unparsed, VMW_UNPARSED_DUMP, number);
	if (!strncmp(text, "vmemmapwatch: ", 14) && strstr(text, " bytes from VMEMMAP_"))
		vmw_unparsed_note(unparsed, VMW_UNPARSED_OWN, number);
	if (!refused && vmw_is_refusal(text))
		vmw_unparsed_note(unparsed, VMW_UNPARSED_REFUSAL, number);
	if (taken != VMW_KLOG_IGNORED)
		return;
	if ((line->stamped ? vmw_mentions(text, VMW_MENTION_NAME) : vmw_refers_to(text)) &&
	    !is_harmless(text))
		vmw_unparsed_note(unparsed, kind_of_mention(text), number);
}

void vmw_unparsed_foreign(struct vmw_unparsed *unparsed, const char *text, u64 number)
{
	if ((vmw_mentions(text, VMW_MENTION_HEAD) || vmw_refers_to(text)) && !is_harmless(text))
		vmw_unparsed_note(unparsed, VMW_UNPARSED_MENTION, number);
}
