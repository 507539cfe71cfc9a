// SPDX-License-Identifier: GPL-2.0-only
/* What a value may be: by its type, or by a function of its own for what has none. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/number.h"
#include "cli/cli_internal.h"
#include "probe/choice.h"
#include "probe/extra.h"
#include "service/paths.h"
#include "service/service.h"
#include "watch/wait_driver.h"

/* A name in it, with room for our endings, fits in a path. */
#define MAX_FOLDER   160
#define FOLDER_WORDS "an absolute path of less than %d bytes"

#define expected(why, size, ...) (snprintf(why, size, "expected " __VA_ARGS__), -EINVAL)

static bool is_folder(const char *text)
{
	return *text == '/' && strlen(text) < MAX_FOLDER;
}

/* Which of the @nr @names is @text? @nr: none. */
static int find_name(const char *const *names, int nr, const char *text)
{
	int i;

	for (i = 0; i < nr && strcmp(text, names[i]); i++)
		;
	return i;
}

static int set_seconds(u64 *member, const struct vmw_option *option, const char *text,
		       char *why, size_t size)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (errno || end == text || *end || !isfinite(seconds) || seconds < 0 ||
	    seconds > 1e9 || (!seconds && option->least))
		return expected(why, size, "a number of seconds%s",
				option->least ? " above 0" : ", 0 or more");
	*member = (u64)(seconds * 1e9);
	return 0;
}

static int set_choice(unsigned int *member, const struct vmw_option *option, const char *text,
		      char *why, size_t size)
{
	size_t n;
	u64 i;

	*member = find_name(option->names, option->most, text);
	if (*member != option->most)
		return 0;
	n = snprintf(why, size, "expected one of ");
	for (i = 0; i < option->most && n < size; i++)
		n += snprintf(why + n, size - n, "%s%s", i ? ", " : "", option->names[i]);
	return -EINVAL;
}

static int set_switch(bool *member, const char *text, char *why, size_t size)
{
	*member = !strcmp(text, "yes");
	return *member || !strcmp(text, "no") ? 0 : expected(why, size, "yes or no");
}

static int set_count(u64 *member, const struct vmw_option *option, const char *text, char *why,
		     size_t size)
{
	u64 count;

	if (vmw_number_parse_all(text, false, &count) || count < option->least ||
	    count > option->most)
		return expected(why, size, "a number from %llu to %llu", option->least,
				option->most);
	*member = count;
	return 0;
}

int vmw_option_set_value(struct vmw_options *options, const struct vmw_option *option,
			 const char *text, char *why, size_t size)
{
	void *member = (char *)options + option->member;

	switch (option->type) {
	case VMW_TYPE_OWN:
		return option->set(options, text, why, size);
	case VMW_TYPE_SWITCH:
		return set_switch(member, text, why, size);
	case VMW_TYPE_PATH:
		*(const char **)member = text;
		return *text ? 0 : expected(why, size, "the name of a file");
	case VMW_TYPE_FOLDER:
		*(const char **)member = text;
		return is_folder(text) ? 0 : expected(why, size, FOLDER_WORDS, MAX_FOLDER);
	case VMW_TYPE_SECONDS:
		return set_seconds(member, option, text, why, size);
	case VMW_TYPE_COUNT:
		return set_count(member, option, text, why, size);
	case VMW_TYPE_SIZE:
		return vmw_number_parse_all(text, true, member) ?
			       expected(why, size, "a size in bytes, such as 64K, 1M or 2GiB") :
			       0;
	case VMW_TYPE_CHOICE:
		return set_choice(member, option, text, why, size);
	}
	return -EINVAL;
}

int vmw_set_of_sites(struct vmw_options *options, const char *text, char *why, size_t size)
{
	const char *c;

	for (c = text; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("_-,", *c))
			break;
	}
	options->watch.sites = *c ? NULL : text;
	return *text && !*c ? 0 : expected(why, size, "names of modules, such as amdgpu,xe");
}

int vmw_set_probes(struct vmw_options *options, const char *text, char *why, size_t size)
{
	return vmw_choose(options->watch.chosen, text, why, size);
}

int vmw_set_probe(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (vmw_extra_valid(text, why, size))
		return -EINVAL;
	if (options->watch.nr_probe == VMW_MAX_EXTRA_PROBES)
		return expected(why, size, "at most %d of them", VMW_MAX_EXTRA_PROBES);
	options->watch.probe[options->watch.nr_probe++] = text;
	return 0;
}

int vmw_set_json(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (strcmp(text, "lines"))
		return expected(why, size, "--json or --json=lines");
	options->format = VMW_FORMAT_LINES;
	return 0;
}

