// SPDX-License-Identifier: GPL-2.0-only
/* What text and document of a decoded log share. */
#include <stdio.h>

#include "output/decoded.h"

#define SAVE "save the log with dmesg, or journalctl -k -o short-monotonic"

/* What it is, and what to do about it. */
static const struct {
	const char *what, *next;
} unread[VMW_NR_UNPARSED] = {
	[VMW_UNPARSED_CUT] = { "has a WARN or an oops whose end is not in the log",
			       "get the whole log: " SAVE },
	[VMW_UNPARSED_NAMELESS] = { "has an oops that does not say in which function it is",
				    "get the whole log: " SAVE },
	[VMW_UNPARSED_INCOMPLETE] = { "has an oops in a function that works with struct pages, and not all of its registers",
				      "get the whole log: " SAVE },
	[VMW_UNPARSED_DUMP] = { "has a WARN or an oops on struct pages, in a form that is not known",
				SAVE },
	[VMW_UNPARSED_BROKEN] = { "has a WARN that does not say in which function it is",
				  "get the whole log: " SAVE },
	[VMW_UNPARSED_REFUSAL] = { "has a range that the kernel refused, in a form that is not known",
				   SAVE },
	[VMW_UNPARSED_HEADLESS] = { "has a part of a WARN or an oops on struct pages, whose first line is not there",
				    "get the whole log: " SAVE },
	[VMW_UNPARSED_MENTION] = { "names a function that works with struct pages, in a form that is not known",
				   SAVE },
	[VMW_UNPARSED_OWN] = { "is a finding of vmemmapwatch itself, whose dump is not in the log",
			       "read that line, or the report that was made then" },
	[VMW_UNPARSED_REVERSED] = { "and more have the newest line first, too many to be read so",
				    "save it with journalctl -k without -r, or reverse it with tac" },
	[VMW_UNPARSED_BASE64] = { "declares a part of the mail that is in base64, which is not read",
				  "save that part, or " SAVE },
	[VMW_UNPARSED_TABLE] = { "and others state a layout, but there is no dump and no struct page to judge",
				 "vmemmapwatch --explain ADDRESS --from FILE judges an address by it" },
	[VMW_UNPARSED_EMPTY] = { "is not of a kernel log, nor is any other line",
				 "run dmesg as root, or journalctl -k, and give its output" },
};

static const char *const arch_words[VMW_NR_ARCHES] = {
	[VMW_ARCH_NONE] = "another",
	[VMW_ARCH_X86] = "an x86",
	[VMW_ARCH_RISCV] = "a RISC-V",
	[VMW_ARCH_LOONGARCH] = "a LoongArch",
	[VMW_ARCH_POWERPC] = "a powerpc",
	[VMW_ARCH_S390] = "an s390",
	[VMW_ARCH_MIPS] = "a MIPS",
	[VMW_ARCH_ARM] = "a 32-bit ARM",
	[VMW_ARCH_OTHER] = "another architecture's",
};

bool vmw_decoded_unread(const struct vmw_decoded *decoded, struct vmw_unread *ret)
{
	const struct vmw_unparsed *unparsed = &decoded->unparsed;
	enum vmw_unparsed_kind kind = vmw_unparsed_first(unparsed, &ret->line);

	if (kind == VMW_NR_UNPARSED)
		return false;
	ret->whole = kind == VMW_UNPARSED_ARCH;
	snprintf(ret->next, sizeof(ret->next), "%s", unread[kind].next ? unread[kind].next : "");
	snprintf(ret->what, sizeof(ret->what), "%s", unread[kind].what ? unread[kind].what : "");
	if (kind == VMW_UNPARSED_ARCH) {
		snprintf(ret->what, sizeof(ret->what), "this is %s log: not judged",
			 arch_words[unparsed->arch]);
		snprintf(ret->next, sizeof(ret->next),
			 "ask elsewhere: vmemmapwatch knows the layout of arm64 only");
	} else if (kind == VMW_UNPARSED_PACKED) {
		snprintf(ret->what, sizeof(ret->what), "is the last that was unpacked: %s",
			 unparsed->packed);
		snprintf(ret->next, sizeof(ret->next),
			 "unpack the file, and give what comes out");
	} else if (kind == VMW_UNPARSED_EMPTY && !decoded->bytes) {
		snprintf(ret->what, sizeof(ret->what), "is missing: the file is empty");
	}
	return true;
}

struct vmw_report vmw_decoded_report(const struct vmw_decoded_boot *boot)
{
	return (struct vmw_report){
		.layout = &boot->layout,
		.bounds = &boot->bounds,
		.facts = &boot->kernel,
		.kernel = boot->layout.kernel,
	};
}

u32 vmw_decoded_verdicts(const struct vmw_decoded_boot *boot)
{
	u32 verdicts = 0;
	size_t i;

	for (i = 0; i < boot->nr_offenders; i++)
		verdicts |= 1U << boot->offenders[i].range.verdict;
	return verdicts;
}

int vmw_decoded_why(const struct vmw_decoded_boot *boot, u32 *verdicts, u32 *ret_verdict,
		    struct vmw_statement *out, size_t max)
{
	const char *drivers[VMW_MAX_DECODED + 1];
	struct vmw_report report = vmw_decoded_report(boot);
	size_t i, n = 0;

	if (!*verdicts)
		return 0;
	*ret_verdict = __builtin_ctz(*verdicts);
	*verdicts &= *verdicts - 1;
	for (i = 0; i < boot->nr_offenders && n < VMW_MAX_DECODED; i++) {
		if (boot->offenders[i].range.verdict == *ret_verdict)
			drivers[n++] = boot->offenders[i].driver;
	}
	drivers[n] = NULL;
	report.log_drivers = drivers;
	for (i = 0; i < boot->nr_offenders; i++) {
		const struct vmw_decoded_offender *o = &boot->offenders[i];

		if (o->range.verdict == *ret_verdict && o->has_phys)
			return vmw_why(&report, &boot->kernel, &o->range, out, max);
	}
	return vmw_why_pages(&report, &boot->kernel, *ret_verdict, out, max);
}

int vmw_decoded_why_refused(const struct vmw_decoded_boot *boot, struct vmw_statement *out,
			    size_t max)
{
	const struct vmw_decoded_refusal *r = boot->refusals;
	struct vmw_limit limit = { .start = r->limit_first, .end = r->limit_last };

	if (!boot->nr_refusals)
		return 0;
	return vmw_why_denied(boot->has_vmemmap ? &boot->bounds : NULL, &boot->kernel, r->first,
			      r->last, r->has_limit ? &limit : NULL, out, max);
}
