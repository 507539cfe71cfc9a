// SPDX-License-Identifier: GPL-2.0-only
/* The first lines about a decoded log: what was found, who, and what to do. */
#include <stdio.h>
#include <string.h>

#include "output/decoded.h"
#include "output/describe.h"

#define LINE 400

u64 vmw_decoded_dumps(const struct vmw_decoded *decoded)
{
	u64 n = decoded->dumps + decoded->other_warns + decoded->other_oopses;
	size_t i, j;

	for (i = 0; i < decoded->nr_boots; i++) {
		n += decoded->boots[i]->nr_strays;
		for (j = 0; j < decoded->boots[i]->nr_others; j++)
			n += decoded->boots[i]->others[j].count;
	}
	return n;
}

/* "1.9 TiB above VMEMMAP_END": where the struct pages are. */
static void format_where(const struct vmw_range *range, char *text, size_t size)
{
	static const char *const words[VMW_NR_VERDICTS] = {
		[VMW_IN_BOUNDS] = "in vmemmap",
		[VMW_BELOW] = "below VMEMMAP_START",
		[VMW_ABOVE] = "above VMEMMAP_END",
		[VMW_USER] = "past VMEMMAP_END (user addresses)",
		[VMW_NON_CANONICAL] = "past VMEMMAP_END (unmappable)",
		[VMW_STRADDLES] = "partly outside of vmemmap",
	};
	char distance[16] = "";

	if (range->verdict != VMW_STRADDLES && range->verdict != VMW_IN_BOUNDS)
		vmw_format_size(range->distance, distance, sizeof(distance));
	snprintf(text, size, "%s%s%s", *distance && range->distance ? distance : "",
		 *distance && range->distance ? " " : "", words[range->verdict]);
}

static const char *driver_of(const char *driver)
{
	return *driver && strcmp(driver, "unknown") ? driver : "unknown driver";
}

/* The first of each kind, and how many there are. */
struct findings {
	const struct vmw_decoded_boot *boot;
	const struct vmw_decoded_offender *offender;
	const struct vmw_decoded_unjudged *unjudged;
	const struct vmw_decoded_stray *stray;
	const struct vmw_decoded_address *address;
	size_t nr, refusals;
};

static void find(struct findings *f, const struct vmw_decoded *decoded)
{
	size_t i, j;

	memset(f, 0, sizeof(*f));
	for (i = 0; i < decoded->nr_boots; i++) {
		const struct vmw_decoded_boot *boot = decoded->boots[i];

		f->refusals += boot->nr_refusals;
		f->nr += vmw_decoded_findings(boot);
		if (f->boot || !vmw_decoded_findings(boot))
			continue;
		f->boot = boot;
		f->offender = boot->nr_offenders ? &boot->offenders[0] : NULL;
		f->unjudged = boot->nr_unjudged ? &boot->unjudged[0] : NULL;
		f->stray = boot->nr_strays ? &boot->strays[0] : NULL;
		for (j = 0; j < boot->nr_addresses && !f->address; j++) {
			if (boot->addresses[j].range.verdict != VMW_IN_BOUNDS)
				f->address = &boot->addresses[j];
		}
	}
}

static void say_what(const struct findings *f, char *text, size_t size)
{
	const struct vmw_decoded_offender *o = f->offender;
	char place[80], bytes[16];

	if (o) {
		format_where(&o->range, place, sizeof(place));
		vmw_format_size(o->range.nr_pages << f->boot->bounds.page_shift, bytes,
				sizeof(bytes));
		snprintf(text, size, "%s: struct pages of %s%s are %s", driver_of(o->driver),
			 o->at_least ? "at least " : "", bytes, place);
	} else if (f->unjudged) {
		snprintf(text, size, "%s: %s in %s, line %llu, without a verdict",
			 driver_of(f->unjudged->driver),
			 f->unjudged->kind == VMW_KLOG_WARN ? "WARN" : "oops",
			 f->unjudged->place, f->unjudged->first_line);
	} else if (f->stray) {
		format_where(&f->stray->range, place, sizeof(place));
		snprintf(text, size, "oops on a stray struct page, %s (line %llu)", place,
			 f->stray->line);
	} else if (f->address) {
		format_where(&f->address->range, place, sizeof(place));
		snprintf(text, size, "line %llu: struct page 0x%llx is %s", f->address->line,
			 f->address->address, place);
	}
}