/* A module's name has _ where its file may have -, as modprobe takes it. */
static bool add_driver(struct vmw_options *options, const char *name, size_t length)
{
	char *driver;
	size_t i;

	if (!length || length >= VMW_MODULE_LEN || options->drivers.nr == VMW_MAX_DRIVERS)
		return false;
	driver = options->drivers.name[options->drivers.nr++];
	for (i = 0; i < length; i++)
		driver[i] = name[i] == '-' ? '_' : name[i];
	driver[length] = '\0';
	return true;
}

int vmw_set_driver(struct vmw_options *options, const char *text, char *why, size_t size)
{
	size_t length;

	options->drivers.nr = 0;
	for (;; text += length + 1) {
		length = strcspn(text, ",");
		if (!add_driver(options, text, length))
			return expected(why, size,
					"up to 8 names of modules, with commas between");
		if (!text[length])
			return 0;
	}
}

int vmw_set_buffer(struct vmw_options *options, const char *text, char *why, size_t size)
{
	u64 page = sysconf(_SC_PAGESIZE);
	u64 bytes;

	if (vmw_number_parse_all(text, true, &bytes) || bytes < page || bytes > 1 << 30 ||
	    (bytes & (bytes - 1)))
		return expected(why, size, "a power of two from %lluK to 1G", page >> 10);
	options->watch.ring_size = bytes;
	return 0;
}

/* Octal, without a bit beyond those of rights. */
static int parse_rights(const char *text, u32 *ret)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*ret = strtoul(text, &end, 8);
	return errno || *end || *ret > 0777 ? -EINVAL : 0;
}

/* One word after the path. */
static int parse_feed_word(struct vmw_feed_socket *socket, const char *word, char *why,
			   size_t size)
{
	if (!strcmp(word, "redact")) {
		socket->redact = true;
		return 0;
	}
	if (!strncmp(word, "mode=", 5)) {
		if (parse_rights(word + 5, &socket->at.mode))
			return expected(why, size, "mode=0660 or the like");
		return 0;
	}
	if (!strncmp(word, "group=", 6)) {
		if (!word[6] || strlen(word + 6) >= sizeof(socket->at.group))
			return expected(why, size, "group=NAME");
		strcpy(socket->at.group, word + 6);
		return 0;
	}
	return expected(why, size, "redact, mode=MODE or group=NAME after PATH");
}

/* Such a file is beside the first one. */
static bool is_own_name(const char *path)
{
	static const char *const own[] = {
		VMW_ATTACH_SOCKET,
		VMW_REPORT_SOCKET,
		VMW_STATE_FILE,
	};
	const int nr = ARRAY_SIZE(own);

	return find_name(own, nr, strrchr(path, '/') + 1) < nr;
}

static int parse_feed(struct vmw_feed_socket *socket, char *text, char *why, size_t size)
{
	char *word = strsep(&text, ",");

	if (*word != '/' || strlen(word) >= sizeof(socket->at.path))
		return expected(why, size,
				"PATH[,redact][,mode=0660][,group=NAME], PATH absolute "
				"and of less than %zu bytes",
				sizeof(socket->at.path));
	if (is_own_name(word))
		return expected(why, size,
				"another name than " VMW_ATTACH_SOCKET ", " VMW_REPORT_SOCKET
				" and " VMW_STATE_FILE);
	strcpy(socket->at.path, word);
	while ((word = strsep(&text, ","))) {
		if (parse_feed_word(socket, word, why, size))
			return -EINVAL;
	}
	/* Kernel addresses defeat KASLR. */
	if ((socket->at.mode & 07) && !socket->redact)
		return expected(why, size,
				"redact where others than owner and group have rights");
	return 0;
}

int vmw_set_feed(struct vmw_options *options, const char *text, char *why, size_t size)
{
	struct vmw_feed_socket socket = { .at.mode = 0660 };
	char *copy = strdup(text);
	unsigned int i;
	int err;

	err = copy ? parse_feed(&socket, copy, why, size) : expected(why, size, "more memory");
	free(copy);
	if (err)
		return err;
	/* A path that is there already gets the new words. */
	for (i = 0; i < options->nr_feed; i++) {
		if (!strcmp(options->feed[i].at.path, socket.at.path))
			break;
	}
	if (i == VMW_MAX_FEEDS)
		return expected(why, size, "at most %d of them", VMW_MAX_FEEDS);
	options->feed[i] = socket;
	if (i == options->nr_feed)
		options->nr_feed++;
	return 0;
}

int vmw_set_listen(struct vmw_options *options, const char *text, char *why, size_t size)
{
	return vmw_address_parse(&options->listen, text, why, size);
}

int vmw_set_textfile(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (!strcmp(text, "no")) {
		options->textfile = NULL;
		return 0;
	}
	if (!is_folder(text))
		return expected(why, size, "no, or " FOLDER_WORDS, MAX_FOLDER);
	options->textfile = text;
	return 0;
}
