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