static void say_who(const struct vmw_decoded *decoded, const struct findings *f, char *text,
		    size_t size)
{
	const struct vmw_decoded_boot *boot = f->boot;
	const char *kernel = *boot->layout.kernel ? boot->layout.kernel : "(release not stated)";
	char task[60] = "";

	if (f->offender && *f->offender->comm)
		snprintf(task, sizeof(task), "Task %.*s[%u]. ", VMW_COMM_LEN, f->offender->comm,
			 f->offender->pid);
	if (f->stray && !f->offender && !f->unjudged)
		snprintf(text, size, "In %s, task %.*s[%u], Linux %s", f->stray->place,
			 VMW_COMM_LEN, f->stray->comm, f->stray->pid, kernel);
	else if (f->address && !f->offender && !f->unjudged)
		snprintf(text, size,
			 decoded->from ? "By the layout of --from; the text has no dump" :
					 "By the layout that the text states; it has no dump");
	else if (boot->kernel.fix == VMW_FIX_MISSING)
		snprintf(text, size, "%sLinux %s lacks the fix (eeb8fdfcf090, in 6.12)", task,
			 kernel);
	else
		snprintf(text, size, "%sLinux %s. Whether it has the fix (6.12) is unknown",
			 task, kernel);
}

static void say_next(const struct vmw_decoded *decoded, const struct findings *f, char *text,
		     size_t size)
{
	if (f->boot->contradicts && decoded->from)
		snprintf(text, size,
			 "Next: give --from a FILE of that boot, or none; this is by the log alone");
	else if (f->boot->contradicts)
		snprintf(text, size,
			 "Next: find out which layout is right, see \"!\" below; do not trust the verdict");
	else if (f->offender)
		snprintf(text, size, "Next: use a kernel with the fix; until then, %s",
			 vmw_advice(f->offender->driver));
	else if (f->unjudged)
		snprintf(text, size, "Next: get the whole log, or its kernel's layout by --from");
	else if (f->stray)
		snprintf(text, size,
			 "Next: report it for that function; a driver is not to blame");
	else
		snprintf(text, size, "Next: find out which driver asked for it");
}

static void say_findings(struct vmw_writer *w, const struct vmw_decoded *decoded,
			 const struct findings *f)
{
	char text[LINE], lines[40], dumps[40], findings[40];
	struct vmw_unread unread;

	say_what(f, text, sizeof(text));
	vmw_headline(w, VMW_TONE_BAD, "%s", text);
	say_who(decoded, f, text, sizeof(text));
	vmw_headline(w, VMW_TONE_BAD, "%s", text);
	say_next(decoded, f, text, sizeof(text));
	vmw_headline(w, VMW_TONE_BAD, "%s", text);
	vmw_paragraph(w, "%s: %s, %s, %s", decoded->name,
		      vmw_format_count(decoded->lines, "line", lines, sizeof(lines)),
		      vmw_format_count(vmw_decoded_dumps(decoded), "dump", dumps, sizeof(dumps)),
		      vmw_format_count(f->nr, "finding", findings, sizeof(findings)));
	if (vmw_decoded_unread(decoded, &unread))
		vmw_paragraph(w, "! line %llu%s %s", unread.line, unread.whole ? ":" : "",
			      unread.what);
}

/* What there is to say where nothing was found. */
static void say_nothing(struct vmw_writer *w, const struct vmw_decoded *decoded,
			const struct findings *f)
{
	char dumps[40], lines[40], warns[40], oopses[40];
	u64 nr_dumps = vmw_decoded_dumps(decoded);
	struct vmw_unread unread;

	if (vmw_decoded_unread(decoded, &unread)) {
		vmw_headline(w, VMW_TONE_NONE, "Not judged, and no all-clear: %s", decoded->name);
		vmw_headline(w, VMW_TONE_NONE, "Line %llu%s %s", unread.line,
			     unread.whole ? ":" : "", unread.what);
		vmw_headline(w, VMW_TONE_NONE, "Next: %s", unread.next);
		return;
	}
	vmw_headline(w, VMW_TONE_GOOD, "%s: no out-of-bounds struct page in %s that %s read",
		     decoded->name, vmw_format_count(nr_dumps, "dump", dumps, sizeof(dumps)),
		     nr_dumps == 1 ? "was" : "were");
	vmw_headline(w, VMW_TONE_GOOD, "%s; unrelated: %s, %s%s",
		     vmw_format_count(decoded->lines, "line", lines, sizeof(lines)),
		     vmw_format_count(decoded->other_warns, "WARN", warns, sizeof(warns)),
		     vmw_format_count(decoded->other_oopses, "oops", oopses, sizeof(oopses)),
		     f->refusals ? "; the kernel refused a range, see below" : "");
}

void vmw_say_decoded(struct vmw_writer *w, const struct vmw_decoded *decoded)
{
	struct findings f;
	size_t i;

	if (!vmw_for_people(w))
		return;
	find(&f, decoded);
	if (f.nr)
		say_findings(w, decoded, &f);
	else
		say_nothing(w, decoded, &f);
	for (i = 0; !f.nr && i < decoded->nr_boots; i++) {
		if (decoded->boots[i]->contradicts)
			vmw_paragraph(w, "! %s", decoded->boots[i]->note);
	}
	if (decoded->newest_first)
		vmw_paragraph(w, "The newest line is the first: the log was read from its end");
	if (decoded->boots_dropped)
		vmw_paragraph(w, "! %llu more boots have findings that are not listed",
			      decoded->boots_dropped);
	vmw_paragraph(w, "%s", "");
}
