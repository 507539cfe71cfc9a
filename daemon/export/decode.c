// SPDX-License-Identifier: GPL-2.0-only
/* What text and document of a decoded log share. */
#include "decode.h"

enum vmw_exit vmw_decoded_code(const struct vmw_decoded *decoded)
{
	size_t i;

	if (vmw_decoded_is_ours(decoded) || decoded->boots_dropped)
		return VMW_EXIT_OFFENDER;
	for (i = 0; i < decoded->nr_boots; i++) {
		if (decoded->boots[i]->contradicts)
			return VMW_EXIT_BOUNDS;
	}
	return VMW_EXIT_CLEAN;
}

struct vmw_report vmw_decoded_report(const struct vmw_decoded_boot *boot)
{
	return (struct vmw_report){
		.layout = &boot->layout, .bounds = &boot->bounds, .cure = &boot->kernel,
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
	return vmw_why_pages(&boot->kernel, *ret_verdict, out, max);
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
