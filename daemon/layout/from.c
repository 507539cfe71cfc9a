// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/vmcoreinfo.h"
#include "layout/from.h"
#include "layout/source.h"

#define MAX_FILE (64 << 20) /* bytes: a report with all its observations */

static int read_text(const char *path, char **ret, size_t *ret_length)
{
	size_t size = 1 << 16, length = 0;
	char *text = malloc(size), *more;
	FILE *file = fopen(path, "re");
	int err = file ? 0 : -errno;

	if (!text)
		err = -ENOMEM;
	while (!err) {
		length += fread(text + length, 1, size - 1 - length, file);
		if (ferror(file))
			err = errno ? -errno : -EIO;
		if (err || feof(file))
			break;
		more = size < MAX_FILE ? realloc(text, 2 * size) : NULL;
		if (!more)
			err = size < MAX_FILE ? -ENOMEM : -EFBIG;
		else
			text = more;
		size *= 2;
	}
	if (file)
		fclose(file);
	if (err) {
		free(text);
		return err;
	}
	text[length] = '\0';
	*ret = text;
	*ret_length = length;
	return 0;
}

static bool is_vmcoreinfo(const char *text)
{
	static const char *const keys[] = { "OSRELEASE=", "NUMBER(", "SYMBOL(" };
	size_t i;

	while (text) {
		for (i = 0; i < ARRAY_SIZE(keys); i++) {
			if (!strncmp(text, keys[i], strlen(keys[i])))
				return true;
		}
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return false;
}

void vmw_from_copy(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; from[i] && i + 1 < size; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[i] = '\0';
}

/* What the note does not have may stand in lines of a table behind it. */
int vmw_from_vmcoreinfo(struct vmw_layout *layout, const char *text, char *why, size_t size)
{
	const char *bad;
	char release[80];
	int err;

	if (!vmw_vmcoreinfo_text(text, "OSRELEASE", release, sizeof(release)))
		vmw_layout_set_release(layout, release);
	bad = vmw_read_note(layout, text, VMW_SOURCE_VMCOREINFO, VMW_STATED);
	if (bad) {
		snprintf(why, size, "%s: expected a number that arm64 can have", bad);
		return -EBADMSG;
	}
	err = vmw_from_table(layout, text, why, size);
	layout->file = VMW_FILE_VMCOREINFO;
	return err == -ENODATA ? 0 : err;
}

int vmw_layout_from(struct vmw_layout *layout, enum vmw_source_id trust, const char *path,
		    char *why, size_t size)
{
	size_t length;
	char *text;
	int err;

	vmw_layout_init(layout, trust);
	err = read_text(path, &text, &length);
	if (err) {
		snprintf(why, size, "%s", strerror(-err));
		return err;
	}
	if (strlen(text) != length) {
		snprintf(why, size, "not a text: it has a NUL byte");
		err = -EBADMSG;
	} else if (text[strspn(text, " \t\r\n")] == '{') {
		err = vmw_from_json(layout, text, why, size);
	} else if (is_vmcoreinfo(text)) {
		err = vmw_from_vmcoreinfo(layout, text, why, size);
	} else {
		err = vmw_from_table(layout, text, why, size);
	}
	free(text);
	if (err)
		return err == -ENODATA ? -EBADMSG : err;
	layout->sources[VMW_SOURCE_FILE].state = VMW_SOURCE_READ;
	vmw_layout_finish(layout);
	return 0;
}
