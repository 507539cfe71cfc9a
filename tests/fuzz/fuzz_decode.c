// SPDX-License-Identifier: GPL-2.0-only
/* Saved logs and pasted mails, through --decode up to text and document. */
#include "fuzz.h"

#include "klog/decode.h"
#include "output/decoded.h"

/* What is told is out of bounds by the bounds that are told, and inside of the log. */
static void check_boot(const struct vmw_decoded *decoded, const struct vmw_decoded_boot *boot)
{
	size_t i;

	promise(boot->first_line <= boot->last_line && boot->last_line <= decoded->lines);
	promise(boot->has_bounds || !boot->nr_offenders);
	for (i = 0; i < boot->nr_offenders; i++) {
		const struct vmw_decoded_offender *o = &boot->offenders[i];

		promise(o->range.nr_pages && o->first_line <= o->last_line);
		promise(o->last_line <= decoded->lines && (o->warns || o->oopses));
		promise(o->range.verdict != VMW_IN_BOUNDS && o->range.verdict < VMW_NR_VERDICTS);
		promise(!o->has_phys ||
			vmw_page_of(&boot->bounds, o->range.pfn) == o->range.pages_start);
		promise(memchr(o->driver, 0, sizeof(o->driver)) != NULL);
		promise(memchr(o->place, 0, sizeof(o->place)) != NULL);
		promise(memchr(o->fault_place, 0, sizeof(o->fault_place)) != NULL);
	}
	for (i = 0; i < boot->nr_unjudged; i++)
		promise(*boot->unjudged[i].why && boot->unjudged[i].count);
	for (i = 0; i < boot->nr_refusals; i++)
		promise(boot->refusals[i].first <= boot->refusals[i].last);
	for (i = 0; i < boot->nr_others; i++)
		promise(*boot->others[i].why && boot->others[i].count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vmw_decoder *decoder = vmw_decoder_new(NULL);
	struct vmw_decoded *decoded;
	const char *path = fuzz_file(data, size);
	FILE *file = fopen(path, "re"), *null = fopen("/dev/null", "we");
	size_t i;

	promise(decoder && file && null);
	promise(!vmw_decoder_read(decoder, fileno(file)));
	decoded = vmw_decoder_end(decoder);
	promise(decoded != NULL);
	decoded->name = "fuzz";
	for (i = 0; i < VMW_NR_UNPARSED; i++)
		promise(decoded->unparsed.line[i] <= (decoded->lines ? decoded->lines : 1));
	for (i = 0; i < decoded->nr_boots; i++)
		check_boot(decoded, decoded->boots[i]);
	promise(!vmw_export_decoded_text(decoded, null));
	promise(!vmw_export_decoded_json(decoded, null));
	vmw_decoder_free(decoder);
	fclose(file);
	fclose(null);
	return 0;
}
