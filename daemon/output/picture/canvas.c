// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <vmemmapwatch/types.h>

#include "output/picture/canvas.h"

/* The first of these that is not empty counts: locale(7). */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) && !(value && *value); i++)
		value = getenv(names[i]);
	return value && (strcasestr(value, "UTF-8") || strcasestr(value, "UTF8"));
}

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || !strcmp(term, "dumb");
}

/* no-color.org: set and not empty. */
static bool wants_no_colour(void)
{
	const char *value = getenv("NO_COLOR");

	return value && *value;
}

static unsigned int width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long width = 80;

	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	else if (columns && atol(columns) > 0)
		width = atol(columns);
	if (width < VMW_CANVAS_MIN)
		return VMW_CANVAS_MIN;
	return width < VMW_CANVAS_MAX ? width : VMW_CANVAS_MAX;
}

void vmw_canvas_of(struct vmw_canvas *canvas, FILE *file)
{
	int fd = fileno(file);
	bool terminal = fd >= 0 && isatty(fd);

	canvas->width = width_of(fd);
	canvas->utf8 = is_utf8() && !(terminal && is_dumb());
	canvas->colour = terminal && !is_dumb() && !wants_no_colour();
}
