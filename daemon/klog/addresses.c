// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mails that state a layout, as a table, and an address that somebody asks about: there
 * is no dump in them, and yet they say all that a verdict needs.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "klog/klog_internal.h"

/* "0xffff_ffff_aee0_0000", sixteen digits; behind it in *@at, 0 where there is none. */
static u64 take_address(const char **at)
{
	char digits[20];
	size_t n = 0;
	const char *p = strstr(*at, "0x");

	if (!p) {
		*at += strlen(*at);
		return 0;
	}
	for (p += 2; n < sizeof(digits) - 1 && (isxdigit((unsigned char)*p) || *p == '_'); p++) {
		if (*p != '_')
			digits[n++] = *p;
	}
	digits[n] = '\0';
	*at = p;
	return n == 16 ? strtoull(digits, NULL, 16) : 0;
}

/* Is it about pages? PAGE_OFFSET and its like are not. */
static bool is_about_pages(const char *text)
{
	const char *at = text;

	for (; (at = strcasestr(at, "page")); at++) {
		char behind = at[4] == 's' || at[4] == 'S' ? at[5] : at[4];

		if (behind != '_' && !isalnum((unsigned char)behind) &&
		    (at == text || at[-1] != '_'))
			return true;
	}
	return false;
}

/* "NAME: 0x...": a line of a table has one word in front of its value, or is in capitals. */
static bool is_table(const char *text)
{
	size_t length = strcspn(text, ":=");
	size_t word = strcspn(text, " \t:=");
	size_t i;

	if (!text[length])
		return false;
	for (i = 0; i < word; i++) {
		if (islower((unsigned char)text[i]) && is_about_pages(text))
			break;
	}
	return (word == length || word + strspn(text + word, " \t") == length) && i == word;
}

void vmw_addresses_line(struct vmw_addresses *a, const char *text, u64 number)
{
	bool pages = is_about_pages(text) && !is_table(text);
	u64 address;

	/* Our own lines are read elsewhere. */
	if (!strncmp(text, "vmemmapwatch: ", 14))
		return;

	if (!strstr(text, "0x")) {
		/* The sentence may go on in the next line. */
		a->pages = pages;
		return;
	}
	if (!is_table(text) && (pages || a->pages)) {
		while (*text && a->nr < VMW_MAX_ADDRESSES) {
			address = take_address(&text);
			if (!address)
				continue;
			a->at[a->nr].address = address;
			a->at[a->nr++].line = number;
		}
	}
	a->pages = false;
}

static void judge(struct vmw_boot *boot, u64 address, u64 line)
{
	struct vmw_decoded_boot *told = boot->told;
	const struct vmw_bounds *b = &told->bounds;
	u64 pfn = vmw_pfn_of(b, address), page = vmw_page_of(b, pfn);
	struct vmw_judgement j;
	struct vmw_decoded_address *a = &told->addresses[told->nr_addresses++];

	if (page != address)
		page = address - (address - b->nominal_start) % b->page_struct_size;
	j = vmw_judge_pages(b, page, b->page_struct_size);
	a->address = address;
	a->line = line;
	a->range = vmw_judged_range(0, 1, &j);
	if (!told->has_vmemmap || pfn >> (52 - b->page_shift))
		return;
	a->has_phys = true;
	a->range.pfn = pfn;
}

void vmw_boot_addresses(struct vmw_boot *boot)
{
	struct vmw_decoded_boot *told = boot->told;
	size_t i, j;

	if (!told->has_bounds)
		return;
	for (i = 0; i < boot->addresses.nr; i++) {
		u64 address = boot->addresses.at[i].address;

		for (j = 0; j < i && boot->addresses.at[j].address != address; j++)
			;
		if (j == i)
			judge(boot, address, boot->addresses.at[i].line);
	}
}
