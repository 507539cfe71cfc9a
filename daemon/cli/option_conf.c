// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration files. inih takes lines apart; what it would let pass in
 * silence (a section, a line that goes on with the one before because a blank is in
 * front of it, every error but the first) is seen by the reader that feeds it.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/cli_internal.h"
#include "report/report.h"

#define MAX_FILE (1 << 20)

struct conf {
	struct vmw_options *options;
	char path[1024]; /* safe to print */
	const char *next, *end;
	unsigned int line;
	bool waiting; /* for the handler to be called for this line */
	bool bad;
};

__attribute__((format(printf, 2, 3))) static void complain(struct conf *conf,
							   const char *format, ...)
{
	char what[900];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	vmw_error("%s: line %u: %s", conf->path, conf->line, what);
	conf->bad = true;
}

static bool is_key(const struct vmw_option *option)
{
	return option->flags & VMW_OPTION_KEY;
}

/* A key that there is not: the one that is meant, or all that there are. */
static void complain_of_key(struct conf *conf, const char *name)
{
	const char *near = vmw_suggest(name, strlen(name), is_key);
	char shown[4 * 40 + 1], keys[400] = "";
	size_t n = 0;
	int id;

	vmw_format_bytes(name, 40, shown, sizeof(shown));
	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		const struct vmw_option *option = &vmw_options_table[id];

		if (is_key(option))
			n += snprintf(keys + n, n < sizeof(keys) ? sizeof(keys) - n : 0, "%s%s",
				      n ? ", " : "", option->name);
		else if (!strcmp(option->name, name))
			break;
	}
	if (id < VMW_NR_OPTIONS)
		complain(conf, "%s: only for the command line", shown);
	else if (near)
		complain(conf, "%s: unknown key; did you mean %s?", shown, near);
	else
		complain(conf, "%s: unknown key, expected one of %s", shown, keys);
}

static int find_key(const char *name)
{
	int id;

	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		if ((vmw_options_table[id].flags & VMW_OPTION_KEY) &&
		    !strcmp(vmw_options_table[id].name, name))
			return id;
	}
	return -1;
}

static int on_pair(void *data, const char *section, const char *name, const char *value)
{
	struct conf *conf = data;
	char origin[sizeof(conf->path) + 32];
	int id = find_key(name);

	(void)section;
	/* Some builds of inih take a key without a value: read_line() sees that it waits. */
	if (!value || !*name)
		return 1;
	conf->waiting = false;
	if (id < 0) {
		complain_of_key(conf, name);
		return 1;
	}
	snprintf(origin, sizeof(origin), "%s: line %u", conf->path, conf->line);
	if (vmw_options_set(conf->options, id, value, origin))
		conf->bad = true;
	return 1;
}

/* Is there anything in it for inih, whose lines are less than @limit bytes? */
static bool is_for_inih(struct conf *conf, const char *line, size_t length, size_t limit)
{
	if (!length || *line == '#' || *line == ';')
		return false;
	if (memchr(line, '\0', length))
		complain(conf, "expected text, found a NUL byte");
	else if (*line == '[')
		complain(conf, "expected KEY=VALUE: there are no sections");
	else if (length >= limit)
		complain(conf, "expected a line of less than %zu bytes", limit);
	else
		return true;
	return false;
}

/* As fgets(), for inih: one line that it can take. */
static char *read_line(char *text, int size, void *data)
{
	struct conf *conf = data;
	const char *line, *end;

	if (conf->waiting)
		complain(conf, "expected KEY=VALUE, such as kmsg=no");
	conf->waiting = false;
	while (conf->next < conf->end) {
		line = conf->next;
		end = memchr(line, '\n', conf->end - line);
		if (!end)
			end = conf->end;
		conf->next = end + (end < conf->end);
		conf->line++;
		while (line < end && isspace((unsigned char)*line))
			line++;
		while (line < end && isspace((unsigned char)end[-1]))
			end--;
		if (!is_for_inih(conf, line, end - line, size - 2))
			continue;
		memcpy(text, line, end - line);
		strcpy(text + (end - line), "\n");
		conf->waiting = true;
		return text;
	}
	return NULL;
}

/* The whole file; NULL with errno set. */
static char *read_all(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	int err = errno;

	if (!file)
		return NULL;
	text = malloc(MAX_FILE + 1);
	if (text) {
		errno = 0;
		*ret_size = fread(text, 1, MAX_FILE + 1, file);
		err = ferror(file) ? errno : *ret_size > MAX_FILE ? EFBIG : 0;
	} else {
		err = ENOMEM;
	}
	fclose(file);
	if (!err)
		return text;
	free(text);
	errno = err;
	return NULL;
}

int vmw_conf_read_file(struct vmw_options *options, const char *path, bool wanted)
{
	struct conf conf = { .options = options };
	size_t size = 0;
	char *text;

	vmw_format_bytes(path, 255, conf.path, sizeof(conf.path));
	text = read_all(path, &size);
	if (!text && errno == ENOENT && !wanted)
		return 0;
	if (!text) {
		vmw_error("%s: cannot be read: %s", conf.path, strerror(errno));
		return -EINVAL;
	}
	conf.next = text;
	conf.end = text + size;
	/* What some editors write in front of UTF-8. */
	if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		conf.next += 3;
	if (ini_parse_stream(read_line, &conf, on_pair, &conf) < 0) {
		vmw_error("%s: cannot be read: out of memory", conf.path);
		conf.bad = true;
	}
	free(text);
	return conf.bad ? -EINVAL : 0;
}

static int is_drop_in(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return *entry->d_name != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

/* By bytes: the order is the same in every locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int vmw_conf_read(struct vmw_options *options, const char *file, bool wanted)
{
	int err = vmw_conf_read_file(options, file, wanted);
	char folder[4096], path[4096 + 256];
	struct dirent **entries = NULL;
	int n, i;

	snprintf(folder, sizeof(folder), "%s.d", file);
	n = scandir(folder, &entries, is_drop_in, by_name);
	if (n < 0 && errno != ENOENT) {
		vmw_error("%s: cannot be read: %s", folder, strerror(errno));
		return -EINVAL;
	}
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (vmw_conf_read_file(options, path, true))
			err = -EINVAL;
		free(entries[i]);
	}
	free(entries);
	return err;
}
