// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel would do, in words, and which ways there are. */
#include <stdio.h>
#include <stdlib.h>

#include "output/describe_preflight.h"
#include "report/report.h"

enum vmw_exit vmw_preflight_code(const struct vmw_preflight *p)
{
	enum vmw_exit code = p->nr ? VMW_EXIT_CLEAN : VMW_EXIT_UNTESTED;
	size_t i;

	for (i = 0; i < p->nr; i++) {
		const struct vmw_foreseen *f = &p->foreseen[i];

		if (vmw_expected_is_bad(&f->expected))
			return VMW_EXIT_OFFENDER;
		/* All of its memory may need more than what was looked at. */
		if (f->planned->lower_bound && f->expected.kind == VMW_EXPECT_ACCEPTED)
			code = VMW_EXIT_LOST;
	}
	return code;
}

static int compare(const void *a, const void *b)
{
	const struct vmw_way *x = a, *y = b;

	return x->seeds < y->seeds ? 1 : -(x->seeds > y->seeds);
}

size_t vmw_shares_ways(const struct vmw_shares *shares, struct vmw_way ways[VMW_MAX_WAYS])
{
	u32 expected, verdict, seeds;
	size_t n = 0;

	for (expected = 0; expected < VMW_NR_EXPECTED; expected++) {
		for (verdict = 0; verdict <= VMW_NR_VERDICTS; verdict++) {
			seeds = verdict < VMW_NR_VERDICTS ? shares->seeds[expected][verdict] :
							    shares->nowhere[expected];
			if (seeds)
				ways[n++] = (struct vmw_way){ expected, verdict, seeds };
		}
	}
	qsort(ways, n, sizeof(*ways), compare);
	return n;
}

static void say_refusal(const struct vmw_preflight *p, const struct vmw_expected *expected,
			char *text, size_t size)
{
	switch (expected->refusal) {
	case VMW_REFUSAL_NO_ZONE_DEVICE:
		snprintf(text, size,
			 "refuses it (ENXIO), with a WARN in the driver's own code: it has no CONFIG_ZONE_DEVICE, and so no memremap_pages()");
		return;
	case VMW_REFUSAL_NO_PRIVATE:
		snprintf(text, size,
			 "refuses it (EINVAL): it has no device-private memory; its WARN \"Device private memory not supported\" is no vmemmap matter");
		return;
	case VMW_REFUSAL_NO_ROOM:
		snprintf(text, size,
			 "refuses it (ERANGE): nothing that large is free up to 0x%llx",
			 p->kernel.phys_end);
		return;
	case VMW_REFUSAL_LIMIT:
		snprintf(text, size,
			 "refuses it (%s): memory of type %s exceeds the addressable range 0x%llx-0x%llx",
			 vmw_layout_is_before(p->layout, 5, 12) ? "E2BIG or EINVAL" : "EINVAL",
			 vmw_device_memory_names[p->type], expected->limit_first,
			 expected->limit_last);
		return;
	case VMW_REFUSAL_RAM:
		snprintf(text, size,
			 "refuses it (ENXIO), with a WARN once a boot: System RAM lies there");
		return;
	case VMW_REFUSAL_MISALIGNED:
		snprintf(text, size,
			 "refuses it (EINVAL), with a WARN: its start or end is no multiple of 2 MiB");
		return;
	case VMW_REFUSAL_NONE:
	case VMW_NR_REFUSALS:
		break;
	}
	snprintf(text, size, "refuses it");
}

static void say_panic(const struct vmw_preflight *p, const struct vmw_expected *expected,
		      char *text, size_t size)
{
	switch (expected->panic) {
	case VMW_PANIC_ON_WARN:
		snprintf(text, size, "panics at the first WARN: kernel.panic_on_warn is %d",
			 p->kernel.panic_on_warn);
		return;
	case VMW_PANIC_WARN_LIMIT:
		snprintf(text, size,
			 "WARNs, and panics of too many: kernel.warn_limit is %ld, %llu were before, and this makes %llu more",
			 p->kernel.warn_limit, expected->warned, expected->warns);
		return;
	case VMW_PANIC_ON_OOPS:
		snprintf(text, size,
			 "WARNs %llu times, oopses, and panics: kernel.panic_on_oops is %d",
			 expected->warns, p->kernel.panic_on_oops);
		return;
	case VMW_PANIC_NONE:
	case VMW_NR_PANICS:
		break;
	}
	snprintf(text, size, "panics");
}

static void say_collision(const struct vmw_expected *expected, char *text, size_t size)
{
	char names[VMW_REGIONS_LEN];

	vmw_format_regions(expected->collides, names, sizeof(names));
	snprintf(text, size, "undefined: collides with %s (%llu WARNs)%s", names,
		 expected->warns, expected->oops ? ", then oopses" : "");
}

void vmw_expected_words(const struct vmw_preflight *p, const struct vmw_expected *expected,
			char *text, size_t size)
{
	switch (expected->kind) {
	case VMW_EXPECT_ACCEPTED:
		snprintf(text, size, "takes it: all of its struct pages lie in vmemmap");
		return;
	case VMW_EXPECT_WARN:
		snprintf(text, size,
			 "WARNs %llu times, and goes on: nothing else is mapped where its struct pages lie",
			 expected->warns);
		return;
	case VMW_EXPECT_OOPS:
		snprintf(text, size,
			 "WARNs %llu times, then oopses at the first struct page that cannot be written",
			 expected->warns);
		return;
	case VMW_EXPECT_UNDEFINED:
		say_collision(expected, text, size);
		return;
	case VMW_EXPECT_PANIC:
		say_panic(p, expected, text, size);
		return;
	case VMW_EXPECT_REFUSED:
		say_refusal(p, expected, text, size);
		return;
	case VMW_NR_EXPECTED:
		break;
	}
	*text = '\0';
}
