// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/vmcoreinfo.h"

static const char *find_value(const char *text, const char *key)
{
	size_t length = strlen(key);

	while (text) {
		if (!strncmp(text, key, length) && text[length] == '=')
			return text + length + 1;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

static int is_bare_hex(const char *key)
{
	return !strncmp(key, "SYMBOL(", 7) || !strcmp(key, "KERNELOFFSET");
}

int vmw_vmcoreinfo_get(const char *text, const char *key, u64 *ret_value)
{
	const char *value = find_value(text, key);
	unsigned long long number;
	char *end;
	int base;

	if (!value)
		return -ENOENT;
	if (is_bare_hex(key))
		base = 16;
	else
		base = !strncmp(value, "0x", 2) ? 16 : 10;
	/* strtoull() would skip blanks and take a value from the next line. */
	if (!isxdigit((unsigned char)*value) && *value != '-')
		return -EBADMSG;
	errno = 0;
	number = strtoull(value, &end, base);
	if (errno || end == value || (*end != '\n' && *end != '\r' && *end != '\0'))
		return -EBADMSG;
	*ret_value = number;
	return 0;
}

int vmw_vmcoreinfo_text(const char *text, const char *key, char *ret, size_t size)
{
	const char *value = find_value(text, key);

	if (!value)
		return -ENOENT;
	snprintf(ret, size, "%.*s", (int)strcspn(value, "\r\n"), value);
	return 0;
}
