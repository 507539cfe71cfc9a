// SPDX-License-Identifier: GPL-2.0-only
/* Records of /dev/kmsg: kernel/printk/printk.c, info_print_ext_header() on. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "klog/klog.h"

/* A number and the @end behind it, at *@at, which goes on behind that. */
static int take_number(char **at, char end, u64 *ret)
{
	char *behind;

	if (!isdigit((unsigned char)**at))
		return -EBADMSG;
	errno = 0;
	*ret = strtoull(*at, &behind, 10);
	if (errno || *behind != end)
		return -EBADMSG;
	*at = behind + 1;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Turn "\x0a" into what it stands for, but NUL, which would end the text. */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		int high = -1, low = -1;

		if (text[0] == '\\' && text[1] == 'x') {
			high = hex_digit(text[2]);
			low = high < 0 ? -1 : hex_digit(text[3]);
		}
		if (low < 0) {
			*to++ = *text++;
			continue;
		}
		*to = high << 4 | low;
		if (!*to)
			*to = '?';
		to++;
		text += 4;
	}
	*to = '\0';
}

/* "FLAGS,caller=T78" before the text; more fields may come. */
static void take_fields(char *fields, struct vmw_klog_line *line)
{
	char *save, *field = strtok_r(fields, ",", &save);

	for (; field; field = strtok_r(NULL, ",", &save)) {
		if (!strncmp(field, "caller=", 7))
			line->caller = field + 7;
	}
}

int vmw_klog_record(struct vmw_klog *klog, char *record, struct vmw_klog_line *ret)
{
	struct vmw_klog_line line = { 0 };
	u64 priority, time_us;
	char *text, *save;

	if (take_number(&record, ',', &priority) || take_number(&record, ',', &line.seq) ||
	    take_number(&record, ',', &time_us) || time_us > ~0ULL / 1000)
		return -EBADMSG;
	text = strchr(record, ';');
	if (!text)
		return -EBADMSG;
	*text++ = '\0';
	line.time_ns = time_us * 1000;
	take_fields(record, &line);
	*ret = (struct vmw_klog_line){ .time_ns = line.time_ns, .seq = line.seq };
	/* A facility: written by user space, which cannot write as the kernel. */
	if (priority >> 3)
		return 0;
	text[strcspn(text, "\n")] = '\0';
	unescape(text);
	for (text = strtok_r(text, "\n", &save); text; text = strtok_r(NULL, "\n", &save)) {
		line.text = text;
		vmw_klog_line(klog, &line);
	}
	return 0;
}

struct view {
	const struct vmw_bounds *bounds;
	const struct vmw_klog_event *event;
	u64 section_pfns;
	u64 max_pfn;
};

static bool has_register(const struct view *v, u64 value)
{
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		if (v->event->registers >> i & 1 && v->event->x[i] == value)
			return true;
	}
	return false;
}

/* Is @page the struct page of the first pfn of a section that is out of bounds? */
static bool is_section(const struct view *v, u64 page, u64 *ret_pfn)
{
	u64 pfn = vmw_pfn_of(v->bounds, page);
	struct vmw_judgement j;

	if (pfn > v->max_pfn || pfn % v->section_pfns || vmw_page_of(v->bounds, pfn) != page)
		return false;
	j = vmw_judge_pfns(v->bounds, pfn, v->section_pfns);
	*ret_pfn = pfn;
	return j.verdict != VMW_IN_BOUNDS && vmw_kernel_warns(v->bounds, j.start, j.end);
}

static bool is_bound(const struct view *v, u64 page)
{
	return page == v->bounds->end || page == v->bounds->nominal_start;
}

/* The end that the function was handed, in all that were seen. */
static bool is_argument(const struct view *v, u64 page)
{
	return v->event->registers >> 1 & 1 && v->event->x[1] == page;
}

/*
 * The one section whose both ends are in registers. One that shares an end with
 * the bounds themselves counts where there is no other. What is left in registers of
 * the section before makes two of it: then @by_argument there is one.
 */
static bool find_section(const struct view *v, bool with_bounds, bool by_argument, u64 *ret_pfn)
{
	u64 size = v->section_pfns * v->bounds->page_struct_size;
	bool some = false;
	int i;

	for (i = 0; i < VMW_KLOG_REGISTERS; i++) {
		u64 page = v->event->x[i], pfn;

		if (!(v->event->registers >> i & 1) || !is_section(v, page, &pfn) ||
		    !has_register(v, page + size))
			continue;
		if (by_argument && !is_argument(v, page + size))
			continue;
		if (!with_bounds && (is_bound(v, page) || is_bound(v, page + size)))
			continue;
		if (some && pfn != *ret_pfn)
			return false;
		some = true;
		*ret_pfn = pfn;
	}
	return some;
}

/*
 * The fault is inside of the struct page. Anything can fault, also by a NULL
 * pointer: the address or the pfn of that page must be in a register, too.
 */
static bool find_faulted(const struct view *v, u64 *ret_pfn)
{
	u64 pfn = vmw_pfn_of(v->bounds, v->event->address);

	if (pfn > v->max_pfn || vmw_judge_pfns(v->bounds, pfn, 1).verdict == VMW_IN_BOUNDS)
		return false;
	if (!has_register(v, vmw_page_of(v->bounds, pfn)) && !has_register(v, pfn))
		return false;
	*ret_pfn = pfn - pfn % v->section_pfns;
	return true;
}

bool vmw_klog_range(const struct vmw_klog_event *event, const struct vmw_bounds *bounds,
		    unsigned int section_bits, unsigned int phys_bits, u64 *ret_pfn, u64 *ret_nr)
{
	struct view v = { .bounds = bounds, .event = event };
	bool found;

	if (section_bits <= bounds->page_shift || phys_bits < section_bits || phys_bits > 63)
		return false;
	v.section_pfns = 1ULL << (section_bits - bounds->page_shift);
	v.max_pfn = (1ULL << (phys_bits - bounds->page_shift)) - 1;
	if (event->kind == VMW_KLOG_OOPS)
		found = find_faulted(&v, ret_pfn);
	else
		found = find_section(&v, false, false, ret_pfn) ||
			find_section(&v, false, true, ret_pfn) ||
			find_section(&v, true, false, ret_pfn) ||
			find_section(&v, true, true, ret_pfn);
	*ret_nr = v.section_pfns;
	return found;
}
