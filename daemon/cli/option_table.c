// SPDX-License-Identifier: GPL-2.0-only
/* option_rows.h as data, and a value put in place. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "base/log.h"
#include "cli/cli_internal.h"

/* Modes have small letters in option_rows.h, as all options, and capitals in the enum. */
enum {
	MODE_trace = VMW_MODE_TRACE,
	MODE_layout = VMW_MODE_LAYOUT,
	MODE_support = VMW_MODE_SUPPORT,
	MODE_decode = VMW_MODE_DECODE,
	MODE_explain = VMW_MODE_EXPLAIN,
	MODE_preflight = VMW_MODE_PREFLIGHT,
	MODE_list_probes = VMW_MODE_PROBES,
	MODE_sites = VMW_MODE_SITES,
	MODE_daemon = VMW_MODE_DAEMON,
	MODE_attach = VMW_MODE_ATTACH,
	MODE_report = VMW_MODE_REPORT,
	MODE_follow = VMW_MODE_FOLLOW,
	MODE_keep = VMW_MODE_KEEP,
	MODE_metrics = VMW_MODE_METRICS,
	MODE_check_config = VMW_MODE_CHECK_CONFIG,
	MODE_print_config = VMW_MODE_PRINT_CONFIG,
};

/* The short words of option_rows.h: flags, modes, types. */
#define KEY	 VMW_OPTION_KEY
#define REPEATED VMW_OPTION_REPEATED
#define OPTIONAL VMW_OPTION_OPTIONAL
#define WORD	 VMW_OPTION_WORD
#define START	 VMW_OPTION_START
#define IN	 VMW_IN
#define SERVICE	 VMW_SERVICE
#define CLIENTS	 VMW_CLIENTS
#define WATCHERS VMW_WATCHERS
#define PRINTERS VMW_PRINTERS
#define PICTURES VMW_PICTURES

#define TYPED(type_, member_) \
	.type = VMW_TYPE_##type_, .member = offsetof(struct vmw_options, member_)
#define OWN(id)			     .set = vmw_set_##id
#define PATH(member)		     TYPED(PATH, member)
#define FOLDER(member)		     TYPED(FOLDER, member)
#define SECONDS(member, least_)	     TYPED(SECONDS, member), .least = least_
#define SIZE(member)		     TYPED(SIZE, member)
#define COUNT(member, least_, most_) TYPED(COUNT, member), .least = least_, .most = most_
#define CHOICE(member, names_, nr)   TYPED(CHOICE, member), .names = names_, .most = nr

const struct vmw_option vmw_options_table[VMW_NR_OPTIONS] = {
#define MODE(id, name_, operands_, brief_, help_) \
	[VMW_OPTION_##id] = { .name = name_, \
			      .argument = operands_, \
			      .brief = brief_, \
			      .help = help_, \
			      .flags = OPTIONAL, \
			      .mode = (enum vmw_mode)MODE_##id },
#define SWITCH(id, name_, flags_, initial_, modes_, help_) \
	[VMW_OPTION_##id] = { .name = name_, \
			      .help = help_, \
			      .flags = flags_, \
			      .initial = initial_, \
			      .modes = modes_, \
			      TYPED(SWITCH, id) },
#define VALUE(id, name_, argument_, flags_, initial_, modes_, type_, help_) \
	[VMW_OPTION_##id] = { .name = name_, \
			      .argument = argument_, \
			      .help = help_, \
			      .flags = flags_, \
			      .initial = initial_, \
			      .modes = modes_, \
			      type_ },
#include "cli/option_rows.h"
};

const char *vmw_option_initial(enum vmw_option_id id)
{
	const char *initial = vmw_options_table[id].initial;
	char directory[] = VMW_TEXTFILE;

	if (id == VMW_OPTION_textfile) {
		*strrchr(directory, '/') = '\0';
		return access(directory, F_OK) ? "no" : initial;
	}
	return initial ? initial : "";
}

/* Nothing of it, or what it has without being given. */
static void reset(struct vmw_options *options, enum vmw_option_id id)
{
	char why[256];

	if (id == VMW_OPTION_feed)
		options->nr_feed = 0;
	if (id == VMW_OPTION_probe)
		options->watch.nr_probe = 0;
	else if (id == VMW_OPTION_listen)
		memset(&options->listen, 0, sizeof(options->listen));
	else
		vmw_option_set_value(options, &vmw_options_table[id], vmw_option_initial(id),
				     why, sizeof(why));
}

void vmw_options_init(struct vmw_options *options, bool service)
{
	int id;

	memset(options, 0, sizeof(*options));
	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		const struct vmw_option *option = &vmw_options_table[id];

		/* A run by hand does only what the command line says. */
		if ((option->flags & KEY) && (service || option->type != VMW_TYPE_SWITCH))
			reset(options, id);
	}
}

static bool is_given(const struct vmw_options *options, enum vmw_option_id id)
{
	size_t i;

	for (i = 0; i < options->nr_settings; i++) {
		if (options->settings[i].id == id && !options->settings[i].over)
			return true;
	}
	return false;
}

void vmw_options_forget(struct vmw_options *options, enum vmw_option_id id)
{
	size_t i;

	for (i = 0; i < options->nr_settings; i++) {
		if (options->settings[i].id == id)
			options->settings[i].over = true;
	}
	reset(options, id);
}

