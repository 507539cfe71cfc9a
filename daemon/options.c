// SPDX-License-Identifier: GPL-2.0-only
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "probe/choice.h"
#include "probe/extra.h"

static const char doc[] =
	"Find struct pages outside of arm64's vmemmap on the running kernel.\n\v"
	"Exit status: 0 no offender; 1 at least one; 2 usage, or a COMMAND or "
	"output that cannot be used; 3 this kernel or this user cannot be traced; "
	"4 the sources of the bounds disagree; 5 none was seen, but something was "
	"lost.";

enum key {
	KEY_TRACE = 256, KEY_LAYOUT, KEY_EXPLAIN, KEY_PROBES, KEY_PROBE, KEY_SAMPLES, KEY_FROM, KEY_TRUST, KEY_JSON,
	KEY_OUTPUT, KEY_FOR, KEY_KMSG, KEY_BUFFER, KEY_VERBOSE, KEY_HELP, KEY_VERSION,
};

static const struct argp_option table[] = {
	{ .doc = "Modes:", .group = 1 },
	{ "trace", KEY_TRACE, NULL, 0,
	  "watch while COMMAND runs, or until SIGINT, then report", 1 },
	{ "layout", KEY_LAYOUT, NULL, 0,
	  "print where vmemmap is on this kernel, by all sources, and end", 1 },
	{ "explain", KEY_EXPLAIN, NULL, 0,
	  "tell what each WHAT is: ADDRESS, pfn:N or phys:ADDRESS, or A-B or A+SIZE "
	  "of these", 1 },
	{ "probes", KEY_PROBES, "LIST", OPTION_ARG_OPTIONAL,
	  "alone: print all probes, and what this kernel says to them; with --trace "
	  "the callers of pfn_to_page() to watch: default (nothing hotter than once a "
	  "request), all, or names and globs, with - in front to leave out", 1 },
	{ "probe", KEY_PROBE, "SYMBOL:KIND:ARG[,ARG]", 0,
	  "with --trace: watch a function that --probes lacks, of a loaded module, too: "
	  "what its argument ARG (from 1) is, KIND says: pfn, pfn-range, phys-range, page, "
	  "folio, page-range, page-array, pfn-array, migrate-pfns or migrate_vma", 1 },
	{ .doc = "What to print, and where:", .group = 2 },
	{ "json", KEY_JSON, "lines", OPTION_ARG_OPTIONAL,
	  "one JSON document; with =lines each observation as a line when it is "
	  "made, and the document as the last line", 2 },
	{ "output", KEY_OUTPUT, "FILE", 0,
	  "write the report to FILE, which appears when it is complete", 2 },
	{ "kmsg", KEY_KMSG, NULL, 0,
	  "tell the kernel log of a new offender before anything else", 2 },
	{ "verbose", KEY_VERBOSE, NULL, 0, "say what libbpf and we are doing", 2 },
	{ .doc = "How:", .group = 3 },
	{ "for", KEY_FOR, "SECONDS", 0, "end the trace after SECONDS", 3 },
	{ "buffer", KEY_BUFFER, "SIZE", 0,
	  "ring buffer between kernel and daemon, a power of two from 4K "
	  "(64K where pages are that large) to 1G; 1M by default", 3 },
	{ "sample-rate", KEY_SAMPLES, "N", 0,
	  "samples of callers a second behind the first of each (10; 0: all)", 3 },
	{ "from", KEY_FROM, "FILE", 0,
	  "with --layout and --explain: not this kernel, but what FILE says: our "
	  "JSON, a vmcoreinfo text, or lines \"NAME: value\"", 3 },
	{ "trust", KEY_TRUST, "SOURCE", 0,
	  "believe SOURCE where the sources of the layout disagree", 3 },
	{ "help", KEY_HELP, NULL, 0, "print this", -1 },
	{ "version", KEY_VERSION, NULL, 0, "print the version", -1 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state);

static const struct argp argp = {
	.options = table,
	.parser = parse,
	.args_doc = "[-- COMMAND...]\n--explain WHAT...",
	.doc = doc,
};

struct parse {
	struct vmw_options *options;
	bool complained;	/* the one line is out */
	int nr_whats;
};

static int parse_seconds(const char *text, u64 *ret_ns)
{
	double seconds;
	char *end;

	errno = 0;
	seconds = strtod(text, &end);
	if (errno || end == text || *end || !isfinite(seconds) || seconds <= 0 ||
	    seconds > 1e9)
		return -EINVAL;
	*ret_ns = (u64)(seconds * 1e9);
	return 0;
}

/* A number with K, M or G behind it, in bytes. */
static int parse_size(const char *text, u64 *ret)
{
	static const char units[] = "KMG";
	unsigned long long n;
	const char *unit;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || end == text || *text == '-')
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

static int set_buffer(struct vmw_options *options, const char *text)
{
	u64 page = sysconf(_SC_PAGESIZE);
	u64 size;

	if (parse_size(text, &size) || size < page || size > 1 << 30 ||
	    (size & (size - 1))) {
		vmw_error("--buffer=%s: expected a power of two from %lluK to 1G",
			  text, (unsigned long long)page >> 10);
		return -EINVAL;
	}
	options->ring_size = size;
	return 0;
}

static int set_format(struct vmw_options *options, const char *text)
{
	if (text && strcmp(text, "lines")) {
		vmw_error("--json=%s: expected --json or --json=lines", text);
		return -EINVAL;
	}
	options->format = text ? VMW_FORMAT_LINES : VMW_FORMAT_JSON;
	return 0;
}

static int set_trust(struct vmw_options *options, const char *text)
{
	char names[200] = "";
	size_t n = 0;
	int id;

	options->trust = vmw_source_by_name(text);
	if (options->trust != VMW_NR_SOURCES)
		return 0;
	for (id = 0; id < VMW_NR_SOURCES && n < sizeof(names); id++)
		n += snprintf(names + n, sizeof(names) - n, "%s%s", n ? ", " : "",
			      vmw_source_names[id]);
	vmw_error("--trust=%s: expected one of %s", text, names);
	return -EINVAL;
}

static int set_probes(struct vmw_options *options, const char *text)
{
	char why[192];

	if (!text) {
		options->list_probes = true;
		return 0;
	}
	if (!vmw_choose(options->chosen, text, why, sizeof(why)))
		return 0;
	vmw_error("--probes=%s", why);
	return -EINVAL;
}

static int add_probe(const char *text)
{
	char why[256];

	if (!vmw_extra_add(text, why, sizeof(why)))
		return 0;
	vmw_error("--probe=%s: %s", text, why);
	return -EINVAL;
}

static int set_sample_rate(struct vmw_options *options, const char *text)
{
	if (!parse_size(text, &options->sample_rate))
		return 0;
	vmw_error("--sample-rate=%s: expected a number of samples a second", text);
	return -EINVAL;
}

/* argp's own message takes two lines; this one names the culprit in one. */
static void complain(const struct argp_state *state)
{
	const char *culprit = state->argv[state->next - 1];
	const struct argp_option *option;
	size_t length;

	if (strncmp(culprit, "--", 2)) {
		vmw_error("%s: unknown option (see --help)", culprit);
		return;
	}
	length = strcspn(culprit + 2, "=");
	for (option = table; option->name || option->doc; option++) {
		if (!option->name || strlen(option->name) != length ||
		    strncmp(option->name, culprit + 2, length))
			continue;
		if (option->arg)
			vmw_error("--%s: expected --%s=%s", option->name,
				  option->name, option->arg);
		else
			vmw_error("--%s: takes no value", option->name);
		return;
	}
	vmw_error("%s: unknown option (see --help)", culprit);
}

static error_t set(struct vmw_options *options, int key, char *arg)
{
	switch (key) {
	case KEY_TRACE:
		options->mode = VMW_MODE_TRACE;
		return 0;
	case KEY_LAYOUT:
		options->mode = VMW_MODE_LAYOUT;
		return 0;
	case KEY_EXPLAIN:
		options->mode = VMW_MODE_EXPLAIN;
		return 0;
	case KEY_PROBES:
		return -set_probes(options, arg);
	case KEY_PROBE:
		return -add_probe(arg);
	case KEY_SAMPLES:
		return -set_sample_rate(options, arg);
	case KEY_FROM:
		options->from = arg;
		return 0;
	case KEY_TRUST:
		return -set_trust(options, arg);
	case KEY_JSON:
		return -set_format(options, arg);
	case KEY_OUTPUT:
		options->output = arg;
		return 0;
	case KEY_FOR:
		if (!parse_seconds(arg, &options->for_ns))
			return 0;
		vmw_error("--for=%s: expected a number of seconds above 0", arg);
		return EINVAL;
	case KEY_KMSG:
		options->kmsg = true;
		return 0;
	case KEY_BUFFER:
		return -set_buffer(options, arg);
	case KEY_VERBOSE:
		vmw_log_threshold = VMW_LOG_DEBUG;
		return 0;
	case KEY_HELP:
		argp_help(&argp, stdout, ARGP_HELP_LONG | ARGP_HELP_DOC |
			  ARGP_HELP_USAGE, "vmemmapwatch");
		exit(0);
	case KEY_VERSION:
		puts("vmemmapwatch " VMW_VERSION);
		exit(0);
	}
	return ARGP_ERR_UNKNOWN;
}

/* WHATs and options may mix: gather them where argv has been read already. */
static void take_what(struct parse *parse, char *what, struct argp_state *state)
{
	state->argv[parse->nr_whats++] = what;
	state->argv[parse->nr_whats] = NULL;
	parse->options->command = state->argv;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct parse *parse = state->input;
	error_t err;

	switch (key) {
	case ARGP_KEY_ARG:
		if (parse->options->mode == VMW_MODE_EXPLAIN) {
			take_what(parse, arg, state);
			return 0;
		}
		/* The rest is COMMAND, options and all. */
		parse->options->command = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_ERROR:
		if (!parse->complained)
			complain(state);
		return 0;
	}
	err = set(parse->options, key, arg);
	parse->complained = err && err != ARGP_ERR_UNKNOWN;
	return err;
}

/* What does not go together. */
static int check(const struct vmw_options *options)
{
	bool tracing = options->mode == VMW_MODE_TRACE;

	if (options->mode == VMW_MODE_NONE) {
		vmw_error("expected a mode: --trace, --layout, --explain or --probes (see --help)");
		return -EINVAL;
	}
	if (options->list_probes && options->mode != VMW_MODE_PROBES) {
		vmw_error("--probes: expected --probes=LIST with another mode");
		return -EINVAL;
	}
	if (tracing && options->from) {
		vmw_error("--from: goes with --layout and --explain alone");
		return -EINVAL;
	}
	if (!tracing && vmw_nr_probes > VMW_NR_PROBES) {
		vmw_error("--probe: goes with --trace alone");
		return -EINVAL;
	}
	if (!tracing && (options->for_ns || options->kmsg ||
			 options->format == VMW_FORMAT_LINES)) {
		vmw_error("--for, --kmsg and --json=lines: go with --trace alone");
		return -EINVAL;
	}
	if ((options->mode == VMW_MODE_LAYOUT || options->mode == VMW_MODE_PROBES) &&
	    options->command) {
		vmw_error("%s: only --trace takes a COMMAND", options->command[0]);
		return -EINVAL;
	}
	if (options->mode == VMW_MODE_EXPLAIN && !options->command) {
		vmw_error("--explain: expected at least one WHAT: ADDRESS, pfn:N or phys:ADDRESS");
		return -EINVAL;
	}
	return 0;
}

int vmw_options_parse(struct vmw_options *options, int argc, char **argv)
{
	struct parse parse = { .options = options };
	char why[192];

	memset(options, 0, sizeof(*options));
	options->ring_size = 1 << 20;
	options->trust = VMW_NR_SOURCES;
	options->sample_rate = 10;
	vmw_choose(options->chosen, "default", why, sizeof(why));
	if (argp_parse(&argp, argc, argv,
		       ARGP_IN_ORDER | ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &parse))
		return -EINVAL;
	if (options->mode == VMW_MODE_NONE && options->list_probes)
		options->mode = VMW_MODE_PROBES;
	return check(options);
}
