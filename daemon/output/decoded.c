// SPDX-License-Identifier: GPL-2.0-only
/* What text and document of a decoded log share. */
#include "output/decoded.h"

/* What in the log would have told of it all the same. */
struct understood {
	bool ours;
	bool refusals;
	bool any; /* WARNs and oopses of any function */
};

static struct understood what_is_understood(const struct vmw_decoded *decoded)
{
	struct understood u = {
		.ours = decoded->boots_dropped,
		.any = decoded->other_warns || decoded->other_oopses,
	};
	size_t i;

	for (i = 0; i < decoded->nr_boots; i++) {
		const struct vmw_decoded_boot *boot = decoded->boots[i];

		u.ours |= boot->warns || boot->oopses;
		u.refusals |= boot->nr_refusals > 0;
		u.any |= boot->nr_others > 0;
	}
	u.refusals |= u.ours;
	u.any |= u.ours;
	return u;
}

#define SAVE "save the log with dmesg, or journalctl -k -o short-monotonic"

static const char *const unread[VMW_NR_UNPARSED] = {
	[VMW_UNPARSED_DUMP] =
		"has a WARN or an oops on struct pages, in a form that is not known: " SAVE,
	[VMW_UNPARSED_REFUSAL] =
		"has a range that the kernel refused, in a form that is not known: " SAVE,
	[VMW_UNPARSED_HEADLESS] =
		"has the pc of an oops on struct pages, whose first line (\"Unable to handle\") is not there: " SAVE,
	[VMW_UNPARSED_BASE64] =
		"declares a part of the mail that is in base64, which is not read: save that part, or " SAVE,
	[VMW_UNPARSED_UTF16] = "is in UTF-16, which is not read: " SAVE,
	[VMW_UNPARSED_PACKED] = "is of a compressed file, which is not read: unpack it",
};

const char *vmw_decoded_unread(const struct vmw_decoded *decoded, u64 *ret_line)
{
	struct understood u = what_is_understood(decoded);
	int i;

	for (i = 0; i < VMW_NR_UNPARSED; i++) {
		bool told = i == VMW_UNPARSED_HEADLESS ? u.any :
			    i == VMW_UNPARSED_REFUSAL  ? u.refusals :
							 u.ours;

		if (!decoded->unparsed.line[i] || told)
			continue;
		*ret_line = decoded->unparsed.line[i];
		return unread[i];
	}
	return NULL;
}

enum vmw_exit vmw_decoded_code(const struct vmw_decoded *decoded)
{
	size_t i;
	u64 line;

	if (vmw_decoded_is_ours(decoded) || decoded->boots_dropped)
		return VMW_EXIT_OFFENDER;
	for (i = 0; i < decoded->nr_boots; i++) {
		if (decoded->boots[i]->contradicts)
			return VMW_EXIT_BOUNDS;
	}
	return vmw_decoded_unread(decoded, &line) ? VMW_EXIT_LOST : VMW_EXIT_CLEAN;
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
	struct vmw_report report = vmw_decoded_report(boot);
	size_t i;

	if (!*verdicts)
		return 0;
	*ret_verdict = __builtin_ctz(*verdicts);
	*verdicts &= *verdicts - 1;
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