/* The text has to stay where it is: values point to it. */
static struct vmw_setting *add(struct vmw_options *options, enum vmw_option_id id,
			       const char *text, const char *origin)
{
	struct vmw_setting *settings, *setting;

	settings = reallocarray(options->settings, options->nr_settings + 1, sizeof(*settings));
	if (!settings)
		return NULL;
	options->settings = settings;
	setting = &settings[options->nr_settings];
	*setting = (struct vmw_setting){
		.id = id,
		.text = strdup(text),
		.origin = origin ? strdup(origin) : NULL,
	};
	if (!setting->text || (origin && !setting->origin)) {
		free(setting->text);
		free(setting->origin);
		return NULL;
	}
	options->nr_settings++;
	return setting;
}

/* As a line of a file could hold it, so that --print-config can write one. */
static bool fits_line(const char *text)
{
	const char *c;

	for (c = text; *c; c++) {
		if (iscntrl((unsigned char)*c) ||
		    (isspace((unsigned char)*c) && (c == text || !c[1] || c[1] == ';')))
			return false;
	}
	return true;
}

/* The one line. Text of others is printed so that it stays one. */
static void complain(const struct vmw_option *option, const char *text, const char *origin,
		     const char *why)
{
	char shown[4 * 100 + 1], reason[4 * 255 + 1];
	const char *dots = strlen(text) > 100 ? "..." : "";
	bool word = option->flags & WORD;

	vmw_format_bytes(text, 100, shown, sizeof(shown));
	vmw_format_bytes(why, 255, reason, sizeof(reason));
	if (!origin)
		vmw_error("--%s=%s%s%s%s", option->name, word ? "" : shown, word ? "" : dots,
			  word ? "" : ": ", reason);
	else if (word)
		vmw_error("%s: %s: %s", origin, option->name, reason);
	else
		vmw_error("%s: %s: %s, not \"%s%s\"", origin, option->name, reason, shown, dots);
}

int vmw_options_set(struct vmw_options *options, enum vmw_option_id id, const char *text,
		    const char *origin)
{
	const struct vmw_option *option = &vmw_options_table[id];
	struct vmw_setting *setting;
	char why[256] = "";

	/* What was given replaces what was not, and, but for some, what was before. */
	if ((origin && !*text) || !(option->flags & REPEATED))
		vmw_options_forget(options, id);
	if (origin && !*text)
		return 0;
	if (id == VMW_OPTION_feed && !is_given(options, id))
		options->nr_feed = 0;
	setting = add(options, id, text, origin);
	if (!setting) {
		vmw_error("out of memory");
		return -ENOMEM;
	}
	if ((option->flags & KEY) && !fits_line(text))
		snprintf(why, sizeof(why),
			 "expected no control character, blank at an end, or blank before a ;");
	else if (!vmw_option_set_value(options, option, setting->text, why, sizeof(why)))
		return 0;
	complain(option, text, origin, why);
	return -EINVAL;
}

const struct vmw_option *vmw_mode_by_name(const char *name)
{
	int id;

	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		if (vmw_is_mode(&vmw_options_table[id]) &&
		    !strcmp(vmw_options_table[id].name, name))
			return &vmw_options_table[id];
	}
	return NULL;
}

void vmw_options_name_modes(unsigned int modes, const char *last, char *text, size_t size)
{
	const char *names[VMW_NR_OPTIONS];
	size_t n = 0, i, length = 0;
	int id;

	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		const struct vmw_option *option = &vmw_options_table[id];

		if (vmw_is_mode(option) && (modes & 1U << option->mode))
			names[n++] = option->name;
	}
	*text = '\0';
	for (i = 0; i < n && length < size; i++)
		length += snprintf(text + length, size - length, "%s--%s",
				   !i	     ? "" :
				   i + 1 < n ? ", " :
					       last,
				   names[i]);
}

void vmw_options_free(struct vmw_options *options)
{
	size_t i;

	for (i = 0; i < options->nr_settings; i++) {
		free(options->settings[i].text);
		free(options->settings[i].origin);
	}
	free(options->settings);
	options->settings = NULL;
	options->nr_settings = 0;
}

/* What is configured need not be what a running service has. */
static void print_one(FILE *file, enum vmw_option_id id, const char *origin, const char *text)
{
	const struct vmw_option *option = &vmw_options_table[id];

	fprintf(file, "# %s%s\n%s=%s\n", origin,
		option->flags & VMW_OPTION_START ?
			"; a running service has what it was started with" :
			"",
		option->name, text);
}

int vmw_options_print(const void *data, FILE *file)
{
	const struct vmw_options *options = data;
	size_t i;
	int id;

	fputs("# What is configured now. A running service has what it read last: when it was\n"
	      "# started, or at systemctl reload vmemmapwatch.\n",
	      file);
	for (id = 0; id < VMW_NR_OPTIONS; id++) {
		if (!(vmw_options_table[id].flags & KEY))
			continue;
		if (!is_given(options, id))
			print_one(file, id, "default", vmw_option_initial(id));
		for (i = 0; i < options->nr_settings; i++) {
			const struct vmw_setting *s = &options->settings[i];

			if ((int)s->id == id && !s->over)
				print_one(file, id, s->origin ? s->origin : "command line",
					  s->text);
		}
	}
	return ferror(file) ? -EIO : 0;
}
