// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

/* Cuts the unit off @digits. Returns by how many bits it shifts; 0: there is none. */
static unsigned int take_unit(char *digits)
{
	static const char units[] = "KMGT";
	size_t n = strlen(digits);
	const char *unit;

	/* No digit of hex is an i. */
	if (n > 3 && !strcasecmp(digits + n - 2, "iB"))
		n -= 2;
	unit = n ? strchr(units, toupper((unsigned char)digits[n - 1])) : NULL;
	if (!unit)
		return 0;
	digits[n - 1] = '\0';
	return 10 * (unit - units + 1);
}

int vmw_number_parse(const char *text, size_t length, enum vmw_base base, struct vmw_number *ret)
{
	char digits[40], *end;
	unsigned int shift;
	size_t i, n = 0;

	if (length >= sizeof(digits))
		return -EINVAL;
	for (i = 0; i < length; i++) {
		if (text[i] != '_')
			digits[n++] = text[i];
	}
	digits[n] = '\0';
	/* strtoull() takes signs and blanks, too. */
	if (!isxdigit((unsigned char)*digits))
		return -EINVAL;
	shift = take_unit(digits);
	ret->in_bytes = shift;
	if (shift)
		base = VMW_DECIMAL;
	errno = 0;
	ret->value = strtoull(digits, &end, strncasecmp(digits, "0x", 2) ? (int)base : 16);
	if (errno || end == digits || *end || (shift && ret->value >> (64 - shift)))
		return -EINVAL;
	ret->value <<= shift;
	return 0;
}

int vmw_number_parse_all(const char *text, bool is_size, u64 *ret)
{
	struct vmw_number number;

	if (vmw_number_parse(text, strlen(text), VMW_DECIMAL, &number) ||
	    (number.in_bytes && !is_size))
		return -EINVAL;
	*ret = number.value;
	return 0;
}
