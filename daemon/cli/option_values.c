// SPDX-License-Identifier: GPL-2.0-only
/* What a value may be: one function for each VALUE of option_rows.h. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "cli/cli_internal.h"
#include "probe/choice.h"
#include "probe/extra.h"
#include "service/paths.h"
#include "service/service.h"
#include "watch/wait_driver.h"

#define expected(why, size, ...) (snprintf(why, size, "expected " __VA_ARGS__), -EINVAL)

/* Digits and nothing else: strtoull() takes signs and blanks, too. */
static int parse_number(const char *text, const char **end, u64 *ret)
{
	char *rest;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*ret = strtoull(text, &rest, 10);
	*end = rest;
	return errno ? -EINVAL : 0;
}

/* A number with K, M or G behind it. */
static int parse_size(const char *text, u64 *ret)
{
	static const char units[] = "KMG";
	const char *unit, *end;
	u64 n;

	if (parse_number(text, &end, &n))
		return -EINVAL;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1] || n > (~0ULL >> 30))
			return -EINVAL;
		n <<= 10 * (unit - units + 1);
	}
	*ret = n;
	return 0;
}

static bool is_path(const char *text, size_t limit)
{
	return *text == '/' && strlen(text) < limit;
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

/* Which of the @nr @names is @text? @nr: none. */
static int find_name(const char *const *names, int nr, const char *text)
{
	int i;

	for (i = 0; i < nr && strcmp(text, names[i]); i++)
		;
	return i;
}

int vmw_set_attach_with(struct vmw_options *options, const char *text, char *why, size_t size)
{
	int with = find_name(vmw_attach_with_names, VMW_NR_ATTACH_WITH, text);

	if (with == VMW_NR_ATTACH_WITH)
		return expected(why, size, "auto, fentry or kprobe");
	options->watch.attach_with = with;
	return 0;
}

int vmw_set_json(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (strcmp(text, "lines"))
		return expected(why, size, "--json or --json=lines");
	options->format = VMW_FORMAT_LINES;
	return 0;
}

int vmw_set_output(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (!*text)
		return expected(why, size, "the name of a file");
	options->output = text;
	return 0;
}

int vmw_set_html(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (!*text)
		return expected(why, size, "the name of a file");
	options->html = text;
	return 0;
}

static int parse_seconds(const char *text, u64 *ret_ns, char *why, size_t size)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (errno || end == text || *end || !isfinite(seconds) || seconds <= 0 || seconds > 1e9)
		return expected(why, size, "a number of seconds above 0");
	*ret_ns = (u64)(seconds * 1e9);
	return 0;
}

int vmw_set_for(struct vmw_options *options, const char *text, char *why, size_t size)
{
	return parse_seconds(text, &options->for_ns, why, size);
}

int vmw_set_settle(struct vmw_options *options, const char *text, char *why, size_t size)
{
	options->settle_ns = 0;
	if (!strcmp(text, "0"))
		return 0;
	return parse_seconds(text, &options->settle_ns, why, size);
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

	if (parse_size(text, &bytes) || bytes < page || bytes > 1 << 30 || (bytes & (bytes - 1)))
		return expected(why, size, "a power of two from %lluK to 1G", page >> 10);
	options->watch.ring_size = bytes;
	return 0;
}

int vmw_set_sample_rate(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (parse_size(text, &options->watch.sample_rate))
		return expected(why, size, "a number of samples a second");
	return 0;
}

static int set_count(const char *text, u64 *ret, char *why, size_t size)
{
	const char *end;

	if (parse_number(text, &end, ret) || *end || !*ret || *ret > 1000)
		return expected(why, size, "a number from 1 to 1000");
	return 0;
}

int vmw_set_reader_connections(struct vmw_options *options, const char *text, char *why,
			       size_t size)
{
	return set_count(text, &options->reader_connections, why, size);
}

int vmw_set_reader_rate(struct vmw_options *options, const char *text, char *why, size_t size)
{
	return set_count(text, &options->reader_rate, why, size);
}

int vmw_set_from(struct vmw_options *options, const char *text, char *why, size_t size)
{
	(void)why, (void)size;
	options->watch.layout.from = text;
	return 0;
}

int vmw_set_iomem(struct vmw_options *options, const char *text, char *why, size_t size)
{
	(void)why, (void)size;
	options->iomem = text;
	return 0;
}

int vmw_set_type(struct vmw_options *options, const char *text, char *why, size_t size)
{
	int type = find_name(vmw_device_memory_names, VMW_NR_DEVICE_MEMORIES, text);

	if (type == VMW_NR_DEVICE_MEMORIES)
		return expected(why, size, "private, coherent or generic");
	options->type = type;
	return 0;
}

int vmw_set_trust(struct vmw_options *options, const char *text, char *why, size_t size)
{
	size_t n;
	int id;

	options->watch.layout.trust = vmw_source_by_name(text);
	if (options->watch.layout.trust != VMW_NR_SOURCES)
		return 0;
	n = snprintf(why, size, "expected one of ");
	for (id = 0; id < VMW_NR_SOURCES && n < size; id++)
		n += snprintf(why + n, size - n, "%s%s", id ? ", " : "", vmw_source_names[id]);
	return -EINVAL;
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

/* One word behind the path. */
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
	return expected(why, size, "redact, mode=MODE or group=NAME behind PATH");
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

	if (!is_path(word, sizeof(socket->at.path)))
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
	/* A path that is there already is told anew. */
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

int vmw_set_state_directory(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (!is_path(text, 160))
		return expected(why, size, "an absolute path of less than 160 bytes");
	options->state_directory = text;
	return 0;
}

int vmw_set_keep_reports(struct vmw_options *options, const char *text, char *why, size_t size)
{
	const char *end;

	if (parse_number(text, &end, &options->keep_reports) || *end ||
	    options->keep_reports > 100000)
		return expected(why, size, "a number up to 100000");
	return 0;
}

int vmw_set_keep_size(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (parse_size(text, &options->keep_size))
		return expected(why, size, "a number of bytes, or with K, M or G behind it");
	return 0;
}

int vmw_set_textfile(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (!strcmp(text, "no")) {
		options->textfile = NULL;
		return 0;
	}
	if (!is_path(text, 160))
		return expected(why, size, "no, or an absolute path of less than 160 bytes");
	options->textfile = text;
	return 0;
}

int vmw_set_config(struct vmw_options *options, const char *text, char *why, size_t size)
{
	if (!*text)
		return expected(why, size, "a file");
	options->config = text;
	return 0;
}
